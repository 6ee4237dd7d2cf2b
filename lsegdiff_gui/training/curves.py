"""The curves of a run, drawn as a picture: one panel a stage, the loss above and Dice on `select` below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.training.run_log import StageLog

Canvas = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

WIDTH, HEIGHT = 520, 560  # of one panel
LEFT, RIGHT, TOP, GAP, PLOT = 70, 24, 60, 60, 190  # margins, and the height of each of its two plots
TICKS = 4
INK, GREY, PALE = (40, 40, 40), (130, 130, 130), (226, 226, 226)
LOSS, SCORE = (190, 110, 30), (20, 90, 170)


def curves(logs: Mapping[str, StageLog]) -> Canvas:
    """One panel beside the other, in the stages' order, as an RGB picture (560, 520 × stages, 3) uint8."""
    return np.hstack([_panel(name, log) for name, log in logs.items()])


@dataclass(frozen=True)
class _Plot:
    """A rectangle of the canvas and the values that its edges stand for."""

    top: int
    steps: int
    low: float
    high: float

    def at(self, step: float, value: float) -> tuple[int, int]:
        """The pixel of a point."""
        x = LEFT + (WIDTH - LEFT - RIGHT) * step / max(1, self.steps)
        y = self.top + PLOT * (1.0 - (value - self.low) / (self.high - self.low))
        return round(x), round(min(max(y, self.top), self.top + PLOT))


def _panel(name: str, log: StageLog) -> Canvas:
    canvas = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    _text(canvas, name, (LEFT, 26), 0.66, INK)
    steps = max([*log.losses, *log.looks], default=1)
    losses = {step: loss for step, loss in log.losses.items() if np.isfinite(loss)}
    _curve(canvas, TOP, "loss", losses, steps, LOSS, _smooth(losses))
    _curve(canvas, TOP + PLOT + GAP, "Dice on select", log.scores, steps, SCORE, log.scores, 1.0)
    if log.best:
        step, look = log.best
        said = f"kept: {look['score']:.3f}, " + (f"after step {step:,}" if step else "as it started")
        _text(canvas, said, (LEFT, TOP + 2 * PLOT + GAP + 44), 0.5, SCORE)
    _text(canvas, "step", (WIDTH - RIGHT, TOP + 2 * PLOT + GAP + 44), 0.45, GREY, share=1.0)
    return canvas


def _curve(
    canvas: Canvas,
    top: int,
    title: str,
    values: Mapping[int, float],
    steps: int,
    colour: Colour,
    line: Mapping[int, float],
    most: float = np.inf,
) -> None:
    low, high = _range(list(values.values()), most)
    plot = _Plot(top, steps, low, high)
    _text(canvas, title, (LEFT, top - 8), 0.46, colour)
    for share in np.linspace(0.0, 1.0, TICKS + 1):
        value, step = low + share * (high - low), share * steps
        x, y = plot.at(step, value)
        cv2.line(canvas, (LEFT, y), (WIDTH - RIGHT, y), PALE, 1)
        cv2.line(canvas, (x, top), (x, top + PLOT), PALE, 1)
        _text(canvas, f"{value:.3f}", (LEFT - 8, y + 4), 0.4, GREY, share=1.0)
        _text(canvas, f"{step:,.0f}", (x, top + PLOT + 18), 0.4, GREY, share=0.5)
    cv2.rectangle(canvas, (LEFT, top), (WIDTH - RIGHT, top + PLOT), GREY, 1)
    for step, value in values.items():
        cv2.circle(canvas, plot.at(step, value), 2, _pale(colour), -1, cv2.LINE_AA)
    points = np.array([plot.at(step, value) for step, value in line.items()], np.int32)
    if len(points):
        cv2.polylines(canvas, [points], False, colour, 2, cv2.LINE_AA)
        if len(points) < 30:
            for x, y in points:
                cv2.circle(canvas, (int(x), int(y)), 4, colour, -1, cv2.LINE_AA)


def _smooth(values: Mapping[int, float]) -> dict[int, float]:
    """Each value's mean with up to three before and behind it: a batch's loss jumps."""
    row = np.array(list(values.values()))
    return {step: float(row[max(0, i - 3) : i + 4].mean()) for i, step in enumerate(values)}


def _range(values: list[float], most: float) -> tuple[float, float]:
    """Where the axis begins and ends: the first steps' losses, far above all others, may leave the plot."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), float(np.quantile(values, 0.98))
    room = max(0.05 * (high - low), 0.005)
    return max(0.0, low - room), min(most, high + room)


def _pale(colour: Colour) -> Colour:
    red, green, blue = ((c + 2 * 255) // 3 for c in colour)
    return red, green, blue


def _text(
    canvas: Canvas, text: str, place: tuple[int, int], size: float, colour: Colour, *, share: float = 0.0
) -> None:
    """Write from `place` on, or with this share of the text before it."""
    (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1)
    left = place[0] - round(share * width)
    cv2.putText(canvas, text, (left, place[1]), cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)
