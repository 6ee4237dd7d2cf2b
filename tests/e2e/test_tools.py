"""The tools of the mask editor in a hand: mouse, keys, and undo across all of them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made.canvas_hand import turn_wheel
from made.windows import Hand, write_picture
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from lsegdiff_gui.annotation.instances import instances
from lsegdiff_gui.annotation.labels import Label
from lsegdiff_gui.annotation.tools.shapes import polygon
from lsegdiff_gui.ui import settings

Open = Callable[..., Hand]

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SQUARE = [(40, 40), (120, 40), (120, 100), (40, 100)]


@pytest.fixture
def hand(open_with: Open, pictures: list[Path]) -> Hand:
    """On the first picture, which has no mask yet, in full sight."""
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.bot.waitActive(hand.window)
    hand.window.canvas.setFocus()
    return hand


def press_key(hand: Hand, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(hand.window.canvas, key, modifiers)


def click(
    hand: Hand, *points: tuple[float, float], modifiers: Qt.KeyboardModifier = NONE, beside: int = 0
) -> None:
    for x, y in points:
        at = hand.at(x, y) + QPoint(beside, 0)
        QTest.mouseMove(hand.window.canvas, at)
        # As slow as a hand that does not mean a double click.
        QTest.mouseClick(hand.window.canvas, LEFT, modifiers, at, delay=0)


def drag(hand: Hand, *points: tuple[float, float], modifiers: Qt.KeyboardModifier = NONE) -> None:
    canvas = hand.window.canvas
    QTest.mousePress(canvas, LEFT, modifiers, hand.at(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(canvas, hand.at(*point))
    QTest.mouseRelease(canvas, LEFT, modifiers, hand.at(*points[-1]))


def outlined(hand: Hand, points: list[tuple[float, float]]) -> np.ndarray:
    """What an outline through the pixels of the screen under these points holds."""
    view = hand.window.canvas.view
    exact = [view.to_picture(at.x(), at.y()) for at in (hand.at(*point) for point in points)]
    return polygon(exact, hand.document.width, hand.document.height).mask(320, 240)


def test_that_a_polygon_is_clicked_and_closed_by_enter(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_P)
    click(hand, *SQUARE)
    assert not hand.final.any()
    press_key(hand, Qt.Key.Key_Return)
    assert np.array_equal(hand.final, outlined(hand, SQUARE)) and hand.final.any()
    assert hand.window.canvas._scene.proposal is None


def test_that_a_polygon_is_closed_by_a_double_click_or_at_its_first_corner(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_P)
    click(hand, *SQUARE)
    QTest.mouseDClick(hand.window.canvas, LEFT, NONE, hand.at(*SQUARE[-1]))
    expected = outlined(hand, SQUARE)
    assert np.array_equal(hand.final, expected)
    press_key(hand, Qt.Key.Key_Z, CONTROL)
    assert not hand.final.any()
    click(hand, *SQUARE)
    click(hand, SQUARE[0], beside=3)
    assert np.array_equal(hand.final, expected)


def test_that_backspace_and_undo_take_corners_back_and_escape_leaves(hand: Hand) -> None:
    hand.paint((200, 150))
    painted = hand.final
    press_key(hand, Qt.Key.Key_P)
    click(hand, *SQUARE, (60, 70), (50, 60))
    press_key(hand, Qt.Key.Key_Backspace)
    press_key(hand, Qt.Key.Key_Z, CONTROL)
    press_key(hand, Qt.Key.Key_Return)
    assert np.array_equal(hand.final, painted | outlined(hand, SQUARE))
    click(hand, *SQUARE)
    before = hand.final
    press_key(hand, Qt.Key.Key_Escape)
    press_key(hand, Qt.Key.Key_Return)
    assert np.array_equal(hand.final, before)
    press_key(hand, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(hand.final, painted)


def test_that_a_polygon_can_be_drawn_with_the_keyboard_alone(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_P)
    canvas = hand.window.canvas
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        press_key(hand, Qt.Key.Key_Return)
        for _ in range(4):
            QTest.keyClick(canvas, key, Qt.KeyboardModifier.ShiftModifier)
    press_key(hand, Qt.Key.Key_Return)
    assert not hand.final.any()
    press_key(hand, Qt.Key.Key_Return)
    assert hand.final.any()


def test_that_a_lasso_takes_what_it_goes_round_and_erases_with_control(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_L)
    drag(hand, *SQUARE)
    assert np.array_equal(hand.final, outlined(hand, SQUARE))
    inner: list[tuple[float, float]] = [(60, 55), (100, 55), (100, 85), (60, 85)]
    drag(hand, *inner, modifiers=CONTROL)
    assert np.array_equal(hand.final, outlined(hand, SQUARE) & ~outlined(hand, inner) & 1)


def test_that_the_wand_takes_the_dark_blob_and_a_drag_makes_it_take_all(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_W)
    canvas = hand.window.canvas
    QTest.mousePress(canvas, LEFT, NONE, hand.at(160, 120))
    assert canvas._scene.proposal is not None and not hand.final.any()
    QTest.mouseRelease(canvas, LEFT, NONE, hand.at(160, 120))
    blob = hand.final
    rgb8 = hand.window.session.picture.rgb8  # type: ignore[union-attr]
    dark = rgb8[..., 0] < 170
    assert np.array_equal(blob, dark.astype(np.uint8))
    at = hand.at(160, 120)
    QTest.mousePress(canvas, LEFT, NONE, at)
    QTest.mouseMove(canvas, at + QPoint(400, 0))
    QTest.mouseRelease(canvas, LEFT, NONE, at + QPoint(400, 0))
    assert hand.final.all()
    assert hand.window.preferences.settings.wand_tolerance == pytest.approx(90)


def test_that_the_wands_tolerance_is_set_by_slider_wheel_and_keys_too(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_W)
    canvas, tolerance = hand.window.canvas, hand.window.tool_options.tolerance
    assert tolerance.isVisible() and not hand.window.tool_options.brush.isVisible()
    tolerance.slider.setValue(90)
    click(hand, (160, 120))
    assert hand.final.all()
    at = QPointF(hand.at(160, 120))
    turn_wheel(canvas, at, y=-120, keys=Qt.KeyboardModifier.ShiftModifier)
    press_key(hand, Qt.Key.Key_BracketLeft)
    assert tolerance.value == canvas._hand.tolerance == pytest.approx(87)
    radius = canvas._hand.radius
    drag(hand, (160, 120), (160, 121))
    assert canvas._hand.radius == radius
    hand.window.close()
    assert settings.load().settings.wand_tolerance == pytest.approx(87)


def test_that_pointer_and_status_bar_tell_the_tool_and_what_control_makes_of_it(hand: Hand) -> None:
    canvas, guide = hand.window.canvas, hand.window.status._guide
    assert "paints" in guide.toolTip()
    seen = {}
    for tool in ("lasso", "keep", "remove", "cut", "tie", "revert"):
        hand.do(f"tool.{tool}")
        assert "Ctrl" in guide.toolTip() and "Ctrl" in hand.window.actions_by_id[f"tool.{tool}"].toolTip()
        plain = canvas.cursor().pixmap().toImage()
        QTest.keyPress(canvas, Qt.Key.Key_Control)
        turned = canvas.cursor().pixmap().toImage()
        QTest.keyRelease(canvas, Qt.Key.Key_Control)
        assert canvas.cursor().pixmap().toImage() == plain != turned
        seen[tool] = plain, turned
    assert seen["keep"] == seen["remove"][::-1] and seen["cut"] == seen["tie"][::-1]
    assert len({bytes(plain.constBits()) for plain, _ in seen.values()}) == len(seen)


def test_that_fill_keep_and_remove_work_on_what_is_under_the_pointer(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_L)
    other: list[tuple[float, float]] = [(200, 150), (260, 150), (260, 200), (200, 200)]
    inner: list[tuple[float, float]] = [(60, 55), (100, 55), (100, 85), (60, 85)]
    drag(hand, *SQUARE)
    drag(hand, *inner, modifiers=CONTROL)
    drag(hand, *other)
    first, second = outlined(hand, SQUARE), outlined(hand, other)
    press_key(hand, Qt.Key.Key_G)
    click(hand, (80, 70))
    assert np.array_equal(hand.final, first | second)
    press_key(hand, Qt.Key.Key_I)
    click(hand, (80, 70))
    assert np.array_equal(hand.final, first)
    press_key(hand, Qt.Key.Key_Z, CONTROL)
    hand.do("tool.remove")
    click(hand, (80, 70))
    assert np.array_equal(hand.final, second)
    hand.do("tool.fill")
    click(hand, (230, 170), modifiers=CONTROL)
    assert not hand.final.any()


def test_that_undo_and_redo_go_through_the_steps_of_all_tools(hand: Hand) -> None:
    states = [hand.final]

    def remember() -> None:
        assert not np.array_equal(hand.final, states[-1])
        states.append(hand.final)

    hand.paint((280, 30), (290, 60))
    remember()
    press_key(hand, Qt.Key.Key_P)
    click(hand, *SQUARE)
    press_key(hand, Qt.Key.Key_Return)
    remember()
    press_key(hand, Qt.Key.Key_W)
    click(hand, (160, 120))
    remember()
    press_key(hand, Qt.Key.Key_I)
    click(hand, (160, 120))
    remember()
    for command in ("mask.grow", "mask.shrink", "mask.clear"):
        hand.do(command)
        remember()
    for state in reversed(states[:-1]):
        press_key(hand, Qt.Key.Key_Z, CONTROL)
        assert np.array_equal(hand.final, state)
    for state in states[1:]:
        press_key(hand, Qt.Key.Key_Y, CONTROL)
        assert np.array_equal(hand.final, state)


def test_that_lesions_are_cut_and_tied_without_a_changed_pixel(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_L)
    drag(hand, *SQUARE)
    before = hand.final
    press_key(hand, Qt.Key.Key_S)
    drag(hand, (80, 20), (80, 120))
    assert len(instances(hand.document.final, hand.document.partition)) == 2
    press_key(hand, Qt.Key.Key_T)
    drag(hand, (60, 70), (100, 70))
    assert len(instances(hand.document.final, hand.document.partition)) == 1
    press_key(hand, Qt.Key.Key_Z, CONTROL)
    assert len(instances(hand.document.final, hand.document.partition)) == 2
    hand.do("mask.rejoin")
    assert len(instances(hand.document.final, hand.document.partition)) == 1
    assert np.array_equal(hand.final, before)


def test_that_lines_and_boxes_go_from_one_enter_to_the_next(hand: Hand) -> None:
    canvas, shift = hand.window.canvas, Qt.KeyboardModifier.ShiftModifier
    press_key(hand, Qt.Key.Key_L)
    drag(hand, *SQUARE)
    press_key(hand, Qt.Key.Key_S)
    QTest.mouseMove(canvas, hand.at(80, 30))
    for _ in range(2):
        press_key(hand, Qt.Key.Key_Up)
    press_key(hand, Qt.Key.Key_Return)
    for _ in range(9):
        QTest.keyClick(canvas, Qt.Key.Key_Down, shift)
    assert len(hand.document.partition.cuts) == 0
    press_key(hand, Qt.Key.Key_Return)
    assert len(instances(hand.document.final, hand.document.partition)) == 2
    press_key(hand, Qt.Key.Key_R, shift)
    before = hand.final
    press_key(hand, Qt.Key.Key_Return)
    QTest.keyClick(canvas, Qt.Key.Key_Left, shift)
    press_key(hand, Qt.Key.Key_Escape)
    assert np.array_equal(hand.final, before)
    press_key(hand, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(canvas, key, shift)
    QTest.mouseMove(canvas, hand.at(40, 70))
    assert np.array_equal(hand.final, before)
    QTest.mouseClick(canvas, LEFT, NONE, hand.at(40, 70))
    assert before[:110, 45:75].sum() > hand.final[:110, 45:75].sum()


def test_that_commands_mend_the_label_without_a_pointer(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_L)
    drag(hand, *SQUARE)
    whole = hand.final
    hand.do("mask.grow")
    assert hand.final.sum() > whole.sum() and hand.final[37 + 1, 80] == 1
    hand.do("mask.shrink")
    drag(hand, (70, 60), (80, 60), (80, 70), (70, 70), modifiers=CONTROL)
    drag(hand, (200, 150), (210, 150), (210, 160), (200, 160))
    hand.do("mask.close_holes")
    assert hand.final[65, 75] == 1
    hand.do("mask.largest")
    assert hand.final[155, 205] == 0 and hand.final[65, 75] == 1
    drag(hand, (119, 69), (123, 69), (123, 71), (119, 71))
    hand.do("mask.smooth")
    assert hand.final[70, 122] == 0
    hand.do("mask.revert_seen")
    assert not hand.final.any() and not hand.document.is_edited


def test_that_only_what_is_in_view_is_reverted(hand: Hand) -> None:
    hand.window.canvas.set_brush_radius(4)
    hand.paint((20, 20))
    far = hand.final
    hand.paint((280, 200))
    hand.window.canvas.zoom_to(6.0, (hand.at(280, 200).x(), hand.at(280, 200).y()))
    hand.do("mask.revert_seen")
    assert np.array_equal(hand.final, far) and far.any()


def test_that_a_box_is_dragged_to_revert_and_with_control_to_clear(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_L)
    drag(hand, *SQUARE)
    hand.do("mask.bake")
    baked = hand.final
    press_key(hand, Qt.Key.Key_B)
    hand.paint((30, 50), (140, 50))
    hand.paint((30, 90), (140, 90))
    painted = hand.final
    press_key(hand, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    QTest.mousePress(hand.window.canvas, LEFT, NONE, hand.at(0, 0))
    QTest.mouseMove(hand.window.canvas, hand.at(320, 70))
    press_key(hand, Qt.Key.Key_Escape)
    QTest.mouseRelease(hand.window.canvas, LEFT, NONE, hand.at(320, 70))
    assert np.array_equal(hand.final, painted)
    drag(hand, (0, 0), (320, 70))
    assert np.array_equal(hand.final[:69], baked[:69])
    assert np.array_equal(hand.final[72:], painted[72:])
    reverted = hand.final
    drag(hand, (0, 0), (320, 70), modifiers=CONTROL)
    assert not hand.final[:69].any() and np.array_equal(hand.final[72:], painted[72:])
    press_key(hand, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(hand.final, reverted)
    press_key(hand, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(hand.final, painted)


def test_that_a_mask_is_baked_and_cleared(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_L)
    drag(hand, *SQUARE)
    whole = hand.final
    hand.do("mask.bake")
    assert not hand.document.is_edited and np.array_equal(hand.final, whole)
    hand.do("mask.clear")
    assert not hand.final.any()
    hand.do("mask.revert")
    assert np.array_equal(hand.final, whole)


def test_that_a_mask_is_pasted_on_the_next_picture(hand: Hand) -> None:
    QGuiApplication.clipboard().setImage(QImage(8, 8, QImage.Format.Format_RGB32))
    press_key(hand, Qt.Key.Key_V, CONTROL)
    told = hand.window.messages.message
    assert told is not None and told.sentence.startswith("The clipboard holds a picture")
    press_key(hand, Qt.Key.Key_C, CONTROL)
    assert not hand.final.any() and hand.window.messages.isVisible()
    press_key(hand, Qt.Key.Key_L)
    drag(hand, *SQUARE)
    copied = hand.final
    press_key(hand, Qt.Key.Key_C, CONTROL)
    told = hand.window.messages.message
    assert told is not None and told.sentence.startswith("The mask is copied.")
    press_key(hand, Qt.Key.Key_D)
    hand.wait_shown("naevus_1.png")
    assert not hand.final.any()
    press_key(hand, Qt.Key.Key_V, CONTROL)
    assert np.array_equal(hand.final, copied)


def test_that_a_mask_is_pasted_into_another_window_to_labels_of_the_same_name(
    hand: Hand, open_with: Open, pictures: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    press_key(hand, Qt.Key.Key_L)
    drag(hand, *SQUARE)
    copied = hand.final
    lesion, ignore = hand.document.labels
    naevus = Label(3, "Naevus", "#e69f00")
    hand.window.session.editing.set_labels((lesion, naevus, ignore))
    hand.window.canvas.set_active_label(3)
    drag(hand, (200, 150), (260, 150), (260, 200), (200, 200))
    press_key(hand, Qt.Key.Key_C, CONTROL)
    monkeypatch.setenv("LSEGDIFF_HOME", str(tmp_path / "another"))
    other = open_with([pictures[2]])
    other.wait_shown("naevus_2.png")
    other.do("edit.paste")
    assert np.array_equal(other.final, copied)
    told = other.window.messages.message
    assert told is not None and "“Naevus” was left out" in told.sentence


def test_that_a_mask_is_scaled_to_a_picture_of_another_size(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    large = write_picture(tmp_path / "wider" / "wide.png", 640, 480)
    hand = open_with([pictures[0], large])
    hand.wait_shown("naevus_0.png")
    hand.do("tool.lasso")
    drag(hand, *SQUARE)
    small = hand.final
    hand.do("edit.copy")
    hand.do("picture.next")
    hand.wait_shown("wide.png")
    hand.do("edit.paste")
    assert np.array_equal(hand.final, small.repeat(2, axis=0).repeat(2, axis=1))


def test_that_digits_choose_the_label_that_the_tools_paint(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_0)
    press_key(hand, Qt.Key.Key_L)
    drag(hand, *SQUARE)
    assert set(np.unique(hand.document.final)) == {0, 254}
    press_key(hand, Qt.Key.Key_1)
    drag(hand, *SQUARE)
    assert set(np.unique(hand.document.final)) == {0, 1}
    press_key(hand, Qt.Key.Key_7)
    assert hand.window.canvas.active_label == 1


def test_that_the_label_under_the_pointer_becomes_the_one_that_is_painted(hand: Hand) -> None:
    press_key(hand, Qt.Key.Key_0)
    press_key(hand, Qt.Key.Key_L)
    drag(hand, *SQUARE)
    press_key(hand, Qt.Key.Key_1)
    QTest.mouseMove(hand.window.canvas, hand.at(80, 70))
    press_key(hand, Qt.Key.Key_Q)
    assert hand.window.canvas.active_label == 254
    QTest.mouseMove(hand.window.canvas, hand.at(300, 200))
    press_key(hand, Qt.Key.Key_Q)
    assert hand.window.canvas.active_label == 254


def test_that_the_arrow_keys_are_the_canvas_s_once_a_tool_is_taken(hand: Hand) -> None:
    slider = hand.window.panels.mask_panel.findChild(QSlider, "")
    assert slider is not None
    slider.setFocus()
    kept = slider.value()
    QTest.keyClick(slider, Qt.Key.Key_B)
    assert hand.window.canvas.hasFocus()
    before = hand.final
    focused = QApplication.focusWidget()
    assert focused is not None
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(focused, key)
    assert slider.value() == kept and not np.array_equal(hand.document.override, np.zeros_like(before))


def test_that_the_tool_and_the_tolerance_are_there_at_the_next_start(hand: Hand, open_with: Open) -> None:
    press_key(hand, Qt.Key.Key_W)
    at = hand.at(160, 120)
    QTest.mousePress(hand.window.canvas, LEFT, NONE, at)
    QTest.mouseMove(hand.window.canvas, at + QPoint(50, 0))
    QTest.mouseRelease(hand.window.canvas, LEFT, NONE, at + QPoint(50, 0))
    hand.window.close()
    kept = settings.load().settings
    assert (kept.tool, kept.wand_tolerance) == ("wand", 20.0)
    again = open_with([], tool=kept.tool, wand_tolerance=kept.wand_tolerance, pen="steady")
    assert not again.window.canvas._hand.feels_pressure
    again.window.preferences.change(pen="pressure")
    assert again.window.canvas._hand.feels_pressure
    assert again.window.actions_by_id["tool.wand"].isChecked()
    assert not again.window.actions_by_id["tool.brush"].isChecked()
    assert again.window.canvas._hand.tolerance == 20.0
