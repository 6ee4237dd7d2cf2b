"""Faults of the program: written down, told on the GUI thread, and remembered at the next start."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from lsegdiff_gui import places
from lsegdiff_gui.ui.crash import CrashLog, FaultReporter


@pytest.fixture
def crash_log() -> Iterator[CrashLog]:
    log = CrashLog()
    yield log
    log.close()


@pytest.fixture
def reporter(qapp: object, tmp_path: Path) -> Iterator[FaultReporter]:
    made = FaultReporter(tmp_path / "lsegdiff.log")
    made.install()
    yield made
    made.remove()


def fail() -> None:
    raise ValueError("shapes do not fit")


def test_that_a_fault_on_another_thread_is_told_on_this_one(
    reporter: FaultReporter, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[str, bool]] = []
    here = QThread.currentThread()
    reporter.fault.connect(lambda sentence: told.append((sentence, QThread.currentThread() is here)))
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert told == [], "not from the other thread"
    qtbot.waitUntil(lambda: bool(told))
    sentence, on_this_thread = told[0]
    assert on_this_thread
    assert "ValueError" in sentence
    assert "lsegdiff.log" in sentence
    assert "shapes do not fit" in caplog.text


def test_that_the_hooks_are_given_back(qapp: object, tmp_path: Path) -> None:
    before = (sys.excepthook, threading.excepthook)
    made = FaultReporter(tmp_path / "x.log")
    made.install()
    made.remove()
    assert (sys.excepthook, threading.excepthook) == before


def test_that_warnings_reach_the_log_file(crash_log: CrashLog, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("lsegdiff_gui.test").warning("look here")
    assert "look here" in crash_log.log_file.read_text()


def test_that_a_run_that_ended_well_leaves_an_empty_crash_log() -> None:
    CrashLog().close()
    log = CrashLog()
    assert log.previous is None
    log.close()


def test_that_the_last_runs_crash_is_set_aside_and_found() -> None:
    (places.log_folder() / "crash.log").write_text("Fatal Python error")
    log = CrashLog()
    assert log.previous is not None
    assert log.previous.read_text() == "Fatal Python error"
    log.close()
