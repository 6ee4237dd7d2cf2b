"""Backups of the open project, in the background: soon after it was opened, and every hour."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.project.backups import Backup, BusyError, NoRoomError, back_up
from lsegdiff_gui.project.errors import DamagedError
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.opening import Opening
from lsegdiff_gui.workers.chores import Chores
from lsegdiff_gui.workers.store import OpenedProject

log = logging.getLogger(__name__)

FIRST_MS = 5000
"""After opening: pictures come first."""

EVERY_MS = 60 * 60 * 1000
AGAIN_MS = 60 * 1000
"""When the project changed too fast to be copied."""


class Guarding(QObject):
    """Has backups made. Signals: message(Message); damaged(Path, str sentence); backed_up(Backup)."""

    message = Signal(object)
    damaged = Signal(object, str)
    backed_up = Signal(object)

    def __init__(self, chores: Chores, opening: Opening, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chores = chores
        self._project: Path | None = None
        self._token = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.back_up)
        opening.ready.connect(self._opened)

    def stop(self) -> None:
        """Make none any more."""
        self._timer.stop()
        self._chores.cancel(self._token)
        self._project = None

    def back_up(self) -> None:
        """Make one now, unless nothing has changed since the last."""
        if self._project is not None:
            project = self._project
            self._timer.start(EVERY_MS)
            self._token = self._chores.start(
                lambda is_cancelled: back_up(project, is_cancelled),
                self._done,
                partial(self._failed, project),
            )

    def _opened(self, project: OpenedProject) -> None:
        self.stop()
        if not project.obstacle:
            self._project = project.path
            self._timer.start(FIRST_MS)

    def _done(self, backup: Backup | None) -> None:
        if backup is not None:
            self.backed_up.emit(backup)

    def _failed(self, project: Path, error: LSegDiffError) -> None:
        match error:
            case DamagedError():
                self._timer.stop()
                self.damaged.emit(project, str(error))
            case BusyError():
                self._timer.start(AGAIN_MS)
            case NoRoomError():
                self.message.emit(Message(str(error), "info", key="backup"))
            case _:
                # The work itself is saved, and a folder that takes no backup is no reason to be in the way.
                log.warning("no backup: %s", error)
