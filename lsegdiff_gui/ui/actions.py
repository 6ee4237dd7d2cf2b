"""The commands of one window as Qt knows them: with their keys, in menus and in the tool bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from lsegdiff_gui.ui.action_table import ACTIONS, MENUS, REPEATING, TOOLBAR, ActionSpec, Scope
from lsegdiff_gui.ui.theme import icon


class Actions:
    """The QActions of one window, by id."""

    def __init__(self, window: QWidget, specs: Iterable[ActionSpec] = ACTIONS) -> None:
        self.specs = {spec.id: spec for spec in specs}
        self._actions = {spec.id: _action(spec, window) for spec in self.specs.values()}
        window.addActions(list(self._actions.values()))

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def connect(self, slots: Mapping[str, Callable[[], object]]) -> None:
        """Call these functions, without arguments, when their command is given."""
        for action_id, slot in slots.items():
            self._actions[action_id].triggered.connect(lambda _checked=False, slot=slot: slot())

    def bind(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Give commands these keys instead, at once, in menus and tool tips too; unknown ids are passed over."""
        for action_id in keys.keys() & self.specs.keys():
            _show_keys(self._actions[action_id], self.specs[action_id], keys[action_id])

    def set_enabled(self, scope: Scope, enabled: bool) -> None:
        """Allow or forbid all commands of a scope."""
        for action_id, spec in self.specs.items():
            if spec.scope is scope:
                self._actions[action_id].setEnabled(enabled)

    def fill_menu_bar(self, bar: QMenuBar, extra: Mapping[str, QMenu]) -> None:
        """Build the menus; `extra` are the submenus the window fills itself, by name."""
        for title, entries in MENUS:
            menu = bar.addMenu(title)
            menu.setToolTipsVisible(True)
            for entry in entries:
                if entry is None:
                    menu.addSeparator()
                elif entry in extra:
                    menu.addMenu(extra[entry])
                else:
                    menu.addAction(self._actions[entry])

    def fill_tool_bar(self, bar: QToolBar, extra: Mapping[str, QWidget]) -> None:
        """Build the tool bar; `extra` are the widgets that stand between the buttons, by name."""
        for entry in TOOLBAR:
            if entry is None:
                bar.addSeparator()
            elif entry in extra:
                bar.addWidget(extra[entry])
            else:
                bar.addAction(self._actions[entry])


def _action(spec: ActionSpec, window: QObject) -> QAction:
    action = QAction(spec.text, window)
    action.setObjectName(spec.id)
    _show_keys(action, spec, spec.keys)
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setCheckable(spec.checkable)
    action.setAutoRepeat(spec.id in REPEATING)
    action.setStatusTip(spec.help)
    if spec.icon:
        action.setIcon(icon(spec.icon))
        # Menus stay calm: the tool bar shows the pictures.
        action.setIconVisibleInMenu(False)
    return action


def _show_keys(action: QAction, spec: ActionSpec, keys: Sequence[str]) -> None:
    action.setShortcuts([QKeySequence(key) for key in keys])
    first = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
    action.setToolTip(f"{spec.name} ({first})\n{spec.help}" if first else f"{spec.name}\n{spec.help}")
