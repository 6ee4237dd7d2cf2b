"""The Labels panel alone: it shows a table of labels and hands on the one that is wanted instead."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QColorDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, IGNORE, Label, Labels
from lsegdiff_gui.ui.panels.label_panel import LabelPanel

LABELS = (
    Label(IGNORE, "Ignore", "#999999", "0"),
    Label(1, "Lesion", "#56b4e9", "1"),
    Label(2, "Blue & grey", "#e69f00", "2", visible=False, locked=True),
)


class Owner:
    """Applies what the panel wants, as the document does."""

    def __init__(self, qtbot: QtBot) -> None:
        self.pixels: dict[int, int] = {}
        self.panel = LabelPanel(lambda number: self.pixels.get(number, 0))
        qtbot.addWidget(self.panel)
        self.wanted: list[Labels] = []
        self.active: list[int] = []
        self.panel.labels_changed.connect(self.apply)
        self.panel.active_changed.connect(self.active.append)
        self.panel.show_labels(LABELS)

    def apply(self, labels: Labels) -> None:
        self.wanted.append(labels)
        self.panel.show_labels(labels)

    def label(self, number: int) -> Label:
        return next(label for label in self.panel.labels if label.id == number)


@pytest.fixture
def owner(qtbot: QtBot) -> Owner:
    return Owner(qtbot)


def in_order(panel: LabelPanel) -> list[int]:
    rows = {number: panel.row(number) for number in (label.id for label in panel.labels)}
    return sorted(rows, key=lambda number: rows[number].mapTo(panel, rows[number].rect().topLeft()).y())


def test_that_labels_stand_by_number_and_ignore_is_last(owner: Owner) -> None:
    owner.panel.show()
    assert in_order(owner.panel) == [1, 2, IGNORE]
    owner.panel.add()
    QApplication.processEvents()
    assert in_order(owner.panel) == [1, 2, 3, IGNORE]
    assert owner.wanted == [owner.panel.labels]


def test_that_showing_labels_tells_nobody(owner: Owner) -> None:
    owner.panel.show_labels(DEFAULT_LABELS)
    assert owner.wanted == [] and owner.active == []


def test_that_a_row_shows_what_is_locked_hidden_and_active(owner: Owner) -> None:
    lesion, veil = owner.panel.row(1), owner.panel.row(2)
    assert (lesion.name.isChecked(), lesion.eye.isChecked(), lesion.lock.isChecked()) == (True, False, False)
    assert (veil.name.isChecked(), veil.eye.isChecked(), veil.lock.isChecked()) == (False, True, True)
    assert lesion.name.accessibleName() == "Lesion, active"
    assert veil.name.accessibleName() == "Blue & grey"
    assert (lesion.key.text(), veil.key.text()) == ("1", "2")


def test_that_a_click_on_a_name_makes_it_active_and_a_second_changes_nothing(owner: Owner) -> None:
    for _ in range(2):
        owner.panel.row(2).name.click()
        assert owner.panel.row(2).name.isChecked()
        assert not owner.panel.row(1).name.isChecked()
    assert owner.active == [2]
    assert owner.wanted == []


@pytest.mark.parametrize(("digit", "active"), [(1, []), (2, [2]), (0, [IGNORE]), (7, [])])
def test_that_a_digit_chooses_the_label_that_has_it(owner: Owner, digit: int, active: list[int]) -> None:
    assert owner.panel.activate(digit) is (digit != 7)
    assert owner.active == active


def test_that_eye_and_lock_change_one_label(owner: Owner) -> None:
    owner.panel.row(1).eye.click()
    owner.panel.row(1).lock.click()
    owner.panel.row(2).eye.click()
    assert (owner.label(1).visible, owner.label(1).locked) == (False, True)
    assert (owner.label(2).visible, owner.label(2).locked) == (True, True)
    assert len(owner.wanted) == 3


def test_that_a_refusal_leaves_no_button_pressed(qtbot: QtBot) -> None:
    panel = LabelPanel(lambda _number: 0)
    qtbot.addWidget(panel)
    panel.show_labels(LABELS)
    panel.row(1).lock.click()
    panel.add()
    assert not panel.row(1).lock.isChecked()
    assert panel.active == 1


def type_name(owner: Owner, number: int, text: str, *, key: Qt.Key = Qt.Key.Key_Return) -> None:
    editor = owner.panel.row(number).editor
    assert editor.isVisibleTo(owner.panel)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, key)
    assert not editor.isVisibleTo(owner.panel)


def test_that_a_double_click_or_f2_renames_in_place(owner: Owner) -> None:
    owner.panel.show()
    QTest.mouseDClick(owner.panel.row(1).name, Qt.MouseButton.LeftButton)
    type_name(owner, 1, "  Naevus  cell ")
    QTest.keyClick(owner.panel.row(2).name, Qt.Key.Key_F2)
    type_name(owner, 2, "Veil")
    assert (owner.label(1).name, owner.label(2).name) == ("Naevus cell", "Veil")
    assert len(owner.wanted) == 2


def test_that_esc_and_the_same_name_change_nothing(owner: Owner) -> None:
    owner.panel.show()
    for text, key in (("Other", Qt.Key.Key_Escape), ("Lesion", Qt.Key.Key_Return)):
        owner.panel.rename_active()
        type_name(owner, 1, text, key=key)
    assert owner.wanted == []
    assert owner.panel.row(1).name.text() == "Lesion"


def test_that_the_keys_go_back_where_they_came_from(qtbot: QtBot, owner: Owner) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    elsewhere = QLineEdit()
    column = QVBoxLayout(window)
    column.addWidget(elsewhere)
    column.addWidget(owner.panel)
    window.show()
    window.activateWindow()
    elsewhere.setFocus()
    qtbot.waitUntil(elsewhere.hasFocus)
    owner.panel.rename_active()
    assert owner.panel.row(1).editor.hasFocus()
    type_name(owner, 1, "Naevus")
    assert elsewhere.hasFocus()
    # Each is closed by itself at the end.
    owner.panel.setParent(None)


def test_that_a_name_that_is_taken_or_empty_is_refused_with_a_sentence(owner: Owner) -> None:
    for name, sentence in (("blue & GREY", "There is a label “blue & GREY” already."), (" ", "needs a name")):
        owner.panel.row(1).renamed.emit(name)
        assert sentence in owner.panel.sentence
    assert owner.wanted == []
    owner.panel.row(1).renamed.emit("Naevus")
    assert owner.panel.sentence == ""


def test_that_a_colour_is_chosen_from_the_safe_ones_or_freely(owner: Owner) -> None:
    menu = owner.panel.row(1).colour_menu()
    chosen = {action.text(): action for action in menu.actions()}
    assert [words for words, action in chosen.items() if action.isChecked()] == ["Sky blue"]
    chosen["Bluish green"].trigger()
    assert owner.label(1).colour == "#009e73"
    chosen["Another colour…"].trigger()
    (dialog,) = owner.panel.window().findChildren(QColorDialog)
    dialog.colorSelected.emit(dialog.currentColor().fromString("#12AB34"))
    assert owner.label(1).colour == "#12ab34"
    dialog.reject()
    menu.close()


def test_that_ignore_keeps_its_grey_its_name_and_its_place(owner: Owner) -> None:
    row = owner.panel.row(IGNORE)
    assert not row.colour.isEnabled()
    row.rename()
    assert not row.editor.isVisibleTo(owner.panel)
    owner.panel.choose(IGNORE)
    owner.panel.remove()
    assert "stays" in owner.panel.sentence
    assert owner.wanted == []


def test_that_a_new_label_is_painted_at_once(owner: Owner) -> None:
    owner.panel.add_button.click()
    assert owner.active == [3]
    assert owner.panel.row(3).name.isChecked()


def test_that_a_label_is_removed_only_where_no_pixel_has_it(owner: Owner) -> None:
    owner.panel.choose(2)
    owner.pixels[2] = 1234
    owner.panel.remove_button.click()
    assert owner.panel.sentence == (
        "“Blue & grey” marks 1,234 pixels of this picture: erase or paint over them first."
    )
    assert owner.wanted == []
    owner.pixels[2] = 0
    owner.panel.remove_button.click()
    assert [label.id for label in owner.panel.labels] == [1, IGNORE]
    assert owner.active == [2, 1]
    assert owner.panel.sentence == ""


def test_that_without_a_picture_the_labels_are_out_of_reach(owner: Owner) -> None:
    owner.panel.choose(2)
    owner.panel.show_labels(())
    assert not owner.panel.isEnabled()
    assert not owner.panel.activate(1)
    owner.panel.show_labels(LABELS)
    assert owner.panel.isEnabled() and owner.panel.active == 2


def test_that_a_label_that_is_added_late_becomes_active_then_unless_another_was_chosen(qtbot: QtBot) -> None:
    panel = LabelPanel(lambda _number: 0)
    qtbot.addWidget(panel)
    wanted: list[Labels] = []
    panel.labels_changed.connect(wanted.append)
    panel.show_labels(LABELS)
    panel.add()
    assert panel.active == 1
    panel.show_labels(wanted[-1])
    assert panel.active == 3
    panel.add()
    panel.choose(2)
    panel.show_labels(wanted[-1])
    assert panel.active == 2
