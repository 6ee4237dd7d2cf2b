"""The picture list alone: model, filter, and the gestures it hands on."""

from collections.abc import Callable

import numpy as np
import pytest
from made.rows import MadeRows, found, row
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui.panels.picture_delegate import SIGNS, sign_of
from lsegdiff_gui.ui.panels.picture_list import PictureList
from lsegdiff_gui.ui.panels.picture_model import THUMBNAILS_KEPT, Entry, PictureModel, Role

Show = Callable[..., None]


@pytest.fixture
def rows(qapp: object) -> MadeRows:
    return MadeRows()


@pytest.fixture
def show(model: PictureModel, rows: MadeRows) -> Show:
    """Puts rows into the list."""

    def put(shown: list[PictureRow], listed: int | None = None) -> None:
        rows.rows.update((each.id, each) for each in shown)
        model.show_found(found(shown, listed))

    return put


@pytest.fixture
def model(rows: MadeRows, qtbot: QtBot) -> PictureModel:
    model = PictureModel(rows)  # type: ignore[arg-type]
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


@pytest.fixture
def pictures(model: PictureModel, qtbot: QtBot) -> PictureList:
    pictures = PictureList(model)
    qtbot.addWidget(pictures)
    qtbot.waitUntil(lambda: not pictures._recount.isActive())
    return pictures


def test_that_each_line_has_a_name_a_status_and_a_tool_tip(model: PictureModel, show: Show) -> None:
    show([row(1, Status.DONE, note="look again")])
    index = model.index(0)
    assert index.data() == "naevus_1.png"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "naevus_1.png, Done"
    assert "look again" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_that_thumbnails_are_asked_for_when_looked_at_until_they_come(
    model: PictureModel, show: Show
) -> None:
    asked: list[int] = []
    model.thumbnail_wanted.connect(asked.append)
    show([row(1), row(2)])
    assert asked == []
    model.index(1).data(Role.THUMBNAIL)
    assert asked == [2]
    model.set_thumbnail(2, np.zeros((2, 2, 3), np.uint8))
    model.index(1).data(Role.THUMBNAIL)
    assert asked == [2]
    model.set_error(1, "bad")
    model.index(0).data(Role.THUMBNAIL)
    assert asked == [2], "of a bad picture there is none"


def test_that_a_thumbnail_keeps_its_pixels_when_the_array_is_gone(model: PictureModel, show: Show) -> None:
    show([row(1)])
    pixels = np.zeros((5, 7, 3), np.uint8)
    pixels[2, 3] = (10, 20, 30)
    model.set_thumbnail(1, pixels)
    pixels[:] = 255
    image: QImage = model.index(0).data(Role.THUMBNAIL)
    assert (image.width(), image.height()) == (7, 5)
    assert image.pixelColor(3, 2) == QColor(10, 20, 30)


def test_that_forgotten_thumbnails_are_asked_for_again(model: PictureModel, show: Show) -> None:
    count = THUMBNAILS_KEPT + 1
    show([row(number) for number in range(count)])
    asked: list[int] = []
    model.thumbnail_wanted.connect(asked.append)
    for number in range(count):
        model.index(number).data(Role.THUMBNAIL)
        model.set_thumbnail(number, np.zeros((2, 2, 3), np.uint8))
    asked.clear()
    model.index(0).data(Role.THUMBNAIL)
    assert asked == [0]


def test_that_errors_and_running_drafts_are_words_of_the_line(model: PictureModel, show: Show) -> None:
    show([row(1), row(2)])
    model.set_error(1, "naevus_1.png is cut short.")
    model.set_drafting(2, True)
    assert words(model) == ["Cannot be read", "Drafting…"]
    assert "cut short" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)


def words(model: PictureModel) -> list[str]:
    entries = [model.entry(picture_id) for picture_id in model.ids]
    return [entry.words for entry in entries if entry is not None]


def test_that_what_is_known_of_a_picture_survives_a_new_list(model: PictureModel, show: Show) -> None:
    show([row(1), row(2)])
    model.set_error(2, "bad")
    show([row(3), row(2, Status.DONE)])
    assert words(model) == ["New", "Cannot be read"]
    model.set_error(2, "")
    assert words(model) == ["New", "Done"]


def test_that_a_row_that_is_not_at_hand_is_fetched_with_its_page_and_shown_when_it_comes(
    rows: MadeRows, qtbot: QtBot
) -> None:
    model = PictureModel(rows)  # type: ignore[arg-type]
    model.show_found(found([row(number) for number in range(1, 201)]))
    assert rows.wanted == [], "a list of any length costs nothing before it is looked at"
    assert model.index(150).data() is None
    assert 151 in rows.wanted
    assert len(rows.wanted) < 200
    with qtbot.waitSignal(model.looks_changed):
        rows.put([row(151, Status.DONE)])
    assert model.index(150).data() == "naevus_151.png"


class Painted(QObject):
    """The height of what a widget was asked to paint, in pixels, each time."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.heights: list[int] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.heights.append(event.region().boundingRect().height())
        return False


def test_that_a_thumbnail_that_comes_paints_its_own_line_alone(
    pictures: PictureList, model: PictureModel, show: Show, qtbot: QtBot
) -> None:
    show([row(number) for number in (1, 2, 3, 4)])
    pictures.resize(300, 700)
    pictures.show()
    qtbot.waitExposed(pictures)
    line = pictures.view.sizeHintForRow(0)
    pictures.view.viewport().repaint()
    QApplication.processEvents()
    painted = Painted(pictures.view.viewport())

    model.set_thumbnail(3, np.zeros((30, 40, 3), np.uint8))
    qtbot.waitUntil(lambda: bool(painted.heights))

    assert painted.heights == [line]


def test_that_news_of_a_picture_are_seen_at_once(model: PictureModel, rows: MadeRows, show: Show) -> None:
    show([row(1), row(2)])
    rows.change(row(2, Status.DONE))
    assert list(model.statuses) == [Status.NEW, Status.DONE]
    assert words(model) == ["New", "Done"]


@pytest.mark.parametrize("after", [[1, 3, 4], [1, 2, 3, 4, 5], [2], [4, 3, 2, 1], [7, 8], []])
def test_that_whatever_is_found_next_is_what_is_shown(
    pictures: PictureList, model: PictureModel, show: Show, after: list[int]
) -> None:
    show([row(number) for number in (1, 2, 3, 4)])
    pictures.select(3)
    show([row(number) for number in after])
    assert list(model.ids) == after
    assert [model.line_of(number) for number in after] == list(range(len(after)))
    assert pictures.current == (3 if 3 in after else -1)


def test_that_pictures_that_go_leave_the_others_where_they_are(
    model: PictureModel, show: Show, qtbot: QtBot
) -> None:
    show([row(number) for number in range(1, 10)])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.rowsRemoved):
        show([row(number) for number in (1, 2, 4, 5, 7, 8, 9)])


def test_that_going_on_from_a_picture_that_left_the_list_begins_where_it_stood(
    pictures: PictureList, show: Show
) -> None:
    show([row(number) for number in (1, 2, 3, 4)])
    pictures.select(2)
    show([row(number) for number in (1, 3, 4)])
    assert pictures.neighbour(2, +1) == 3
    assert pictures.neighbour(2, -1) == 1


def test_that_several_pictures_can_be_selected(pictures: PictureList, show: Show, qtbot: QtBot) -> None:
    show([row(number) for number in (3, 1, 2)])
    pictures.select(3)
    qtbot.keyClick(pictures.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert pictures.selected == [3, 1]


def test_that_the_same_pictures_with_news_keep_selection_and_scroll(
    pictures: PictureList, model: PictureModel, qtbot: QtBot, show: Show
) -> None:
    show([row(1), row(2)])
    pictures.select(2)
    with qtbot.assertNotEmitted(model.modelReset):
        show([row(1), row(2, Status.DONE)])
    assert pictures.current == 2


def test_that_going_to_a_line_is_told_and_being_put_there_is_not(
    pictures: PictureList, model: PictureModel, qtbot: QtBot, show: Show
) -> None:
    show([row(1), row(2)])
    picked: list[int] = []
    pictures.picked.connect(picked.append)
    pictures.select(1)
    assert picked == []
    qtbot.keyClick(pictures.view, Qt.Key.Key_Down)
    assert picked == [2]


def test_that_neighbours_are_those_that_are_shown_and_wanted(
    pictures: PictureList, model: PictureModel, show: Show
) -> None:
    show([row(1), row(2, Status.DONE), row(3)])
    assert pictures.neighbour(1, +1) == 2
    assert pictures.neighbour(1, +1, lambda status: status is Status.NEW) == 3
    assert pictures.neighbour(3, +1) is None
    assert pictures.neighbour(-1, +1) == 1
    assert pictures.neighbour(-1, -1) == 3


def test_that_the_count_says_how_far_the_work_is(
    pictures: PictureList, model: PictureModel, qtbot: QtBot, show: Show
) -> None:
    assert pictures.count.text() == "No pictures yet"
    show([row(1), row(2, Status.DONE)])
    qtbot.waitUntil(lambda: pictures.count.text() == "2 pictures · 1 done")
    show([row(1)], listed=10_000)
    qtbot.waitUntil(lambda: pictures.count.text() == "1 of 10,000 pictures · 0 done")
    pictures.tell_survey("Looking into new files: 8 of 10,000")
    qtbot.waitUntil(lambda: pictures.count.text().endswith("\nLooking into new files: 8 of 10,000"))


@pytest.mark.parametrize("status", list(Status))
def test_that_every_status_has_its_own_sign(
    pictures: PictureList, model: PictureModel, status: Status, show: Show
) -> None:
    show([row(1, status), row(2)])
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


def test_that_the_list_stands_on_a_picture_that_was_read_before_the_lines_came(
    pictures: PictureList, show: Show
) -> None:
    picked: list[int] = []
    pictures.picked.connect(picked.append)
    pictures.select(2)
    show([row(n) for n in range(1, 61)])
    assert (pictures.current, pictures.selected, picked) == (2, [2], [])


def test_that_lines_that_come_at_the_end_leave_the_eye_where_it_is(pictures: PictureList, show: Show) -> None:
    pictures.resize(240, 600)
    pictures.show()
    pictures.select(2)
    show([row(n) for n in range(1, 61)])
    bar = pictures.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    there = bar.value()
    show([row(n) for n in range(1, 71)])
    assert there > 0
    assert bar.value() == there
    assert pictures.current == 2
