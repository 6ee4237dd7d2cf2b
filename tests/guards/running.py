"""Fails a test that leaves a thread, a timer or a window of Qt behind for the next one."""

import gc
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

_GRACE_MS = 2000  # what a thread that was left running gets to end, so that the next test starts clean


@dataclass
class _Started:
    """Weak references to what was started during one test, so that watching keeps nothing alive."""

    objects: list["weakref.ref[Any]"] = field(default_factory=list)
    shots: list[tuple[float, "weakref.ref[Any] | None", str]] = field(default_factory=list)

    def living(self, kind: type) -> list[Any]:
        found = {id(thing): thing for reference in self.objects if isinstance(thing := reference(), kind)}
        return [thing for thing in found.values() if isValid(thing)]

    def recording(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(thing: Any, *arguments: Any, **keywords: Any) -> Any:
            self.objects.append(weakref.ref(thing))
            return start(thing, *arguments, **keywords)

        return recorded

    def recording_shots(self, single_shot: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(milliseconds: int, *rest: Any) -> None:
            self.shots.append((time.monotonic() + milliseconds / 1000, *_receiver(rest)))
            single_shot(milliseconds, *rest)

        return recorded


def _receiver(rest: tuple[Any, ...]) -> tuple["weakref.ref[Any] | None", str]:
    """Whose death cancels the shot: the context, or the object a bound method belongs to."""
    receivers = [
        *(thing for thing in rest if isinstance(thing, QObject)),
        getattr(rest[-1], "__self__", None),
    ]
    receiver = next((thing for thing in receivers if isinstance(thing, QObject)), None)
    return (None if receiver is None else weakref.ref(receiver)), repr(rest[-1])


@pytest.fixture(autouse=True)
def nothing_left_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail when a running QThread, a busy QThreadPool, an active QTimer or a window outlives the test."""
    started = _Started()
    for kind in (QThread, QThreadPool, QTimer):
        monkeypatch.setattr(kind, "start", started.recording(kind.start))
    monkeypatch.setattr(QTimer, "singleShot", staticmethod(started.recording_shots(QTimer.singleShot)))
    windows_before = set(map(id, _windows()))
    yield
    leaks = [*_leaked_windows(windows_before), *_leaked_timers(started), *_leaked_threads(started)]
    if leaks:
        pytest.fail("left behind:\n  " + "\n  ".join(leaks), pytrace=False)


def _windows() -> list[QWidget]:
    return QApplication.topLevelWidgets() if isinstance(QApplication.instance(), QApplication) else []


def _leaked_windows(before: set[int]) -> list[str]:
    if not _new_windows(before):
        return []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if _new_windows(before):
        gc.collect()  # a window in a cycle of references is dropped, not left behind
    leaked = [f"window {window!r}" for window in _new_windows(before)]
    for window in _new_windows(before):
        window.hide()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return leaked


def _new_windows(before: set[int]) -> list[QWidget]:
    # Qt keeps one label for all tool tips, hidden when unused.
    return [
        window
        for window in _windows()
        if id(window) not in before and window.metaObject().className() != "QTipLabel"
    ]


def _leaked_timers(started: _Started) -> list[str]:
    leaked = []
    for timer in started.living(QTimer):
        if timer.isActive():
            leaked.append(f"timer {timer!r}, every {timer.interval()} ms")
            timer.stop()
    for due, reference, callee in started.shots:
        receiver = None if reference is None else reference()
        awaited = reference is None or (receiver is not None and isValid(receiver))
        if awaited and time.monotonic() < due:
            leaked.append(f"single shot to {callee}, due in {due - time.monotonic():.1f} s")
    return leaked


def _leaked_threads(started: _Started) -> list[str]:
    leaked = []
    for thread in started.living(QThread):
        if thread.isRunning():
            leaked.append(f"thread {thread!r}")
            thread.quit()
            thread.wait(_GRACE_MS)
    for pool in started.living(QThreadPool):
        if pool.activeThreadCount():
            leaked.append(f"thread pool {pool!r} with {pool.activeThreadCount()} jobs")
            pool.clear()
            pool.waitForDone(_GRACE_MS)
    return leaked
