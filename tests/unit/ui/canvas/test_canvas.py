from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QInputDevice,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.commands import PaintEdit
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.canvas import Canvas

WIDTH, HEIGHT = 640, 480
LEFT, MIDDLE, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def document() -> Document:
    return Document(WIDTH, HEIGHT)


@pytest.fixture
def canvas(qtbot: QtBot, document: Document) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(500, 400)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.show_picture(np.random.default_rng(1).integers(60, 220, (HEIGHT, WIDTH, 3), np.uint8))
    canvas.set_document(document)
    canvas.set_brush_radius(10)
    return canvas


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


def backing_store(canvas: QWidget) -> npt.NDArray[np.uint8]:
    """What partial repaints have left on the screen."""
    QApplication.processEvents()
    image = canvas.screen().grabWindow(canvas.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return (
        np.frombuffer(image.constBits(), np.uint8)
        .reshape(image.height(), image.width(), 4)[..., 2::-1]
        .copy()
    )


# Painting


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


# Moving through the picture


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
    assert (after[0] - before[0], after[1] - before[1]) == (12, -9)


def test_that_pinching_zooms_at_the_fingers(canvas: Canvas) -> None:
    before, zoom = canvas.view.to_picture(200, 100), canvas.zoom
    at = QPointF(200, 100)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        canvas.mapToGlobal(at),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(canvas, event)
    assert canvas.zoom == pytest.approx(1.5 * zoom)
    assert np.allclose(canvas.view.to_picture(200, 100), before, atol=1.5)


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


def test_that_the_same_picture_in_other_colours_keeps_view_and_document(
    canvas: Canvas, document: Document
) -> None:
    canvas.zoom_to(3.0)
    view = canvas.view
    canvas.show_picture(np.full((HEIGHT, WIDTH, 3), 90, np.uint8), keep_view=True)
    assert canvas.view == view
    drag(canvas, (view.centre_x, view.centre_y))
    assert document.final.any()


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


# The pointer and the keyboard


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


# What is seen


@pytest.mark.parametrize("scale", [None, 0.5, 1.0, 1.5, 4.0, 20.0])
@pytest.mark.parametrize("outline", [False, True])
def test_that_partial_repaints_leave_what_a_full_repaint_shows(
    canvas: Canvas, document: Document, scale: float | None, outline: bool
) -> None:
    canvas.set_overlay(visible=True, opacity=0.5, outline=outline)
    canvas.set_badge("polyp")
    if scale is not None:
        canvas.zoom_to(scale)
    QApplication.processEvents()
    generator = np.random.default_rng(7)
    for keys in (NONE, NONE, CONTROL):
        points = [QPointF(*generator.uniform((0, 0), (500, 400))) for _ in range(4)]
        send(canvas, QEvent.Type.MouseButtonPress, points[0], LEFT, keys)
        for point in points[1:]:
            send(canvas, QEvent.Type.MouseMove, point, LEFT, keys)
            QApplication.processEvents()
        send(canvas, QEvent.Type.MouseButtonRelease, points[-1], LEFT, keys)
    undone = document.undo()
    assert undone is not None
    canvas.refresh(undone[1])
    left = backing_store(canvas)
    canvas.update()
    assert np.array_equal(left, backing_store(canvas))


@pytest.mark.parametrize("scale", [None, 0.5, 1.0, 1.5, 4.0, 20.0])
@pytest.mark.parametrize("outline", [False, True])
def test_that_refreshing_the_changed_box_is_enough(
    canvas: Canvas, document: Document, scale: float | None, outline: bool
) -> None:
    canvas.set_overlay(visible=True, opacity=0.5, outline=outline)
    if scale is not None:
        canvas.zoom_to(scale)
    generator = np.random.default_rng(8)
    for label in (1, 2, 255, 1):
        QApplication.processEvents()
        stroke = Stroke(document, label=label, radius=float(generator.uniform(1, 20)), tool="brush")
        x, y = generator.uniform(-40, 40, 2)
        canvas.refresh(stroke.move_to(canvas.view.centre_x + x, canvas.view.centre_y + y))
        stroke.finish()
    left = backing_store(canvas)
    canvas.update()
    assert np.array_equal(left, backing_store(canvas))


def test_that_a_dab_repaints_little_more_than_itself(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(1.0)
    QApplication.processEvents()
    seen = Watcher(canvas)
    send(canvas, QEvent.Type.MouseButtonPress, QPointF(200, 200))
    QApplication.processEvents()
    send(canvas, QEvent.Type.MouseMove, QPointF(206, 200))
    QApplication.processEvents()
    send(canvas, QEvent.Type.MouseButtonRelease, QPointF(206, 200))
    assert seen.areas and max(seen.areas) <= 45 * 40


class Watcher(QWidget):
    """Notes the area of every painting of a widget."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.areas: list[int] = []
        watched.installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.areas.append(sum(r.width() * r.height() for r in event.region()))  # type: ignore[attr-defined]
        return False


def test_that_hiding_the_overlay_shows_the_picture_alone(canvas: Canvas) -> None:
    empty = pixels(canvas)
    drag(canvas, (300, 200))
    canvas.show_mark(None)
    assert not np.array_equal(pixels(canvas), empty)
    canvas.set_overlay(visible=False, opacity=0.5, outline=False)
    assert np.array_equal(pixels(canvas), empty)


def test_that_the_overlay_has_the_label_colour_at_its_opacity(canvas: Canvas, document: Document) -> None:
    canvas.show_picture(np.full((HEIGHT, WIDTH, 3), 100, np.uint8))
    canvas.set_document(document)
    drag(canvas, (300, 200))
    canvas.show_mark(None)
    canvas.set_label_colours({1: "#ff0000"})
    canvas.set_overlay(visible=True, opacity=0.5, outline=False)
    x, y = (int(part) for part in canvas.view.to_widget(300, 200))
    assert np.abs(pixels(canvas)[y, x].astype(int) - (178, 50, 50)).max() <= 2


def test_that_a_step_is_shown_instead_of_the_mask_until_the_hand_paints(canvas: Canvas, qtbot: QtBot) -> None:
    drag(canvas, (300, 200))
    canvas.show_mark(None)
    mask = pixels(canvas)
    canvas.show_preview(np.full((256, 256), 255, np.uint8), "Step 2 of 4")
    step = pixels(canvas)
    assert np.mean((step != mask).any(axis=2)) > 0.5
    canvas.show_preview(None)
    assert np.array_equal(pixels(canvas), mask)
    canvas.show_preview(np.full((256, 256), 255, np.uint8), "Step 2 of 4")
    with qtbot.waitSignal(canvas.preview_dismissed):
        drag(canvas, (300, 200))
    canvas.show_mark(None)
    assert np.array_equal(pixels(canvas), mask)


def test_that_a_step_that_comes_while_the_hand_paints_does_not_hide_the_stroke(canvas: Canvas) -> None:
    at = QPointF(*canvas.view.to_widget(300, 200))
    send(canvas, QEvent.Type.MouseButtonPress, at)
    before = pixels(canvas)
    canvas.show_preview(np.full((256, 256), 255, np.uint8), "Step 3 of 4")
    assert np.array_equal(pixels(canvas), before)
    send(canvas, QEvent.Type.MouseButtonRelease, at)
    canvas.show_preview(np.full((256, 256), 255, np.uint8), "Step 4 of 4")
    assert not np.array_equal(pixels(canvas), before)


CORNERS: dict[str, Callable[[Canvas], None]] = {
    "top right": lambda canvas: canvas.set_badge("skin 1.0"),
    "bottom left": lambda canvas: canvas.show_preview(None, "Step 1 of 4"),
}


@pytest.mark.parametrize("corner", CORNERS)
def test_that_words_appear_in_their_corner(canvas: Canvas, corner: str) -> None:
    before = pixels(canvas)
    CORNERS[corner](canvas)
    differs = Box.of((pixels(canvas) != before).any(axis=2))
    assert not differs.is_empty and differs.height < 50
    assert (
        (differs.y1 < 60 and differs.x1 > 480)
        if corner == "top right"
        else (differs.y0 > 340 and differs.x0 < 20)
    )


def test_that_a_message_is_shown_in_the_middle_of_an_empty_canvas(canvas: Canvas) -> None:
    canvas.show_picture(None)
    empty = pixels(canvas)
    assert (empty == empty[0, 0]).all()
    canvas.message("Open a picture or drop a folder here")
    words = Box.of((pixels(canvas) != empty).any(axis=2))
    assert abs((words.x0 + words.x1) / 2 - 250) < 20 and abs((words.y0 + words.y1) / 2 - 200) < 40
    canvas.message(None)
    assert np.array_equal(pixels(canvas), empty)


def test_that_a_base_placed_later_is_seen_after_refresh(canvas: Canvas, document: Document) -> None:
    before = pixels(canvas)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[100:300, 100:300] = 1
    document.place_base(mask)
    canvas.refresh()
    assert not np.array_equal(pixels(canvas), before)
