"""A simulated annotator: looks where a mask differs from the truth, and clicks, draws or paints there."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.hint_planes import BELONGS, CLICK_RADIUS, DOES_NOT, draw_disc, draw_line

U8 = npt.NDArray[np.uint8]

MOST_ROUNDS = 4  # corrections of one picture in training
KINDS = {"click": 0.6, "stroke": 0.25, "paint": 0.15}
CAREFUL = 0.5  # share of training clicks in the middle of the error; the others lie anywhere in it


class Click(NamedTuple):
    """A point x, y in pixels of the mask's grid, and whether it belongs to the lesion."""

    x: int
    y: int
    belongs: bool


def click_on(wrong: U8, *, belongs: bool) -> Click:
    """A click in the middle of an error (H, W) 0/1: where it is farthest from what is right, the rim included."""
    depth = cv2.distanceTransform(np.pad(wrong, 1), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    return Click(int(x), int(y), belongs)


def largest_error(found: U8, truth: U8) -> tuple[U8, bool] | None:
    """The largest connected error of a mask (H, W) 0/1 against the truth, and whether it belongs to the lesion.

    None where both are equal.
    """
    best: tuple[int, U8, bool] | None = None
    for belongs in (True, False):
        wrong = ((truth == int(belongs)) & (found != truth)).astype(np.uint8)
        count, parts, stats, _ = cv2.connectedComponentsWithStats(wrong, connectivity=4)
        if count < 2:
            continue
        index = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
        area = int(stats[index, cv2.CC_STAT_AREA])
        if best is None or area > best[0]:
            best = (area, (parts == index).astype(np.uint8), belongs)
    return None if best is None else best[1:]


def next_click(found: U8, truth: U8) -> Click | None:
    """What a careful annotator clicks next: the middle of the largest error; None where there is none."""
    error = largest_error(found, truth)
    return None if error is None else click_on(error[0], belongs=error[1])


def correct(planes: U8, found: U8, truth: U8, rng: np.random.Generator) -> None:
    """Add one correction of `found` (256, 256) to hint planes (3, 256, 256), as annotators of all kinds make them.

    Where nothing is wrong nothing is added.
    """
    error = largest_error(found, truth)
    if error is None:
        return
    wrong, belongs = error
    plane = planes[BELONGS if belongs else DOES_NOT]
    kind = rng.choice(list(KINDS), p=list(KINDS.values()))
    if kind == "paint":
        plane |= wrong
        return
    if kind == "click" and rng.random() < CAREFUL:
        click = click_on(wrong, belongs=belongs)
        draw_disc(plane, (click.x, click.y))
        return
    inside = np.argwhere(wrong)
    points = [
        (float(x), float(y)) for y, x in inside[rng.integers(0, len(inside), 1 if kind == "click" else 2)]
    ]
    if kind == "click":
        draw_disc(plane, points[0])
        return
    drawn = np.zeros_like(wrong)
    draw_line(drawn, points, float(rng.uniform(1.5, CLICK_RADIUS)))
    plane |= drawn & (truth == int(belongs)).astype(np.uint8)  # a stroke keeps to its own side
