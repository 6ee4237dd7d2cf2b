"""The list at the left: filters, every picture with thumbnail and status, its note, and how far the work is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListView, QVBoxLayout, QWidget

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.batch_panel import BatchPanel
from lsegdiff_gui.ui.panels.filter_bar import FilterBar
from lsegdiff_gui.ui.panels.note_field import NoteField
from lsegdiff_gui.ui.panels.picture_delegate import PictureDelegate
from lsegdiff_gui.ui.panels.picture_model import FINISHED, PictureModel

# Lines above and below those in sight whose thumbnails are worth having.
_AROUND = 4


class PictureList(QWidget):
    """Shows a `PictureModel`. Signals: picked(int picture id) when the user goes to another picture."""

    picked = Signal(int)

    def __init__(self, model: PictureModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        # While the program moves the list itself, nobody has picked anything.
        self._selecting = False
        self._current = -1
        # Where the current picture stands, or stood before a filter took it: going on starts there.
        self._line = -1
        # Ten thousand pictures that are drafted in a row must not be counted ten thousand times.
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(50)
        self._recount.timeout.connect(self._count)
        self.filters = FilterBar()
        self.view = QListView()
        self.view.setAccessibleName("Pictures")
        # Before the view, which moves on from a line that goes: nobody has picked that one.
        model.rowsAboutToBeRemoved.connect(self._lines_go)
        self.view.setModel(model)
        self.view.setItemDelegate(PictureDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.note = NoteField()
        self.batch = BatchPanel()
        self.count = QLabel()
        self.count.setAccessibleName("How far the work is")
        self.count.setWordWrap(True)
        theme.set_role(self.count, "muted")
        self._survey = ""

        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addWidget(self.filters)
        column.addWidget(self.view, 1)
        column.addWidget(self.note)
        column.addWidget(self.batch)
        column.addWidget(self.count)

        self.filters.words.returnPressed.connect(self.view.setFocus)
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        model.looks_changed.connect(self._paint_lines)
        model.modelReset.connect(self._stand_again)
        model.rowsRemoved.connect(self._lines_gone)
        model.rowsInserted.connect(self._lines_came)
        model.found_shown.connect(self._count_soon)
        self._count()

    @property
    def current(self) -> int:
        """The id of the picture the list stands on, -1 for none."""
        index = self.view.currentIndex()
        return self._model.ids[index.row()] if index.isValid() else -1

    @property
    def selected(self) -> list[int]:
        """The ids of the selected pictures, in the list's order."""
        return sorted(
            (self._model.ids[index.row()] for index in self.view.selectionModel().selectedIndexes()),
            key=self._model.line_of,
        )

    def in_sight(self) -> set[int]:
        """The ids of the lines that can be seen, and of a few around them."""
        height = self.view.viewport().height()
        line = self.view.sizeHintForRow(0) or 1
        top = self.view.verticalScrollBar().value() // line
        first, last = max(0, top - _AROUND), top + height // line + 1 + _AROUND
        return set(self._model.ids[first : last + 1])

    def _paint_lines(self, picture_ids: Sequence[int]) -> None:
        """Paint these anew, and nothing else: while the list is scrolled, lines come in by the dozen."""
        for picture_id in picture_ids:
            if (line := self._model.line_of(picture_id)) >= 0:
                self.view.update(self._model.index(line))

    def select(self, picture_id: int) -> None:
        """Stand on a picture without telling anyone; a picture that is filtered out leaves the list alone."""
        self._current = picture_id
        line = self._model.line_of(picture_id)
        index = self._model.index(line)
        if not index.isValid():
            return
        self._line = line
        if index != self.view.currentIndex():
            self._selecting = True
            self.view.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self._selecting = False
        self.view.scrollTo(index)

    def neighbour(
        self, picture_id: int, step: int, wanted: Callable[[Status], bool] = lambda _status: True
    ) -> int | None:
        """The nearest shown picture before (-1) or after (+1) this one whose status is wanted; None at the end."""
        line = self._model.line_of(picture_id) + step
        if line - step < 0:
            # Not in the list: between the two that closed up when it went, or beyond either end.
            beyond = -1 if step > 0 else len(self._model.ids)
            stood = self._line if picture_id == self._current else -1
            line = beyond + step if stood < 0 else stood + min(step, 0)
        while 0 <= line < len(self._model.ids):
            if wanted(self._model.statuses[line]):
                return self._model.ids[line]
            line += step
        return None

    def tell_survey(self, words: str) -> None:
        """Say how far the look into new files is; "" when there is nothing to say."""
        self._survey = words
        self._count_soon()

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._selecting:
            self._current, self._line = self._model.ids[current.row()], current.row()
            self.picked.emit(self._current)

    def _lines_go(self, *_: object) -> None:
        self._selecting = True

    def _lines_gone(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._selecting = False
        if self._model.line_of(self._current) < 0 and last < self._line:
            self._line -= last - first + 1
        self._stand_again()

    def _lines_came(self, *_: object) -> None:
        """The current picture may be among them: it is read, and seen, before the list of all is there."""
        if self.current != self._current:
            self.select(self._current)

    def _stand_again(self) -> None:
        """The lines have moved under the current picture; where it went, no other is picked instead."""
        line = self._model.line_of(self._current)
        if line >= 0:
            self.select(self._current)
        else:
            self._selecting = True
            self.view.selectionModel().clear()
            self._selecting = False

    def _count_soon(self, *_: object) -> None:
        self._recount.start()

    def _count(self) -> None:
        counts = self._model.found.counts
        listed, shown = self._model.found.listed, len(self._model.ids)
        done = sum(count for status, count in counts.items() if status in FINISHED)
        words = "1 picture" if listed == 1 else f"{listed:,} pictures"
        if shown != listed:
            words = f"{shown:,} of {words}"
        words = f"{words} · {done:,} done" if listed else "No pictures yet"
        self.count.setText(f"{words}\n{self._survey}" if self._survey else words)
