"""The reliability plot: how often what is called likely is true, drawn as a picture."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.training.reliability import BINS, Reliability

Canvas = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

WIDTH, HEIGHT = 560, 680  # of one panel
SIDE, LEFT, TOP = 420, 90, 70  # the square of the plot
COUNT_TOP, COUNT_HEIGHT = 560, 80  # the pixels' shares below it

INK, GREY, PALE = (40, 40, 40), (130, 130, 130), (226, 226, 226)
BAR, POINT = (170, 200, 232), (20, 90, 170)


def reliability_plot(panels: Mapping[str, Reliability]) -> Canvas:
    """One panel beside the other, by title, as an RGB picture (680, 560 × panels, 3) uint8.

    Bars and points show the share of foreground among the pixels of each bin of probability, the dashed diagonal
    what a calibrated model has; below, the share of all pixels that each bin holds.
    """
    return np.hstack([_panel(title, calibration) for title, calibration in panels.items()])


def _panel(title: str, calibration: Reliability) -> Canvas:
    canvas = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    error = calibration.error()
    said = "no pixels" if error is None else f"calibration error {error:.4f}"
    _text(canvas, title, (LEFT, 28), 0.62, INK)
    _text(canvas, f"{said}, {calibration.counts.sum():,.0f} pixels", (LEFT, 52), 0.46, GREY)
    _axes(canvas)
    _bars(canvas, calibration)
    _dashes(canvas)
    _points(canvas, calibration)
    _counts(canvas, calibration)
    _text(canvas, "probability in the draft", (LEFT + SIDE // 2, TOP + SIDE + 46), 0.5, INK, middle=True)
    _upright(canvas, "share of foreground", TOP + SIDE // 2)
    return canvas


def _axes(canvas: Canvas) -> None:
    for tick in np.linspace(0.0, 1.0, 6):
        x, y = _at(tick, tick)
        cv2.line(canvas, (x, TOP), (x, TOP + SIDE), PALE, 1)
        cv2.line(canvas, (LEFT, y), (LEFT + SIDE, y), PALE, 1)
        _text(canvas, f"{tick:.1f}", (x, TOP + SIDE + 20), 0.42, GREY, middle=True)
        _text(canvas, f"{tick:.1f}", (LEFT - 34, y + 5), 0.42, GREY)
    cv2.rectangle(canvas, (LEFT, TOP), (LEFT + SIDE, TOP + SIDE), GREY, 1)


def _bars(canvas: Canvas, calibration: Reliability) -> None:
    used = np.flatnonzero(calibration.counts)
    for index, share in zip(used, calibration.said_and_true()[1], strict=True):
        left, top = _at(index / BINS, share)
        right, bottom = _at((index + 1) / BINS, 0.0)
        cv2.rectangle(canvas, (left + 2, top), (right - 2, bottom - 1), BAR, -1)


def _dashes(canvas: Canvas) -> None:
    for start in np.arange(0.0, 1.0, 0.04):
        cv2.line(canvas, _at(start, start), _at(start + 0.02, start + 0.02), GREY, 1, cv2.LINE_AA)


def _points(canvas: Canvas, calibration: Reliability) -> None:
    points = [_at(x, y) for x, y in zip(*calibration.said_and_true(), strict=True)]
    if points:
        cv2.polylines(canvas, [np.array(points, np.int32)], False, POINT, 2, cv2.LINE_AA)
    for point in points:
        cv2.circle(canvas, point, 5, POINT, -1, cv2.LINE_AA)


def _counts(canvas: Canvas, calibration: Reliability) -> None:
    """The bins' shares of all pixels, by square root: a bin of one in a hundred is still seen."""
    shares = calibration.counts / max(float(calibration.counts.sum()), 1.0)
    foot = COUNT_TOP + COUNT_HEIGHT
    for index, share in enumerate(shares):
        left, _ = _at(index / BINS, 0.0)
        right, _ = _at((index + 1) / BINS, 0.0)
        top = foot - round(COUNT_HEIGHT * float(share) ** 0.5)
        cv2.rectangle(canvas, (left + 2, top), (right - 2, foot), BAR, -1)
        _text(canvas, _percent(share), ((left + right) // 2, foot + 16), 0.32, GREY, middle=True)
    cv2.line(canvas, (LEFT, foot), (LEFT + SIDE, foot), GREY, 1)
    _text(canvas, "% of pixels", (8, foot + 16), 0.42, GREY)


def _percent(share: float) -> str:
    return f"{share * 100:.0f}" if share >= 0.1 else f"{share * 100:.1f}"


def _at(x: float, y: float) -> tuple[int, int]:
    """The pixel of a point of the plot, both in [0, 1], upwards."""
    return LEFT + round(float(x) * SIDE), TOP + SIDE - round(float(y) * SIDE)


def _text(
    canvas: Canvas, text: str, place: tuple[int, int], size: float, colour: Colour, *, middle: bool = False
) -> None:
    (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1)
    left = place[0] - width // 2 if middle else place[0]
    cv2.putText(canvas, text, (left, place[1]), cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)


def _upright(canvas: Canvas, text: str, middle: int) -> None:
    """Text that reads upwards along the left axis."""
    strip = np.full((24, SIDE, 3), 255, np.uint8)
    _text(strip, text, (SIDE // 2, 17), 0.5, INK, middle=True)
    canvas[middle - SIDE // 2 : middle + SIDE // 2, 12:36] = np.rot90(strip)
