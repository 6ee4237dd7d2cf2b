"""The model's face: load once, encode a picture once, sample drafts of it step by step."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lsegdiff_gui import __version__
from lsegdiff_gui.annotation.draft import Draft, Provenance
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.checkpoint import CheckpointError, ModelInfo, load_network, read_info
from lsegdiff_gui.model.grid import picture_to_grid
from lsegdiff_gui.model.image_encoder import Pyramid
from lsegdiff_gui.model.mask_vae import LATENT_CHANNELS
from lsegdiff_gui.model.network import LATENT_GRID, LSegDiffNetwork, channels_last
from lsegdiff_gui.model.sampler import initial_noise

U8 = npt.NDArray[np.uint8]

SPREAD_UNIT = 510.0  # standard deviations of values in [0, 1] reach .5, which is stored as 255


@dataclass(frozen=True)
class Encoding:
    """A picture as the denoiser sees it: computed once, used for every draft of the picture.

    pyramid: features of batch 1 on the segmenter's device. twin: the image-only twin's probability, (256, 256)
    float32 in [0, 1]. seconds: what encoding took.
    """

    pyramid: Pyramid
    twin: npt.NDArray[np.float32]
    picture_sha256: str
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
        """Compute the picture's features: the dear step, once per picture."""
        began = time.perf_counter()
        grid = torch.from_numpy(picture_to_grid(picture.rgb8)).permute(2, 0, 1)[None]
        pixels = (grid.to(self.device).float() / 127.5 - 1.0).to(self.dtype)
        pyramid = self._network.encoder(pixels.contiguous(memory_format=torch.channels_last))
        twin = self._network.twin(pyramid).float().sigmoid()[0, 0].cpu().numpy()
        return Encoding(pyramid, twin, picture.sha256, time.perf_counter() - began)

    def sample(
        self,
        encoding: Encoding,
        *,
        steps: int = 4,
        samples: int = 5,
        seed: int = 0,
        hints: U8 | None = None,
    ) -> Iterator[Step]:
        """Draft by DDIM, yielding each of the `steps` denoising steps; stop iterating to cancel.

        Sample k starts from a generator seeded with seed + k: one sample is the first of five. hints: (2, 256, 256)
        0/1 planes "belongs" and "does not", or None. Raises ValueError for fewer than 1 step or sample.
        """
        if steps < 1 or samples < 1:
            raise ValueError("A draft needs at least 1 step and 1 sample.")
        began = time.perf_counter()
        noise = initial_noise((LATENT_CHANNELS, LATENT_GRID, LATENT_GRID), samples=samples, seed=seed)
        planes = None if hints is None else self._planes(hints, samples)
        film: list[U8] = []
        estimates = self._network.clean_estimates(
            encoding.pyramid.repeat(samples), noise.to(self.device), steps=steps, hints=planes
        )
        # Not a `with` around the yields: a generator's caller must not inherit inference mode.
        for index in range(1, steps + 1):
            with torch.inference_mode():
                clean = next(estimates)
                film.append(_quantise(self._decode(clean.mean(dim=0, keepdim=True))[0]))
                draft = None
                if index == steps:
                    draft = self._draft(clean, film, encoding, steps=steps, seed=seed, began=began)
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

    def _planes(self, hints: U8, samples: int) -> Tensor:
        planes = torch.from_numpy(hints).to(self.device, self.dtype)
        return planes[None].expand(samples, -1, -1, -1)

    def _decode(self, latents: Tensor) -> npt.NDArray[np.float32]:
        """Latents (B, 4, 32, 32) → foreground probabilities (B, 256, 256)."""
        probabilities: npt.NDArray[np.float32] = (
            self._network.to_logits(latents).float().sigmoid()[:, 0].cpu().numpy()
        )
        return probabilities

    def _draft(
        self, clean: Tensor, film: list[U8], encoding: Encoding, *, steps: int, seed: int, began: float
    ) -> Draft:
        opinions = self._decode(clean)
        share = self.info.twin_share
        probability = (1.0 - share) * opinions.mean(axis=0) + share * encoding.twin
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
            seconds=round(encoding.seconds + time.perf_counter() - began, 4),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        return Draft(
            probability=_quantise(probability),
            spread=np.rint(opinions.std(axis=0) * SPREAD_UNIT).clip(0, 255).astype(np.uint8),
            samples=_quantise(opinions),
            film=np.stack(film),
            provenance=provenance,
        )


def _quantise(probability: npt.NDArray[np.float32]) -> U8:
    """[0, 1] → 0 … 255."""
    levels: U8 = np.rint(probability * 255.0).astype(np.uint8)
    return levels


def choose_device(device: str) -> torch.device:
    """ "auto" is the best there is. Raises CheckpointError where the device asked for is not there."""
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device == "auto":
        return torch.device(next(name for name in ("cuda", "mps", "cpu") if there[name]))
    if not there.get(device, False):
        known = ", ".join(name for name, is_there in there.items() if is_there)
        raise CheckpointError(f"The device “{device}” is not available here. Choose auto or one of: {known}.")
    return torch.device(device)


def choose_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where the hardware multiplies it natively, float32 elsewhere."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    if device.type == "cpu" and hasattr(torch.cpu, "get_capabilities"):
        return torch.bfloat16 if torch.cpu.get_capabilities().get("amx_bf16") else torch.float32
    return torch.float32
