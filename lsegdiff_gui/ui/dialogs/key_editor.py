"""The editor of keys: every command with its keys, changed by pressing the new ones."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.action_table import ActionSpec
from lsegdiff_gui.ui.command_search import Command, search
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, card, label
from lsegdiff_gui.ui.dialogs.key_field import KeyField
from lsegdiff_gui.ui.keymap import KeyMap, native, refusal

_SIZE = (760, 680)
_FIELD_WIDTH = 220
_ID = Qt.ItemDataRole.UserRole
_MOVE = QAbstractItemView.CursorAction
_BACK = (_MOVE.MoveUp, _MOVE.MovePrevious, _MOVE.MovePageUp)


class KeyEditorDialog(DialogFrame):
    """Changes a map of keys; `keymap` is what it shows, to be taken over when the dialog is accepted."""

    def __init__(self, keymap: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            title="Change the keys",
            text="A command can have several keys; the first is shown in menus. Hold Ctrl, Alt or Shift with a key.",
            sign="mdi6.keyboard-settings-outline",
        )
        self.resize(*_SIZE)
        self._keymap = keymap
        self._find = QLineEdit()
        self._find.setPlaceholderText("Find a command or a key")
        self._find.setAccessibleName("Find a command or a key")
        self._find.setClearButtonEnabled(True)
        self._find.addAction(theme.icon("mdi6.magnify", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._find.textChanged.connect(lambda _typed: self._filter())
        self.body.addWidget(self._find)
        self._changing = _Changing()
        self._table = _Table(keymap.specs)
        self._table.currentItemChanged.connect(lambda *_: self._show_command())
        self._table.itemDoubleClicked.connect(lambda *_: self._changing.field.setFocus())
        self.body.addWidget(self._table, 1)
        self._nothing = label("No command has this name or key.", "muted")
        self._nothing.hide()
        self.body.addWidget(self._nothing)
        self._changing.field.key_pressed.connect(self._pressed)
        self._changing.take_over.clicked.connect(self._take_over)
        self._changing.leave.clicked.connect(self._leave)
        self._changing.reset.clicked.connect(self._reset)
        self.body.addWidget(self._changing)
        self._reset_all = self.add_button("Reset all", at_left=True)
        self._reset_all.setAccessibleDescription("Give every command its default keys")
        self._reset_all.clicked.connect(lambda: self._put(self._keymap.reset_all()))
        self.add_button("Cancel").clicked.connect(self.reject)
        self.add_button("Save", default=True).clicked.connect(self.accept)
        # What "Take it over" would do: this map, once it is asked for.
        self._offered: KeyMap | None = None
        self._put(keymap)
        self._find.setFocus()

    @property
    def keymap(self) -> KeyMap:
        """The keys as the dialog shows them."""
        return self._keymap

    @property
    def shown(self) -> list[str]:
        """The ids of the commands that match what is typed."""
        return self._table.shown

    def select(self, action_id: str) -> None:
        """Go to a command."""
        self._table.select(action_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the list goes on to the field; only elsewhere it saves."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.focusWidget() in (self._find, self._table):
            self._changing.field.setFocus()
        else:
            super().keyPressEvent(event)

    def _put(self, keymap: KeyMap) -> None:
        self._keymap = keymap
        self._table.show_keys(keymap)
        self._reset_all.setEnabled(any(not keymap.is_default(spec.id) for spec in keymap.specs))
        self._filter()
        self._show_command()

    def _filter(self) -> None:
        commands = [
            Command(
                spec.id,
                spec.name,
                spec.section,
                spec.help,
                (*self._keymap.keys(spec.id), *map(native, self._keymap.keys(spec.id))),
            )
            for spec in self._keymap.specs
        ]
        self._table.show_only({command.id for command in search(self._find.text(), commands)})
        self._table.setVisible(bool(self._table.shown))
        self._nothing.setVisible(not self._table.shown)

    def _show_command(self) -> None:
        self._offered = None
        spec = self._table.current
        self._changing.show_command(spec, self._keymap)
        for button, key in self._changing.removers:
            button.clicked.connect(lambda _checked=False, key=key: self._remove(key))

    def _pressed(self, key: str) -> None:
        spec = self._table.current
        if spec is None:
            return
        owner = self._keymap.owner(key)
        reason = refusal(key)
        if owner is spec:
            self._say(f"{native(key)} is a key of “{spec.name}” already.")
        elif reason:
            self._say(reason)
        elif owner is not None:
            taken = self._keymap.with_key(spec.id, key)
            self._say(f"{native(key)} is a key of “{owner.name}”.", taken)
        else:
            self._put(self._keymap.with_key(spec.id, key))

    def _remove(self, key: str) -> None:
        spec = self._table.current
        if spec is not None:
            self._put(self._keymap.without_key(spec.id, key))
            self._changing.field.setFocus()

    def _reset(self) -> None:
        spec = self._table.current
        if spec is None:
            return
        lent = self._keymap.lent(spec.id)
        if lent:
            whose = ", ".join(f"{native(key)} is a key of “{owner.name}”" for key, owner in lent)
            self._say(f"{whose}.", self._keymap.reset(spec.id))
        else:
            self._put(self._keymap.reset(spec.id))

    def _take_over(self) -> None:
        if self._offered is not None:
            self._put(self._offered)
            self._changing.field.setFocus()

    def _leave(self) -> None:
        self._say("")
        self._changing.field.setFocus()

    def _say(self, sentence: str, offered: KeyMap | None = None) -> None:
        self._offered = offered
        self._changing.say(sentence, asks=offered is not None)


class _Table(QTreeWidget):
    """Commands by section: name, keys, default keys. Those that were changed stand out."""

    def __init__(self, specs: Iterable[ActionSpec]) -> None:
        super().__init__()
        self.setAccessibleName("Commands and their keys")
        self.setHeaderLabels(["Command", "Keys", "Default"])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setItemsExpandable(False)
        self.setIndentation(0)
        self.setAllColumnsShowFocus(True)
        self._specs = {spec.id: spec for spec in specs}
        self._lines: dict[str, QTreeWidgetItem] = {}
        sections: dict[str, QTreeWidgetItem] = {}
        bold = QFont(self.font())
        bold.setBold(True)
        for spec in self._specs.values():
            if spec.section not in sections:
                heading = QTreeWidgetItem(self, [spec.section])
                heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
                heading.setForeground(0, QColor(theme.tones().muted))
                heading.setFont(0, bold)
                heading.setFirstColumnSpanned(True)
                sections[spec.section] = heading
            line = QTreeWidgetItem(sections[spec.section], [spec.name, "", _written(spec.keys)])
            line.setData(0, _ID, spec.id)
            line.setToolTip(0, spec.help)
            self._lines[spec.id] = line
        self.expandAll()
        header = self.header()
        header.setAccessibleName("Columns of the commands")
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.select(next(iter(self._lines)))

    @property
    def current(self) -> ActionSpec | None:
        """The command that is marked, if it is listed now."""
        line = self.currentItem()
        if line is None or line.isHidden():
            return None
        return self._specs.get(line.data(0, _ID) or "")

    @property
    def shown(self) -> list[str]:
        """The ids of the commands listed now."""
        return [action_id for action_id, line in self._lines.items() if not line.isHidden()]

    def select(self, action_id: str) -> None:
        """Mark a command."""
        self.setCurrentItem(self._lines[action_id])

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """The arrows go over the headings."""
        to = super().moveCursor(action, modifiers)
        if to.isValid() and to.data(_ID) is None:
            to = self.indexAbove(to) if action in _BACK else self.indexBelow(to)
        return to if to.isValid() else self.currentIndex()

    def show_keys(self, keymap: KeyMap) -> None:
        """Show the keys of all commands."""
        for action_id, line in self._lines.items():
            changed = not keymap.is_default(action_id)
            line.setText(1, _written(keymap.keys(action_id)))
            font = QFont(self.font())
            font.setBold(changed)
            line.setFont(1, font)
            line.setData(1, Qt.ItemDataRole.AccessibleDescriptionRole, "not the default" if changed else None)

    def show_only(self, ids: set[str]) -> None:
        """List these commands, and mark the first of them if the marked one is not among them."""
        for action_id, line in self._lines.items():
            line.setHidden(action_id not in ids)
        for number in range(self.topLevelItemCount()):
            heading = self.topLevelItem(number)
            if heading is not None:
                lines = (heading.child(row) for row in range(heading.childCount()))
                heading.setHidden(all(line is None or line.isHidden() for line in lines))
        if self.current is None and self.shown:
            self.select(self.shown[0])


class _Changing(QFrame):
    """The marked command: its keys, the field for another one, and what is in the way."""

    def __init__(self) -> None:
        super().__init__()
        frame, column = card()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)
        self._name = label("", "heading")
        self._help = label("", "muted")
        column.addWidget(self._name)
        column.addWidget(self._help)
        self.removers: list[tuple[QPushButton, str]] = []
        self._keys = QHBoxLayout()
        self._keys.setSpacing(theme.GAP // 2)
        self.field = KeyField()
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.reset = QPushButton("Reset")
        self.reset.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addLayout(self._keys)
        row.addStretch(1)
        row.addWidget(self.field)
        row.addWidget(self.reset)
        column.addLayout(row)
        self._words = label("", "warning")
        self.take_over = QPushButton("Take it over")
        self.leave = QPushButton("Leave it")
        for button in (self.take_over, self.leave):
            button.setAutoDefault(False)
        self._question = QWidget()
        # The room of a sentence is kept, so that the table does not jump when there is one.
        self._question.setMinimumHeight(self.take_over.sizeHint().height())
        asking = QHBoxLayout(self._question)
        asking.setContentsMargins(0, 0, 0, 0)
        asking.setSpacing(theme.GAP)
        asking.addWidget(self._words, 1)
        asking.addWidget(self.take_over)
        asking.addWidget(self.leave)
        column.addWidget(self._question)

    @property
    def words(self) -> str:
        """The sentence that is shown."""
        return self._words.text()

    def show_command(self, spec: ActionSpec | None, keymap: KeyMap) -> None:
        """Show a command and its keys; None when none is listed."""
        self.setEnabled(spec is not None)
        self._name.setText(spec.name if spec else "")
        self._help.setText(f"{spec.help}." if spec else "")
        self.say("")
        for button, _ in self.removers:
            self._keys.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.removers = []
        if spec is None:
            return
        self.field.setAccessibleName(f"Another key for {spec.name}")
        self.reset.setAccessibleName(f"Reset the keys of {spec.name}")
        self.reset.setEnabled(not keymap.is_default(spec.id))
        for key in keymap.keys(spec.id):
            self._add_key(spec, key, fixed=keymap.is_fixed(spec.id, key))

    def say(self, sentence: str, *, asks: bool = False) -> None:
        """Show a sentence; `asks` offers to take the key over or to leave it."""
        self._words.setText(sentence)
        self.take_over.setVisible(asks)
        self.leave.setVisible(asks)

    def _add_key(self, spec: ActionSpec, key: str, *, fixed: bool) -> None:
        button = QPushButton(theme.icon("mdi6.close", "muted"), native(key))
        button.setAutoDefault(False)
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        button.setAccessibleName(f"Remove {native(key)} from {spec.name}")
        button.setToolTip(refusal(key) if fixed else f"Remove {native(key)}")
        button.setEnabled(not fixed)
        self._keys.addWidget(button)
        self.removers.append((button, key))


def _written(keys: Iterable[str]) -> str:
    return ",  ".join(map(native, keys))
