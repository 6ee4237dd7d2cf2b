"""What an import would do to each picture, as a table of any length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from lsegdiff_gui.formats.import_plan import Choices, ImportPlan, Outcome, PlanLine
from lsegdiff_gui.formats.import_words import OUTCOME_WORDS, name_of
from lsegdiff_gui.ui import theme

Index = QModelIndex | QPersistentModelIndex

_HEADINGS = ("Picture", "What happens", "Why, and what to know")
_SIGNS = {
    Outcome.NEW: ("mdi6.plus-circle-outline", "success"),
    Outcome.OVER_DRAFT: ("mdi6.plus-circle-outline", "success"),
    Outcome.REPLACED: ("mdi6.swap-horizontal-circle-outline", "warning"),
    Outcome.BENEATH: ("mdi6.layers-plus", "success"),
    Outcome.KEPT: ("mdi6.lock-outline", "muted"),
    Outcome.LEFT_OUT: ("mdi6.minus-circle-outline", "danger"),
}
_ROW = 26
_PICTURE_WIDTH, _OUTCOME_WIDTH = 210, 190


class _Lines(QAbstractTableModel):
    """Hands out only the lines that are seen, so that ten thousand of them cost nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[PlanLine] = ()
        self._plan: ImportPlan | None = None
        self._choices = Choices()
        self._icons = {outcome: theme.icon(*sign) for outcome, sign in _SIGNS.items()}

    def show_lines(self, plan: ImportPlan, choices: Choices, lines: Sequence[PlanLine]) -> None:
        self.beginResetModel()
        self._plan, self._choices, self.lines = plan, choices, lines
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return _HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, plan = self.lines[index.row()], self._plan
        if plan is None:
            return None
        outcome = plan.outcome(line, self._choices)
        words = self._words(line, outcome)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1:
            return self._icons[outcome]
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(line.picture.path) if index.column() == 0 and line.picture else words
        return None

    def _words(self, line: PlanLine, outcome: Outcome) -> tuple[str, str, str]:
        assert self._plan is not None
        happens = OUTCOME_WORDS[outcome]
        if outcome.is_written and line.picture is not None and not line.picture.id:
            happens = "Added, with its mask"
        told = [self._plan.reason(line, self._choices), *line.remarks]
        if outcome.is_written and not line.categories and not line.remarks:
            told.append("The file marks nothing in it: the mask is empty.")
        return name_of(line), happens, " ".join(filter(None, told))


class ImportTable(QTableView):
    """Shows the lines of a plan; some of them can be chosen together."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What happens to each picture")
        self._model = _Lines()
        self._model.setParent(self)
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setAccessibleName("Columns")
        self.verticalHeader().setAccessibleName("Rows")
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setColumnWidth(0, _PICTURE_WIDTH)
        self.setColumnWidth(1, _OUTCOME_WIDTH)

    def show_lines(self, plan: ImportPlan, choices: Choices, lines: Sequence[PlanLine]) -> None:
        """Show these lines, as they are for these choices; those that were chosen stay chosen."""
        chosen = {line.number for line in self.chosen}
        self._model.show_lines(plan, choices, lines)
        for place, line in enumerate(lines if chosen else ()):
            if line.number in chosen:
                self.selectionModel().select(
                    self._model.index(place, 0),
                    self.selectionModel().SelectionFlag.Select | self.selectionModel().SelectionFlag.Rows,
                )

    @property
    def chosen(self) -> list[PlanLine]:
        """The lines that are selected."""
        return [self._model.lines[index.row()] for index in self.selectionModel().selectedRows()]

    @property
    def words(self) -> list[tuple[str, ...]]:
        """What is shown, line by line."""
        return [
            tuple(self._model.data(self._model.index(row, column)) for column in range(len(_HEADINGS)))
            for row in range(self._model.rowCount())
        ]
