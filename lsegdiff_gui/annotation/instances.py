"""Which pixels are one lesion: what hangs together, but for cuts that part it and ties that join it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.region import Region, label_box, labels_in
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.signedinteger[Any]]
Point = tuple[float, float]

FARTHEST = 1e6
"""No point lies further from the picture's corner, in pixels: a cut takes time and memory by its length."""


@dataclass(frozen=True)
class Tie:
    """Joins the two components of one label that `a` and `b` lie in: each (x, y) in pixels.

    Does nothing where one lies on the background, or the labels differ. Raises ValueError for a point that is no
    place near a picture.
    """

    a: Point
    b: Point

    def __post_init__(self) -> None:
        _refuse_far((self.a, self.b))


@dataclass(frozen=True)
class Cut:
    """A line through these points, each (x, y) in pixels: what it crosses from side to side is parted.

    Raises ValueError for a point that is no place near a picture.
    """

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        _refuse_far(self.points)


@dataclass(frozen=True)
class Partition:
    """What the annotator said of lesions beyond what hangs together. Cuts are made first, then ties.

    Both stay where they are in the picture when the mask changes under them.
    """

    ties: tuple[Tie, ...] = ()
    cuts: tuple[Cut, ...] = ()

    def with_those_of(self, other: Partition) -> Partition:
        """These ties and cuts, and those of another that differ from them."""
        return Partition(
            tuple(dict.fromkeys((*self.ties, *other.ties))), tuple(dict.fromkeys((*self.cuts, *other.cuts)))
        )

    def to_dict(self) -> dict[str, Any]:
        """The partition as plain lists, for JSON."""
        return {
            "ties": [[list(tie.a), list(tie.b)] for tie in self.ties],
            "cuts": [[list(point) for point in cut.points] for cut in self.cuts],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Partition:
        """Build from `to_dict`; unknown keys are ignored. Raises TypeError or ValueError for damaged values."""
        ties = (Tie(_point(a), _point(b)) for a, b in values.get("ties", ()))
        cuts = (Cut(tuple(_point(point) for point in points)) for points in values.get("cuts", ()))
        return cls(tuple(ties), tuple(cuts))


@dataclass(frozen=True, eq=False)
class Instance:
    """One lesion. number: from 1; label: what it is; region: its pixels."""

    number: int
    label: int
    region: Region


class Finder:
    """Finds which of some regions a point lies in."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self._regions = regions
        boxes = [(box.x0, box.y0, box.x1, box.y1) for box in (region.box for region in regions)]
        self._boxes = np.array(boxes, np.intp).reshape(-1, 4)

    def at(self, point: Point) -> int | None:
        """The index of the first region that holds the pixel of a point, (x, y)."""
        place = math.floor(point[0]), math.floor(point[1])
        around = ((self._boxes[:, :2] <= place) & (place < self._boxes[:, 2:])).all(axis=1)
        for index in np.flatnonzero(around).tolist():
            region = self._regions[index]
            if region.inside[place[1] - region.box.y0, place[0] - region.box.x0]:
                return int(index)
        return None


def instances(final: U8, partition: Partition) -> list[Instance]:
    """The instances of a label plane, (H, W) uint8, in reading order of their first pixels.

    Each pixel that is not background belongs to exactly one. Pixels of a label hang together in steps to the 8
    neighbours. A pixel that a cut runs over goes to the nearest side of its own component; a component that lies
    under cuts altogether stays whole.
    """
    joined = [(label, _union(parts)) for label, parts in instance_parts(final, partition)]
    return [Instance(number, label, region) for number, (label, region) in enumerate(joined, start=1)]


def instance_parts(final: U8, partition: Partition) -> list[tuple[int, list[Region]]]:
    """The label of each of the `instances`, in their order, and the parts that ties hold together in it."""
    height, width = final.shape
    cut = _cut_pixels(partition.cuts, width, height)
    parts = [(label, region) for label in labels_in(final) for region in _parts_of(final, label, cut)]
    groups = _tied(parts, partition.ties)
    groups.sort(key=lambda group: min(map(_first, group[1])))
    return groups


def path(points: Sequence[Point]) -> Integers:
    """The pixels that a line through these points runs over, in steps to the 4 neighbours: (N, 2) of x and y.

    Such a line has no gap for a step to one of the 8 neighbours. Through a pixel's very corner it steps along the
    row first.
    """
    first = np.array([[math.floor(x), math.floor(y)] for x, y in points[:1]], np.intp).reshape(-1, 2)
    return np.concatenate([first, *(_segment(start, end) for start, end in pairwise(points))])


def _segment(start: Point, end: Point) -> Integers:
    """The pixels after that of `start`, up to that of `end`."""
    crossings = []
    steps = []
    for axis in (0, 1):
        first, last = math.floor(start[axis]), math.floor(end[axis])
        way = 1 if last > first else -1
        # The grid lines in the order they are crossed: the near edges of the pixels entered on the way up, the
        # far ones on the way down.
        lines = np.arange(first, last, way) + (1 if way > 0 else 0)
        crossings.append((lines - start[axis]) / (end[axis] - start[axis]) if lines.size else lines)
        step = np.zeros((lines.size, 2), np.intp)
        step[:, axis] = way
        steps.append(step)
    order = np.argsort(np.concatenate(crossings), kind="stable")
    origin = np.array([math.floor(start[0]), math.floor(start[1])])
    return np.asarray(origin + np.cumsum(np.concatenate(steps)[order], axis=0), np.intp)


def _cut_pixels(cuts: tuple[Cut, ...], width: int, height: int) -> Integers:
    """The pixels of the picture under any cut: (N, 2) of x and y."""
    if not cuts:
        return np.zeros((0, 2), np.intp)
    under = np.concatenate([path(cut.points) for cut in cuts])
    return under[((under >= 0) & (under < (width, height))).all(axis=1)]


def _parts_of(final: U8, label: int, cut: Integers) -> Iterator[Region]:
    """The components of a label, parted by the cut."""
    box = label_box(final, label)
    plane = (final[box.slices] == label).view(np.uint8)
    count, numbers, stats, _ = cv2.connectedComponentsWithStats(plane, connectivity=8, ltype=cv2.CV_32S)
    local = cut - (box.x0, box.y0)
    local = local[((local >= 0) & (local < (box.width, box.height))).all(axis=1)]
    owner = np.asarray(numbers)[local[:, 1], local[:, 0]]
    is_cut = np.bincount(owner, minlength=count) > 0
    for number, (left, top, width, height) in enumerate(stats[1:, : cv2.CC_STAT_AREA].tolist(), start=1):
        place = Box(left, top, left + width, top + height)
        inside = np.asarray(numbers[place.slices] == number)
        at = Box(box.x0 + left, box.y0 + top, box.x0 + left + width, box.y0 + top + height)
        if is_cut[number]:
            yield from _parted(inside, at, local[owner == number] - (left, top))
        else:
            yield Region(at, inside)


def _parted(inside: Bools, at: Box, cut: Integers) -> Iterator[Region]:
    """One component in its parts beside the cut. cut: (N, 2) of x and y, pixels of `inside`."""
    rest = inside.astype(np.uint8)
    rest[cut[:, 1], cut[:, 0]] = 0
    count, numbers, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8, ltype=cv2.CV_32S)
    if count <= 2:
        yield Region(at, inside)
        return
    sides = np.asarray(cv2.copyMakeBorder(numbers, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0), np.int32)
    _give_to_sides(sides, np.unique(cut, axis=0) + 1, _ranks(sides[1:-1, 1:-1], np.asarray(stats, np.int32)))
    for number in range(1, count):
        yield Region.of_mask(sides[1:-1, 1:-1] == number, at)


def _ranks(sides: Integers, stats: Integers) -> Integers:
    """The place of each number in reading order of the first pixels; OpenCV counts as its threads come along.

    stats: as OpenCV gives them for these sides. Zero comes last.
    """
    firsts = [(len(sides), 0)]
    for number, (left, top) in enumerate(stats[1:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]].tolist(), start=1):
        firsts.append((top, left + int((sides[top, left:] == number).argmax())))
    ranks = np.empty(len(firsts), np.intp)
    ranks[sorted(range(len(firsts)), key=firsts.__getitem__)] = np.arange(len(firsts))
    return ranks


_NEAREST_FIRST = (((-1, 0), (1, 0), (0, -1), (0, 1)), ((-1, -1), (1, -1), (-1, 1), (1, 1)))
"""The neighbours that share an edge with a pixel, then those that share a corner."""


def _give_to_sides(sides: Integers, waiting: Integers, ranks: Integers) -> None:
    """Give the waiting pixels to the side nearest in steps; of two as near to the one that ranks first.

    sides: (H, W), numbers from 1, with a border of zeros, written to; waiting: (N, 2) of x and y, zero there as yet.
    They hang together with a side, so that each round gives some away.
    """
    in_order = np.argsort(ranks)
    while waiting.size:
        x, y = waiting.T
        taken = np.zeros(len(waiting), np.intp)
        for neighbours in _NEAREST_FIRST:
            around = np.stack([sides[y + dy, x + dx] for dx, dy in neighbours])
            taken = np.where(taken == 0, in_order[ranks[around].min(axis=0)], taken)
        sides[y, x] = taken
        waiting = waiting[taken == 0]


def _tied(parts: list[tuple[int, Region]], ties: tuple[Tie, ...]) -> list[tuple[int, list[Region]]]:
    """The parts, those together that ties hold together."""
    if not parts or not ties:
        return [(label, [region]) for label, region in parts]
    find = Finder([region for _, region in parts])
    group = np.arange(len(parts))
    for tie in ties:
        a, b = find.at(tie.a), find.at(tie.b)
        if a is not None and b is not None and parts[a][0] == parts[b][0]:
            group[group == group[a]] = group[b]
    members: dict[int, tuple[int, list[Region]]] = {}
    for (label, region), each in zip(parts, group.tolist(), strict=True):
        members.setdefault(each, (label, []))[1].append(region)
    return list(members.values())


def _union(regions: list[Region]) -> Region:
    if len(regions) == 1:
        return regions[0]
    box = Box.empty()
    for region in regions:
        box = box.union(region.box)
    inside = np.zeros((box.height, box.width), np.bool_)
    for region in regions:
        place = region.box
        part = inside[place.y0 - box.y0 : place.y1 - box.y0, place.x0 - box.x0 : place.x1 - box.x0]
        part |= region.inside
    return Region(box, inside)


def _first(region: Region) -> tuple[int, int]:
    """Row and column of a region's first pixel in reading order: no two regions of a plane share it."""
    return region.box.y0, region.box.x0 + int(region.inside[0].argmax())


def _point(values: Iterable[float]) -> Point:
    x, y = values
    return x, y


def _refuse_far(points: Iterable[Point]) -> None:
    # Written so that "not a number" is refused too.
    if not all(abs(value) <= FARTHEST for point in points for value in point):
        raise ValueError(f"A point lies further than {FARTHEST:.0f} pixels from the picture, or nowhere.")
