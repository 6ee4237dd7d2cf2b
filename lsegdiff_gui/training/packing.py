"""From a finished run to a weight file: how much of the twin to mix in, chosen on `select`, and what the file says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lsegdiff_gui.model.checkpoint import ModelInfo, save_network
from lsegdiff_gui.model.grid import mask_to_grid
from lsegdiff_gui.model.network import LSegDiffNetwork
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.config import TrainConfig
from lsegdiff_gui.training.data import Pair, read_pair
from lsegdiff_gui.training.metrics import dice

TWIN_SHARES = (0.0, 0.25, 0.5)


def dice_by_twin_share(segmenter: Segmenter, pairs: Sequence[Pair]) -> dict[float, float]:
    """Mean Dice on the 256² grid for each share of the twin in the mean of 5 samples × 4 steps."""
    scores: dict[float, list[float]] = {share: [] for share in TWIN_SHARES}
    for pair in pairs:
        picture, truth = read_pair(pair)
        encoding = segmenter.encode(picture)
        opinions = segmenter.draft_encoded(encoding).samples.mean(axis=0) / 255.0
        for share in TWIN_SHARES:
            found = (1.0 - share) * opinions + share * encoding.twin >= 0.5
            scores[share].append(dice(found.astype(np.uint8), mask_to_grid(truth)))
    return {share: float(np.mean(values)) for share, values in scores.items()}


def pack(network: LSegDiffNetwork, config: TrainConfig, select: Sequence[Pair], path: Path) -> ModelInfo:
    """Write the run's weight file to `path`, its twin share and its figures measured on the `select` pairs.

    They are measured on the packed file itself, rounding to float16 and all. Raises ImageError or DataError.
    """

    def write(twin_share: float, metrics: dict[str, float]) -> ModelInfo:
        return save_network(
            path,
            network,
            name=config.name,
            version=config.version,
            domain=config.domain,
            training=config.data_note,
            terms=config.terms,
            metrics=metrics,
            twin_share=twin_share,
        )

    write(0.0, {})
    figures = dice_by_twin_share(Segmenter.load(path, device="cpu"), select)
    best = max(figures, key=lambda share: (figures[share], -share))
    return write(best, {f"select_dice_twin_{share:g}": round(value, 4) for share, value in figures.items()})
