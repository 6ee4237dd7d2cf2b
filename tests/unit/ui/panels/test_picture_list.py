"""The picture list alone: model, filter, and the gestures it hands on."""

import numpy as np
import pytest
from made.rows import row
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.ui.panels.picture_delegate import SIGNS, sign_of
from lsegdiff_gui.ui.panels.picture_list import PictureList
from lsegdiff_gui.ui.panels.picture_model import THUMBNAILS_KEPT, Entry, PictureModel, Role


@pytest.fixture
def model(qtbot: QtBot) -> PictureModel:
    model = PictureModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


@pytest.fixture
def pictures(model: PictureModel, qtbot: QtBot) -> PictureList:
    pictures = PictureList(model)
    qtbot.addWidget(pictures)
    qtbot.waitUntil(lambda: not pictures._recount.isActive())
    return pictures


def test_that_each_line_has_a_name_a_status_and_a_tool_tip(model: PictureModel) -> None:
    model.show_rows([row(1, Status.DONE, note="look again")])
    index = model.index(0)
    assert index.data() == "naevus_1.png"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "naevus_1.png, Done"
    assert "look again" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_that_thumbnails_are_asked_for_once_when_looked_at(model: PictureModel) -> None:
    asked: list[int] = []
    model.thumbnail_wanted.connect(asked.append)
    model.show_rows([row(1), row(2)])
    assert asked == []
    for _ in range(3):
        model.index(1).data(Role.THUMBNAIL)
    assert asked == [2]


def test_that_a_thumbnail_keeps_its_pixels_when_the_array_is_gone(model: PictureModel) -> None:
    model.show_rows([row(1)])
    pixels = np.zeros((5, 7, 3), np.uint8)
    pixels[2, 3] = (10, 20, 30)
    model.set_thumbnail(1, pixels)
    pixels[:] = 255
    image: QImage = model.index(0).data(Role.THUMBNAIL)
    assert (image.width(), image.height()) == (7, 5)
    assert image.pixelColor(3, 2) == QColor(10, 20, 30)


def test_that_forgotten_thumbnails_are_asked_for_again(model: PictureModel) -> None:
    count = THUMBNAILS_KEPT + 1
    model.show_rows([row(number) for number in range(count)])
    asked: list[int] = []
    model.thumbnail_wanted.connect(asked.append)
    for number in range(count):
        model.index(number).data(Role.THUMBNAIL)
        model.set_thumbnail(number, np.zeros((2, 2, 3), np.uint8))
    asked.clear()
    model.index(0).data(Role.THUMBNAIL)
    assert asked == [0]


def test_that_errors_and_running_drafts_are_words_of_the_line(model: PictureModel) -> None:
    model.show_rows([row(1), row(2)])
    model.set_error(1, "naevus_1.png is cut short.")
    model.set_drafting(2, True)
    assert [entry.words for entry in model.entries] == ["Cannot be read", "Drafting…"]
    assert "cut short" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)


def test_that_what_is_known_of_a_picture_survives_a_new_list(model: PictureModel) -> None:
    model.show_rows([row(1), row(2)])
    model.set_error(2, "bad")
    model.show_rows([row(3), row(2, Status.DONE)])
    assert [(entry.row.id, entry.error) for entry in model.entries] == [(3, ""), (2, "bad")]
    entry = model.entry(2)
    assert entry is not None
    assert entry.row.status is Status.DONE
    assert model.entry(1) is None


def test_that_the_same_pictures_with_news_keep_selection_and_scroll(
    pictures: PictureList, model: PictureModel, qtbot: QtBot
) -> None:
    model.show_rows([row(1), row(2)])
    pictures.select(2)
    with qtbot.assertNotEmitted(model.modelReset):
        model.show_rows([row(1), row(2, Status.DONE)])
    assert pictures.current == 2


def test_that_going_to_a_line_is_told_and_being_put_there_is_not(
    pictures: PictureList, model: PictureModel, qtbot: QtBot
) -> None:
    model.show_rows([row(1), row(2)])
    picked: list[int] = []
    pictures.picked.connect(picked.append)
    pictures.select(1)
    assert picked == []
    qtbot.keyClick(pictures.view, Qt.Key.Key_Down)
    assert picked == [2]


def test_that_words_filter_names_in_any_order_and_case(pictures: PictureList, model: PictureModel) -> None:
    model.show_rows([row(1, name="Naevus_back.png"), row(2, name="polyp.png")])
    pictures.words.setText("BACK naev")
    assert pictures.view.model().rowCount() == 1
    pictures.words.clear()
    assert pictures.view.model().rowCount() == 2


def test_that_a_status_filter_follows_the_work(pictures: PictureList, model: PictureModel) -> None:
    model.show_rows([row(1), row(2, Status.DONE)])
    pictures.status.setCurrentText("Unfinished")
    assert pictures.view.model().rowCount() == 1
    model.update_row(row(1, Status.DONE))
    assert pictures.view.model().rowCount() == 0


def test_that_neighbours_are_those_that_are_shown_and_wanted(
    pictures: PictureList, model: PictureModel
) -> None:
    model.show_rows([row(1), row(2, Status.DONE), row(3)])
    assert pictures.neighbour(1, +1) == 2
    assert pictures.neighbour(1, +1, lambda entry: entry.row.status is Status.NEW) == 3
    assert pictures.neighbour(3, +1) is None
    assert pictures.neighbour(-1, +1) == 1
    assert pictures.neighbour(-1, -1) == 3


def test_that_the_count_says_how_far_the_work_is(
    pictures: PictureList, model: PictureModel, qtbot: QtBot
) -> None:
    assert pictures.count.text() == "No pictures yet"
    model.show_rows([row(1), row(2, Status.DONE)])
    qtbot.waitUntil(lambda: pictures.count.text() == "2 pictures · 1 done")
    pictures.words.setText("naevus_1")
    qtbot.waitUntil(lambda: pictures.count.text() == "1 of 2 pictures · 1 done")


@pytest.mark.parametrize("status", list(Status))
def test_that_every_status_has_its_own_sign(
    pictures: PictureList, model: PictureModel, status: Status
) -> None:
    model.show_rows([row(1, status), row(2)])
    model.set_error(2, "bad")
    model.set_thumbnail(1, np.zeros((30, 40, 3), np.uint8))
    pictures.resize(240, 200)
    assert not pictures.grab().isNull()


@pytest.mark.parametrize(
    ("status", "findings", "words"),
    [
        (Status.DRAFTED, Findings(0.9, 0.5), "Drafted"),
        (Status.DRAFTED, Findings(0.1, 0.5), "No lesion found"),
        (Status.DRAFTED, Findings(0.9, 2.0), "Unfamiliar kind"),
        (Status.DRAFTED, Findings(0.1, 2.0), "Unfamiliar, empty"),
        (Status.IN_PROGRESS, Findings(0.1, 2.0), "In progress"),
        (Status.NO_LESION, Findings(0.1, 2.0), "No lesion"),
    ],
)
def test_that_a_draft_nobody_has_looked_at_is_marked_with_what_was_found(
    status: Status, findings: Findings, words: str
) -> None:
    entry = Entry(row(1, status, findings=findings))
    assert entry.words == words
    is_marked = words not in ("Drafted", "In progress", "No lesion")
    assert (sign_of(entry) != SIGNS[status]) is is_marked
    assert sign_of(Entry(entry.row, drafting=True)) == sign_of(Entry(row(2), drafting=True))
