"""The list of all commands."""

from made.dialogs import button
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.command_search import Command
from lsegdiff_gui.ui.dialogs.palette import PaletteDialog

OPEN = Command("file.open", "Open pictures", "Files", "Add picture files to the list", ("Ctrl+O",))
RUN = Command("draft.run", "Draft", "Drafting", "Let the model draft", ("R",), "No picture is open")
KEYS = Command("help.keys", "Keyboard", "Help", "Show every key", ("F1",))


def opened(qtbot: QtBot, recent: list[str] | None = None) -> PaletteDialog:
    dialog = PaletteDialog([OPEN, RUN, KEYS], recent or [])
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def field(dialog: PaletteDialog) -> QLineEdit:
    return dialog.findChildren(QLineEdit)[0]


def test_that_enter_takes_the_command_found(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    QTest.keyClicks(field(dialog), "keyb")
    QTest.keyClick(field(dialog), Qt.Key.Key_Return)
    assert dialog.result() == PaletteDialog.DialogCode.Accepted
    assert dialog.chosen == "help.keys"


def test_that_arrows_move_the_mark_while_one_types(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    assert dialog.chosen == "file.open"
    QTest.keyClick(field(dialog), Qt.Key.Key_Down)
    QTest.keyClick(field(dialog), Qt.Key.Key_Down)
    assert dialog.chosen == "help.keys"
    QTest.keyClick(field(dialog), Qt.Key.Key_Down)
    assert dialog.chosen == "help.keys"
    QTest.keyClick(field(dialog), Qt.Key.Key_PageUp)
    assert dialog.chosen == "file.open"


def test_that_what_cannot_be_given_is_listed_with_the_reason_and_not_taken(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    QTest.keyClicks(field(dialog), "draft")
    assert dialog.found == [RUN]
    index = dialog.findChildren(QListView)[0].currentIndex()
    assert "No picture is open" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    QTest.keyClick(field(dialog), Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.chosen is None
    assert not button(dialog, "Run").isEnabled()


def test_that_the_last_used_is_marked_at_the_start(qtbot: QtBot) -> None:
    assert opened(qtbot, ["help.keys"]).chosen == "help.keys"


def test_that_nothing_found_is_said(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    QTest.keyClicks(field(dialog), "no such thing")
    assert dialog.found == []
    assert dialog.chosen is None
    assert dialog._nothing.isVisible()


def test_that_what_cannot_be_given_is_painted_paler(qtbot: QtBot) -> None:
    lines = []
    for obstacle in ("", "No picture is open"):
        dialog = PaletteDialog([OPEN, Command("x.y", "Draft", "", "No picture is open", (), obstacle)])
        qtbot.addWidget(dialog)
        dialog.show()
        found = dialog.findChildren(QListView)[0]
        rect = found.visualRect(found.model().index(1, 0))
        lines.append(found.viewport().grab(rect).toImage())
    assert lines[0] != lines[1]
