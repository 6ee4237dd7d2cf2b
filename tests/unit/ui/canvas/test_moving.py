"""Wheel, fingers and hand move the picture."""

import cv2
import numpy as np
import pytest
from made.canvas_hand import CONTROL, HEIGHT, LEFT, MIDDLE, SHIFT, WIDTH, drag, pixels, send, turn_wheel
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QNativeGestureEvent,
    QPointingDevice,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.view import MAX_SCALE


def test_that_the_wheel_zooms_at_the_cursor(canvas: Canvas, qtbot: QtBot) -> None:
    at = QPointF(150, 120)
    before = canvas.view.to_picture(150, 120)
    with qtbot.waitSignal(canvas.zoom_changed) as heard:
        turn_wheel(canvas, at, y=480)
    assert heard.args == [canvas.zoom]
    after = canvas.view.to_picture(150, 120)
    assert np.allclose(before, after, atol=1.5 / canvas.zoom)


def test_that_shift_and_wheel_change_the_brush_and_not_the_zoom(canvas: Canvas, qtbot: QtBot) -> None:
    zoom = canvas.zoom
    with qtbot.waitSignal(canvas.brush_size_changed) as heard:
        turn_wheel(canvas, QPointF(150, 120), y=120, keys=SHIFT)
    assert heard.args is not None and heard.args[0] == pytest.approx(10 * 2 ** (120 / 600))
    assert canvas.zoom == zoom


def test_that_two_fingers_move_the_picture(canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    before = canvas.view.to_widget(300, 200)
    turn_wheel(canvas, QPointF(150, 120), y=20, pixels=QPoint(12, -9))
    after = canvas.view.to_widget(300, 200)
    # To whole pixels of the screen.
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx(
        (12, -9), abs=0.7 / canvas.view.ratio
    )


def pinch(canvas: Canvas, at: QPointF, value: float) -> None:
    """What a trackpad tells while two fingers move apart or together."""
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        canvas.mapToGlobal(at),
        value,
        QPointF(),
    )
    QApplication.sendEvent(canvas, event)


def test_that_pinching_zooms_at_the_fingers(canvas: Canvas) -> None:
    before, zoom = canvas.view.to_picture(200, 100), canvas.zoom
    pinch(canvas, QPointF(200, 100), 0.5)
    assert canvas.zoom == pytest.approx(1.5 * zoom)
    assert np.allclose(canvas.view.to_picture(200, 100), before, atol=1.5)


def test_that_pinching_a_touch_screen_zooms_at_the_fingers(canvas: Canvas) -> None:
    before, zoom = canvas.view.to_picture(200, 100), canvas.zoom
    gesture = QPinchGesture()
    gesture.setHotSpot(canvas.mapToGlobal(QPointF(200, 100)))
    gesture.setScaleFactor(1.5)
    event = QGestureEvent([gesture])
    QApplication.sendEvent(canvas, event)
    assert event.isAccepted(gesture)
    assert canvas.zoom == pytest.approx(1.5 * zoom)
    assert np.allclose(canvas.view.to_picture(200, 100), before, atol=1.5)


@pytest.mark.parametrize("value", [-5.0, 1000.0])
def test_that_a_violent_pinch_stays_within_the_scales_there_are(canvas: Canvas, value: float) -> None:
    pinch(canvas, QPointF(200, 100), value)
    assert canvas.view.min_scale <= canvas.zoom <= MAX_SCALE


def test_that_two_fingers_with_ctrl_zoom_as_pinching_does_elsewhere(canvas: Canvas) -> None:
    zoom = canvas.zoom
    turn_wheel(canvas, QPointF(150, 120), y=480, keys=CONTROL, pixels=QPoint(0, 60))
    assert canvas.zoom == pytest.approx(2 * zoom)


def test_that_two_fingers_move_by_the_wheels_angle_where_no_pixels_are_told(canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    before = canvas.view.to_widget(300, 200)
    turn_wheel(canvas, QPointF(150, 120), y=-80, pixels=QPoint(0, 0))
    after = canvas.view.to_widget(300, 200)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx(
        (0, -10), abs=0.7 / canvas.view.ratio
    )


def test_that_neither_fingers_nor_pinches_move_what_the_hand_moves(canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    send(canvas, QEvent.Type.MouseButtonPress, QPointF(200, 200), MIDDLE)
    view = canvas.view
    turn_wheel(canvas, QPointF(150, 120), y=20, pixels=QPoint(12, -9))
    pinch(canvas, QPointF(200, 100), 0.5)
    assert canvas.view == view


@pytest.mark.parametrize("way", ["middle", "space", "tool"])
def test_that_the_picture_moves_with_the_hand_and_nothing_is_painted(
    canvas: Canvas, document: Document, way: str
) -> None:
    canvas.zoom_to(2.0)
    before = canvas.view.to_widget(300, 200)
    if way == "space":
        QTest.keyPress(canvas, Qt.Key.Key_Space)
    if way == "tool":
        canvas.set_tool("pan")
    start = QPointF(200, 200)
    button = MIDDLE if way == "middle" else LEFT
    send(canvas, QEvent.Type.MouseButtonPress, start, button)
    assert canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    send(canvas, QEvent.Type.MouseMove, start + QPointF(31, -17), button)
    send(canvas, QEvent.Type.MouseButtonRelease, start + QPointF(31, -17), button)
    after = canvas.view.to_widget(300, 200)
    assert (after[0] - before[0], after[1] - before[1]) == (31, -17)
    assert not document.final.any()
    if way == "space":
        QTest.keyRelease(canvas, Qt.Key.Key_Space)
        drag(canvas, (300, 200))
        assert document.final[200, 300] == 1


def test_that_losing_the_focus_lets_go_of_space(canvas: Canvas, document: Document) -> None:
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusOut))
    drag(canvas, (300, 200))
    assert document.final[200, 300] == 1


def test_that_cancelling_a_movement_puts_the_picture_back(canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    view = canvas.view
    send(canvas, QEvent.Type.MouseButtonPress, QPointF(200, 200), MIDDLE)
    send(canvas, QEvent.Type.MouseMove, QPointF(260, 150), MIDDLE)
    assert canvas.view != view
    assert canvas.cancel_gesture()
    assert canvas.view == view


def test_that_a_fitted_picture_stays_fitted_when_the_window_grows(canvas: Canvas) -> None:
    canvas.resize(800, 700)
    assert canvas.view.fitted and canvas.zoom == pytest.approx((800 - 24) / WIDTH)
    canvas.zoom_to(1.0)
    canvas.resize(600, 500)
    assert canvas.zoom == 1.0


def test_that_the_same_picture_in_other_pixels_keeps_view_and_document(
    canvas: Canvas, document: Document
) -> None:
    canvas.zoom_to(3.0)
    view = canvas.view
    canvas.show_picture(np.full((HEIGHT, WIDTH, 3), 90, np.uint8), keep_view=True)
    assert canvas.view == view
    drag(canvas, (view.centre_x, view.centre_y))
    assert document.final.any()


def test_that_a_picture_comes_where_its_glimpse_was(canvas: Canvas) -> None:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    rgb8 = np.stack([x * 255 // WIDTH, y * 255 // HEIGHT, (x + y) // 8], axis=-1).astype(np.uint8)
    canvas.show_glimpse(
        np.asarray(cv2.resize(rgb8, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)), WIDTH, HEIGHT
    )
    for scale in (canvas.zoom, 3.0):
        canvas.zoom_to(scale)
        view, before = canvas.view, pixels(canvas).astype(int)
        drag(canvas, (300, 200), (320, 200))
        canvas.show_picture(rgb8, keep_view=True)
        canvas.show_mark(None)
        assert canvas.view == view
        assert np.abs(pixels(canvas) - before)[40:-40, 40:-40].max() <= 8
        canvas.show_glimpse(rgb8[2::4, 2::4].copy(), WIDTH, HEIGHT)


def test_that_a_picture_of_another_size_takes_no_strokes_for_the_old_document(
    canvas: Canvas, document: Document
) -> None:
    canvas.show_picture(np.full((HEIGHT // 2, WIDTH, 3), 90, np.uint8), keep_view=True)
    drag(canvas, (300, 200))
    assert canvas.view.fitted and not document.final.any()


def test_that_another_picture_is_fitted_and_takes_no_strokes_for_the_old_document(
    canvas: Canvas, document: Document
) -> None:
    canvas.zoom_to(3.0)
    canvas.show_picture(np.full((HEIGHT, WIDTH, 3), 90, np.uint8))
    drag(canvas, (300, 200))
    assert canvas.view.fitted and not document.final.any()
