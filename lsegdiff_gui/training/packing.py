"""From a finished run to a weight file: calibrated on `select`, measured on it, saying where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.calibration import Calibration
from lsegdiff_gui.model.checkpoint import ModelInfo, save_network
from lsegdiff_gui.model.grid import mask_to_grid
from lsegdiff_gui.model.network import LSegDiffNetwork
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.calibrating import RAW, Outcome, dice_by_twin_share, fit_calibration
from lsegdiff_gui.training.config import TrainConfig
from lsegdiff_gui.training.data import Pair, read_pair

BARE_SIDES = (0.6, 0.45, 0.3)  # of a part without lesion, of the picture's sides; the largest that fits
BARE_TRIES = 40


def bare_part(picture: Picture, truth: npt.NDArray[np.uint8]) -> Picture | None:
    """A part of the picture without any lesion, the largest that a few tries find; always the same for a picture."""
    rng = np.random.default_rng(int(picture.sha256[:8], 16))
    for share in BARE_SIDES:
        height, width = int(share * picture.height), int(share * picture.width)
        for _ in range(BARE_TRIES):
            top = int(rng.integers(0, picture.height - height + 1))
            left = int(rng.integers(0, picture.width - width + 1))
            box = (slice(top, top + height), slice(left, left + width))
            if not truth[box].any():
                part = np.ascontiguousarray(picture.rgb8[box])
                return replace(picture, rgb8=part, native=part, sha256=sha256(part.tobytes()).hexdigest())
    return None


def outcomes_of(segmenter: Segmenter, pairs: Sequence[Pair]) -> list[Outcome]:
    """What a segmenter whose file was written under `RAW` makes of each pair, 5 samples × 4 steps."""
    found = []
    for pair in pairs:
        picture, truth = read_pair(pair)
        encoding = segmenter.encode(picture)
        bare = bare_part(picture, truth) if truth.any() else None
        found.append(
            Outcome(
                opinions=segmenter.draft_encoded(encoding).samples.mean(axis=0, dtype=np.float32) / 255.0,
                twin=encoding.twin,
                truth=mask_to_grid(truth),
                presence=encoding.presence,
                strangeness=encoding.strangeness,
                bare_presence=None if bare is None else segmenter.encode(bare).presence,
            )
        )
    return found


def pack(network: LSegDiffNetwork, config: TrainConfig, select: Sequence[Pair], path: Path) -> ModelInfo:
    """Write the run's weight file to `path`, with the calibration and figures found on the `select` pairs.

    They are found with the packed file itself, rounding to float16 and all. Raises ImageError or DataError.
    """

    def write(calibration: Calibration, metrics: dict[str, float]) -> ModelInfo:
        return save_network(
            path,
            network,
            name=config.name,
            version=config.version,
            domain=config.domain,
            training=config.data_note,
            terms=config.terms,
            metrics=metrics,
            calibration=calibration,
        )

    write(RAW, {})
    outcomes = outcomes_of(Segmenter.load(path, device="cpu", only_torch=True), select)
    figures = dice_by_twin_share(outcomes)
    return write(
        replace(fit_calibration(outcomes), edge_radius=float(config.edge_radius)),
        {f"select_dice_twin_{share:g}": round(value, 4) for share, value in figures.items()},
    )
