"""Drafting many pictures, shown: its progress, its pause, and the pictures that could not be drafted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from lsegdiff_gui.ui.actions import Actions
from lsegdiff_gui.ui.batch_progress import BatchProgress
from lsegdiff_gui.ui.dialogs.failures import FailuresDialog
from lsegdiff_gui.ui.panels.batch_panel import BatchPanel
from lsegdiff_gui.ui.session import Session

Show = Callable[[QDialog, Callable[[], None]], None]


class Batching(QObject):
    """Joins `Batch` with its panel, its command and its dialog. show: opens a dialog, and calls when it is accepted."""

    def __init__(self, session: Session, panel: BatchPanel, actions: Actions, show: Show) -> None:
        super().__init__(panel)
        self._session = session
        self._panel = panel
        self._pause = actions["draft.pause"]
        self._show = show
        batch = session.batch
        batch.progressed.connect(self._progressed)
        panel.pause_wanted.connect(batch.pause)
        panel.stop_wanted.connect(batch.stop)
        panel.failures_wanted.connect(self._show_failures)
        self._progressed(None)

    def _progressed(self, progress: BatchProgress | None) -> None:
        self._panel.show_progress(progress, len(self._session.batch.failures))
        self._pause.setEnabled(progress is not None)

    def _show_failures(self) -> None:
        dialog = FailuresDialog(self._session.batch.failures, self._panel.window())
        self._show(dialog, self._session.batch.retry)
