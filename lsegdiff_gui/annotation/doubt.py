"""Where the samples of a draft disagree: regions to be looked at, and the score of what nobody has looked at yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.labels import ERASED, NONE
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]

DOUBTFUL = 96  # of 255: a spread of .19, one of five samples sees it otherwise by half
SMALLEST = 12  # cells of the grid
SEEN = 0.5  # share of a region that is pinned when nobody need look at it any more


@dataclass(frozen=True, eq=False)
class DoubtfulRegion:
    """A connected part of the grid where the samples disagree. doubt: the sum of the spread in it, cells · [0, 1]."""

    cells: Region
    doubt: float

    def box(self, grid: int, width: int, height: int) -> Box:
        """The picture pixels around it."""
        box = self.cells.box
        return Box(
            box.x0 * width // grid,
            box.y0 * height // grid,
            -(-box.x1 * width // grid),
            -(-box.y1 * height // grid),
        )


def doubtful_regions(spread: U8) -> list[DoubtfulRegion]:
    """The regions of a spread map (G, G) uint8 in which the samples disagree, the most doubtful first."""
    mask = (spread >= DOUBTFUL).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = []
    for index in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[index])
        if area < SMALLEST:
            continue
        box = Box(left, top, left + width, top + height)
        inside = parts[box.slices] == index
        doubt = float(spread[box.slices][inside].sum()) / 255.0
        found.append(DoubtfulRegion(Region.of_mask(inside, box), doubt))
    return sorted(found, key=lambda region: -region.doubt)


def pinned_cells(override: U8, grid: int) -> U8:
    """Where the annotator has decided, on the grid: (G, G) uint8 0/1 of an override plane (H, W).

    Looks at two pixels and more across each cell, not at all of a large plane: it is asked between two strokes.
    """
    step = max(1, min(override.shape) // (2 * grid))
    shares = cv2.resize(
        (override[::step, ::step] != NONE).view(np.uint8) * np.uint8(255),
        (grid, grid),
        interpolation=cv2.INTER_AREA,
    )
    pinned: U8 = (np.asarray(shares) >= 128).astype(np.uint8)
    return pinned


def unseen(regions: Sequence[DoubtfulRegion], pinned: U8) -> list[DoubtfulRegion]:
    """Those of the regions that are not mostly pinned, in their order."""
    return [
        region for region in regions if pinned[region.cells.box.slices][region.cells.inside].mean() < SEEN
    ]


def score_left(draft: Draft, pinned: U8) -> float:
    """The draft's spread score, in [0, 1], with nothing left to doubt in pinned cells."""
    seen = (draft.probability >= 128) | (draft.samples >= 128).any(axis=0)
    if not seen.any():
        return draft.spread_score
    left = np.where(pinned > 0, 0, draft.spread)[seen]
    return float(left.mean()) / 255.0


def as_it_is(region: DoubtfulRegion, grid: int, final: U8) -> Changes:
    """What confirms a region: its pixels pinned as they are in the final labels (H, W), foreground and background."""
    height, width = final.shape
    box = region.box(grid, width, height).clip(width, height)
    rows = (np.arange(box.y0, box.y1) * grid // height) - region.cells.box.y0
    columns = (np.arange(box.x0, box.x1) * grid // width) - region.cells.box.x0
    rows = rows.clip(0, region.cells.box.height - 1)
    columns = columns.clip(0, region.cells.box.width - 1)
    inside = region.cells.inside[rows][:, columns]
    there = final[box.slices]
    changes = [
        (Region.of_mask(inside & (there == label), box), int(label))
        for label in np.unique(there[inside])
        if label != NONE
    ]
    return [*changes, (Region.of_mask(inside & (there == NONE), box), ERASED)]
