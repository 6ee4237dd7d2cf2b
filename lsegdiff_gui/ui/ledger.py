"""What is noted of a picture when it is left: how long somebody worked on it, and which labels its mask has."""

from __future__ import annotations

import time
from itertools import count

from PySide6.QtCore import QEvent, QObject

from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.session import Session

IDLE_AFTER_S = 30.0
"""Between two movements of the hand: who rests longer does something else."""

_BUSY = frozenset({
    QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.KeyPress,
    QEvent.Type.TabletMove, QEvent.Type.TabletPress,
})  # fmt: skip


class Activity:
    """Adds up the time between movements that follow each other soon. Moments are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._seconds = 0.0

    def touch(self, moment: float) -> None:
        """The hand has moved."""
        if self._last is not None and moment - self._last <= IDLE_AFTER_S:
            self._seconds += moment - self._last
        self._last = moment

    def take(self) -> float:
        """The seconds so far; from now on for another picture."""
        seconds, self._seconds, self._last = self._seconds, 0.0, None
        return seconds


class Ledger(QObject):
    """Watches the canvas and the steps, and writes to the project when the picture is left."""

    def __init__(self, session: Session, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._session = session
        self._activity = Activity()
        # Its own numbers, of the file pool: which picture each belongs to.
        self._tokens = count(12 * 10**8)
        self._measured: dict[int, int] = {}
        canvas.installEventFilter(self)
        session.editing.stepped.connect(self._touch)
        session.opening.leaving.connect(self.note)
        session.opening.switching.connect(self._measured.clear)
        session.staff.files.labels_found.connect(self._labels_found)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See the hand move; everything is let through."""
        if event.type() in _BUSY:
            self._touch()
        return False

    def note(self) -> None:
        """Write down what there is to note of the picture on the canvas."""
        editing = self._session.editing
        seconds = self._activity.take()
        document = editing.document
        if document is None:
            return
        if seconds > 0:
            self._session.staff.store.add_seconds(editing.picture_id, round(seconds, 1))
        # One that was only looked at has the labels that it had.
        if document.revision > 0:
            token = next(self._tokens)
            self._measured[token] = editing.picture_id
            self._session.staff.files.labels_in(token, document.final)

    def _touch(self) -> None:
        self._activity.touch(time.monotonic())

    def _labels_found(self, token: int, labels: tuple[int, ...]) -> None:
        if (picture_id := self._measured.pop(token, None)) is not None:
            self._session.staff.store.note_labels(picture_id, labels)
