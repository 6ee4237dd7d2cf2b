"""How many clicks until a mask is right: a simulated annotator corrects drafts where they err most."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.hints import ANSWER_SAMPLES, ANSWER_STEPS, Hint, told_by_hints
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.encoding import Encoding
from lsegdiff_gui.model.grid import GRID, mask_to_grid
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.comparison import with_interval
from lsegdiff_gui.training.corrections import next_click
from lsegdiff_gui.training.metrics import iou

U8 = npt.NDArray[np.uint8]

TARGETS = (0.85, 0.90)  # of IoU: NoC@85 and NoC@90 are the clicks that reach them
THINNEST = 3  # pixels of the grid: an error nowhere as wide as this is within what two annotators differ by
SAVED_AFTER = 3  # clicks, before the brush is taken


@dataclass(frozen=True)
class Clicked:
    """What clicks did for one picture, on the 256² grid.

    ious: of the draft, and after each click; where nothing was wrong any more the last one stays. seconds: of each
    answer. brushed: pixels that a brush has to paint to put the rest right, before any click and after `SAVED_AFTER`;
    errors thinner than `THINNEST` are left.
    """

    ious: tuple[float, ...]
    seconds: tuple[float, ...]
    brushed: tuple[int, int]

    def clicks_to(self, target: float) -> int:
        """The clicks until the IoU reaches a target; all of them where it does not: a failure counts as the cap."""
        return next((n for n, value in enumerate(self.ious) if value >= target), len(self.ious) - 1)

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "click_ious": [round(value, 4) for value in self.ious],
            **{f"clicks_to_{100 * target:.0f}": self.clicks_to(target) for target in TARGETS},
            "brushed": list(self.brushed),
        }


def click_through(
    segmenter: Segmenter, encoding: Encoding, picture: Picture, truth: U8, draft: Draft, *, clicks: int
) -> Clicked:
    """Correct a picture's draft click by click. truth: (H, W) 0/1, of the picture's size.

    Each click is answered as in the window, from the draft's seed.
    """
    wanted = mask_to_grid(truth)
    size = (picture.width, picture.height)
    probability = draft.probability
    hints: list[Hint] = []
    masks = [_mask(probability)]
    seconds = []
    for _ in range(clicks):
        click = next_click(masks[-1], wanted)
        if click is None:
            break
        at = ((click.x + 0.5) * size[0] / GRID - 0.5, (click.y + 0.5) * size[1] / GRID - 0.5)
        hints.append(Hint((at,), click.belongs))
        began = time.perf_counter()
        *_, last = segmenter.sample(
            encoding,
            steps=ANSWER_STEPS,
            samples=ANSWER_SAMPLES,
            seed=draft.provenance.seed,
            hints=told_by_hints(hints, size, probability),
        )
        seconds.append(time.perf_counter() - began)
        assert last.draft is not None
        probability = last.draft.probability
        masks.append(_mask(probability))
    ious = [iou(mask, wanted) for mask in masks]
    ious += [ious[-1]] * (clicks + 1 - len(ious))
    after = masks[min(SAVED_AFTER, len(masks) - 1)]
    brushed = (_brushed(masks[0], wanted), _brushed(after, wanted))
    return Clicked(tuple(ious), tuple(seconds), brushed)


def click_summary(clicked: Sequence[Clicked]) -> dict[str, Any]:
    """Means over pictures, N ≥ 1, some with `_low` and `_high`, their 95 % intervals; seconds are percentiles."""
    curve = np.mean([each.ious for each in clicked], axis=0)
    summary: dict[str, Any] = {"iou_after_clicks": [round(float(value), 4) for value in curve]}
    for target in TARGETS:
        needed = np.array([each.clicks_to(target) for each in clicked], np.float64)
        summary |= with_interval(f"noc_{100 * target:.0f}", needed)
        summary[f"noc_{100 * target:.0f}_failed"] = sum(each.ious[-1] < target for each in clicked)
    before, after = (float(np.mean([each.brushed[n] for each in clicked])) for n in (0, 1))
    summary |= {"brushed_before": before, "brushed_after": after}
    summary["brush_saved"] = 1 - after / before if before else 0.0
    times = [value for each in clicked for value in each.seconds]
    if times:
        summary |= {f"answer_seconds_p{part}": float(np.percentile(times, part)) for part in (50, 90)}
    return summary


def _mask(probability: U8) -> U8:
    return (probability >= 128).astype(np.uint8)


def _brushed(mask: U8, truth: U8) -> int:
    """Pixels that a brush must paint to put right all errors that are not thin."""
    wrong = (mask != truth).astype(np.uint8)
    square = np.ones((THINNEST, THINNEST), np.uint8)
    return int(np.count_nonzero(cv2.morphologyEx(wrong, cv2.MORPH_OPEN, square)))
