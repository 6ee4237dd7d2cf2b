"""The instances of the picture in the Labels panel: how many, and how large each is."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTreeView, QVBoxLayout, QWidget

from lsegdiff_gui.annotation.instance_sizes import InstanceSize
from lsegdiff_gui.annotation.labels import Labels
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.label_row import swatch

_HEADS = ("No.", "Label", "Pixels", "%")
_LABEL_COLUMN = 1
# The list scrolls beyond these; the panels below it must stay at hand.
_ROWS = 6
_SWATCH = 12

Index = QModelIndex | QPersistentModelIndex


class InstanceModel(QAbstractTableModel):
    """A row an instance: number, label, area in pixels and in percent of the picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sizes: tuple[InstanceSize, ...] = ()
        self._whole = 1
        self._names: dict[int, str] = {}
        self._icons: dict[int, QIcon] = {}

    @property
    def sizes(self) -> tuple[InstanceSize, ...]:
        """What the rows are."""
        return self._sizes

    def show(self, sizes: tuple[InstanceSize, ...], whole: int) -> None:
        """Show these; whole: pixels of the picture."""
        self.beginResetModel()
        self._sizes, self._whole = sizes, max(whole, 1)
        self.endResetModel()

    def show_labels(self, labels: Labels) -> None:
        """Call them so, and show their colours."""
        self.beginResetModel()
        self._names = {label.id: label.name for label in labels}
        self._icons = {label.id: swatch(label.colour) for label in labels}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """Instances."""
        return 0 if parent.isValid() else len(self._sizes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """What is told of each."""
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The heads of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, the label's colour, and what a screen reader says."""
        size = self._sizes[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(size)[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == _LABEL_COLUMN:
            return self._icons.get(size.label, QColor())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            number, name, pixels, percent = self._words(size)
            return f"Instance {number}, {name}, {pixels} pixels, {percent} %"
        return None

    def _words(self, size: InstanceSize) -> tuple[str, str, str, str]:
        name = self._names.get(size.label, f"Label {size.label}")
        return str(size.number), name, f"{size.pixels:,}", share_words(size.pixels, self._whole)


class InstanceList(QWidget):
    """How many instances there are, and a list of them.

    Signals:
        instance_wanted(Box): this one is to be looked at.
        instance_pointed(Box or None): the pointer, or the keyboard, is on this one.
        came_in_sight(): it was not seen before, so nobody has counted.
    """

    instance_wanted = Signal(object)
    instance_pointed = Signal(object)
    came_in_sight = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = InstanceModel(self)
        self.count = QLabel()
        # A large picture's long sentence must not widen the column of panels.
        self.count.setWordWrap(True)
        theme.set_role(self.count, "muted")
        self.view = QTreeView()
        self.view.setAccessibleName("Instances")
        self.view.setAccessibleDescription("Enter shows the chosen one large")
        self.view.setToolTip("Click one to see it large")
        self.view.setModel(self.model)
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)
        self.view.setIconSize(QSize(_SWATCH, _SWATCH))
        self.view.setMouseTracking(True)
        self.view.setAllColumnsShowFocus(True)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A click leaves the keys with the canvas.
        self.view.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        header = self.view.header()
        header.setSectionsClickable(False)
        header.setStretchLastSection(False)
        for column in range(len(_HEADS)):
            mode = QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch if column == _LABEL_COLUMN else mode
            )
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, theme.GAP // 2, 0, 0)
        column_layout.setSpacing(theme.GAP // 2)
        column_layout.addWidget(self.count)
        column_layout.addWidget(self.view)
        self.view.entered.connect(self._point)
        self.view.clicked.connect(self._want)
        self.view.activated.connect(self._want)
        self.view.selectionModel().currentChanged.connect(lambda now, _before: self._point(now))
        self.view.viewport().installEventFilter(self)
        self.view.installEventFilter(self)
        self.show_sizes(None, 1)

    def show_sizes(self, sizes: tuple[InstanceSize, ...] | None, whole: int) -> None:
        """Show these instances, or with None that nobody has counted yet. whole: pixels of the picture."""
        self.instance_pointed.emit(None)
        self.model.show(sizes or (), whole)
        self.count.setText("" if sizes is None else _count_words(sizes, whole))
        self.view.setVisible(bool(sizes))
        rows = min(len(sizes or ()), _ROWS)
        if rows:
            frame = 2 * self.view.frameWidth() + 4
            head = self.view.header().sizeHint().height()
            self.view.setFixedHeight(head + frame + rows * self.view.sizeHintForRow(0))

    def show_labels(self, labels: Labels) -> None:
        """Names and colours of the labels."""
        self.model.show_labels(labels)

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        """The pointer or the keyboard has left the list."""
        if event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
            self.instance_pointed.emit(None)
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        """Have the instances counted."""
        super().showEvent(event)
        self.came_in_sight.emit()

    def _point(self, index: QModelIndex) -> None:
        if index.isValid():
            self.instance_pointed.emit(self.model.sizes[index.row()].box)

    def _want(self, index: QModelIndex) -> None:
        if index.isValid():
            self.instance_wanted.emit(self.model.sizes[index.row()].box)


def share_words(pixels: int, whole: int) -> str:
    """A share in percent; of a speck that there is some."""
    percent = 100 * pixels / whole
    return "< 0.01" if 0 < percent < 0.01 else f"{percent:.2f}"


def _count_words(sizes: tuple[InstanceSize, ...], whole: int) -> str:
    if not sizes:
        return "No instance"
    count = "1 instance" if len(sizes) == 1 else f"{len(sizes):,} instances"
    pixels = sum(size.pixels for size in sizes)
    return f"{count}, {pixels:,} pixels, {share_words(pixels, whole)} % of the picture"


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column > _LABEL_COLUMN else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
