"""What an import would do: the choices, the table of pictures under them, and the sentence that sums it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from lsegdiff_gui.annotation.incoming import Precedence
from lsegdiff_gui.formats.import_plan import Choices, ImportPlan, Outcome, PlanLine
from lsegdiff_gui.formats.import_words import OUTCOME_WORDS, name_of, plan_sentence
from lsegdiff_gui.formats.matching import Holding
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import label
from lsegdiff_gui.ui.dialogs.import_choices import PRECEDENCES, ImportChoices
from lsegdiff_gui.ui.dialogs.import_table import ImportTable

_PAUSE_MS = 80  # ten thousand lines take a moment to be decided: wait until clicking and typing pause
_NAMES = 3  # of files that are named above the table


class ImportPreview(QWidget):
    """Shows a plan and asks what it leaves open.

    Signals:
        decided(int): how many pictures would get a mask, after something else was chosen.
        root_wanted(Path): pictures are to be looked for elsewhere than here.
    """

    decided = Signal(int)
    root_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._plan: ImportPlan | None = None
        self._own: dict[int, Precedence] = {}
        self._outcomes: list[Outcome] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._decide)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(self._head())
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

    @property
    def plan(self) -> ImportPlan | None:
        """The plan that is shown."""
        return self._plan

    @property
    def choices(self) -> Choices:
        """What is chosen, that of single pictures included."""
        return replace(self._choices.choices, pictures=dict(self._own))

    @property
    def refusals(self) -> str:
        """What is said of files that were not understood."""
        return self._refused.text()

    @property
    def told(self) -> str:
        """The sentence below the table."""
        return self._told.text()

    def show_plan(self, plan: ImportPlan, paths: Sequence[Path]) -> None:
        """Show what these files would do."""
        self._plan = plan
        self._own.clear()
        self._from.setText(
            ", ".join(path.name for path in paths[:_NAMES]) + (" …" if len(paths) > _NAMES else "")
        )
        self._where.setText(str(plan.root))
        self._refused.setVisible(bool(plan.refused))
        self._refused.setText("\n".join(sentence for _, sentence in plan.refused[:_NAMES]))
        self._choices.show_plan(plan)
        self._decide()

    def choose(self, precedence: Precedence) -> None:
        """Decide for all pictures with work on them."""
        self._choices.choose(precedence)

    def choose_for_selected(self, precedence: Precedence) -> None:
        """Decide for the pictures chosen in the table."""
        self._for_chosen.setCurrentIndex(self._for_chosen.findData(precedence))
        self._put_own()

    def settle(self) -> None:
        """Show what the last choices come to now: nobody acts on a preview that is older than the answers."""
        if self._pause.isActive():
            self._pause.stop()
            self._decide()

    def say(self, sentence: str, role: str) -> None:
        """Say something below the table."""
        self._told.setText(sentence)
        theme.set_role(self._told, role)

    def _head(self) -> QHBoxLayout:
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
        change.clicked.connect(lambda: self.root_wanted.emit(Path(self._where.text())))
        row.addWidget(self._from)
        row.addWidget(label("  pictures in", "muted"))
        row.addWidget(self._where, 1)
        row.addWidget(change)
        return row

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
        self._for_chosen.activated.connect(lambda _place: self._put_own())
        self._for_chosen.setEnabled(False)
        row.addWidget(self._which)
        row.addWidget(self._search, 1)
        row.addWidget(self._for_chosen)
        return row

    def _offer_own(self) -> None:
        worked = [line for line in self.table.chosen if _holds_work(line)]
        self._for_chosen.setEnabled(bool(worked))
        own = {self._own.get(line.number) for line in worked}
        self._for_chosen.setCurrentIndex(self._for_chosen.findData(own.pop()) if len(own) == 1 else 0)

    def _put_own(self) -> None:
        precedence = self._for_chosen.currentData()
        for line in self.table.chosen:
            if _holds_work(line):
                self._own.pop(line.number, None)
                if precedence is not None:
                    self._own[line.number] = Precedence(precedence)
        self._decide()

    def _decide(self) -> None:
        """Show what the choices come to."""
        plan, choices = self._plan, self.choices
        if plan is None:
            return
        self._outcomes = [plan.outcome(line, choices) for line in plan.lines]
        counts = Counter(self._outcomes)
        shown = self._which.currentData()
        self._which.blockSignals(True)
        self._which.clear()
        self._which.addItem(f"All ({len(plan.lines):,})", None)
        for outcome, words in OUTCOME_WORDS.items():
            if counts[outcome]:
                self._which.addItem(f"{words} ({counts[outcome]:,})", outcome)
        self._which.setCurrentIndex(max(0, self._which.findData(shown)))
        self._which.blockSignals(False)
        self.say(plan_sentence(counts), "warning" if counts[Outcome.REPLACED] else "muted")
        self._fill()
        self.decided.emit(sum(count for outcome, count in counts.items() if outcome.is_written))

    def _fill(self) -> None:
        plan = self._plan
        if plan is None:
            return
        choices, wanted = self.choices, self._which.currentData()
        sought = self._search.text().casefold().strip()
        lines = [
            line
            for line, outcome in zip(plan.lines, self._outcomes, strict=True)
            if wanted is None or outcome is Outcome(wanted)
        ]
        if sought:
            lines = [
                line for line in lines if sought in f"{name_of(line)} {plan.reason(line, choices)}".casefold()
            ]
        self.table.show_lines(plan, choices, lines)


def _holds_work(line: PlanLine) -> bool:
    return line.picture is not None and line.picture.holding is Holding.WORK
