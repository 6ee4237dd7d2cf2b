"""The program fits itself to the hand: other keys, commands by name, and everything as it was left."""

from collections.abc import Callable
from pathlib import Path

import pytest
from made.windows import Hand
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton, QWidget

from lsegdiff_gui.ui import settings, theme
from lsegdiff_gui.ui.dialogs.key_editor import KeyEditorDialog
from lsegdiff_gui.ui.dialogs.palette import PaletteDialog
from lsegdiff_gui.ui.panels.section import Section

Open = Callable[..., Hand]


def activate(hand: Hand, window: QWidget) -> None:
    """Make a window the one that gets the keys; only that one shows a focus."""
    hand.bot.waitExposed(window)
    window.activateWindow()
    hand.wait(window.isActiveWindow)


def key_editor(hand: Hand) -> KeyEditorDialog:
    hand.do("file.keys")
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, KeyEditorDialog)
    return dialog


def palette(hand: Hand) -> PaletteDialog:
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, PaletteDialog)
    return dialog


def test_that_another_key_works_at_once_and_at_the_next_start(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    activate(hand, hand.window)
    dialog = key_editor(hand)
    dialog.select("tool.eraser")
    QTest.keyClick(dialog._changing.field, Qt.Key.Key_J)
    dialog._changing.removers[0][0].click()
    dialog.accept()
    eraser = hand.window.actions_by_id["tool.eraser"]
    activate(hand, hand.window)
    hand.window.canvas.setFocus()
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_E)
    assert not eraser.isChecked()
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_J)
    assert eraser.isChecked()
    assert "(J)" in eraser.toolTip()
    hand.do("help.keys")
    sheet = hand.window.asking.dialog
    assert sheet is not None
    assert "Eraser: J" in [cap.accessibleName() for cap in sheet.findChildren(QLabel)]
    sheet.reject()
    hand.window.close()
    kept = settings.load().settings
    assert kept.keys == {"tool.eraser": ("J",)}

    again = open_with([], keys=kept.keys)
    assert [key.toString() for key in again.window.actions_by_id["tool.eraser"].shortcuts()] == ["J"]


def test_that_cancel_leaves_the_keys_as_they_were(open_with: Open) -> None:
    hand = open_with([])
    dialog = key_editor(hand)
    dialog.select("tool.eraser")
    QTest.keyClick(dialog._changing.field, Qt.Key.Key_J)
    dialog.reject()
    assert hand.window.preferences.settings.keys == {}
    assert [key.toString() for key in hand.window.actions_by_id["tool.eraser"].shortcuts()] == ["E"]


def test_that_the_key_sheet_leads_to_the_editor(open_with: Open) -> None:
    hand = open_with([])
    hand.do("help.keys")
    sheet = hand.window.asking.dialog
    assert sheet is not None
    sheet.accept()
    assert isinstance(hand.window.asking.dialog, KeyEditorDialog)
    hand.window.asking.dialog.reject()


def test_that_any_command_is_run_by_its_name_and_is_first_the_next_time(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    activate(hand, hand.window)
    dialog = palette(hand)
    field = dialog.findChildren(QLineEdit)[0]
    QTest.keyClicks(field, "double si")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert hand.window.canvas.zoom == 2.0
    activate(hand, hand.window)
    dialog = palette(hand)
    assert dialog.found[0].id == "view.double"
    dialog.reject()
    assert hand.window.preferences.settings.recent_commands == ("view.double",)


def test_that_without_a_picture_its_commands_are_listed_with_the_reason(open_with: Open) -> None:
    hand = open_with([])
    activate(hand, hand.window)
    dialog = palette(hand)
    obstacles = {command.id: command.obstacle for command in dialog.found}
    dialog.reject()
    assert obstacles["draft.run"] == "No picture is open"
    assert obstacles["picture.next"] == "No picture is listed yet"
    assert obstacles["edit.undo"]
    assert obstacles["file.open"] == ""


def test_that_a_command_run_by_name_may_open_a_dialog_of_its_own(open_with: Open) -> None:
    hand = open_with([])
    activate(hand, hand.window)
    dialog = palette(hand)
    QTest.keyClicks(dialog.findChildren(QLineEdit)[0], "change the keys")
    dialog.accept()
    assert isinstance(hand.window.asking.dialog, KeyEditorDialog)
    hand.window.asking.dialog.reject()


def test_that_tool_size_opacity_and_layout_are_there_again(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.do("tool.eraser")
    hand.do("tool.much_larger")
    hand.do("view.less_opaque")
    section = hand.window.findChildren(Section)[0]
    section.findChildren(QToolButton)[0].click()
    hand.window._splitter.setSizes([300, 700, 400])
    sizes, radius = hand.window._splitter.sizes(), hand.window.tool_options.brush.value
    hand.window.close()

    kept = settings.load().settings
    again = open_with(
        pictures, tool=kept.tool, brush_radius=kept.brush_radius, overlay_opacity=kept.overlay_opacity
    )
    assert again.window.actions_by_id["tool.eraser"].isChecked()
    assert again.window.tool_options.brush.value == radius
    assert again.window.panels.display_panel.overlay.opacity == pytest.approx(0.40)
    folded = [section.title for section in again.window.findChildren(Section) if section.is_folded]
    assert folded == [section.title]
    assert again.window._splitter.sizes() == sizes


def test_that_a_tool_of_another_version_is_the_brush(open_with: Open) -> None:
    hand = open_with([], tool="laser")
    assert hand.window.actions_by_id["tool.brush"].isChecked()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_that_the_focus_is_seen_wherever_it_is(
    scheme: theme.Scheme, open_with: Open, pictures: list[Path], qapp: QApplication
) -> None:
    look = (qapp.palette(), qapp.styleSheet())
    theme.apply(qapp, scheme)
    hand = open_with(pictures, theme=scheme)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    unseen = unseen_focus(hand, hand.window)
    for command in ("file.settings", "file.keys", "file.export", "help.keys", "help.commands", "help.about"):
        hand.do(command)
        hand.wait(lambda: hand.window.asking.dialog is not None)
        dialog = hand.window.asking.dialog
        assert dialog is not None
        unseen += unseen_focus(hand, dialog)
        dialog.reject()
    qapp.setPalette(look[0])
    qapp.setStyleSheet(look[1])
    assert unseen == []


def unseen_focus(hand: Hand, root: QWidget) -> list[str]:
    """Controls of a window that look the same with the focus and without it."""
    activate(hand, root)
    found = []
    for widget in root.findChildren(QWidget):
        if widget.window() is not root or not widget.isVisible() or not widget.isEnabled():
            continue
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.focusProxy() is not None:
            continue
        before = picture_of(hand, root, widget, focused=False)
        if picture_of(hand, root, widget, focused=True) == before:
            found.append(f"{type(widget).__name__} {widget.accessibleName()!r} in {type(root).__name__}")
    return found


def picture_of(hand: Hand, root: QWidget, widget: QWidget, *, focused: bool) -> object:
    if focused:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert widget.hasFocus(), widget
    else:
        widget.clearFocus()
        # A cleared focus may go to the neighbour; what counts is that this one has it not.
        assert not widget.hasFocus()
    return widget.grab().toImage()
