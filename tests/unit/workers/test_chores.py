import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.workers.chores import Chores, IsCancelled


@pytest.fixture
def chores(qapp: object) -> Iterator[Chores]:
    made = Chores("chores")
    yield made
    assert made.stop(5000)


def never(error: object) -> None:
    raise AssertionError(error)


def test_that_chores_are_done_in_order_and_answered_on_the_own_thread(qtbot: QtBot, chores: Chores) -> None:
    heard: list[tuple[int, bool]] = []
    main = threading.current_thread()
    for number in range(3):
        chores.start(
            lambda _, number=number: (number, threading.current_thread() is not main),
            lambda result: heard.append((result[0], result[1] and threading.current_thread() is main)),
            never,
        )
    assert chores.is_busy
    qtbot.waitUntil(lambda: len(heard) == 3)
    assert heard == [(0, True), (1, True), (2, True)]
    assert not chores.is_busy


def test_that_a_named_error_is_handed_on(qtbot: QtBot, chores: Chores) -> None:
    errors: list[LSegDiffError] = []

    def fail(_: IsCancelled) -> None:
        raise LSegDiffError("There is no such folder.")

    chores.start(fail, never, errors.append)
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert str(errors[0]) == "There is no such folder."


def test_that_a_fault_becomes_a_sentence(
    qtbot: QtBot, chores: Chores, caplog: pytest.LogCaptureFixture
) -> None:
    errors: list[LSegDiffError] = []

    def fail(_: IsCancelled) -> None:
        raise ZeroDivisionError("by nothing")

    chores.start(fail, never, errors.append)
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert str(errors[0]) == "by nothing. The log file has the details."
    assert "a chore failed" in caplog.text


def test_that_what_is_cancelled_ends_and_is_not_heard_of(qtbot: QtBot, chores: Chores) -> None:
    begun = threading.Event()
    ended: list[int] = []

    def wait(is_cancelled: IsCancelled) -> None:
        begun.set()
        while not is_cancelled():
            pass

    token = chores.start(wait, never, never)
    assert begun.wait(5)
    waiting = chores.start(lambda _: 1, never, never)
    chores.start(lambda _: 2, ended.append, never)
    chores.cancel(waiting)
    chores.cancel(token)
    qtbot.waitUntil(lambda: ended == [2])
