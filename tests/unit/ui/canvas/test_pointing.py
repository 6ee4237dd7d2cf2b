"""Pointer, cross-hair and keys."""

from made.canvas_hand import CONTROL, NO_BUTTON, SHIFT, WIDTH, pixels, send
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.canvas import Canvas


def test_that_the_pixel_under_the_pointer_is_told_once_and_none_beyond_the_picture(
    canvas: Canvas, qtbot: QtBot
) -> None:
    heard: list[object] = []
    canvas.cursor_moved.connect(heard.append)
    inside = QPointF(*canvas.view.to_widget(100.2, 50.7))
    for point in (inside, inside + QPointF(0.1, 0), QPointF(1, 1)):
        send(canvas, QEvent.Type.MouseMove, point, NO_BUTTON)
    assert heard == [(100, 50), None]


def test_that_arrows_move_a_cross_hair_and_enter_paints_there(
    canvas: Canvas, document: Document, qtbot: QtBot
) -> None:
    heard: list[tuple[int, int]] = []
    canvas.cursor_moved.connect(heard.append)
    canvas.zoom_to(1.0)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(canvas, key)
    QTest.keyClick(canvas, Qt.Key.Key_Left, SHIFT)
    assert [(x - heard[0][0], y - heard[0][1]) for x, y in heard] == [(0, 0), (2, 0), (2, 2), (-18, 2)]
    with qtbot.waitSignal(canvas.stroke_finished):
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    x, y = heard[-1]
    assert Box.of(document.final) == Box(x - 10, y - 10, x + 11, y + 11)


def test_that_the_cross_hair_stays_on_the_picture_and_in_sight(canvas: Canvas) -> None:
    canvas.zoom_to(8.0)
    for _ in range(60):
        QTest.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    mark = canvas._scene.mark
    assert mark is not None and mark.x <= WIDTH
    x, y = canvas.view.to_widget(mark.x, mark.y)
    assert canvas.rect().contains(QPoint(round(x), round(y)))


def test_that_keys_with_control_and_unknown_keys_are_left_to_the_window(canvas: Canvas, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(canvas.cursor_moved):
        QTest.keyClick(canvas, Qt.Key.Key_Right, CONTROL)
        QTest.keyClick(canvas, Qt.Key.Key_B)


def test_that_the_canvas_is_named_and_takes_the_focus(canvas: Canvas) -> None:
    assert canvas.accessibleName() and "Enter" in canvas.accessibleDescription()
    assert canvas.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_that_focus_by_the_keyboard_is_seen(canvas: Canvas) -> None:
    canvas.activateWindow()
    canvas.clearFocus()
    before = pixels(canvas)
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    frame = (pixels(canvas) != before).any(axis=2)
    assert frame[0, 5:-5].all() and frame[5:-5, -1].all() and not frame[5:-5, 5:-5].any()
