"""What must hold of an answer to hints: what was said is done, and what nobody spoke of stays."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np

from lsegdiff_gui.annotation.hint_planes import BELONGS, CLICK_RADIUS, DOES_NOT, U8
from lsegdiff_gui.annotation.hints import Hint, Told

HALF: Final = 128
SURE, NEVER = 230, 25  # what a hint makes of the probability under it, of 255
NEAR: Final = 7  # pixels of the grid: a change that near to a new hint answers it
CRUMB: Final = (
    2 * math.pi * CLICK_RADIUS**2
)  # pixels of the grid: what is left beside a “does not” and is smaller, goes


def obeyed(answer: U8, told: Told) -> U8:
    """The probability (G, G) uint8 that an answer becomes: it does what was told, and changes nothing else.

    A change counts where it hangs together with a new hint; elsewhere the mask stays as it was (after FocalClick,
    Chen et al. 2022, section 3.3). Under the hints the mask is what they say, crumbs around a “does not” included.
    """
    kept = answer.copy() if told.before is None else _merged(answer, told.before, told.near)
    belongs, does_not = told.planes[BELONGS] > 0, told.planes[DOES_NOT] > 0
    kept[belongs] = np.maximum(kept[belongs], SURE)
    kept[does_not] = np.minimum(kept[does_not], NEVER)
    if told.hints and does_not.any():
        kept[_crumbs(kept, belongs, does_not)] = NEVER
    return kept


def obeying(mask: U8, hints: Iterable[Hint]) -> U8:
    """A mask (H, W) 0/1 at the picture's size, changed in place where a later step has overruled a hint.

    Closing and filling may close what was pointed out of it, opening may lose what was pointed into it.
    """
    height, width = mask.shape
    for hint in hints:
        at = [(min(max(int(x), 0), width - 1), min(max(int(y), 0), height - 1)) for x, y in hint.points]
        if any(mask[y, x] != int(hint.belongs) for x, y in at):
            drawn = np.zeros_like(mask)
            hint.draw(drawn, width, height)
            mask[drawn > 0] = int(hint.belongs)
    return mask


def _merged(answer: U8, before: U8, near: U8 | None) -> U8:
    """The probability before, with the answer's where its mask differs in one piece with something near a new hint.

    Where no mask changes the answer's confidence is taken over: it knows more.
    """
    changed = ((answer >= HALF) != (before >= HALF)).astype(np.uint8)
    count, parts = cv2.connectedComponents(changed, connectivity=8)
    answers = np.ones(count, bool)
    if near is not None:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * NEAR + 1, 2 * NEAR + 1))
        answers[:] = False
        answers[np.unique(parts[cv2.dilate(near, kernel) > 0])] = True
    answers[0] = True
    return np.where(answers[parts], answer, before).astype(np.uint8)


def _crumbs(probability: U8, belongs: np.ndarray, does_not: np.ndarray) -> np.ndarray:
    """Where small parts touch a “does not” and nothing that belongs: (G, G) bool."""
    mask = (probability >= HALF).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    beside = cv2.dilate(does_not.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    gone = np.zeros(count, bool)
    gone[np.unique(parts[beside])] = True
    gone[np.unique(parts[belongs])] = False
    gone &= stats[:, cv2.CC_STAT_AREA] < CRUMB
    gone[0] = False
    crumbs: np.ndarray = gone[parts]
    return crumbs
