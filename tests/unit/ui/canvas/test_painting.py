"""What the hand leaves in the document."""

import numpy as np
import pytest
from made.canvas_hand import CONTROL, HEIGHT, LEFT, NO_BUTTON, NONE, WIDTH, drag, send, turn_wheel
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.commands import PaintEdit
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.canvas import Canvas


def test_that_dragging_paints_the_same_pixels_as_a_stroke_through_these_points(
    canvas: Canvas, document: Document, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(canvas.stroke_finished) as heard:
        drag(canvas, (200, 200), (260, 230), (300, 180))
    expected = Document(WIDTH, HEIGHT)
    stroke = Stroke(expected, label=1, radius=10, tool="brush")
    for x, y in ((200, 200), (260, 230), (300, 180)):
        stroke.move_to(x, y)
    stroke.finish()
    assert np.array_equal(document.final, expected.final) and document.final.any()
    assert heard.args is not None and isinstance(heard.args[0], PaintEdit)


def test_that_a_click_paints_a_dab_and_a_click_on_the_same_place_tells_no_stroke(
    canvas: Canvas, document: Document, qtbot: QtBot
) -> None:
    drag(canvas, (100, 100))
    assert document.final[100, 100] == 1
    with qtbot.assertNotEmitted(canvas.stroke_finished):
        drag(canvas, (100, 100))


def test_that_the_eraser_erases_and_control_turns_either_tool_round(
    canvas: Canvas, document: Document
) -> None:
    drag(canvas, (200, 200), (300, 200))
    canvas.set_tool("eraser")
    drag(canvas, (250, 200))
    assert document.final[200, 250] == 0 and document.final[200, 300] == 1
    drag(canvas, (250, 200), keys=CONTROL)
    assert document.final[200, 250] == 1
    canvas.set_tool("brush")
    drag(canvas, (300, 200), keys=CONTROL)
    assert document.final[200, 300] == 0


def test_that_the_brush_paints_the_active_label(canvas: Canvas, document: Document) -> None:
    canvas.set_active_label(3)
    drag(canvas, (200, 200))
    assert document.final[200, 200] == 3


def test_that_cancelling_takes_back_the_open_stroke_and_the_rest_of_the_drag_paints_nothing(
    canvas: Canvas, document: Document, qtbot: QtBot
) -> None:
    drag(canvas, (50, 50))
    before = document.final.copy()
    point = QPointF(*canvas.view.to_widget(200, 200))
    send(canvas, QEvent.Type.MouseButtonPress, point)
    send(canvas, QEvent.Type.MouseMove, point + QPointF(30, 0))
    assert not np.array_equal(document.final, before)
    assert canvas.cancel_gesture()
    assert np.array_equal(document.final, before)
    with qtbot.assertNotEmitted(canvas.stroke_finished):
        send(canvas, QEvent.Type.MouseMove, point + QPointF(60, 0))
        send(canvas, QEvent.Type.MouseButtonRelease, point)
    assert np.array_equal(document.final, before)
    assert not canvas.cancel_gesture()


def test_that_a_stroke_whose_release_went_elsewhere_ends_with_the_next_movement(
    canvas: Canvas, document: Document, qtbot: QtBot
) -> None:
    point = QPointF(*canvas.view.to_widget(200, 200))
    send(canvas, QEvent.Type.MouseButtonPress, point)
    with qtbot.waitSignal(canvas.stroke_finished):
        QTest.mouseMove(canvas, QPoint(5, 5))
    drag(canvas, (300, 300))
    assert document.final[300, 300] == 1


def test_that_the_right_button_paints_nothing(canvas: Canvas, document: Document) -> None:
    drag(canvas, (200, 200), (250, 200), button=Qt.MouseButton.RightButton)
    assert not document.final.any()


def test_that_without_a_document_nothing_is_painted_and_nothing_breaks(
    canvas: Canvas, document: Document
) -> None:
    canvas.set_document(None)
    drag(canvas, (200, 200), (250, 200))
    canvas.show_picture(None)
    drag(canvas, (0.2, 0.2), (0.4, 0.4))
    turn_wheel(canvas, QPointF(10, 10), y=120)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    canvas.fit()
    assert not document.final.any()


def test_that_a_document_of_another_size_is_refused(canvas: Canvas) -> None:
    with pytest.raises(ValueError, match="641"):
        canvas.set_document(Document(641, HEIGHT))


def test_that_another_tool_finishes_the_open_stroke(canvas: Canvas, qtbot: QtBot) -> None:
    send(canvas, QEvent.Type.MouseButtonPress, QPointF(*canvas.view.to_widget(200, 200)))
    with qtbot.waitSignal(canvas.stroke_finished):
        canvas.set_tool("eraser")


# The pen


def pen(
    canvas: Canvas, kind: QEvent.Type, at: QPointF, pressure: float, tip: QPointingDevice.PointerType
) -> None:
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        tip,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        3,
    )
    held = NO_BUTTON if kind == QEvent.Type.TabletRelease else LEFT
    event = QTabletEvent(kind, device, at, canvas.mapToGlobal(at), pressure, 0, 0, 0, 0, 0, NONE, LEFT, held)
    QApplication.sendEvent(canvas, event)
    assert event.isAccepted()


def test_that_a_pen_paints_wider_with_pressure_and_its_other_end_erases(
    canvas: Canvas, document: Document
) -> None:
    tip, end = QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser
    widths = []
    for y, pressure in ((100, 0.1), (200, 1.0)):
        at = QPointF(*canvas.view.to_widget(300, y))
        pen(canvas, QEvent.Type.TabletPress, at, pressure, tip)
        pen(canvas, QEvent.Type.TabletRelease, at, 0.0, tip)
        widths.append(Box.of(document.final[y - 40 : y + 40]).width)
    assert 4 <= widths[0] < widths[1] <= 21
    pen(canvas, QEvent.Type.TabletPress, at, 1.0, end)
    pen(canvas, QEvent.Type.TabletRelease, at, 0.0, end)
    assert not document.final[200].any()
    drag(canvas, (300, 300))
    assert document.final[300, 300] == 1


def test_that_a_steady_pen_paints_as_wide_however_it_is_pressed(canvas: Canvas, document: Document) -> None:
    canvas.set_pen_pressure(False)
    tip = QPointingDevice.PointerType.Pen
    widths = []
    for y, pressure in ((100, 0.1), (200, 1.0)):
        at = QPointF(*canvas.view.to_widget(300, y))
        pen(canvas, QEvent.Type.TabletPress, at, pressure, tip)
        pen(canvas, QEvent.Type.TabletMove, at + QPointF(1, 0), pressure, tip)
        pen(canvas, QEvent.Type.TabletRelease, at, 0.0, tip)
        widths.append(Box.of(document.final[y - 40 : y + 40]).width)
    assert widths[0] == widths[1] > 18
