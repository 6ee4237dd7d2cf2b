"""Slow and obvious: sets of pixels, steps from one to the next, and random planes to walk on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]
Pixels = set[tuple[int, int]]

FOUR = ((1, 0), (-1, 0), (0, 1), (0, -1))
EIGHT = (*FOUR, (1, 1), (1, -1), (-1, 1), (-1, -1))


def pixels(region: Region) -> Pixels:
    """The (x, y) of a region, once it is found sound: tight box, true where it should be, counted."""
    assert region.inside.dtype == np.bool_
    assert region.inside.shape == (region.box.height, region.box.width)
    assert Box.of(region.inside) == Box.whole(region.box.width, region.box.height)
    found = {
        (x, y)
        for y in range(region.box.y0, region.box.y1)
        for x in range(region.box.x0, region.box.x1)
        if region.inside[y - region.box.y0, x - region.box.x0]
    }
    assert region.pixels == len(found)
    assert region.is_empty == (not found)
    return found


def where(mask: npt.NDArray[np.generic]) -> Pixels:
    """The (x, y) where a plane is not zero."""
    return {(int(x), int(y)) for y, x in np.argwhere(mask)}


def walk(among: Pixels, start: tuple[int, int], steps: Iterable[tuple[int, int]]) -> Pixels:
    """What is reached from `start` over these pixels."""
    steps = tuple(steps)
    reached: Pixels = set()
    waiting = [start] if start in among else []
    while waiting:
        x, y = waiting.pop()
        if (x, y) not in reached:
            reached.add((x, y))
            waiting += [(x + dx, y + dy) for dx, dy in steps if (x + dx, y + dy) in among]
    return reached


def pieces(among: Pixels, steps: Iterable[tuple[int, int]]) -> list[Pixels]:
    """What hangs together, in reading order of the first pixels."""
    found: list[Pixels] = []
    rest = set(among)
    for x, y in sorted(among, key=lambda pixel: (pixel[1], pixel[0])):
        if (x, y) in rest:
            found.append(walk(rest, (x, y), steps))
            rest -= found[-1]
    return found


def random_plane(generator: np.random.Generator, longest: int = 24, labels: int = 3) -> U8:
    """A plane of a random size and density: background, labels from 1, in specks, blobs or nearly full."""
    height, width = (int(side) for side in generator.integers(1, longest + 1, 2))
    plane = generator.integers(1, labels + 1, (height, width)).astype(np.uint8)
    grain = int(generator.integers(1, 5))
    plane = np.repeat(np.repeat(plane, grain, axis=0), grain, axis=1)[:height, :width]
    share = generator.choice([0.02, 0.2, 0.5, 0.8, 0.98])
    return np.where(generator.random((height, width)) < share, plane, 0).astype(np.uint8)
