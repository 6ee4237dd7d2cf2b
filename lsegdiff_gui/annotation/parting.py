"""From lesions that somebody else has told apart to the cuts and ties that tell them apart here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.instances import Cut, Instance, Partition, Tie, instances
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Parting:
    """A partition, and how far it falls short. joined: lesions that are one with another here; moved: pixels that
    lie on the other side of a cut than they should."""

    partition: Partition
    joined: int = 0
    moved: int = 0


def partition_of(labels: U8, owners: Integers) -> Parting:
    """The partition under which `instances` finds the owners' lesions, as far as there is one.

    labels: (H, W) uint8, 0 background; owners: (H, W), from 1 where there is a label, one label each. Touching
    lesions are parted by cuts along their border, on one side of it or on both, whichever parts them best; parts of a
    lesion that do not hang together are tied.
    """
    if not labels.any():
        return Parting(Partition())
    earlier, later, at = _borders(labels, owners)
    best: Parting | None = None
    for sides in ((earlier,), (later,), (earlier, later)):
        parting = _tried(labels, owners, tuple(cut for side in sides for cut in _cuts(side, at)))
        if best is None or (parting.joined, parting.moved) < (best.joined, best.moved):
            best = parting
        if best.joined == best.moved == 0:
            break
    assert best is not None
    return best


def _tried(labels: U8, owners: Integers, cuts: tuple[Cut, ...]) -> Parting:
    parts = instances(labels, Partition(cuts=cuts))
    partition = Partition(tuple(_ties(parts, owners)), cuts)
    return _measured(partition, instances(labels, partition) if partition.ties else parts, owners)


def _borders(labels: U8, owners: Integers) -> tuple[Bools, Bools, Box]:
    """Pixels that touch, corners included, another lesion of their label: one that comes later, one that comes earlier.

    (h, w) each, in the box.
    """
    order = _reading_order(owners)
    ranked = np.zeros(order.size, np.int32)
    ranked[order] = np.arange(order.size, dtype=np.int32)
    box = Box.of(labels)
    # With a border of background every pixel has eight neighbours.
    rank = np.pad(ranked[owners[box.slices]], 1)
    label = np.pad(labels[box.slices], 1)
    inner, own = label[1:-1, 1:-1], rank[1:-1, 1:-1]
    earlier = np.zeros(inner.shape, np.bool_)
    later = np.zeros(inner.shape, np.bool_)
    height, width = inner.shape
    for dy, dx in product((0, 1, 2), repeat=2):
        beside = (slice(dy, dy + height), slice(dx, dx + width))
        is_kin = (label[beside] == inner) & (inner != 0)
        earlier |= is_kin & (rank[beside] > own)
        later |= is_kin & (rank[beside] < own)
    return earlier, later, box


def _cuts(border: Bools, at: Box) -> Iterator[Cut]:
    """Lines over exactly these pixels. border: (at.height, at.width)."""
    count, pieces = cv2.connectedComponents(border.view(np.uint8), connectivity=4, ltype=cv2.CV_32S)
    ys, xs = np.nonzero(border)
    numbers = np.asarray(pieces)[ys, xs]
    order = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=count))
    for start, end in pairwise(ends.tolist()):
        here = order[start:end]
        yield from _lines(set(zip(xs[here].tolist(), ys[here].tolist(), strict=True)), at)


def _reading_order(owners: Integers) -> npt.NDArray[np.intp]:
    """The owners' numbers, 0 first, in the order of their first pixels."""
    found, first = np.unique(owners, return_index=True)
    first[found == 0] = -1
    order = found[np.argsort(first)].astype(np.intp)
    if 0 not in found:
        order = np.append(0, order).astype(np.intp)
    missing = np.setdiff1d(np.arange(int(owners.max(initial=0)) + 1), order)
    return np.append(order, missing).astype(np.intp)


def _lines(pixels: set[tuple[int, int]], box: Box) -> Iterator[Cut]:
    """Lines in steps to the 4 neighbours that run over all of these pixels and no other."""
    # From its ends where there are some, so that a line is walked once.
    for start in sorted(pixels, key=lambda pixel: (len(list(_beside(pixel, pixels))), pixel)):
        if start not in pixels:
            continue
        pixels.discard(start)
        line = [start]
        while (following := next(iter(_beside(line[-1], pixels)), None)) is not None:
            pixels.discard(following)
            line.append(following)
        yield Cut(tuple((box.x0 + x + 0.5, box.y0 + y + 0.5) for x, y in _corners(line)))


def _beside(pixel: tuple[int, int], pixels: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    x, y = pixel
    return (each for each in ((x + 1, y), (x, y + 1), (x - 1, y), (x, y - 1)) if each in pixels)


def _corners(line: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """The line without the pixels between two in the same row or column."""
    kept = line[:1]
    for before, at, after in zip(line, line[1:], line[2:], strict=False):
        if (at[0] - before[0], at[1] - before[1]) != (after[0] - at[0], after[1] - at[1]):
            kept.append(at)
    return kept + line[-1:] if len(line) > 1 else kept


def _ties(parts: list[Instance], owners: Integers) -> Iterator[Tie]:
    """From the first part of each lesion to its others."""
    firsts: dict[int, tuple[float, float]] = {}
    for part in parts:
        owner = _owner(part.region, owners)
        point = _point_in(part.region)
        if owner in firsts:
            yield Tie(firsts[owner], point)
        else:
            firsts[owner] = point


def _owner(region: Region, owners: Integers) -> int:
    """Whose most of the pixels are."""
    return int(np.bincount(owners[region.box.slices][region.inside]).argmax())


def _point_in(region: Region) -> tuple[float, float]:
    """A pixel of the region as far from its edge as there is one: strokes at the edge do not loosen the tie."""
    inside = np.pad(region.inside.view(np.uint8), 1)
    depth = cv2.distanceTransform(inside, cv2.DIST_L1, 3)
    y, x = np.unravel_index(int(np.argmax(depth)), depth.shape)
    return region.box.x0 + int(x) - 0.5, region.box.y0 + int(y) - 0.5


def _measured(partition: Partition, found: list[Instance], owners: Integers) -> Parting:
    """How the lesions that are found differ from the owners'."""
    moved = 0
    met: set[int] = set()
    for lesion in found:
        counts = np.bincount(owners[lesion.region.box.slices][lesion.region.inside])
        met.add(int(counts.argmax()))
        moved += int(counts.sum() - counts.max())
    every = set(np.unique(owners).tolist()) - {0}
    return Parting(partition, len(every - met), moved)
