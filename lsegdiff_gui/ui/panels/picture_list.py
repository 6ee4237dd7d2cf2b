"""The list at the left: every opened picture with thumbnail and status, a filter, and how far the work is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.picture_delegate import PictureDelegate
from lsegdiff_gui.ui.panels.picture_model import FINISHED, Entry, PictureFilter, PictureModel, Role

_FILTERS: tuple[tuple[str, frozenset[Status] | None], ...] = (
    ("All pictures", None),
    ("Unfinished", frozenset(Status) - FINISHED),
    ("New", frozenset({Status.NEW})),
    ("Drafted", frozenset({Status.DRAFTED})),
    ("In progress", frozenset({Status.IN_PROGRESS})),
    ("Done", frozenset({Status.DONE, Status.APPROVED})),
    ("No lesion", frozenset({Status.NO_LESION})),
    ("Flagged", frozenset({Status.FLAGGED, Status.REJECTED})),
)


class PictureList(QWidget):
    """Shows a `PictureModel`. Signals: picked(int picture id) when the user goes to another picture."""

    picked = Signal(int)

    def __init__(self, model: PictureModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._shown = PictureFilter(model, self)
        # While the program moves the list itself, nobody has picked anything.
        self._selecting = False
        # Ten thousand pictures that are drafted in a row must not be counted ten thousand times.
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(50)
        self._recount.timeout.connect(self._count)
        self.words = QLineEdit()
        self.words.setPlaceholderText("Filter by name")
        self.words.setClearButtonEnabled(True)
        self.words.setAccessibleName("Filter the pictures by name")
        self.status = QComboBox()
        self.status.setAccessibleName("Filter the pictures by status")
        for text, statuses in _FILTERS:
            self.status.addItem(text, statuses)
        self.view = QListView()
        self.view.setAccessibleName("Pictures")
        self.view.setModel(self._shown)
        self.view.setItemDelegate(PictureDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.count = QLabel()
        self.count.setAccessibleName("How far the work is")
        theme.set_role(self.count, "muted")

        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addWidget(self.words)
        column.addWidget(self.status)
        column.addWidget(self.view, 1)
        column.addWidget(self.count)

        self.words.textChanged.connect(self._shown.set_words)
        self.words.returnPressed.connect(self.view.setFocus)
        self.status.currentIndexChanged.connect(lambda: self._shown.set_statuses(self.status.currentData()))
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        shown = self._shown
        for signal in (
            model.modelReset,
            model.dataChanged,
            shown.rowsInserted,
            shown.rowsRemoved,
            shown.layoutChanged,
        ):
            signal.connect(self._count_soon)
        self._count()

    @property
    def current(self) -> int:
        """The id of the picture the list stands on, -1 for none."""
        entry = self.view.currentIndex().data(Role.ENTRY)
        return entry.row.id if isinstance(entry, Entry) else -1

    def select(self, picture_id: int) -> None:
        """Stand on a picture without telling anyone; a picture that is filtered out leaves the list alone."""
        index = self._shown.mapFromSource(self._model.index(self._model.line_of(picture_id)))
        if index.isValid() and index != self.view.currentIndex():
            self._selecting = True
            self.view.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self._selecting = False
            self.view.scrollTo(index)

    def neighbour(
        self, picture_id: int, step: int, wanted: Callable[[Entry], bool] = lambda _entry: True
    ) -> int | None:
        """The nearest shown picture before (-1) or after (+1) this one that is wanted; None at the end."""
        index = self._shown.mapFromSource(self._model.index(self._model.line_of(picture_id)))
        beyond = -1 if step > 0 else self._shown.rowCount()
        line = (index.row() if index.isValid() else beyond) + step
        while 0 <= line < self._shown.rowCount():
            entry = self._shown.index(line, 0).data(Role.ENTRY)
            if isinstance(entry, Entry) and wanted(entry):
                return int(entry.row.id)
            line += step
        return None

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        entry = current.data(Role.ENTRY)
        if isinstance(entry, Entry) and not self._selecting:
            self.picked.emit(entry.row.id)

    def _count_soon(self, *_: object) -> None:
        self._recount.start()

    def _count(self) -> None:
        entries = self._model.entries
        done = sum(entry.row.status in FINISHED for entry in entries)
        shown = self._shown.rowCount()
        words = "1 picture" if len(entries) == 1 else f"{len(entries)} pictures"
        if shown != len(entries):
            words = f"{shown} of {words}"
        self.count.setText(f"{words} · {done} done" if entries else "No pictures yet")
