"""Dab times on the canvas: real mouse events on an 8192 × 8192 picture, from the event to the end of its painting.

Run: python benchmarks/paint.py [--json FILE]
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from report import write_report

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.ui.canvas.canvas import Canvas

SIDE = 8192
VIEWPORT = (1600, 1000)
RADII = (4, 10, 25, 50, 100)
SCALES: dict[str, float | None] = {"fit": None, "100": 1.0, "400": 4.0}
MOVES = 120
FRAMES = 60
# The whole overlay takes a quarter of a second and more: a few moves tell.
RECOLOURINGS = 8
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class PaintCounter(QObject):
    """Counts the paint events of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.painted = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count and let pass."""
        if event.type() == QEvent.Type.Paint:
            self.painted += 1
        return False


class RecolouringCanvas(QWidget):
    """What the canvas is compared with: each move colours the whole overlay and repaints everything."""

    def __init__(self, rgb8: npt.NDArray[np.uint8], document: Document) -> None:
        super().__init__()
        self._stroke = Stroke(document, label=1, radius=25, tool="brush")
        self._final = document.final
        self._pixels = cv2.cvtColor(rgb8, cv2.COLOR_RGB2BGRA)
        self._colours = np.zeros(256, np.uint32)
        self._colours[1] = 0x73274F67
        self._overlay = np.zeros((SIDE, SIDE), np.uint32)
        self._scale = min(VIEWPORT[0] / SIDE, VIEWPORT[1] / SIDE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Paint and colour."""
        at = event.position() / self._scale
        self._stroke.move_to(at.x(), at.y())
        np.take(self._colours, self._final, out=self._overlay, mode="clip")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Repaint everything."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.scale(self._scale, self._scale)
        for pixels, kind in (
            (self._pixels, QImage.Format.Format_RGB32),
            (self._overlay, QImage.Format.Format_ARGB32_Premultiplied),
        ):
            painter.drawImage(0, 0, QImage(pixels.data, SIDE, SIDE, 4 * SIDE, kind))
        painter.end()


def main() -> None:
    """Measure, print a table and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    path = parser.parse_args().json
    app = QApplication([])
    rgb8 = skin_like(SIDE)
    document = Document(SIDE, SIDE)
    dabs, frames, figures = measure_canvas(app, rgb8, document)
    figures |= {
        "dab_p50_ms": percentile(dabs, 50),
        "dab_p99_ms": percentile(dabs, 99),
        "dab_worst_ms": max(dabs),
        "frame_p50_ms": percentile(frames, 50),
        "frame_p99_ms": percentile(frames, 99),
        "recolour_p50_ms": percentile(measure_recolouring(app, rgb8, document), 50),
    }
    write_report({"paint": figures}, path)


def measure_canvas(
    app: QApplication, rgb8: npt.NDArray[np.uint8], document: Document
) -> tuple[list[float], list[float], dict[str, float]]:
    """Milliseconds of all dabs, of all frames of panning and zooming, and the 99th percentile of each case."""
    canvas = Canvas()
    canvas.resize(*VIEWPORT)
    canvas.show()
    canvas.show_picture(rgb8)
    canvas.set_document(document)
    app.processEvents()
    dabs: list[float] = []
    cases: dict[str, float] = {}
    for name, scale in SCALES.items():
        for radius in RADII:
            if scale is None:
                canvas.fit()
            else:
                canvas.zoom_to(scale)
            canvas.set_brush_radius(radius)
            canvas.repaint()
            app.processEvents()
            case = strokes(app, canvas, list(spiral(MOVES)))
            dabs += case
            cases[f"dab_{name}_r{radius}_p99_ms"] = percentile(case, 99)
    frames = views(app, canvas)
    canvas.close()
    canvas.deleteLater()
    return dabs, frames, cases


def measure_recolouring(app: QApplication, rgb8: npt.NDArray[np.uint8], document: Document) -> list[float]:
    """Milliseconds of moves that colour the whole overlay."""
    canvas = RecolouringCanvas(rgb8, document)
    canvas.resize(*VIEWPORT)
    canvas.show()
    app.processEvents()
    # The first move also pays for the memory of the overlay.
    times = strokes(app, canvas, list(spiral(RECOLOURINGS + 1)))[1:]
    canvas.close()
    canvas.deleteLater()
    return times


def strokes(app: QApplication, canvas: QWidget, points: list[QPointF]) -> list[float]:
    """Milliseconds from each mouse move of one stroke to the end of its painting."""
    counter = PaintCounter(canvas)
    send(canvas, QEvent.Type.MouseButtonPress, points[0])
    app.processEvents()
    times = [
        until_painted(app, counter, lambda at=point: send(canvas, QEvent.Type.MouseMove, at))  # type: ignore[misc]
        for point in points[1:]
    ]
    send(canvas, QEvent.Type.MouseButtonRelease, points[-1])
    app.processEvents()
    canvas.removeEventFilter(counter)
    return times


def views(app: QApplication, canvas: Canvas) -> list[float]:
    """Milliseconds of whole frames, panning and zooming over all scales."""
    counter = PaintCounter(canvas)
    canvas.fit()
    times = []
    for _ in range(FRAMES):
        times.append(until_painted(app, counter, lambda: canvas.set_view(canvas.view.panned(7, -5))))
        times.append(until_painted(app, counter, lambda: canvas.zoom_to(canvas.zoom * 1.07, (700, 400))))
    return times


def until_painted(app: QApplication, counter: PaintCounter, act: Callable[[], None]) -> float:
    """Milliseconds from an act to the end of the next painting."""
    before = counter.painted
    start = time.perf_counter()
    act()
    while counter.painted == before:
        app.processEvents()
    return 1e3 * (time.perf_counter() - start)


def send(widget: QWidget, kind: QEvent.Type, at: QPointF) -> None:
    """Send one mouse event of the left button, as the window system would."""
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    QApplication.sendEvent(widget, QMouseEvent(kind, at, widget.mapToGlobal(at), button, held, NO_MODIFIER))


def spiral(points: int) -> Iterator[QPointF]:
    """A hand's way through the viewport, 10 to 20 pixels a move."""
    for index in range(points):
        angle = 0.05 * index
        reach = 150 + 1.2 * index
        yield QPointF(VIEWPORT[0] / 2 + reach * math.cos(angle), VIEWPORT[1] / 2 + reach * math.sin(angle))


def skin_like(side: int) -> npt.NDArray[np.uint8]:
    """A picture (side, side, 3) uint8 with something to see at every zoom."""
    generator = np.random.default_rng(0)
    coarse = generator.integers(120, 220, (side // 64, side // 64, 3), np.uint8)
    smooth = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.add(smooth, generator.integers(0, 20, smooth.shape, np.uint8)), np.uint8)


def percentile(times: list[float], percent: float) -> float:
    """A percentile of times."""
    return float(np.percentile(times, percent))


if __name__ == "__main__":
    main()
