"""Masks from files: which files, what they would do, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.formats.import_plan import ImportPlan
from lsegdiff_gui.formats.import_words import closing_sentence, name_of, pictures
from lsegdiff_gui.formats.importing import ImportReport
from lsegdiff_gui.imaging.kinds import PICTURE_SUFFIXES
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, card, label
from lsegdiff_gui.ui.dialogs.import_preview import ImportPreview
from lsegdiff_gui.ui.dialogs.waiting_page import WaitingPage
from lsegdiff_gui.ui.icons import Sign

_SIZE = (900, 700)
_CHOOSING, _WAITING, _PLAN, _SUMMARY = range(4)


class ImportDialog(DialogFrame):
    """Asks what to import, then shows how it goes. It reads and writes nothing itself.

    Signals:
        plan_wanted(list[Path] files and folders, Path root or None): answer with `show_looking` and, at the end,
            `show_plan` or `show_failure`.
        requested(ImportPlan, Choices): answer with `show_progress` and, at the end, `show_report` or `show_failure`.
        cancel_requested(): stop what is running.
    """

    plan_wanted = Signal(object, object)
    requested = Signal(object, object)
    cancel_requested = Signal()

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        """folder: where to look first."""
        super().__init__(
            parent,
            title="Import masks",
            text="From COCO and labelme files, and from masks that are pictures. Nothing is written before you say so.",
            sign="mdi6.import",
        )
        self.resize(*_SIZE)
        self._folder = folder
        self._paths: list[Path] = []
        self._has_plan = False
        self._is_importing = False
        self.preview = ImportPreview()
        self.preview.decided.connect(self._count)
        self.preview.root_wanted.connect(self._change_root)
        self._pages = QStackedWidget()
        for page in (self._choosing(), self._waiting(), self.preview, self._summary()):
            self._pages.addWidget(page)
        self.body.addWidget(self._pages, 1)
        self._back = self.add_button("Other files…", at_left=True)
        self._back.clicked.connect(self._choose_again)
        self._leave = self.add_button("Cancel")
        self._leave.clicked.connect(self.reject)
        self.import_button = self.add_button("Import", default=True)
        self.import_button.clicked.connect(self._request)
        self._show_page(_CHOOSING)

    @property
    def headline(self) -> str:
        """The sentence on what came of it, "" before."""
        return self._headline.text()

    def read(self, paths: Sequence[Path], root: Path | None = None) -> None:
        """Have these files and folders looked at."""
        self._paths = list(paths)
        self._told_of_choosing.hide()
        self._how_far.setText("Looking at the files…")
        self._bar.setRange(0, 0)
        self._show_page(_WAITING)
        self.plan_wanted.emit(self._paths, root)

    def show_looking(self, share: float, name: str) -> None:
        """How far the files are read."""
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * share))
        self._how_far.setText(f"Reading {name}")

    def show_plan(self, plan: ImportPlan) -> None:
        """What would be done."""
        self._has_plan = True
        self.preview.show_plan(plan, self._paths)
        self._show_page(_PLAN)
        self.import_button.setFocus()

    def show_progress(self, done: int, of: int) -> None:
        """How many pictures have their masks."""
        self._bar.setRange(0, max(of, 1))
        self._bar.setValue(done)
        self._how_far.setText(f"{done:,} of {pictures(of)}")

    def show_report(self, report: ImportReport) -> None:
        """What came of it."""
        is_good = not report.failures and not report.cancelled
        self._headline.setText(closing_sentence(report))
        self._sign.show_icon(
            "mdi6.check-circle-outline" if is_good else "mdi6.alert-outline",
            "success" if is_good else "warning",
        )
        plan, choices = self.preview.plan, self.preview.choices
        left_out = [(line, plan.reason(line, choices)) for line in report.left_out] if plan else []
        told = (*report.failures, *left_out, *report.remarks)
        sentences = [f"{name_of(line)}: {sentence}" for line, sentence in told]
        self._sentences.clear()
        self._sentences.addItems(sentences)
        self._sentences.setVisible(bool(sentences))
        self._finish()

    def show_failure(self, sentence: str) -> None:
        """That it was not possible: back to what can be changed."""
        if self._is_importing:
            self._is_importing = False
            self.preview.say(sentence, "danger")
            self._show_page(_PLAN)
            return
        self._told_of_choosing.setText(sentence)
        self._told_of_choosing.show()
        self._show_page(_CHOOSING)

    def reject(self) -> None:
        """Stop what is running; leave when nothing is."""
        if self._is_importing:
            self._leave.setEnabled(False)
            self._how_far.setText("Stopping after this picture…")
            self.cancel_requested.emit()
            return
        if self._pages.currentIndex() == _WAITING:
            self.cancel_requested.emit()
            if not self._has_plan:
                self._show_page(_CHOOSING)
                return
        super().reject()

    # The pages

    def _choosing(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        frame, inner = card()
        inner.setSpacing(theme.MARGIN)
        kinds = (
            ("Choose files…", "COCO or labelme (JSON), or masks that are pictures", self._files),
            (
                "Choose a folder…",
                "Its annotations, or else its masks, by their names",
                self._folder_of,
            ),
        )
        for words, help_text, choose in kinds:
            button = QPushButton(words)
            button.setIcon(theme.icon("mdi6.folder-open-outline"))
            button.setAutoDefault(False)
            button.clicked.connect(choose)
            row = QHBoxLayout()
            row.setSpacing(theme.MARGIN)
            row.addWidget(button)
            row.addWidget(label(help_text, "muted"), 1)
            inner.addLayout(row)
        inner.addWidget(label("A file of annotations can also be dropped on the window.", "muted"))
        column.addStretch(1)
        column.addWidget(frame)
        self._told_of_choosing = label("", "danger")
        self._told_of_choosing.hide()
        column.addWidget(self._told_of_choosing)
        column.addStretch(2)
        return page

    def _waiting(self) -> QWidget:
        page = WaitingPage("Progress of the import")
        self._how_far, self._bar = page.how_far, page.bar
        return page

    def _summary(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.MARGIN)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        self._sign = Sign("mdi6.check-circle-outline", "success", 24)
        self._headline = label("", "heading")
        row.addWidget(self._sign)
        row.addWidget(self._headline, 1)
        column.addLayout(row)
        column.addWidget(
            label("Each mask is one step of its picture: Undo takes it back, today or next week.", "muted")
        )
        self._sentences = QListWidget()
        self._sentences.setAccessibleName("What is to be known of single pictures")
        self._sentences.setWordWrap(True)
        self._sentences.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._sentences, 1)
        column.addStretch(0)
        return page

    def _show_page(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        self._back.setVisible(page == _PLAN)
        self.import_button.setVisible(page == _PLAN)
        self._leave.setText("Stop" if page == _WAITING else "Close" if page == _SUMMARY else "Cancel")
        self._leave.setEnabled(True)

    # What is chosen

    def _files(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in (".json", *sorted(PICTURE_SUFFIXES)))
        names, _ = QFileDialog.getOpenFileNames(
            self, "Import masks", str(self._folder), f"Annotations and masks ({patterns});;All files (*)"
        )
        if names:
            self.read([Path(name) for name in names])

    def _folder_of(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Import masks of a folder", str(self._folder))
        if name:
            self.read([Path(name)])

    def _change_root(self, root: Path) -> None:
        name = QFileDialog.getExistingDirectory(self, "Where the pictures lie", str(root))
        if name:
            self.read(self._paths, Path(name))

    def _choose_again(self) -> None:
        self._has_plan = False
        self._show_page(_CHOOSING)

    def _count(self, written: int) -> None:
        self.import_button.setEnabled(written > 0)
        masks = f" {written:,} mask{'s' if written > 1 else ''}" if written else ""
        self.import_button.setText(f"Import{masks}")

    def _request(self) -> None:
        self.preview.settle()
        if not self.import_button.isEnabled() or self._pages.currentIndex() != _PLAN:
            return
        self._is_importing = True
        self._how_far.setText("Importing…")
        self._bar.setRange(0, 0)
        self._show_page(_WAITING)
        self.requested.emit(self.preview.plan, self.preview.choices)

    def _finish(self) -> None:
        self._is_importing = False
        self._show_page(_SUMMARY)
        self._leave.setDefault(True)
        self._leave.setFocus()
