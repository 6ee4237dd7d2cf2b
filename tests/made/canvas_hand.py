"""A hand on a canvas: presses, drags and turns of the wheel as the system sends them, and what is then seen."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QImage,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from lsegdiff_gui.ui.canvas.canvas import Canvas

WIDTH, HEIGHT = 640, 480
LEFT, MIDDLE, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def send(
    widget: QWidget, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton = LEFT, keys: object = NONE
) -> None:
    released = kind == QEvent.Type.MouseButtonRelease
    pressed = NO_BUTTON if kind == QEvent.Type.MouseMove else button
    event = QMouseEvent(kind, at, widget.mapToGlobal(at), pressed, NO_BUTTON if released else button, keys)
    QApplication.sendEvent(widget, event)


def drag(
    canvas: Canvas, *points: tuple[float, float], button: Qt.MouseButton = LEFT, keys: object = NONE
) -> None:
    """Press at the first point, move through the others and let go at the last; points of the picture."""
    at = [QPointF(*canvas.view.to_widget(x, y)) for x, y in points]
    send(canvas, QEvent.Type.MouseButtonPress, at[0], button, keys)
    for point in at[1:]:
        send(canvas, QEvent.Type.MouseMove, point, button, keys)
    send(canvas, QEvent.Type.MouseButtonRelease, at[-1], button, keys)


def turn_wheel(
    canvas: Canvas, at: QPointF, *, y: int, keys: object = NONE, pixels: QPoint | None = None
) -> None:
    phase = Qt.ScrollPhase.NoScrollPhase if pixels is None else Qt.ScrollPhase.ScrollUpdate
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), pixels or QPoint(), QPoint(0, y), NO_BUTTON, keys, phase, False
    )
    QApplication.sendEvent(canvas, event)


def pixels(canvas: QWidget) -> npt.NDArray[np.uint8]:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return (
        np.frombuffer(image.constBits(), np.uint8)
        .reshape(image.height(), image.width(), 4)[..., 2::-1]
        .copy()
    )


def settle(canvas: Canvas) -> None:
    """Wait until what was shown roughly is painted finely."""
    while not canvas.is_settled:
        QApplication.processEvents()


def paint_afresh(canvas: Canvas) -> None:
    """Have everything painted anew, as if nothing were known of it."""
    canvas.show_picture(canvas.rgb8, keep_view=True)


def backing_store(canvas: Canvas) -> npt.NDArray[np.uint8]:
    """What partial repaints have left on the screen."""
    QApplication.processEvents()
    settle(canvas)
    image = canvas.screen().grabWindow(canvas.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return (
        np.frombuffer(image.constBits(), np.uint8)
        .reshape(image.height(), image.width(), 4)[..., 2::-1]
        .copy()
    )
