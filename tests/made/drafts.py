"""Drafts without a model: a blob with noise, quantised as the segmenter does it."""

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft, Provenance
from lsegdiff_gui.annotation.findings import Findings

U8 = npt.NDArray[np.uint8]


def blob(grid: int = 64, *, centre: tuple[int, int] | None = None, seed: int = 0, noise: float = 12.0) -> U8:
    """A probability with one soft lesion: (grid, grid) uint8."""
    x, y = centre or (grid // 2, grid * 5 // 12)
    plane = np.zeros((grid, grid), np.float32)
    cv2.ellipse(plane, (x, y), (grid // 4, grid // 6), 25, 0, 360, 255, -1)
    plane = np.asarray(cv2.GaussianBlur(plane, (0, 0), grid / 40))
    plane += np.random.default_rng(seed).normal(0, noise, plane.shape)
    return np.clip(plane, 0, 255).astype(np.uint8)


def provenance(seed: int = 0) -> Provenance:
    return Provenance(
        model="polyp",
        version="1",
        domain="polyp",
        weights_sha256="ab" * 32,
        picture_sha256="cd" * 32,
        steps=4,
        samples=3,
        seed=seed,
        device="cpu",
        precision="float32",
        app_version="0.1.0",
        seconds=1.25,
        created="2025-01-02T03:04:05+00:00",
    )


def draft(seed: int = 0, grid: int = 64, *, presence: float = 1.0, strangeness: float = 0.0) -> Draft:
    """A draft of three samples and four steps, another one for every seed."""
    samples = np.stack([blob(grid, seed=seed * 100 + k, noise=25.0) for k in range(3)])
    film = np.stack([blob(grid, seed=seed * 100 + 50 + k, noise=60.0 / (k + 1)) for k in range(4)])
    mean = samples.astype(np.float32).mean(axis=0)
    spread = np.minimum(samples.astype(np.float32).std(axis=0) * 2.0, 255.0)
    return Draft(
        scaled(mean.round().astype(np.uint8), presence),
        spread.round().astype(np.uint8),
        samples,
        film,
        provenance(seed),
        presence,
        strangeness,
    )


def scaled(probability: U8, presence: float) -> U8:
    """What the segmenter makes of a probability where it holds that there is no lesion."""
    return (probability * Findings(presence).share).round().astype(np.uint8)
