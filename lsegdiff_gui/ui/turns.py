"""One step at a time: what is asked for while a step is carried out elsewhere waits for its turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.workers.masks import Job, MaskThread

T = TypeVar("T")
Act = Callable[[], object]


class Turns(QObject):
    """The order of the steps on the shown picture.

    A step that takes long is carried out on the mask thread, which has the document to itself meanwhile. Whatever
    else is asked for until then waits, and is done in the order in which it was asked for: all ends as if no step
    took any time.

    Signals:
        working(str): what goes on elsewhere; "" once nothing does and nothing waits.
        freed(): nothing goes on any more, and nothing waits.
        failed(str sentence): what went on elsewhere was not possible; the document is as before.
    """

    working = Signal(str)
    freed = Signal()
    failed = Signal(str)

    def __init__(self, masks: MaskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._masks = masks
        self._job: Job | None = None
        self._done: Callable[[object], None] = _nothing
        self._words = ""
        self._may_leave = False
        self._waiting: deque[Act] = deque()
        self._is_acting = False
        masks.done.connect(self._job_done)

    @property
    def is_busy(self) -> bool:
        """Whether a step is carried out elsewhere: nobody else may be at the document."""
        return self._job is not None

    @property
    def waiting(self) -> int:
        """How many steps wait for it."""
        return len(self._waiting)

    def take(self, act: Act) -> None:
        """Do this when its turn comes: at once, unless something goes on."""
        if self._is_acting and self._job is None:
            act()  # a part of what has its turn
            return
        self._waiting.append(act)
        if self._job is None:
            self._go_on()

    def work_elsewhere(
        self,
        words: str,
        work: Callable[[Callable[[], bool]], T],
        done: Callable[[T], None],
        *,
        may_leave: bool = False,
    ) -> None:
        """Have a step carried out on the mask thread; to be called by what has its turn.

        words: what it is called. work: gets the question it has to ask before it changes anything, see `Job`.
        done: hears the outcome, unless it was called off or has failed. may_leave: whether `call_off` may end it.
        Raises RuntimeError if something goes on.
        """
        if self._job is not None:
            raise RuntimeError("One step at a time.")
        self._job = Job(work)
        self._done = done  # type: ignore[assignment]  # the job's result is a T
        self._words, self._may_leave = words, may_leave
        self.working.emit(words)
        self._masks.do(self._job)

    def call_off(self) -> bool:
        """Leave a command that goes on elsewhere; what waits for it goes on. False if none does, or it is too late."""
        job = self._job
        if job is None or not self._may_leave or not job.call_off():
            return False
        # What it still reads may change under it: nobody will ask what it has found.
        self._end()
        return True

    def _job_done(self, job: Job) -> None:
        if job is not self._job:
            return
        if job.fault is not None:
            words = self._words
            self._end()
            self.failed.emit(f"“{words}” was not possible: {job.fault}. The mask is as it was.")
            return
        done = self._done
        self._end(lambda: done(job.result))

    def _end(self, act: Act | None = None) -> None:
        """What went on has ended: its own last word first, then all that has waited."""
        self._job, self._done = None, _nothing
        if act is not None:
            self._waiting.appendleft(act)
        self._go_on()
        if self._job is None:
            self.working.emit("")
            self.freed.emit()

    def _go_on(self) -> None:
        while self._waiting and self._job is None:
            act = self._waiting.popleft()
            before, self._is_acting = self._is_acting, True
            try:
                act()
            finally:
                self._is_acting = before


def _nothing(_: object) -> None:
    pass
