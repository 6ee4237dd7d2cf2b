"""Outlines along the edges of pixels: rings of corners that hold exactly the pixels of a mask.

Corners lie between pixels: the pixel in column x and row y has the corners (x, y) and (x + 1, y + 1). Contours
through the pixels' centres, as OpenCV gives them, lose half a pixel all around.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.geometry import Box

Ring = npt.NDArray[np.int32]
"""(N, 2) of x and y: a closed line through corners, the first not repeated at the end, none between two in line."""


@dataclass(frozen=True, eq=False, slots=True)
class Outline:
    """One part of a mask, whose pixels share edges. outer: clockwise on the screen; holes: the other way round."""

    outer: Ring
    holes: tuple[Ring, ...] = ()


def outlines(mask: npt.NDArray[np.generic], at: Box | None = None) -> list[Outline]:
    """The parts of a mask, in reading order of their first corners. mask: (H, W), non-zero is inside.

    at: where the mask lies in its picture, by default at (0, 0). At a corner where two pixels touch only by their
    tips a ring turns right and stays with its own pixel: such pixels are two parts.
    """
    tight = Box.of(mask)
    if tight.is_empty:
        return []
    inside = cv2.copyMakeBorder(
        (mask[tight.slices] != 0).view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0
    )
    shift = np.array([tight.x0, tight.y0], np.int32)
    if at is not None:
        shift += np.array([at.x0, at.y0], np.int32)
    # Pixels that share an edge have one number; a hole belongs to the part whose pixel lies above its first corner.
    _, numbers = cv2.connectedComponents(inside, connectivity=4, ltype=cv2.CV_32S)
    outers: dict[int, Ring] = {}
    holes: dict[int, list[Ring]] = {}
    for ring in _rings(inside):
        x, y = ring[0].tolist()
        below = int(numbers[y + 1, x + 1])
        if below:
            outers[below] = ring + shift
        else:
            # Walked the other way round, from the same corner.
            holes.setdefault(int(numbers[y, x + 1]), []).append(np.roll(ring[::-1], 1, axis=0) + shift)
    return [Outline(ring, tuple(holes.get(number, ()))) for number, ring in outers.items()]


def _rings(inside: npt.NDArray[Any]) -> list[Ring]:
    """All closed lines between inside and outside, each from its first corner in reading order to the right.

    inside: (H + 2, W + 2) uint8, 0 and 1, with a border of zeros; corners count without the border.
    """
    x, y, up = _corners(inside)
    # Along a row every second gap between corners is an edge, and along a column alike: where two corners lie on
    # one spot, the one with the arm that comes first stands first.
    across = _partners(np.arange(x.size))
    along = _partners(np.lexsort((~up, y, x)))
    to_right, down = across.tolist(), along.tolist()
    seen = bytearray(x.size)
    rings = []
    places = np.stack([x, y], axis=1).astype(np.int32)
    for first in range(x.size):
        if seen[first]:
            continue
        order = []
        corner = first
        while not seen[corner]:
            beside = to_right[corner]
            seen[corner] = seen[beside] = 1
            order += [corner, beside]
            corner = down[beside]
        rings.append(places[order])
    return rings


def _corners(
    inside: npt.NDArray[Any],
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """x, y of the corners in reading order, and whether the edge upwards, not downwards, meets there.

    Where four edges meet, two corners lie on one spot: first the one with the edge to the left.
    """
    north_west, north_east = inside[:-1, :-1], inside[:-1, 1:]
    south_west, south_east = inside[1:, :-1], inside[1:, 1:]
    odd = (north_west ^ north_east ^ south_west ^ south_east) != 0
    crossing = (north_west == south_east) & (north_east == south_west) & (north_west != north_east)
    y, x = np.nonzero(odd | crossing)
    twice = crossing[y, x]
    up = inside[y, x] != inside[y, x + 1]
    # To the right of the north-western pixel's tip the ring keeps to that pixel: left and up. Else left and down.
    up[twice] = inside[y, x][twice] != 0
    x, y, up = (np.repeat(values, 1 + twice) for values in (x, y, up))
    second = np.cumsum(1 + twice)[twice] - 1
    up[second] = ~up[second]
    return x, y, up


def _partners(order: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """For each corner its partner, when corners in this order are partners two by two."""
    partners = np.empty(order.size, np.intp)
    partners[order[0::2]] = order[1::2]
    partners[order[1::2]] = order[0::2]
    return partners
