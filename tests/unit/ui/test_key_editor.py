"""The editor of keys, worked by keys and clicks."""

from made.dialogs import button
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.action_table import ACTIONS
from lsegdiff_gui.ui.dialogs.key_editor import KeyEditorDialog
from lsegdiff_gui.ui.keymap import KeyMap

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def opened(qtbot: QtBot, action_id: str, keymap: KeyMap | None = None) -> KeyEditorDialog:
    dialog = KeyEditorDialog(keymap or KeyMap(ACTIONS))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.select(action_id)
    return dialog


def press(dialog: KeyEditorDialog, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> str:
    """Press a key in the field; returns the sentence that is shown then."""
    QTest.keyClick(dialog._changing.field, key, modifiers)
    return dialog._changing.words


def marked(dialog: KeyEditorDialog) -> str | None:
    spec = dialog._table.current
    return spec.id if spec else None


def test_that_a_free_key_is_added_at_once(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "tool.brush")
    assert press(dialog, Qt.Key.Key_J) == ""
    assert press(dialog, Qt.Key.Key_B, CTRL | SHIFT) == ""
    assert dialog.keymap.keys("tool.brush") == ("B", "J", "Ctrl+Shift+B")


def test_that_a_claimed_key_names_its_command_and_is_taken_only_when_asked(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "tool.brush")
    sentence = press(dialog, Qt.Key.Key_E)
    assert "“Eraser”" in sentence
    assert dialog.keymap.chosen == {}
    assert button(dialog, "Take it over").isVisible()
    button(dialog, "Leave it").click()
    assert not button(dialog, "Take it over").isVisible()
    assert dialog.keymap.chosen == {}
    press(dialog, Qt.Key.Key_E)
    button(dialog, "Take it over").click()
    assert dialog.keymap.keys("tool.brush") == ("B", "E")
    assert dialog.keymap.keys("tool.eraser") == ()
    assert dialog._changing.words == ""


def test_that_going_to_another_command_takes_the_question_back(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "tool.brush")
    press(dialog, Qt.Key.Key_E)
    dialog.select("tool.swap")
    assert dialog._changing.words == ""
    assert not button(dialog, "Take it over").isVisible()


def test_that_keys_of_the_canvas_are_refused_with_the_reason(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "tool.brush")
    assert "Space moves the picture" in press(dialog, Qt.Key.Key_Space)
    assert "cross-hair" in press(dialog, Qt.Key.Key_Left, SHIFT)
    assert "Enter paints" in press(dialog, Qt.Key.Key_Return)
    assert "Ctrl alone" in press(dialog, Qt.Key.Key_Control)
    assert "Esc always" in press(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.keymap.chosen == {}
    assert not button(dialog, "Take it over").isVisible()


def test_that_the_same_key_again_is_told(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "tool.brush")
    assert "already" in press(dialog, Qt.Key.Key_B)


def test_that_a_sign_typed_with_shift_is_the_key_of_the_sign(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "tool.brush")
    assert "“Much smaller brush”" in press(dialog, Qt.Key.Key_BraceLeft, SHIFT)


def test_that_a_click_on_a_key_removes_it(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "picture.next")
    remover, key = dialog._changing.removers[0]
    assert key == "D"
    remover.click()
    assert dialog.keymap.keys("picture.next") == ("PgDown",)


def test_that_escape_cannot_be_removed_from_stop(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "draft.stop")
    assert [remover.isEnabled() for remover, _ in dialog._changing.removers] == [False]


def test_that_one_command_is_reset_and_a_lent_key_is_asked_for(qtbot: QtBot) -> None:
    keymap = KeyMap(ACTIONS).with_key("tool.brush", "J").with_key("tool.brush", "E")
    dialog = opened(qtbot, "tool.eraser", keymap)
    dialog._changing.reset.click()
    assert "“Brush”" in dialog._changing.words
    button(dialog, "Take it over").click()
    assert dialog.keymap.keys("tool.eraser") == ("E",)
    assert dialog.keymap.keys("tool.brush") == ("B", "J")
    dialog.select("tool.brush")
    dialog._changing.reset.click()
    assert dialog.keymap.chosen == {}
    assert not dialog._changing.reset.isEnabled()


def test_that_all_are_reset_at_once_but_for_what_is_unknown(qtbot: QtBot) -> None:
    keymap = KeyMap(ACTIONS, {"tool.brush": ("J",), "tool.laser": ("L",)})
    dialog = opened(qtbot, "tool.brush", keymap)
    button(dialog, "Reset all").click()
    assert dialog.keymap.chosen == {"tool.laser": ("L",)}
    assert not button(dialog, "Reset all").isEnabled()


def test_that_typing_lists_what_matches_by_name_or_key(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "tool.brush")
    find = dialog.findChildren(QLineEdit)[0]
    find.setText("ctrl+shift+z")
    assert dialog.shown == ["edit.redo"]
    press(dialog, Qt.Key.Key_J)
    assert dialog.keymap.keys("edit.redo")[-1] == "J"
    find.setText("no such thing")
    assert dialog.shown == []
    assert press(dialog, Qt.Key.Key_F5) == ""
    assert "edit.redo" in dialog.keymap.chosen and len(dialog.keymap.chosen) == 1


def test_that_arrows_go_from_command_to_command_over_the_headings(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "file.quit")
    QTest.keyClick(dialog._table, Qt.Key.Key_Down)
    assert marked(dialog) == "edit.undo"
    QTest.keyClick(dialog._table, Qt.Key.Key_Up)
    assert marked(dialog) == "file.quit"
    QTest.keyClick(dialog._table, Qt.Key.Key_Home)
    assert marked(dialog) == "file.open"
    QTest.keyClick(dialog._table, Qt.Key.Key_Up)
    assert marked(dialog) == "file.open"


def test_that_enter_in_the_list_goes_on_to_the_field_and_saves_nothing(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "tool.brush")
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    dialog._table.setFocus()
    QTest.keyClick(dialog._table, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog._changing.field.hasFocus()
    QTest.keyClick(dialog._changing.field, Qt.Key.Key_Tab)
    assert not dialog._changing.field.hasFocus()
