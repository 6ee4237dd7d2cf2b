"""The list of instances alone."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.instance_sizes import InstanceSize
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.panels.instance_list import InstanceList, share_words

SIZES = (InstanceSize(1, 1, 1500, Box(2, 3, 60, 40)), InstanceSize(2, 9, 500, Box(70, 3, 90, 40)))


@pytest.fixture
def shown(qtbot: QtBot) -> InstanceList:
    shown = InstanceList()
    qtbot.addWidget(shown)
    shown.show_labels(DEFAULT_LABELS)
    shown.resize(280, 200)
    shown.show()
    return shown


def words(shown: InstanceList) -> list[list[str]]:
    model = shown.model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def middle(shown: InstanceList, row: int) -> QPoint:
    return shown.view.visualRect(shown.model.index(row, 1)).center()


def test_that_it_tells_how_many_and_how_large(shown: InstanceList) -> None:
    shown.show_sizes(SIZES, 100_000)
    assert shown.count.text() == "2 instances, 2,000 pixels, 2.00 % of the picture"
    assert words(shown) == [["1", "Lesion", "1,500", "1.50"], ["2", "Label 9", "500", "0.50"]]
    spoken = shown.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Instance 1, Lesion, 1,500 pixels, 1.50 %"


def test_that_none_one_and_not_counted_are_told_apart(shown: InstanceList) -> None:
    for sizes, told in ((SIZES[:1], "1 instance, 1,500 pixels, 1.50 % of the picture"), ((), "No instance")):
        shown.show_sizes(sizes, 100_000)
        assert shown.count.text() == told
        assert shown.view.isVisible() is bool(sizes)
    shown.show_sizes(None, 1)
    assert shown.count.text() == ""


def test_that_many_instances_do_not_push_the_other_panels_away(shown: InstanceList) -> None:
    few, many = ((InstanceSize(n, 1, n, Box(0, 0, n, 1)) for n in range(1, end)) for end in (7, 5000))
    shown.show_sizes(tuple(few), 10**6)
    height = shown.view.height()
    shown.show_sizes(tuple(many), 10**6)
    assert shown.view.height() == height < 250


@pytest.mark.parametrize(("pixels", "told"), [(0, "0.00"), (1, "< 0.01"), (100, "0.01"), (10**6, "100.00")])
def test_that_a_speck_is_not_told_as_nothing(pixels: int, told: str) -> None:
    assert share_words(pixels, 10**6) == told


def test_that_a_click_wants_an_instance_and_leaves_the_keys_where_they_are(
    qtbot: QtBot, shown: InstanceList
) -> None:
    shown.show_sizes(SIZES, 100_000)
    with qtbot.waitSignal(shown.instance_wanted) as wanted:
        QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=middle(shown, 1))
    assert wanted.args == [SIZES[1].box]
    assert shown.view.focusPolicy() == Qt.FocusPolicy.TabFocus


def test_that_the_keyboard_points_at_instances_and_enter_wants_one(qtbot: QtBot, shown: InstanceList) -> None:
    shown.show_sizes(SIZES, 100_000)
    pointed: list[Box | None] = []
    shown.instance_pointed.connect(pointed.append)
    shown.view.setCurrentIndex(shown.model.index(0, 0))
    QTest.keyClick(shown.view, Qt.Key.Key_Down)
    assert pointed == [SIZES[0].box, SIZES[1].box]
    with qtbot.waitSignal(shown.instance_wanted) as wanted:
        QTest.keyClick(shown.view, Qt.Key.Key_Return)
    assert wanted.args == [SIZES[1].box]


def test_that_the_pointer_points_at_instances_until_it_leaves(shown: InstanceList) -> None:
    shown.show_sizes(SIZES, 100_000)
    pointed: list[Box | None] = []
    shown.instance_pointed.connect(pointed.append)
    shown.view.entered.emit(shown.model.index(1, 2))
    QApplication.sendEvent(shown.view.viewport(), QEvent(QEvent.Type.Leave))
    assert pointed == [SIZES[1].box, None]


def test_that_it_asks_to_be_counted_each_time_it_comes_in_sight(qtbot: QtBot) -> None:
    shown = InstanceList()
    qtbot.addWidget(shown)
    asked: list[bool] = []
    shown.came_in_sight.connect(lambda: asked.append(True))
    shown.show()
    shown.hide()
    shown.show()
    assert len(asked) == 2


def test_that_a_large_pictures_long_sentence_does_not_widen_the_panels(shown: InstanceList) -> None:
    shown.show_sizes(SIZES[:1], 100_000)
    short = shown.minimumSizeHint().width()
    shown.show_sizes((InstanceSize(1, 1, 67_000_000, Box(0, 0, 8192, 8192)),), 8192 * 8192)
    assert shown.minimumSizeHint().width() <= short
