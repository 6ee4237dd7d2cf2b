"""Painting on the canvas: real mouse events on an 8192 × 8192 picture with lesions, from the event to the end of its
painting; frames of panning and zooming; on a screen of double density too; opening pictures, and the memory they take.

Run: python benchmarks/paint.py [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from drawn_canvas import (
    COLOURS,
    SIDE,
    VIEWPORT,
    PaintCounter,
    lesions,
    percentile,
    send,
    shown_canvas,
    skin_like,
    until_painted,
)
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from report import write_report

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.ui.canvas.canvas import Canvas

RADII = (4, 10, 25, 50, 100)
SCALES: dict[str, float | None] = {"fit": None, "100": 1.0, "400": 4.0}
MOVES = 120
FRAMES = 60
# The whole overlay takes a quarter of a second and more: a few moves tell.
RECOLOURINGS = 8
BESIDE = Path(__file__).parent


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
    # Qt takes the density when a process starts, and what was measured before would count as memory.
    parser.add_argument("--dense", action="store_true", help="measure the canvas alone")
    arguments = parser.parse_args()
    app = QApplication([])
    rgb8, document = skin_like(SIDE, SIDE), lesions(SIDE)
    figures = measure_canvas(app, rgb8, document)
    if arguments.dense:
        figures = {
            key.replace("_ms", "_dense_ms"): value for key, value in figures.items() if "_r" not in key
        }
    else:
        recolouring = measure_recolouring(app, rgb8, document)
        figures["recolour_p50_ms"] = percentile(recolouring, 50)
        figures |= beside("paint.py", "--dense", environment={"QT_SCALE_FACTOR": "2"}) | beside("opened.py")
    write_report({"paint": figures}, arguments.json)


def beside(script: str, *arguments: str, environment: dict[str, str] | None = None) -> dict[str, float]:
    """The figures that a script beside this one writes in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, str(BESIDE / script), *arguments, "--json", str(report)]
        subprocess.run(command, env=os.environ | (environment or {}), stdout=subprocess.DEVNULL, check=True)
        figures: dict[str, float] = json.loads(report.read_text(encoding="utf-8"))["figures"]["paint"]
    return figures


def measure_canvas(app: QApplication, rgb8: npt.NDArray[np.uint8], document: Document) -> dict[str, float]:
    """Milliseconds of dabs, all and each case's; of frames of panning and zooming; and until the last is fine."""
    canvas = shown_canvas(app)
    canvas.show_picture(rgb8)
    canvas.set_document(document)
    canvas.set_label_colours(COLOURS)
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
            settle(app, canvas)
            case = strokes(app, canvas, list(spiral(MOVES)))
            dabs += case
            cases[f"dab_{name}_r{radius}_p99_ms"] = percentile(case, 99)
    pans, zooms, fine = views(app, canvas)
    canvas.close()
    canvas.deleteLater()
    return cases | {
        "dab_p50_ms": percentile(dabs, 50),
        "dab_p99_ms": percentile(dabs, 99),
        "dab_worst_ms": max(dabs),
        "frame_p50_ms": percentile(pans + zooms, 50),
        "frame_p99_ms": percentile(pans + zooms, 99),
        "pan_p99_ms": percentile(pans, 99),
        "zoom_p99_ms": percentile(zooms, 99),
        "zoom_fine_p50_ms": percentile(fine, 50),
    }


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


def views(app: QApplication, canvas: Canvas) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of frames of panning and of zooming over all scales, and from each turn until all is fine."""
    counter = PaintCounter(canvas)
    canvas.fit()
    settle(app, canvas)
    pans, zooms, fine = [], [], []
    for _ in range(FRAMES):
        pans.append(until_painted(app, counter, lambda: canvas.set_view(canvas.view.panned(7, -5))))
        start = time.perf_counter()
        zooms.append(until_painted(app, counter, lambda: canvas.zoom_to(canvas.zoom * 1.07, (700, 400))))
        settle(app, canvas)
        fine.append(1e3 * (time.perf_counter() - start))
    return pans, zooms, fine


def settle(app: QApplication, canvas: Canvas) -> None:
    """Until nothing is left to paint."""
    app.processEvents()
    while not canvas.is_settled:
        app.processEvents()


def spiral(points: int) -> Iterator[QPointF]:
    """A hand's way through the viewport, 10 to 20 pixels a move."""
    for index in range(points):
        angle = 0.05 * index
        reach = 150 + 1.2 * index
        yield QPointF(VIEWPORT[0] / 2 + reach * math.cos(angle), VIEWPORT[1] / 2 + reach * math.sin(angle))


if __name__ == "__main__":
    main()
