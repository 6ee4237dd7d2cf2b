"""Steps that take long are done elsewhere, and everything in the order it was asked for."""

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.turns import Turns
from lsegdiff_gui.workers.masks import MaskThread


class Slow:
    """Work that lasts until it is let go, then asks whether it may go on."""

    def __init__(self) -> None:
        self.go, self.began = threading.Event(), threading.Event()
        self.may: bool | None = None
        self.thread = 0

    def __call__(self, begins: Callable[[], bool]) -> str:
        self.thread = threading.get_ident()
        self.began.set()
        assert self.go.wait(10)
        self.may = begins()
        return "outcome"


@pytest.fixture
def masks(qapp: object) -> Iterator[MaskThread]:
    thread = MaskThread()
    yield thread
    assert thread.stop(5000)


@pytest.fixture
def turns(masks: MaskThread) -> Turns:
    return Turns(masks)


@pytest.fixture
def told(turns: Turns) -> list[str]:
    """What has happened, in order."""
    told: list[str] = []
    turns.working.connect(lambda words: told.append(f"working {words}".strip()))
    turns.freed.connect(lambda: told.append("freed"))
    turns.failed.connect(told.append)
    return told


def test_that_a_step_is_done_at_once_while_nothing_goes_on(turns: Turns, told: list[str]) -> None:
    turns.take(lambda: turns.take(lambda: told.append("inner")) or told.append("outer"))
    assert told == ["inner", "outer"]
    assert not turns.is_busy


def test_that_what_is_asked_for_meanwhile_comes_after_it_in_its_order(
    turns: Turns, told: list[str], qtbot: QtBot
) -> None:
    slow = Slow()
    turns.take(lambda: turns.work_elsewhere("Smooth", slow, told.append))
    turns.take(lambda: told.append("first"))
    turns.take(lambda: told.append("second"))
    assert turns.is_busy
    assert turns.waiting == 2
    assert told == ["working Smooth"]
    slow.go.set()
    with qtbot.waitSignal(turns.freed):
        pass
    assert told == ["working Smooth", "outcome", "first", "second", "working", "freed"]
    assert slow.thread != threading.get_ident()


def test_that_one_that_takes_long_may_follow_another(turns: Turns, told: list[str], qtbot: QtBot) -> None:
    one, two = Slow(), Slow()
    turns.take(lambda: turns.work_elsewhere("One", one, lambda _: told.append("one")))
    turns.take(lambda: turns.work_elsewhere("Two", two, lambda _: told.append("two")))
    turns.take(lambda: told.append("last"))
    one.go.set()
    qtbot.waitUntil(two.began.is_set)
    assert told == ["working One", "one", "working Two"]
    two.go.set()
    with qtbot.waitSignal(turns.freed):
        pass
    assert told[3:] == ["two", "last", "working", "freed"]


def test_that_what_is_called_off_changes_nothing_and_holds_nothing_up(
    turns: Turns, told: list[str], qtbot: QtBot, masks: MaskThread
) -> None:
    slow = Slow()
    turns.take(lambda: turns.work_elsewhere("Smooth", slow, told.append, may_leave=True))
    turns.take(lambda: told.append("after it"))
    qtbot.waitUntil(slow.began.is_set)
    assert turns.call_off()
    assert told == ["working Smooth", "after it", "working", "freed"]
    with qtbot.waitSignal(masks.done):
        slow.go.set()
    assert slow.may is False
    assert len(told) == 4
    assert not turns.call_off()


def test_that_what_has_begun_to_change_the_document_is_not_called_off(
    turns: Turns, told: list[str], qtbot: QtBot
) -> None:
    changing, go = threading.Event(), threading.Event()

    def work(begins: Callable[[], bool]) -> None:
        assert begins()
        changing.set()
        assert go.wait(10)

    turns.take(lambda: turns.work_elsewhere("Clear", work, lambda _: told.append("done"), may_leave=True))
    qtbot.waitUntil(changing.is_set)
    assert not turns.call_off()
    assert turns.is_busy
    with qtbot.waitSignal(turns.freed):
        go.set()
    assert "done" in told


def test_that_an_undo_is_not_called_off(turns: Turns, told: list[str], qtbot: QtBot) -> None:
    slow = Slow()
    turns.take(lambda: turns.work_elsewhere("Undo", slow, told.append))
    assert not turns.call_off()
    with qtbot.waitSignal(turns.freed):
        slow.go.set()
    assert told == ["working Undo", "outcome", "working", "freed"]


def test_that_a_fault_becomes_a_sentence_and_the_next_step_is_done(
    turns: Turns, told: list[str], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_begins: Callable[[], bool]) -> None:
        raise MemoryError("no room")

    turns.take(lambda: turns.work_elsewhere("Grow", work, told.append))
    turns.take(lambda: told.append("next"))
    with qtbot.waitSignal(turns.failed):
        pass
    caplog.clear()
    assert told[1:4] == ["next", "working", "freed"]
    assert "“Grow” was not possible: no room." in told[4]


def test_that_a_step_that_raises_does_not_hold_up_those_after_it(turns: Turns, told: list[str]) -> None:
    def bad() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        turns.take(bad)
    turns.take(lambda: told.append("next"))
    assert told == ["next"]


def test_that_only_what_has_its_turn_may_begin_work(turns: Turns, qtbot: QtBot) -> None:
    slow = Slow()
    turns.take(lambda: turns.work_elsewhere("One", slow, lambda _: None))
    with pytest.raises(RuntimeError):
        turns.work_elsewhere("Two", slow, lambda _: None)
    with qtbot.waitSignal(turns.freed):
        slow.go.set()
