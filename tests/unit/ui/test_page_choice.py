"""The question which pages of files are opened."""

from pathlib import Path

import pytest
from made.dialogs import button, texts
from PySide6.QtWidgets import QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.dialogs.page_choice import PageChoiceDialog
from lsegdiff_gui.workers.files import Found

ONE = Found([Path("a.tif"), Path("b.png")], {Path("a.tif"): 4})
TWO = Found([Path("a.tif"), Path("b.png"), Path("c.dcm")], {Path("a.tif"): 4, Path("c.dcm"): 2})


@pytest.fixture
def ask(qtbot: QtBot):
    def ask_(found: Found) -> PageChoiceDialog:
        dialog = PageChoiceDialog(found)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return ask_


def names(dialog: PageChoiceDialog) -> list[str]:
    return [str(path) for path in dialog.chosen]


def choose(dialog: PageChoiceDialog, words: str) -> None:
    next(choice for choice in dialog.findChildren(QRadioButton) if choice.text().startswith(words)).click()


def test_that_all_pages_are_offered_first(ask):
    dialog = ask(ONE)
    assert "“a.tif” holds 4 pictures" in texts(dialog)
    assert names(dialog) == ["a [1].tif", "a [2].tif", "a [3].tif", "a [4].tif", "b.png"]
    assert button(dialog, "Open 5 pictures").isEnabled()
    assert "1 file of one picture will be opened too." in texts(dialog)


def test_that_the_first_page_alone_is_named_as_a_page(ask):
    dialog = ask(TWO)
    choose(dialog, "Only the first page of each")
    assert names(dialog) == ["a [1].tif", "b.png", "c [1].dcm"]


def test_that_writing_numbers_chooses_them_and_each_file_gives_what_it_has(ask, qtbot):
    dialog = ask(TWO)
    qtbot.keyClicks(dialog.findChild(QLineEdit), "2-3")
    assert names(dialog) == ["a [2].tif", "a [3].tif", "b.png", "c [2].dcm"]
    assert button(dialog, "Open 4 pictures").isEnabled()


@pytest.mark.parametrize(
    ("written", "words"), [("x", "Write numbers of pages"), ("9", "No file has such a page.")]
)
def test_that_numbers_that_open_nothing_cannot_be_taken(ask, qtbot, written, words):
    dialog = ask(Found([Path("a.tif")], {Path("a.tif"): 4}))
    qtbot.keyClicks(dialog.findChild(QLineEdit), written)
    assert names(dialog) == []
    assert not button(dialog, "Open").isEnabled()
    assert words in texts(dialog)
