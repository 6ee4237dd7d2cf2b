"""Masks to files: what, where to, what will be written, how far it is, and what came of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.formats.export_words import one_loss_in_words
from lsegdiff_gui.formats.polygons import Loss
from lsegdiff_gui.formats.request import EXPORTED_AT_FIRST, ExportReport, ExportRequest
from lsegdiff_gui.project.pictures import PictureRow
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.export_formats import FormatChoice
from lsegdiff_gui.ui.dialogs.export_plan import ExportPlan, look_ahead
from lsegdiff_gui.ui.dialogs.export_summary import ExportSummary, counted
from lsegdiff_gui.ui.dialogs.file_list import FileList
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, card, label
from lsegdiff_gui.ui.dialogs.waiting_page import WaitingPage
from lsegdiff_gui.ui.panels.picture_model import STATUS_WORDS

_SIZE = (860, 720)
# Ten thousand names take a while to plan: wait until typing and clicking pause.
_PAUSE_MS = 60


Work = Callable[[], Any]
Background = Callable[[Work, Callable[[Any], None]], None]
Measure = Callable[[ExportRequest], Loss]


def at_once(work: Work, then: Callable[[Any], None]) -> None:
    """Do it here and now."""
    then(work())


class ExportDialog(DialogFrame):
    """Asks what to export, then shows how it goes. It writes nothing itself.

    Signals:
        requested(list[PictureRow], ExportRequest): the user pressed Export; answer with `show_progress` and,
            at the end, `show_report` or `show_failure`.
        cancel_requested(): stop what is running.
    """

    requested = Signal(object, object)
    cancel_requested = Signal()

    def __init__(
        self,
        pictures: Sequence[PictureRow],
        current_id: int | None,
        folder: Path,
        parent: QWidget | None = None,
        *,
        background: Background = at_once,
        measure: Measure | None = None,
    ) -> None:
        """folder: proposed at first. current_id: the picture on the canvas, if there is one.

        background: has work done that takes too long for this thread, the newest only. measure: what polygons
        would lose of the picture on the canvas; called in the background.
        """
        super().__init__(
            parent,
            title="Export masks",
            text="Masks are written at the pictures' own size. What was done, approved or exported before is written "
            "as it was then.",
            sign="mdi6.export-variant",
        )
        self.resize(*_SIZE)
        self._pictures = tuple(pictures)
        self._current = next((row for row in pictures if row.id == current_id), None)
        self._running = False
        self._asked_for = 0
        self._plan: ExportPlan | None = None
        self._background = background
        self._measure = measure
        self._is_pressed = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._look_ahead)

        self._pages = QStackedWidget()
        self._pages.addWidget(self._questions(folder))
        self._pages.addWidget(self._waiting())
        self._summary = ExportSummary()
        self._pages.addWidget(self._summary)
        self.body.addWidget(self._pages, 1)
        self._open = self.add_button("Open the folder", at_left=True)
        self._open.clicked.connect(self._open_folder)
        self._open.hide()
        self._leave = self.add_button("Cancel")
        self._leave.clicked.connect(self.reject)
        self._export = self.add_button("Export", default=True)
        self._export.clicked.connect(self._request)
        self._look_ahead()
        self._export.setFocus()

    @property
    def folder(self) -> Path:
        """The folder that is named in the dialog."""
        return Path(self._folder.text().strip()).expanduser()

    @property
    def rows(self) -> list[PictureRow]:
        """The pictures that are chosen."""
        if self._this.isChecked():
            return [self._current] if self._current is not None else []
        wanted = {status for status, box in self._statuses.items() if box.isChecked()}
        return [row for row in self._pictures if row.status in wanted]

    @property
    def request(self) -> ExportRequest:
        """The folder, the formats and the options that are chosen."""
        return self._formats.request(self.folder)

    def show_progress(self, done: int, of: int) -> None:
        """Tell how many of the pictures are written."""
        self._bar.setRange(0, max(of, 1))
        self._bar.setValue(done)
        self._how_far.setText(f"{done} of {of} pictures")

    def show_report(self, report: ExportReport) -> None:
        """Tell what came of it: files written, pictures that failed and why."""
        self._running = False
        self._summary.show_report(report, self._asked_for)
        self._pages.setCurrentIndex(2)
        self._export.hide()
        self._leave.setText("Close")
        self._leave.setEnabled(True)
        self._leave.setDefault(True)
        self._leave.setFocus()
        self._open.setVisible(bool(report.written))

    def show_failure(self, sentence: str) -> None:
        """Tell that nothing could be written, and let the user choose again."""
        self._running = False
        self._pages.setCurrentIndex(0)
        self._leave.setText("Cancel")
        self._leave.setEnabled(True)
        self._export.show()
        self._say(sentence, "danger")

    def reject(self) -> None:
        """Esc and the window's cross: stop a running export first, then close."""
        if not self._running:
            super().reject()
            return
        self._leave.setEnabled(False)
        self._how_far.setText("Stopping after this picture…")
        self.cancel_requested.emit()

    def _questions(self, folder: Path) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.MARGIN)
        self._formats = FormatChoice()
        self._formats.setParent(self)
        self._formats.changed.connect(self._pause.start)
        beside = QHBoxLayout()
        beside.setSpacing(theme.MARGIN)
        beside.addWidget(self._which_pictures(), 1)
        beside.addWidget(self._formats.formats, 1)
        column.addLayout(beside)
        column.addWidget(self._formats.options)
        column.addWidget(self._where_to(folder))
        self._told = label("")
        column.addWidget(self._told)
        self._lost = label("", "muted")
        column.addWidget(self._lost)
        self._replace = QCheckBox("Replace the files that are there")
        self._replace.toggled.connect(self._allow)
        column.addWidget(self._replace)
        self._preview = FileList("Files that will be written")
        column.addWidget(self._preview, 1)
        return page

    def _which_pictures(self) -> QWidget:
        frame, column = card()
        column.addWidget(label("Pictures", "heading"))
        self._this = QRadioButton("This picture")
        if self._current is not None:
            self._this.setText(f"This picture ({self._current.path.name})")
        self._this.setEnabled(self._current is not None)
        self._all = QRadioButton("All pictures that are …")
        (self._this if self._current is not None else self._all).setChecked(True)
        column.addWidget(self._this)
        column.addWidget(self._all)
        counts = Counter(row.status for row in self._pictures)
        grid = QGridLayout()
        grid.setContentsMargins(theme.WIDE + 4, 0, 0, 0)
        self._statuses: dict[Status, QCheckBox] = {}
        for status, words in STATUS_WORDS.items():
            if not counts[status]:
                continue
            box = QCheckBox(f"{words} ({counts[status]})")
            box.setObjectName(f"status_{status}")
            box.setChecked(status in EXPORTED_AT_FIRST)
            box.setEnabled(self._all.isChecked())
            self._all.toggled.connect(box.setEnabled)
            box.toggled.connect(self._pause.start)
            self._statuses[status] = box
            place = len(self._statuses) - 1
            grid.addWidget(box, place // 2, place % 2)
        column.addLayout(grid)
        column.addStretch(1)
        self._all.toggled.connect(lambda: self._pause.start())
        return frame

    def _where_to(self, folder: Path) -> QWidget:
        frame, column = card()
        column.addWidget(label("Folder", "heading"))
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        self._folder = QLineEdit(str(folder))
        self._folder.setAccessibleName("Folder to write to")
        self._folder.textChanged.connect(lambda: self._pause.start())
        choose = QPushButton("Choose…")
        choose.setAutoDefault(False)
        choose.setAccessibleName("Choose the folder")
        choose.setIcon(theme.icon("mdi6.folder-open-outline"))
        choose.clicked.connect(self._choose_folder)
        row.addWidget(self._folder, 1)
        row.addWidget(choose)
        column.addLayout(row)
        return frame

    def _waiting(self) -> QWidget:
        page = WaitingPage("Progress of the export")
        self._how_far, self._bar = page.how_far, page.bar
        return page

    def _look_ahead(self) -> None:
        """Plan what the answers would write, and say so, with what stands in the way."""
        left_out = () if self._this.isChecked() else self._left_out()
        asked = (self.rows, self.request, self._folder.text(), left_out)
        self._plan = None
        self._allow()
        self._background(lambda: look_ahead(*asked), self._show_plan)

    def _show_plan(self, plan: ExportPlan) -> None:
        self._plan = plan
        self._preview.show_files(plan.files, plan.replaced)
        self._export.setText(f"Export {counted(len(plan.files), 'file')}" if plan.files else "Export")
        self._replace.setVisible(bool(plan.replaced))
        # A yes was said to the files that stood there then, not to these.
        self._replace.setChecked(False)
        self._say(plan.sentence, plan.role)
        self._allow()
        request, measure = self.request, self._measure
        is_measured = measure is not None and self._current in self.rows and request.asks_for_polygons
        self._lost.setVisible(is_measured)
        if self._is_pressed:
            self._request()
        elif measure is not None and is_measured:
            self._lost.setText("Measuring what polygons lose of this picture…")
            self._background(lambda: measure(request), self._show_loss)

    def _show_loss(self, loss: Loss) -> None:
        name = "" if self._current is None else self._current.path.name
        self._lost.setText(f"“{name}”: {one_loss_in_words(loss)}")
        theme.set_role(self._lost, "muted" if loss.is_none else "warning")

    def _left_out(self) -> tuple[Status, ...]:
        wanted = {status for status, box in self._statuses.items() if box.isChecked()}
        return tuple(row.status for row in self._pictures if row.status not in wanted)

    def _allow(self) -> None:
        plan = self._plan
        is_asked = plan is not None and (not plan.replaced or self._replace.isChecked())
        self._export.setEnabled(plan is not None and plan.possible and is_asked)

    def _say(self, sentence: str, role: str) -> None:
        self._told.setText(sentence)
        theme.set_role(self._told, role)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder to write to", self._folder.text())
        if chosen:
            self._folder.setText(str(Path(chosen)))

    def _request(self) -> None:
        self._is_pressed = False
        if self._pause.isActive():
            # Never act on a preview that is older than the answers.
            self._pause.stop()
            self._is_pressed = True
            self._look_ahead()
            return
        if not self._export.isEnabled():
            return
        self._running = True
        self._export.hide()
        self._leave.setText("Stop")
        self._pages.setCurrentIndex(1)
        rows = self.rows
        self._asked_for = len(rows)
        self.show_progress(0, len(rows))
        self.requested.emit(rows, self.request)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(self.folder.absolute())))
