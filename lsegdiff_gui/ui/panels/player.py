"""Plays the steps of a drafting slowly enough to be seen, however fast they come."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from lsegdiff_gui.workers.segmenting import StepLike

STEP_MS = 80


class StepPlayer(QObject):
    """Shows each step for a while. The result itself does not wait for it: only its showing does.

    Signals
        shown(Step): show this step now.
        finished(): the last step has been seen for its time, or was skipped to.
    """

    shown = Signal(object)
    finished = Signal()

    def __init__(self, step_ms: int = STEP_MS, parent: QObject | None = None) -> None:
        """step_ms: the shortest time for which a step is shown, in milliseconds."""
        super().__init__(parent)
        self.step_ms = step_ms
        self._waiting: deque[StepLike] = deque()
        self._on_screen: StepLike | None = None
        self._is_skipping = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_playing(self) -> bool:
        """Whether steps are still to be seen, or the last one for longer."""
        return self._timer.isActive() or bool(self._waiting)

    def begin(self) -> None:
        """Forget what came before: the steps of another drafting follow."""
        self._timer.stop()
        self._waiting.clear()
        self._on_screen = None
        self._is_skipping = False

    def add(self, step: StepLike) -> None:
        """A step has come: it is shown when those before it have been seen."""
        self._waiting.append(step)
        if self._is_skipping:
            self.skip()
        elif not self._timer.isActive():
            self._go_on()

    def skip(self) -> None:
        """Show the newest step now, and those that are still to come as they come."""
        self._is_skipping = True
        self._timer.stop()
        if self._waiting:
            newest = self._waiting.pop()
            self._waiting.clear()
            self._on_screen = newest
            self.shown.emit(newest)
        self._end_if_last()

    def _go_on(self) -> None:
        if not self._waiting:
            self._end_if_last()
            return
        self._on_screen = self._waiting.popleft()
        # Before the signal: whoever hears it may skip or begin anew.
        self._timer.start(self.step_ms)
        self.shown.emit(self._on_screen)

    def _end_if_last(self) -> None:
        step = self._on_screen
        if step is not None and step.index == step.steps:
            self._on_screen = None
            self.finished.emit()
