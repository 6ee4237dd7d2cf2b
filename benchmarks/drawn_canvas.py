"""A canvas to measure with: a drawn picture, lesions with ragged edges, a hand, and the end of painting."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.ui.canvas.canvas import Canvas

SIDE = 8192
VIEWPORT = (1600, 1000)
COLOURS = {1: "#56b4e9", 2: "#e69f00", 3: "#009e73"}
# Centre and radius in shares of the side, and the label: one that fills most of what is seen, and two beside it.
_LESIONS = ((0.5, 0.49, 0.3, 1), (0.15, 0.18, 0.09, 2), (0.84, 0.79, 0.1, 3))


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
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(kind, at, widget.mapToGlobal(at), button, held, none))


def shown_canvas(app: QApplication) -> Canvas:
    """A canvas on the screen, without a picture; OpenCV has as many threads as in the program."""
    cv2.setNumThreads(max(1, (os.cpu_count() or 2) // 2))
    canvas = Canvas()
    canvas.resize(*VIEWPORT)
    canvas.show()
    app.processEvents()
    return canvas


def skin_like(width: int, height: int) -> npt.NDArray[np.uint8]:
    """A picture (height, width, 3) uint8 with something to see at every zoom."""
    generator = np.random.default_rng(0)
    coarse = generator.integers(120, 220, (height // 64, width // 64, 3), np.uint8)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.add(smooth, generator.integers(0, 20, smooth.shape, np.uint8)), np.uint8)


def lesions(side: int) -> Document:
    """A document of three labels: a base with a ragged edge, and two painted lesions with edges like it."""
    document = Document(side, side)
    for x, y, radius, label in _LESIONS:
        # Written to, so that it takes its memory as a mask that was made does.
        mask = np.full((side, side), 0, np.uint8)
        cv2.fillPoly(mask, [_ragged(side * x, side * y, side * radius, label)], 1)
        if label == 1:
            document.place_base(mask)
        else:
            document.edit([(Region.of_mask(mask), label)], tool="polygon")
    return document


def write_jpeg(rgb8: npt.NDArray[np.uint8], path: Path) -> None:
    """Write a picture as cameras do."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(rgb8, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 90])
    path.write_bytes(data.tobytes())


def percentile(times: list[float], percent: float) -> float:
    """A percentile of times."""
    return float(np.percentile(times, percent))


def _ragged(x: float, y: float, radius: float, seed: int) -> npt.NDArray[np.int32]:
    """The corners of a border with bays, teeth and single pixels that stand out: (N, 2)."""
    corners = int(2 * np.pi * radius / 3)
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    noise = np.random.default_rng(seed).standard_normal(corners)
    away = radius * (1 + 0.08 * np.sin(5 * angle) + 0.02 * np.sin(41 * angle)) + 4 * noise
    return np.stack([x + away * np.cos(angle), y + away * np.sin(angle)], axis=1).round().astype(np.int32)
