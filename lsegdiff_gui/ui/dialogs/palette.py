"""Every command in one list (Ctrl+K): type a few letters, press Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.command_search import Command, search
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, label
from lsegdiff_gui.ui.keymap import native

Index = QModelIndex | QPersistentModelIndex

_SIZE = (600, 520)
_LINE_HEIGHT = 46
_PADDING = 10
_COMMAND = Qt.ItemDataRole.UserRole
_MOVES: dict[int, int] = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -8,
    Qt.Key.Key_PageDown: 8,
}


class PaletteDialog(DialogFrame):
    """Finds a command; `chosen` is its id once the dialog is accepted.

    The arrows move through the list while the field keeps the focus. A command that cannot be given now is grey,
    says why, and is not taken by Enter.
    """

    def __init__(
        self, commands: Sequence[Command], recent: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(
            parent,
            title="Commands",
            text="Type a part of a name, of an explanation, or a key. Enter runs what is marked.",
            sign="mdi6.magnify",
        )
        self.resize(*_SIZE)
        self._commands = tuple(commands)
        self._recent = tuple(recent)
        self._find = QLineEdit()
        self._find.setPlaceholderText("Find a command")
        self._find.setAccessibleName("Find a command")
        self._find.setClearButtonEnabled(True)
        self._find.addAction(theme.icon("mdi6.magnify", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._find.textChanged.connect(self._filter)
        self._find.installEventFilter(self)
        self.body.addWidget(self._find)
        self._model = _Found(self)
        self._list = QListView()
        self._list.setAccessibleName("Commands found")
        self._list.setUniformItemSizes(True)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Line(self._list))
        self._list.selectionModel().currentChanged.connect(lambda *_: self._follow())
        self.body.addWidget(self._list, 1)
        self._nothing = label("No command has this name or key.", "muted")
        self.body.addWidget(self._nothing)
        self.add_button("Cancel").clicked.connect(self.reject)
        self._run = self.add_button("Run", default=True)
        self._run.clicked.connect(self.accept)
        self._list.doubleClicked.connect(lambda _index: self._run.click())
        self._filter("")
        self._find.setFocus()

    @property
    def found(self) -> list[Command]:
        """What is listed, in order."""
        return list(self._model.commands)

    @property
    def chosen(self) -> str | None:
        """The id of the marked command if it can be given now."""
        command = self._list.currentIndex().data(_COMMAND)
        return command.id if isinstance(command, Command) and not command.obstacle else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the mark in the list by keys that the field has no use for."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _MOVES.get(event.key())
            if step is not None:
                self._mark(self._list.currentIndex().row() + step)
                return True
        return super().eventFilter(watched, event)

    def _filter(self, typed: str) -> None:
        self._model.show_commands(search(typed, self._commands, self._recent))
        self._list.setVisible(bool(self._model.commands))
        self._nothing.setVisible(not self._model.commands)
        self._mark(0)
        self._follow()

    def _mark(self, row: int) -> None:
        row = min(max(row, 0), len(self._model.commands) - 1)
        self._list.setCurrentIndex(self._model.index(row))

    def _follow(self) -> None:
        self._run.setEnabled(self.chosen is not None)


class _Found(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.commands: tuple[Command, ...] = ()

    def show_commands(self, commands: Sequence[Command]) -> None:
        self.beginResetModel()
        self.commands = tuple(commands)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.commands)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        command = self.commands[index.row()]
        if role == _COMMAND:
            return command
        if role == Qt.ItemDataRole.DisplayRole:
            return command.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            keys = " or ".join(map(native, command.keys))
            return ", ".join(filter(None, (command.name, keys, command.obstacle or command.help)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return command.help
        return None


class _Line(QStyledItemDelegate):
    """Name and keys in one line; below them what the command does, or why it cannot be given."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, _LINE_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        command: Command = index.data(_COMMAND)
        # The list seldom has the focus, and the mark is no less a mark for it: it is pale where Enter does nothing.
        active = QStyle.StateFlag.State_Active
        option.state = option.state & ~active if command.obstacle else option.state | active
        widget: QWidget | None = option.widget
        style = widget.style() if widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        tones = theme.tones()
        bright = bool(option.state & QStyle.StateFlag.State_Selected) and not command.obstacle
        marked = option.palette.color(QPalette.ColorRole.HighlightedText)
        grey = tones.disabled if command.obstacle else tones.muted
        painter.save()
        area = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        upper = QRect(area.left(), area.top() + 4, area.width(), area.height() // 2 - 4)
        lower = QRect(area.left(), area.center().y(), area.width(), area.height() // 2 - 3)
        keys = "   ".join(map(native, command.keys))
        painter.setPen(marked if bright else grey)
        painter.drawText(upper, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, keys)
        if not bright and not command.obstacle:
            painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        room = upper.width() - painter.fontMetrics().horizontalAdvance(keys) - _PADDING
        _elided(painter, QRect(upper.left(), upper.top(), room, upper.height()), command.name)
        small = QFont(painter.font())
        small.setPointSizeF(max(7.0, small.pointSizeF() - 1))
        painter.setFont(small)
        # The reason is to be read, so it is not as faint as the name.
        painter.setPen(marked if bright else tones.muted)
        _elided(painter, lower, command.obstacle or command.help)
        painter.restore()


def _elided(painter: QPainter, area: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
