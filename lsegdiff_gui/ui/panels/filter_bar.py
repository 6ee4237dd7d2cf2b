"""Above the list of pictures: what is searched for, which pictures are shown, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.annotation.labels import Label, Status
from lsegdiff_gui.project.catalogue import Order, Query
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.controls import NoAccidentalWheel
from lsegdiff_gui.ui.panels.picture_model import FINISHED, STATUS_WORDS

_STATUSES: tuple[tuple[str, frozenset[Status] | None], ...] = (
    ("All pictures", None),
    ("Unfinished", frozenset(Status) - FINISHED),
    *((STATUS_WORDS[status], frozenset({status})) for status in Status),
)
# What it is sorted by, and whether the interesting end is the large one.
_ORDERS: tuple[tuple[str, Order, bool], ...] = (
    ("As added", Order.PLACE, False),
    ("Name", Order.NAME, False),
    ("Least certain", Order.SPREAD, True),
    ("Last changed", Order.CHANGED, True),
    ("Status", Order.STATUS, False),
    ("Annotator", Order.ANNOTATOR, False),
    ("Note", Order.NOTE, False),
)
_NOTED = (("Any note or none", None), ("With a note", True), ("Without a note", False))
_SPREADS = (("Any certainty", None), ("Samples agree below 90 %", 0.1), ("Samples agree below 80 %", 0.2))
_DAYS = (
    ("Changed at any time", None),
    ("Changed today", 0),
    ("Changed in 7 days", 6),
    ("Changed in 30 days", 29),
)
# Between two letters of a quick hand nobody waits for what is found.
_TYPING_MS = 120


class FilterBar(QWidget):
    """Makes a `Query`. Signals: changed(Query)."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._query = Query()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._tell)
        self.words = QLineEdit()
        self.words.setPlaceholderText("Search names and notes")
        self.words.setClearButtonEnabled(True)
        self.words.setAccessibleName("Search names and notes")
        self.status = _box("Filter the pictures by status", [(text, kept) for text, kept in _STATUSES])
        self.order = _box("Sort the pictures by", [(text, order) for text, order, _ in _ORDERS])
        self.direction = QToolButton()
        self.direction.setCheckable(True)
        self.direction.setAccessibleName("Turn the order around")
        self.more = QToolButton()
        self.more.setCheckable(True)
        self.more.setIcon(theme.icon("mdi6.filter-variant"))
        self.more.setToolTip("More filters: label, annotator, note, certainty, date")
        self.more.setAccessibleName("More filters")
        self.label = _box("Filter the pictures by label", [("Any label", None)])
        self.annotator = _box("Filter the pictures by annotator", [("Any annotator", None)])
        self.noted = _box("Filter the pictures by note", _NOTED)
        self.spread = _box("Filter the pictures by how certain the draft is", _SPREADS)
        self.since = _box("Filter the pictures by date", _DAYS)
        self._boxes = (
            self.status,
            self.order,
            self.label,
            self.annotator,
            self.noted,
            self.spread,
            self.since,
        )
        self._wheel = NoAccidentalWheel(self)
        self._wheel.guard(*self._boxes)
        self._lay_out()
        self._show_direction()
        self.words.textChanged.connect(lambda _text: self._typing.start())
        for box in self._boxes:
            box.activated.connect(self._tell)
        self.order.activated.connect(self._order_chosen)
        self.direction.clicked.connect(self._turned)
        self.more.toggled.connect(self._show_more)

    @property
    def query(self) -> Query:
        """What is chosen."""
        return self._query

    def sort_by(self, order: Order) -> bool:
        """Choose an order, its interesting end first; whether it was another before."""
        before = self._query
        self.order.setCurrentIndex(self.order.findData(order))
        self._order_chosen()
        return self._query != before

    def offer(self, action: QAction) -> None:
        """Show a command as a button beside the order."""
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAccessibleName(action.text().replace("&", ""))
        self._second.addWidget(button)

    def clear(self) -> None:
        """Show all pictures again; the order stays."""
        for box in self._boxes:
            if box is not self.order:
                box.setCurrentIndex(0)
        with QSignalBlocker(self.words):
            self.words.clear()
        self._tell()

    def show_labels(self, labels: Sequence[Label]) -> None:
        """Offer the project's labels."""
        _offer(self.label, [("Any label", None), *((label.name, label.id) for label in labels)])

    def show_annotators(self, names: Sequence[str]) -> None:
        """Offer those who have worked on the pictures."""
        _offer(self.annotator, [("Any annotator", None), *((name, name) for name in names)])

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(theme.GAP // 2)
        first.addWidget(self.status, 1)
        first.addWidget(self.more)
        second = self._second = QHBoxLayout()
        second.setSpacing(theme.GAP // 2)
        self.order.setToolTip("Sort by")
        second.addWidget(self.order, 1)
        second.addWidget(self.direction)
        self._drawer = QWidget()
        grid = QGridLayout(self._drawer)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.GAP // 2)
        for line, box in enumerate((self.label, self.annotator, self.noted, self.spread, self.since)):
            grid.addWidget(box, line, 0)
        self._drawer.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.words)
        column.addLayout(first)
        column.addWidget(self._drawer)
        column.addLayout(second)

    def _show_more(self, shown: bool) -> None:
        self._drawer.setVisible(shown)
        if not shown:
            # A filter that is out of sight would hide pictures without a reason that can be seen.
            for box in (self.label, self.annotator, self.noted, self.spread, self.since):
                box.setCurrentIndex(0)
            self._tell()

    def _order_chosen(self) -> None:
        self.direction.setChecked({order: large for _, order, large in _ORDERS}[self.order.currentData()])
        self._turned()

    def _turned(self) -> None:
        self._show_direction()
        self._tell()

    def _show_direction(self) -> None:
        down = self.direction.isChecked()
        self.direction.setIcon(theme.icon("mdi6.sort-descending" if down else "mdi6.sort-ascending"))
        self.direction.setToolTip("Largest or last first" if down else "Smallest or first first")

    def _tell(self) -> None:
        self._typing.stop()
        days = self.since.currentData()
        midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        query = Query(
            words=tuple(self.words.text().split()),
            statuses=self.status.currentData(),
            label=self.label.currentData(),
            annotator=self.annotator.currentData(),
            noted=self.noted.currentData(),
            least_spread=self.spread.currentData(),
            changed_since=None
            if days is None
            else (midnight - timedelta(days=days)).astimezone(UTC).isoformat(timespec="milliseconds"),
            order=self.order.currentData(),
            descending=self.direction.isChecked(),
        )
        if query != self._query:
            self._query = query
            self.changed.emit(query)


def _box(name: str, choices: Sequence[tuple[str, object]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    # As wide as the panel allows, not as its longest entry asks.
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    for text, data in choices:
        box.addItem(text, data)
    return box


def _offer(box: QComboBox, choices: Sequence[tuple[str, object]]) -> None:
    """Change what can be chosen; what is chosen stays, if it is still there."""
    if [(box.itemText(line), box.itemData(line)) for line in range(box.count())] == list(choices):
        return
    chosen = box.currentData()
    with QSignalBlocker(box):
        box.clear()
        for text, data in choices:
            box.addItem(text, data)
        box.setCurrentIndex(max(0, box.findData(chosen)))
