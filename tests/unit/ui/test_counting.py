"""When instances are counted: at rest, in sight, and never shown for another mask than the present one."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.commands import PartitionChange
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.instances import Cut, Partition
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui import counting
from lsegdiff_gui.ui.canvas.parting_signs import PartingSigns
from lsegdiff_gui.ui.counting import Counting
from lsegdiff_gui.ui.panels.instance_list import InstanceList
from lsegdiff_gui.workers.files import FilePool

WAIT_MS = 5000


class Desk(QObject):
    """What counting hears of editing and of the canvas."""

    mask_changed = Signal(object)
    stepped = Signal()
    partition_changed = Signal(object)
    tool_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.document: Document | None = None
        self.parting: PartingSigns | None = None

    def show_parting(self, signs: PartingSigns | None) -> None:
        self.parting = signs

    def take(self, document: Document | None) -> None:
        self.document = document
        self.stepped.emit()

    def paint(self, box: Box, label: int = 1) -> None:
        assert self.document is not None
        inside = np.ones((box.height, box.width), np.bool_)
        self.document.edit([(Region(box, inside), label)], "brush")
        self.mask_changed.emit(box)
        self.stepped.emit()


class Pool(FilePool):
    """Notes what is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    def instances(self, token: int, final: object, partition: object) -> None:
        self.asked.append(token)
        super().instances(token, final, partition)  # type: ignore[arg-type]


@pytest.fixture
def pool(qapp: object) -> Iterator[Pool]:
    pool = Pool()
    yield pool
    assert pool.stop(WAIT_MS)


@pytest.fixture
def desk(qapp: object) -> Desk:
    return Desk()


@pytest.fixture
def shown(qtbot: QtBot, desk: Desk, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> InstanceList:
    monkeypatch.setattr(counting, "_REST_MS", 30)
    shown = InstanceList()
    qtbot.addWidget(shown)
    shown.setProperty("counting", Counting(desk, pool, desk, shown))  # type: ignore[arg-type]
    shown.show()
    return shown


def areas(shown: InstanceList) -> list[int]:
    return [size.pixels for size in shown.model.sizes]


def test_that_the_instances_are_counted_when_the_hand_rests(
    qtbot: QtBot, desk: Desk, pool: Pool, shown: InstanceList
) -> None:
    desk.take(Document(60, 40))
    for x in range(0, 30, 2):
        desk.paint(Box(x, 3, x + 2, 9))
    desk.paint(Box(40, 20, 45, 30))
    assert pool.asked == []
    qtbot.waitUntil(lambda: areas(shown) == [180, 50])
    assert len(pool.asked) == 1
    assert shown.count.text() == "2 instances, 230 pixels, 9.58 % of the picture"


def test_that_nothing_is_counted_out_of_sight_and_at_once_when_it_comes_back(
    qtbot: QtBot, desk: Desk, pool: Pool, shown: InstanceList
) -> None:
    shown.hide()
    desk.take(Document(60, 40))
    desk.paint(Box(0, 0, 5, 5))
    qtbot.wait(80)
    assert pool.asked == []
    shown.show()
    qtbot.waitUntil(lambda: areas(shown) == [25])
    shown.hide()
    shown.show()
    qtbot.wait(80)
    assert len(pool.asked) == 1


def test_that_an_open_stroke_is_waited_for(qtbot: QtBot, desk: Desk, pool: Pool, shown: InstanceList) -> None:
    document = Document(60, 40)
    edit = document.open_edit("brush")
    edit.paint(Box(0, 0, 5, 5), np.ones((5, 5), np.bool_), 1)
    desk.take(document)
    qtbot.wait(100)
    assert pool.asked == []
    edit.finish()
    qtbot.waitUntil(lambda: areas(shown) == [25])


def test_that_what_was_found_of_an_earlier_mask_is_dropped(
    qtbot: QtBot, desk: Desk, pool: Pool, shown: InstanceList
) -> None:
    desk.take(Document(60, 40))
    desk.paint(Box(0, 0, 5, 5))
    qtbot.waitUntil(lambda: len(pool.asked) == 1)
    seen: list[list[int]] = []
    shown.model.modelReset.connect(lambda: seen.append(areas(shown)))
    desk.paint(Box(0, 0, 10, 10))
    qtbot.waitUntil(lambda: areas(shown) == [100])
    assert [25] not in seen


def test_that_another_picture_does_not_show_the_instances_of_the_last(
    qtbot: QtBot, desk: Desk, shown: InstanceList
) -> None:
    desk.take(Document(60, 40))
    desk.paint(Box(0, 0, 5, 5))
    qtbot.waitUntil(lambda: areas(shown) == [25])
    desk.take(None)
    assert areas(shown) == [] and shown.count.text() == ""
    desk.take(Document(60, 40))
    qtbot.waitUntil(lambda: shown.count.text() == "No instance")


def test_that_what_cannot_be_counted_shows_no_numbers(
    qtbot: QtBot, desk: Desk, pool: Pool, shown: InstanceList, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take(Document(60, 40))
    desk.paint(Box(0, 0, 5, 5))
    qtbot.waitUntil(lambda: areas(shown) == [25])
    monkeypatch.setattr(pool, "instances", lambda token, *_: pool.instances_failed.emit(token, "too large"))
    desk.partition_changed.emit(None)
    qtbot.waitUntil(lambda: shown.count.text() == "")
    assert areas(shown) == []


def part(desk: Desk, partition: Partition) -> None:
    assert desk.document is not None
    desk.document.apply(PartitionChange(desk.document.partition, partition))
    desk.partition_changed.emit(partition)
    desk.stepped.emit()


def test_that_the_canvas_shows_what_is_one_lesion_while_lesions_are_parted(
    qtbot: QtBot, desk: Desk, pool: Pool, shown: InstanceList
) -> None:
    shown.hide()
    desk.take(Document(60, 40))
    desk.paint(Box(0, 0, 20, 20))
    desk.tool_changed.emit("cut")
    qtbot.waitUntil(lambda: desk.parting is not None and desk.parting.found is not None)
    assert desk.parting is not None and desk.parting.found is not None
    assert [each.number for each in desk.parting.found.numbers] == [1]
    before = desk.parting.found
    cut = Cut(((10, 0), (10, 30)))
    part(desk, Partition(cuts=(cut,)))
    # The line at once, the old colours until the new ones are known.
    assert desk.parting.cuts == (cut,) and desk.parting.found is before
    qtbot.waitUntil(lambda: desk.parting is not None and desk.parting.found is not before)
    assert areas(shown) == [220, 180]
    desk.tool_changed.emit("tie")
    assert desk.parting.found is not None
    desk.tool_changed.emit("brush")
    assert desk.parting is None


def test_that_colours_of_another_mask_are_never_shown(
    qtbot: QtBot, desk: Desk, pool: Pool, shown: InstanceList
) -> None:
    desk.take(Document(60, 40))
    desk.paint(Box(0, 0, 20, 20))
    desk.tool_changed.emit("tie")
    qtbot.waitUntil(lambda: desk.parting is not None and desk.parting.found is not None)
    desk.paint(Box(0, 0, 30, 20))
    assert desk.parting is not None and desk.parting.found is None
    desk.take(Document(60, 40))
    assert desk.parting.found is None
    desk.take(None)
    assert desk.parting is None
