"""Which pixels are one lesion, to be seen: a colour for each instance, a place for its number, and links for ties."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.instance_sizes import InstanceSize
from lsegdiff_gui.annotation.instances import Finder, Partition, Point, Tie, instance_parts
from lsegdiff_gui.annotation.labels import IGNORE, NONE
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.display import highest_of_four
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]

COLOURS = 7
"""Instances take turns at as many colours; what is to be ignored has one more."""

# Nobody reads more numbers, and a place for each takes some ten microseconds.
_MOST_NUMBERS = 2000
# A middle is sought on a grid of at most so many pixels a side.
_FINE = 192
# Along a stroke all pixels of its middle line are about as deep.
_DEEP = 0.9
# A window is rarely smaller than this in its longer side, so that nobody looks at less.
_SMALLEST_HALF = 1024


@dataclass(frozen=True)
class Number:
    """The number of an instance in one of its parts. at: a point (x, y) deep in the part."""

    number: int
    at: Point


@dataclass(frozen=True, eq=False)
class InstanceMap:
    """The instances of a picture as they are shown.

    sizes: as `instance_sizes` gives them. plane: (H, W) uint8, 0 background, 1 to COLOURS by instance, COLOURS + 1
    what is to be ignored; smaller: its halves, as `highest_of_four` makes them. numbers: of the parts, the largest
    first. links: from part to part, where ties hold. loose: the ties that join nothing as the mask is now.
    """

    sizes: tuple[InstanceSize, ...]
    plane: U8
    smaller: tuple[U8, ...]
    numbers: tuple[Number, ...]
    links: tuple[tuple[Point, Point], ...]
    loose: tuple[tuple[Point, Point], ...]


def colour_of(number: int) -> int:
    """The value in the plane of the instance with this number, from 1."""
    return (number - 1) % COLOURS + 1


def instance_map(final: U8, partition: Partition, hidden: frozenset[int] = frozenset()) -> InstanceMap:
    """Number the instances of a label plane, (H, W) uint8, as `instance_sizes` does, and lay them out.

    hidden: labels whose instances have neither colour nor number to be seen, but are counted all the same.
    Takes up to a second on a large picture.
    """
    plane = np.zeros(final.shape, np.uint8)
    sizes: list[InstanceSize] = []
    parts: list[tuple[int, Region]] = []
    for label, regions in instance_parts(final, partition):
        number = 0 if label == IGNORE else len(sizes) + 1
        for region in regions if label not in hidden else ():
            plane[region.box.slices][region.inside] = colour_of(number) if number else COLOURS + 1
            parts.append((number, region))
        if number:
            box = Box.empty()
            for region in regions:
                box = box.union(region.box)
            sizes.append(InstanceSize(number, label, sum(region.pixels for region in regions), box))
    ties = [tie for tie in partition.ties if _label_at(final, tie.a) not in hidden]
    links, loose = _links(parts, ties)
    numbered = sorted((part for part in parts if part[0]), key=lambda part: -part[1].pixels)
    numbers = tuple(Number(number, middle(region)) for number, region in numbered[:_MOST_NUMBERS])
    return InstanceMap(tuple(sizes), plane, _halves(plane), numbers, links, loose)


def middle(region: Region) -> Point:
    """The middle of a pixel deep inside a region that is not empty; of those as deep, the one nearest to its middle."""
    step = 1 + max(region.box.width, region.box.height) // _FINE
    coarse = region.inside[::step, ::step]
    if not coarse.any():
        step, coarse = 1, region.inside
    # The picture's border is an edge too: a number half beyond it is not read.
    ringed = cv2.copyMakeBorder(coarse.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = np.asarray(cv2.distanceTransform(ringed, cv2.DIST_L2, 3))
    ys, xs = np.nonzero(depth >= _DEEP * depth.max())
    centre_y, centre_x = (np.nonzero(ringed)[axis].mean() for axis in (0, 1))
    nearest = int(np.argmin((ys - centre_y) ** 2 + (xs - centre_x) ** 2))
    x, y = int(xs[nearest]) - 1, int(ys[nearest]) - 1
    return region.box.x0 + x * step + 0.5, region.box.y0 + y * step + 0.5


def _halves(plane: U8) -> tuple[U8, ...]:
    halves = []
    while max(plane.shape) > _SMALLEST_HALF:
        plane = highest_of_four(plane)
        halves.append(plane)
    return tuple(halves)


def _links(
    parts: Sequence[tuple[int, Region]], ties: Sequence[Tie]
) -> tuple[tuple[tuple[Point, Point], ...], tuple[tuple[Point, Point], ...]]:
    """The ties between two parts of one instance, from middle to middle; and those that join nothing, as drawn."""
    find = Finder([region for _, region in parts])
    links, loose = [], []
    for tie in ties:
        a, b = find.at(tie.a), find.at(tie.b)
        if a is None or b is None or a == b or not parts[a][0] or parts[a][0] != parts[b][0]:
            loose.append((tie.a, tie.b))
        else:
            links.append((middle(parts[a][1]), middle(parts[b][1])))
    return tuple(links), tuple(loose)


def _label_at(final: U8, point: Point) -> int:
    """The label under a point, (x, y); background beyond the picture."""
    x, y = math.floor(point[0]), math.floor(point[1])
    height, width = final.shape
    return int(final[y, x]) if 0 <= x < width and 0 <= y < height else NONE
