"""The model's face: load once, encode a picture once, sample drafts of it step by step."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lsegdiff_gui import __version__
from lsegdiff_gui.annotation.draft import Draft, Provenance
from lsegdiff_gui.annotation.edges import FINE, sharpened
from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.annotation.hint_planes import BELONGS
from lsegdiff_gui.annotation.hints import Told
from lsegdiff_gui.annotation.obedience import obeyed
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.checkpoint import ModelInfo, load_network, read_info
from lsegdiff_gui.model.device import choose_device, choose_dtype
from lsegdiff_gui.model.grid import picture_to_grid
from lsegdiff_gui.model.image_encoder import Pyramid
from lsegdiff_gui.model.mask_vae import LATENT_CHANNELS
from lsegdiff_gui.model.network import LATENT_GRID, LSegDiffNetwork, channels_last
from lsegdiff_gui.model.sampler import initial_noise
from lsegdiff_gui.model.views import VIEWS, View

U8 = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

DRAFT_VIEWS = VIEWS[:5]  # samples take turns at them: five samples see five
TWIN_VIEWS = DRAFT_VIEWS[:2]  # of a twin with an encoder of its own: for each pass it delays the first step
PREVIEWED = (
    2  # samples that are decoded for a preview before the last step: of five they cost a draft a seventh
)
SPREAD_UNIT = 510.0  # standard deviations of values in [0, 1] reach .5, which is stored as 255


@dataclass(frozen=True)
class Encoding:
    """A picture as the denoiser sees it: computed once, used for every draft of the picture.

    pyramid: features of the picture's views, one of the batch each, on the latent's grids and the segmenter's device.
    twin: the image-only twin's probability, its mean over some views, (256, 256) float32 in [0, 1]. presence: the
    probability that there is a lesion. strangeness: how far the features are from those of the training pictures;
    above 1 the picture is of another kind. guide: (512, 512, 3) uint8, the picture for finding edges. seconds: what
    encoding took.
    """

    pyramid: Pyramid
    twin: Floats
    presence: float
    strangeness: float
    picture_sha256: str
    guide: U8
    seconds: float


@dataclass(frozen=True)
class Step:
    """One finished denoising step. index: 1 … steps. preview: (256, 256) uint8 probability. draft: at the last."""

    index: int
    steps: int
    preview: U8
    draft: Draft | None = None


class Segmenter:
    """Drafts masks with one weight file on one device."""

    def __init__(
        self, network: LSegDiffNetwork, info: ModelInfo, *, device: torch.device, dtype: torch.dtype
    ) -> None:
        self.info = info
        self.device = device
        self.dtype = dtype
        self._network = channels_last(network.eval().to(device, dtype))
        # The statistics stay exact: they scale every latent.
        for name in ("latent_mean", "latent_std"):
            setattr(self._network, name, torch.tensor(getattr(info, name), device=device))

    @classmethod
    def load(cls, name_or_path: str | Path, device: str = "auto") -> Segmenter:
        """Load a shipped model ("polyp", "skin") or a weight file on "auto", "cpu", "cuda" or "mps".

        Raises CheckpointError with a sentence for a file that cannot be used or a device that is not there.
        """
        chosen = choose_device(device)
        info = read_info(name_or_path)
        return cls(load_network(info), info, device=chosen, dtype=choose_dtype(chosen))

    @torch.inference_mode()
    def encode(self, picture: Picture) -> Encoding:
        """Compute the features of the picture's views: the dear step, once per picture."""
        began = time.perf_counter()
        views = self._views(picture, DRAFT_VIEWS)
        seen = self._network.image.encoder(views)
        apart = self._network.architecture.own_encoder
        twin_views = TWIN_VIEWS if apart else DRAFT_VIEWS
        twins = self._network.twin.encoder(views[: len(twin_views)]) if apart else seen
        logits = [self._network.image.presence(seen), self._network.twin.presence(twins)]
        presence = sum(float(each.float().mean()) for each in logits) / len(logits)
        calibration = self.info.calibration
        return Encoding(
            pyramid=seen.on_grid(LATENT_GRID),
            twin=self._twin(twins, twin_views),
            presence=calibration.presence(presence),
            strangeness=calibration.strangeness(float(self._network.familiarity(twins).mean())),
            picture_sha256=picture.sha256,
            guide=picture_to_grid(picture.rgb8, FINE),
            seconds=time.perf_counter() - began,
        )

    @torch.inference_mode()
    def twin(self, picture: Picture, *, views: int = len(VIEWS)) -> Floats:
        """The image-only twin's probability (256, 256) in [0, 1], its mean over so many views, 1 to 8.

        One view is the plain twin; eight take about as long as a draft.
        """
        return self._twin(self._network.twin.encoder(self._views(picture, VIEWS[:views])), VIEWS[:views])

    def _views(self, picture: Picture, views: Sequence[View]) -> Tensor:
        """The picture on the network's grid in each view: (V, 3, S, S) in [−1, 1]."""
        grid = picture_to_grid(picture.rgb8, self._network.architecture.picture_side)
        pixels = torch.from_numpy(grid).permute(2, 0, 1).to(self.device).float() / 127.5 - 1.0
        batch = torch.stack([view.of(pixels) for view in views]).to(self.dtype)
        return batch.contiguous(memory_format=torch.channels_last)

    def _twin(self, pyramid: Pyramid, views: Sequence[View]) -> Floats:
        seen: Floats = _upright(self._network.twin.mask(pyramid).float().sigmoid()[:, 0], views)
        return np.asarray(seen.mean(axis=0), np.float32)

    def sample(
        self,
        encoding: Encoding,
        *,
        steps: int = 4,
        samples: int = 5,
        seed: int = 0,
        hints: Told | None = None,
    ) -> Iterator[Step]:
        """Draft by DDIM, yielding each of the `steps` denoising steps; stop iterating to cancel.

        Sample k starts from a generator seeded with seed + k: one sample is the first of five. It sees view k of the
        picture, modulo their number. A preview is the mean of the first samples' decoded clean-latent estimates, the
        last one that of all.
        With hints the answer is diffusion's alone, for the twin hears nothing, and does what was told: see `obeyed`.
        Raises ValueError for fewer than 1 step or sample.
        """
        if steps < 1 or samples < 1:
            raise ValueError("A draft needs at least 1 step and 1 sample.")
        began = time.perf_counter()
        noise = initial_noise((LATENT_CHANNELS, LATENT_GRID, LATENT_GRID), samples=samples, seed=seed)
        views = [DRAFT_VIEWS[k % len(DRAFT_VIEWS)] for k in range(samples)]
        planes = None if hints is None else self._planes(hints.planes, views)
        film: list[U8] = []
        estimates = self._network.clean_estimates(
            encoding.pyramid.take(torch.arange(samples) % len(DRAFT_VIEWS)),
            noise.to(self.device),
            steps=steps,
            hints=planes,
        )
        # Not a `with` around the yields: a generator's caller must not inherit inference mode.
        for index in range(1, steps + 1):
            with torch.inference_mode():
                shown = samples if index == steps else min(samples, PREVIEWED)
                opinions = _upright(self._decode(next(estimates)[:shown]), views[:shown])
                film.append(_quantise(opinions.mean(axis=0)))
                draft = None
                if index == steps:
                    draft = self._draft(opinions, film, encoding, hints, steps=steps, seed=seed, began=began)
            yield Step(index, steps, film[-1], draft)

    def draft(self, picture: Picture, *, steps: int = 4, samples: int = 5, seed: int = 0) -> Draft:
        """Encode and sample to the end, for callers that do not watch."""
        return self.draft_encoded(self.encode(picture), steps=steps, samples=samples, seed=seed)

    def draft_encoded(self, encoding: Encoding, *, steps: int = 4, samples: int = 5, seed: int = 0) -> Draft:
        """Sample to the end from what `encode` gave. Raises ValueError as `sample` does."""
        *_, last = self.sample(encoding, steps=steps, samples=samples, seed=seed)
        if last.draft is None:
            raise AssertionError("the last step carries the draft")
        return last.draft

    def _planes(self, hints: U8, views: Sequence[View]) -> Tensor:
        planes = torch.from_numpy(hints).to(self.device, self.dtype)
        return torch.stack([view.of(planes) for view in views])

    def _decode(self, latents: Tensor) -> Tensor:
        """Latents (B, 4, 32, 32) → foreground probabilities (B, 256, 256) float32, as the view has them."""
        return self._network.to_logits(latents).float().sigmoid()[:, 0]

    def _draft(
        self,
        opinions: Floats,
        film: list[U8],
        encoding: Encoding,
        told: Told | None,
        *,
        steps: int,
        seed: int,
        began: float,
    ) -> Draft:
        is_seen = told is not None and bool(
            told.planes[BELONGS].any()
        )  # somebody says that there is a lesion
        findings = Findings(1.0 if is_seen else round(encoding.presence, 4), round(encoding.strangeness, 4))
        calibration = (
            self.info.calibration if told is None else replace(self.info.calibration, twin_share=0.0)
        )
        combined = calibration.combine(opinions, encoding.twin) * np.float32(findings.share)
        probability = _quantise(combined)
        if told is not None:
            probability = obeyed(probability, told)
        radius = round(calibration.edge_radius)
        provenance = Provenance(
            model=self.info.name,
            version=self.info.version,
            domain=self.info.domain,
            weights_sha256=self.info.sha256,
            picture_sha256=encoding.picture_sha256,
            steps=steps,
            samples=len(opinions),
            seed=seed,
            device=self.device.type,
            precision=str(self.dtype).removeprefix("torch."),
            app_version=__version__,
            seconds=round((0.0 if told else encoding.seconds) + time.perf_counter() - began, 4),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            hints=() if told is None else told.hints,
            around_work=told is not None and not told.hints,
        )
        return Draft(
            probability=probability,
            spread=np.rint(opinions.std(axis=0) * SPREAD_UNIT).clip(0, 255).astype(np.uint8),
            samples=_quantise(opinions),
            film=np.stack(film),
            provenance=provenance,
            presence=findings.presence,
            strangeness=findings.strangeness,
            fine=sharpened(probability, encoding.guide, radius) if radius else None,
        )


def _upright(planes: Tensor, views: Sequence[View]) -> Floats:
    """Planes (V, 256, 256), each seen in its view, turned back: on the CPU."""
    upright: Floats = (
        torch.stack([view.undo(plane) for view, plane in zip(views, planes, strict=True)]).cpu().numpy()
    )
    return upright


def _quantise(probability: npt.NDArray[np.float32]) -> U8:
    """[0, 1] → 0 … 255."""
    levels: U8 = np.rint(probability * 255.0).astype(np.uint8)
    return levels
