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
from lsegdiff_gui.model.encoding import SIDES, TWIN_SIDES, Encoding
from lsegdiff_gui.model.grid import picture_to_grid
from lsegdiff_gui.model.hint_encoder import AddedFeatures
from lsegdiff_gui.model.mask_vae import LATENT_CHANNELS
from lsegdiff_gui.model.narrowing import ready
from lsegdiff_gui.model.network import LATENT_GRID, LSegDiffNetwork
from lsegdiff_gui.model.preparing import prepared
from lsegdiff_gui.model.runtime import Runtime, TorchRuntime
from lsegdiff_gui.model.sampler import ddim, initial_noise
from lsegdiff_gui.model.views import VIEWS, View

U8 = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

SPREAD_UNIT = 510.0  # standard deviations of values in [0, 1] reach .5, which is stored as 255


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
        self,
        network: LSegDiffNetwork,
        info: ModelInfo,
        *,
        device: torch.device,
        dtype: torch.dtype,
        runtime: Runtime | None = None,
    ) -> None:
        self.info = info
        self.device = device
        self._apart = network.architecture.own_encoder
        self._side = network.architecture.picture_side
        self._edge_radius = round(info.calibration.edge_radius)
        self._network = ready(network, device=device, dtype=dtype)
        # The statistics stay exact: they scale every latent.
        for name in ("latent_mean", "latent_std"):
            setattr(self._network, name, torch.tensor(getattr(info, name), device=device))
        self._runtime: Runtime = runtime or TorchRuntime(self._network, dtype=dtype)

    @classmethod
    def load(
        cls, name_or_path: str | Path, device: str = "auto", *, at_once: int = 1, only_torch: bool = False
    ) -> Segmenter:
        """Load a shipped model ("polyp", "skin") or a weight file on "auto", "cpu", "cuda" or "mps".

        at_once: how many threads will draft, a picture each. only_torch: leave other run times aside, so that figures
        do not depend on what is installed; else OpenVINO computes on a processor where `preparing` found it better.
        Raises CheckpointError with a sentence for a file that cannot be used or a device that is not there.
        """
        chosen = choose_device(device)
        info = read_info(name_or_path)
        runtime = None if only_torch or chosen.type != "cpu" else prepared(info, streams=at_once)
        return cls(load_network(info), info, device=chosen, dtype=choose_dtype(chosen), runtime=runtime)

    @property
    def precision(self) -> str:
        """In what numbers drafts are made, "bfloat16" or "float32", and by what where that is not PyTorch."""
        return self._runtime.precision

    def warm_up(self) -> None:
        """Draft a grey picture: the first pass prepares kernels, which takes a second and more on some machines."""
        grey = np.full((64, 64, 3), 127, np.uint8)
        self.draft(Picture(grey, grey, sha256=""), steps=2)  # with a preview

    @torch.inference_mode()
    def encode(self, picture: Picture, *, sides: int = len(SIDES)) -> Encoding:
        """Compute the features of the picture from so many sides, 1 to 5: the dear step, once per picture."""
        began = time.perf_counter()
        twin_sides = TWIN_SIDES if self._apart else sides
        views = SIDES[: max(sides, twin_sides)]
        look = self._runtime.look(self._views(picture, views), sides=sides, twin_sides=twin_sides)
        return Encoding(
            pyramid=look.pyramid,
            presences=look.presences.cpu().numpy(),
            twins=_upright(look.twin.masks, views[:twin_sides]),
            twin_presences=look.twin.presences.cpu().numpy(),
            distances=self._network.familiarity.of(look.twin.features).cpu().numpy(),
            twin_follows=not self._apart,
            calibration=self.info.calibration,
            picture_sha256=picture.sha256,
            guide=picture_to_grid(picture.rgb8, FINE) if self._edge_radius else None,
            seconds=time.perf_counter() - began,
        )

    @torch.inference_mode()
    def twin(self, picture: Picture, *, views: int = len(VIEWS)) -> Floats:
        """The image-only twin's probability (256, 256) in [0, 1], its mean over so many views, 1 to 8.

        One view is the plain twin; eight take about as long as a draft.
        """
        chosen = VIEWS[:views]
        seen = _upright(self._runtime.answer(self._views(picture, chosen)).masks, chosen)
        return np.asarray(seen.mean(axis=0), np.float32)

    def _views(self, picture: Picture, views: Sequence[View]) -> Tensor:
        """The picture on the network's grid in each view: (V, 3, S, S) float32 in [−1, 1]."""
        upright = torch.from_numpy(picture_to_grid(picture.rgb8, self._side)).permute(2, 0, 1).to(self.device)
        size = (len(views), *upright.shape)
        seen = torch.empty(size, device=self.device, memory_format=torch.channels_last)
        for each, view in zip(seen, views, strict=True):
            each.copy_(view.of(upright))
        return seen.div_(127.5).sub_(1.0)

    def sample(
        self,
        encoding: Encoding,
        *,
        steps: int = 4,
        samples: int = 5,
        seed: int = 0,
        hints: Told | None = None,
        film: bool = True,
    ) -> Iterator[Step]:
        """Draft by DDIM, yielding each of the `steps` denoising steps; stop iterating to cancel.

        Sample k starts from a generator seeded with seed + k: one sample is the first of five. It sees side k of the
        picture, modulo their number. A preview is what the first sample, which sees the picture upright, believes so
        far; the last one is the mean of all.
        With hints the answer is diffusion's alone, for the twin hears nothing, and does what was told: see `obeyed`.
        Without a film only the last step is decoded, and yielded: nobody watches.
        Raises ValueError for fewer than 1 step or sample.
        """
        if steps < 1 or samples < 1:
            raise ValueError("A draft needs at least 1 step and 1 sample.")
        began = time.perf_counter()
        noise = initial_noise((LATENT_CHANNELS, LATENT_GRID, LATENT_GRID), samples=samples, seed=seed)
        sides = torch.arange(samples) % encoding.sides
        views = [SIDES[int(side)] for side in sides]
        frames: list[U8] = []
        with torch.inference_mode():
            pyramid = encoding.pyramid.take(sides)
            if hints is not None:
                pyramid = self._told(hints.planes, views).to(pyramid)
        estimates = ddim(
            lambda zt, t: self._runtime.denoise(zt, t, pyramid),
            noise.to(self.device),
            steps=steps,
            input_scale=self._network.architecture.denoiser.input_scale,
        )
        # Not a `with` around the yields: a generator's caller must not inherit inference mode.
        for index in range(1, steps + 1):
            with torch.inference_mode():
                estimate = next(estimates)
                if index < steps and not film:
                    continue
                shown = samples if index == steps else 1  # all five would cost a draft a seventh
                opinions = _upright(self._runtime.decode(estimate[:shown]), views[:shown])
                frames.append(_quantise(opinions.mean(axis=0)))
                draft = None
                if index == steps:
                    draft = self._draft(
                        opinions, frames, encoding, hints, steps=steps, seed=seed, began=began
                    )
            yield Step(index, steps, frames[-1], draft)

    def draft(
        self, picture: Picture, *, steps: int = 4, samples: int = 5, seed: int = 0, film: bool = True
    ) -> Draft:
        """Encode and sample to the end, for callers that do not watch. Sides that no sample looks from are left out."""
        encoding = self.encode(picture, sides=max(1, min(samples, len(SIDES))))
        return self.draft_encoded(encoding, steps=steps, samples=samples, seed=seed, film=film)

    def draft_encoded(
        self, encoding: Encoding, *, steps: int = 4, samples: int = 5, seed: int = 0, film: bool = True
    ) -> Draft:
        """Sample to the end from what `encode` gave. Raises ValueError as `sample` does."""
        *_, last = self.sample(encoding, steps=steps, samples=samples, seed=seed, film=film)
        if last.draft is None:
            raise AssertionError("the last step carries the draft")
        return last.draft

    def _told(self, hints: U8, views: Sequence[View]) -> AddedFeatures:
        """What hint planes (3, 256, 256) add to the features of each view."""
        encoder = self._network.denoiser.hints
        planes = torch.from_numpy(hints).to(self.device, next(encoder.parameters()).dtype)
        added: AddedFeatures = encoder(torch.stack([view.of(planes) for view in views]))
        return added

    def _draft(
        self,
        opinions: Floats,
        frames: list[U8],
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
        seen = encoding.from_sides(min(len(opinions), encoding.sides))
        findings = Findings(1.0 if is_seen else round(seen.presence, 4), round(seen.strangeness, 4))
        calibration = (
            self.info.calibration if told is None else replace(self.info.calibration, twin_share=0.0)
        )
        combined = calibration.combine(opinions, seen.twin) * np.float32(findings.share)
        probability = _quantise(combined)
        if told is not None:
            probability = obeyed(probability, told)
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
            precision=self.precision,
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
            film=np.stack(frames),
            provenance=provenance,
            presence=findings.presence,
            strangeness=findings.strangeness,
            fine=None
            if encoding.guide is None
            else sharpened(probability, encoding.guide, self._edge_radius),
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
