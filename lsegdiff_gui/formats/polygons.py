"""Polygons as COCO has them: filled by the rule of pycocotools, simplified on request, with their loss told.

The polygons of one annotation are united, so that none can cut a hole out of another. A hole is left out, and
filled; or a bridge ties it to its outline: a line there and back, which takes no pixel away. Then one polygon
holds outline and holes, and whoever fills by the even-odd or the winding rule sees the holes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.formats.outlines import Outline, Ring, outlines

Mask = npt.NDArray[np.uint8]
Points = npt.NDArray[Any]
"""(N, 2) of x and y in pixels, any numbers; (0, 0) is the picture's upper left corner, not a pixel's centre."""

FEWEST_CORNERS = 3
"""Programs leave polygons of fewer out."""

_TIED_TO_THE_NEAREST = 500
"""Holes of one part."""

# pycocotools draws on a grid this many times as fine, and reads columns at the middle of each pixel.
_FINE = 5
_MIDDLE = _FINE // 2
# Fine coordinates further out are moved here: far beyond any picture, and exact in whole and floating numbers.
_FARTHEST = 2.0**31


@dataclass(frozen=True, slots=True)
class Loss:
    """What polygons do not say of a mask. area: its pixels; added, missing: pixels; holes: how many are filled."""

    area: int = 0
    added: int = 0
    missing: int = 0
    holes: int = 0

    def __add__(self, other: Loss) -> Loss:
        """Of several masks together."""
        return Loss(
            self.area + other.area,
            self.added + other.added,
            self.missing + other.missing,
            self.holes + other.holes,
        )

    @property
    def is_none(self) -> bool:
        """Whether the polygons give the very same mask."""
        return self.added == 0 and self.missing == 0

    @property
    def iou(self) -> float:
        """What mask and polygons share over what either holds, in [0, 1]; 1 where both are empty."""
        either = self.area + self.added
        return (self.area - self.missing) / either if either else 1.0


@dataclass(frozen=True, eq=False, slots=True)
class PolygonMask:
    """A mask as polygons, each (N, 2), that are to be united, and what that loses."""

    polygons: tuple[Points, ...]
    loss: Loss


def polygons_of(
    mask: npt.NDArray[np.generic], *, tolerance: float = 0.0, bridge_holes: bool = False
) -> PolygonMask:
    """A mask as polygons along the edges of its pixels. mask: (H, W), non-zero is inside.

    tolerance: how far in pixels the outline may move to have fewer corners; 0 keeps every pixel.
    bridge_holes: holes are tied in by bridges, else filled.
    """
    height, width = mask.shape
    parts = [simplified(part, tolerance) for part in outlines(mask)]
    polygons = tuple(bridged(part) if bridge_holes else part.outer for part in parts)
    holes = 0 if bridge_holes else sum(len(part.holes) for part in parts)
    if not holes and tolerance <= 0:
        return PolygonMask(polygons, Loss(area=int(np.count_nonzero(mask))))
    return PolygonMask(polygons, _loss(mask, filled(polygons, width, height), holes))


def simplified(outline: Outline, tolerance: float) -> Outline:
    """The outline with fewer corners, each within `tolerance` pixels of it (Douglas and Peucker 1973).

    A ring that would shrink to a line keeps all of its corners.
    """
    if tolerance <= 0:
        return outline
    return Outline(_fewer(outline.outer, tolerance), tuple(_fewer(ring, tolerance) for ring in outline.holes))


def bridged(outline: Outline) -> Ring:
    """Outline and holes as one closed line: (N, 2). Each hole is tied to the nearest corner of what is there.

    Beyond some hundreds of holes to the one before: looking for the nearest would take minutes.
    """
    if len(outline.holes) > _TIED_TO_THE_NEAREST:
        there = np.concatenate(
            [np.append(ring, ring[:1], axis=0) for ring in (outline.outer, *outline.holes)]
        )
        back = np.stack([ring[0] for ring in (outline.outer, *outline.holes[:-1])])[::-1]
        return np.concatenate([there, back])[:-1]
    line = outline.outer
    for hole in sorted(outline.holes, key=lambda ring: int(ring[:, 0].min())):
        start = int(hole[:, 0].argmin())
        at = int(((line.astype(np.int64) - hole[start]) ** 2).sum(axis=1).argmin())
        turned = np.roll(hole, -start, axis=0)
        line = np.concatenate([line[: at + 1], turned, turned[:1], line[at:]])
    return line


def filled(polygons: Iterable[Points], width: int, height: int) -> Mask:
    """Fill polygons and unite them, pixel for pixel as pycocotools does: (height, width) uint8, 0 and 1.

    What lies beyond the picture is cut off. Coordinates must be finite.
    """
    return _filled([[polygon] for polygon in polygons], width, height)


def outlines_filled(parts: Iterable[Outline], width: int, height: int) -> Mask:
    """Fill outlines and leave their holes out: (height, width) uint8, 0 and 1; the reverse of `outlines`."""
    return _filled([[part.outer, *part.holes] for part in parts], width, height)


def _filled(groups: Sequence[Sequence[Points]], width: int, height: int) -> Mask:
    """Fill each group of rings by the even-odd rule, and unite the groups."""
    rings = [(np.asarray(ring, np.float64), group) for group, some in enumerate(groups) for ring in some]
    rings = [(ring, group) for ring, group in rings if len(ring)]
    mask = np.zeros((height, width), np.uint8)
    if not rings:
        return mask
    start = np.concatenate([ring for ring, _ in rings])
    # Each corner's edge leads to the next one, the last one's back to the first.
    sizes = np.array([len(ring) for ring, _ in rings])
    follows = np.arange(1, len(start) + 1)
    follows[np.cumsum(sizes) - 1] = np.cumsum(sizes) - sizes
    edge, places = _crossings(start, start[follows], width, height)
    group = np.repeat([group for _, group in rings], sizes)[edge]
    # Within a group a column is inside from one crossing to the next, then outside, in turn.
    places = places[np.lexsort((places, group))]
    turns = np.concatenate([places[0::2], places[1::2]])
    order = np.argsort(turns, kind="stable")
    turns = turns[order]
    inside = np.cumsum(np.where(order < len(places) // 2, 1, -1)) > 0
    if not inside.any():
        return mask
    left, right = int(turns[0]) // height, min(width, int(turns[-1]) // height + 1)
    if left >= right:  # all below the picture, at the foot of its last column
        return mask
    counts = np.diff(turns - left * height, prepend=0, append=(right - left) * height)
    runs = np.repeat(np.append(False, inside).view(np.uint8), counts)
    mask[:, left:right] = cv2.transpose(runs.reshape(right - left, height))
    return mask


def _fewer(ring: Ring, tolerance: float) -> Ring:
    fewer = cv2.approxPolyDP(ring.reshape(-1, 1, 2), tolerance, True).reshape(-1, 2)
    return ring if len(fewer) < FEWEST_CORNERS else np.asarray(fewer, np.int32)


def _loss(mask: npt.NDArray[np.generic], back: Mask, holes: int) -> Loss:
    inside = mask != 0
    area, shared = int(np.count_nonzero(inside)), int(np.count_nonzero(inside & (back != 0)))
    return Loss(area, int(np.count_nonzero(back)) - shared, area - shared, holes)


def _crossings(
    start: Points, end: Points, width: int, height: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where edges cross the middles of columns: the edge's number and the place, column * height + row.

    start, end: (N, 2). This is `rleFrPoly` of the COCO API without walking along each edge point by point: what
    it does between the middles of columns never shows.
    """
    start, end = _fine(start), _fine(end)
    steps = np.abs(end - start)
    flat = steps[:, 0] >= steps[:, 1]
    # Each edge is drawn along its longer side from the lesser end, whichever way it is walked.
    index = np.arange(len(start))
    longer = np.where(flat, 0, 1)
    turned = (start[index, longer] > end[index, longer])[:, None]
    low, high = np.where(turned, end, start), np.where(turned, start, end)
    edges, places = [], []
    for some, row_of in ((flat, _row_on_flat), (~flat, _row_on_steep)):
        edge, column = _crossed(low[some], high[some], width)
        row = row_of(low[some][edge], high[some][edge], column * _FINE + _MIDDLE)
        row = np.ceil(np.clip((row + 0.5) / _FINE - 0.5, 0, height))
        edges.append(index[some][edge])
        places.append(column * height + row.astype(np.int64))
    return np.concatenate(edges), np.concatenate(places)


def _fine(points: Points) -> Points:
    return np.asarray(np.trunc(np.clip(points * _FINE, -_FARTHEST, _FARTHEST) + 0.5))


def _crossed(low: Points, high: Points, width: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The numbers of edges, and the columns whose middles they cross. low, high: (M, 2), their ends."""
    left, right = np.minimum(low[:, 0], high[:, 0]), np.maximum(low[:, 0], high[:, 0])
    # An edge crosses the middle of column c where it steps from fine column 5 c + 2 to the next.
    first = np.clip(np.ceil((left - _MIDDLE) / _FINE), 0, width).astype(np.int64)
    last = np.clip(np.floor((right - 1 - _MIDDLE) / _FINE), -1, width - 1).astype(np.int64)
    times = np.maximum(last - first + 1, 0)
    edge = np.repeat(np.arange(len(low)), times)
    column = np.arange(edge.size) - np.repeat(np.cumsum(times) - times, times) + first[edge]
    return edge, column


def _row_on_flat(low: Points, high: Points, at: Points) -> Points:
    """The upper of the fine rows left and right of the step from fine column `at`."""
    slope = (high[:, 1] - low[:, 1]) / np.maximum(high[:, 0] - low[:, 0], 1)
    before, after = (np.trunc(low[:, 1] + slope * (at + step - low[:, 0]) + 0.5) for step in (0, 1))
    return np.asarray(np.minimum(before, after))


def _row_on_steep(low: Points, high: Points, at: Points) -> Points:
    """The fine row after which the line steps between fine columns `at` and `at` + 1."""
    slope = (high[:, 0] - low[:, 0]) / np.maximum(high[:, 1] - low[:, 1], 1)
    rises = slope > 0
    # The first point beyond the step, computed, then set right where rounding put it one too far or too near.
    step = np.floor((at + 0.5 - low[:, 0]) / np.where(slope == 0, 1, slope))
    for _ in range(2):
        step -= _is_beyond(low, slope, rises, at, step - 1)
    for _ in range(3):
        step += ~_is_beyond(low, slope, rises, at, step)
    return low[:, 1] + step - 1


def _is_beyond(low: Points, slope: Points, rises: Points, at: Points, step: Points) -> npt.NDArray[np.bool_]:
    column = np.trunc(low[:, 0] + slope * step + 0.5)
    return np.asarray(np.where(rises, column > at, column <= at), np.bool_)
