"""Masks from files: which files, what they would do, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.annotation.incoming import Precedence
from lsegdiff_gui.formats.import_plan import Choices, ImportPlan, Outcome, PlanLine
from lsegdiff_gui.formats.import_words import OUTCOME_WORDS, closing_sentence, pictures, plan_sentence
from lsegdiff_gui.formats.importing import ImportReport
from lsegdiff_gui.formats.matching import Holding
from lsegdiff_gui.imaging.kinds import PICTURE_SUFFIXES
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, card, label
from lsegdiff_gui.ui.dialogs.import_choices import PRECEDENCES, ImportChoices
from lsegdiff_gui.ui.dialogs.import_table import ImportTable
from lsegdiff_gui.ui.icons import Sign

_SIZE = (900, 700)
_PAUSE_MS = 80  # ten thousand lines take a moment to be decided: wait until clicking and typing pause
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
        self._root: Path | None = None
        self._plan: ImportPlan | None = None
        self._own: dict[int, Precedence] = {}
        self._is_importing = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._decide)
        self._pages = QStackedWidget()
        for page in (self._choosing(), self._waiting(), self._planned(), self._summary()):
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

    @property
    def refusals(self) -> str:
        """What is said of files that were not understood."""
        return self._refused.text()

    def choose(self, precedence: Precedence) -> None:
        """Decide for all pictures with work on them."""
        self._choices.choose(precedence)

    def choose_for_selected(self, precedence: Precedence) -> None:
        """Decide for the pictures chosen in the table."""
        self._for_chosen.setCurrentIndex(self._for_chosen.findData(precedence))
        self._put_own(self._for_chosen.currentIndex())

    @property
    def choices(self) -> Choices:
        """What is chosen, that of single pictures included."""
        return replace(self._choices.choices, pictures=dict(self._own))

    def read(self, paths: Sequence[Path], root: Path | None = None) -> None:
        """Have these files and folders looked at."""
        self._paths, self._root = list(paths), root
        self._own.clear()
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
        self._plan = plan
        names = ", ".join(path.name for path in self._paths[:3]) + (" …" if len(self._paths) > 3 else "")
        self._from.setText(names)
        self._where.setText(str(plan.root))
        self._refused.setVisible(bool(plan.refused))
        self._refused.setText("\n".join(sentence for _, sentence in plan.refused[:3]))
        self._choices.show_plan(plan)
        self._decide()
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
        left_out = (
            [(line, self._plan.reason(line, self.choices)) for line in report.left_out] if self._plan else []
        )
        told = (*report.failures, *left_out, *report.remarks)
        sentences = [f"{_name(line)}: {sentence}" for line, sentence in told]
        self._sentences.clear()
        self._sentences.addItems(sentences)
        self._sentences.setVisible(bool(sentences))
        self._finish()

    def show_failure(self, sentence: str) -> None:
        """That it was not possible: back to what can be changed."""
        if self._is_importing:
            self._is_importing = False
            self._say(sentence, "danger")
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
            if not self._plan:
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
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(1)
        self._how_far = label("", "heading")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the import")
        column.addWidget(self._how_far)
        column.addWidget(self._bar)
        column.addStretch(2)
        return page

    def _planned(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        self._from = label("", "heading")
        self._from.setWordWrap(False)
        self._where = QLineEdit()
        self._where.setReadOnly(True)
        self._where.setAccessibleName("Folder in which pictures are looked for")
        change = QPushButton("Change…")
        change.setAutoDefault(False)
        change.setAccessibleName("Look for pictures in another folder")
        change.clicked.connect(self._change_root)
        row.addWidget(self._from)
        row.addWidget(label("  pictures in", "muted"))
        row.addWidget(self._where, 1)
        row.addWidget(change)
        column.addLayout(row)
        self._refused = label("", "danger")
        column.addWidget(self._refused)
        self._choices = ImportChoices()
        self._choices.changed.connect(self._pause.start)
        column.addWidget(self._choices)
        column.addLayout(self._filters())
        self.table = ImportTable()
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._offer_own())
        column.addWidget(self.table, 1)
        self._told = label("")
        column.addWidget(self._told)
        return page

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        self._which = QComboBox()
        self._which.setAccessibleName("Which pictures are shown")
        self._which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._which.currentIndexChanged.connect(lambda _place: self._fill())
        self._search = QLineEdit()
        self._search.setPlaceholderText("Find a picture or a reason")
        self._search.setAccessibleName("Find a picture or a reason")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(lambda _text: self._pause.start())
        self._for_chosen = QComboBox()
        self._for_chosen.setAccessibleName("What becomes of the work on the chosen pictures")
        self._for_chosen.addItem("Chosen pictures: as above", None)
        for precedence, (words, _) in PRECEDENCES.items():
            self._for_chosen.addItem(f"Chosen pictures: {words.lower()}", precedence)
        self._for_chosen.setToolTip(
            "Choose pictures with work on them in the table to decide for these alone"
        )
        self._for_chosen.activated.connect(self._put_own)
        self._for_chosen.setEnabled(False)
        row.addWidget(self._which)
        row.addWidget(self._search, 1)
        row.addWidget(self._for_chosen)
        return row

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

    def _change_root(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Where the pictures lie", self._where.text())
        if name:
            self.read(self._paths, Path(name))

    def _choose_again(self) -> None:
        self._plan = None
        self._show_page(_CHOOSING)

    def _offer_own(self) -> None:
        worked = [line for line in self.table.chosen if _holds_work(line)]
        self._for_chosen.setEnabled(bool(worked))
        own = {self._own.get(line.number) for line in worked}
        self._for_chosen.setCurrentIndex(self._for_chosen.findData(own.pop()) if len(own) == 1 else 0)

    def _put_own(self, _place: int) -> None:
        precedence = self._for_chosen.currentData()
        for line in self.table.chosen:
            if _holds_work(line):
                self._own.pop(line.number, None)
                if precedence is not None:
                    self._own[line.number] = Precedence(precedence)
        self._decide()

    def _decide(self) -> None:
        """Show what the choices come to."""
        plan = self._plan
        if plan is None:
            return
        counts = plan.counts(self.choices)
        shown = self._which.currentData()
        self._which.blockSignals(True)
        self._which.clear()
        self._which.addItem(f"All ({len(plan.lines):,})", None)
        for outcome, words in OUTCOME_WORDS.items():
            if counts[outcome]:
                self._which.addItem(f"{words} ({counts[outcome]:,})", outcome)
        self._which.setCurrentIndex(max(0, self._which.findData(shown)))
        self._which.blockSignals(False)
        written = sum(count for outcome, count in counts.items() if outcome.is_written)
        self.import_button.setEnabled(written > 0)
        self.import_button.setText(
            "Import" if not written else f"Import {written:,} mask{'s' if written > 1 else ''}"
        )
        self._say(plan_sentence(plan, self.choices), "warning" if counts[Outcome.REPLACED] else "muted")
        self._fill()

    def _fill(self) -> None:
        plan = self._plan
        if plan is None:
            return
        choices, wanted = self.choices, self._which.currentData()
        sought = self._search.text().casefold().strip()
        lines = [
            line for line in plan.lines if wanted is None or plan.outcome(line, choices) is Outcome(wanted)
        ]
        if sought:
            lines = [
                line for line in lines if sought in f"{_name(line)} {plan.reason(line, choices)}".casefold()
            ]
        self.table.show_lines(plan, choices, lines)

    def _say(self, sentence: str, role: str) -> None:
        self._told.setText(sentence)
        theme.set_role(self._told, role)

    def _request(self) -> None:
        if self._pause.isActive():
            # Never act on a preview that is older than the answers.
            self._pause.stop()
            self._decide()
        if self._plan is None or not self.import_button.isEnabled() or self._pages.currentIndex() != _PLAN:
            return
        self._is_importing = True
        self._how_far.setText("Importing…")
        self._bar.setRange(0, 0)
        self._show_page(_WAITING)
        self.requested.emit(self._plan, self.choices)

    def _finish(self) -> None:
        self._is_importing = False
        self._show_page(_SUMMARY)
        self._leave.setDefault(True)
        self._leave.setFocus()


def _name(line: PlanLine) -> str:
    return line.picture.path.name if line.picture is not None else line.name or line.source.path.name


def _holds_work(line: PlanLine) -> bool:
    return line.picture is not None and line.picture.holding is Holding.WORK
