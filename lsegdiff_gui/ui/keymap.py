"""Which keys give which command: the defaults of the table, and what was chosen instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from lsegdiff_gui.ui.action_table import MENUS, ActionSpec

_PLAIN = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier

# What Shift types on the keys of signs. On other keyboards some of these pairs are two keys; to call them one then
# only refuses a little more, while Qt calls a press that means both ambiguous and gives neither command.
_SHIFTED = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))

_ALONE = {
    "Ctrl": "Ctrl alone turns the tool round while it is held. Press it together with another key.",
    "Shift": "Shift alone is no key of a command. Press it together with another key.",
    "Alt": "Alt alone opens the menus. Press it together with another key.",
    "Meta": "This key belongs to the desktop.",
}
_CROSSHAIR = "The arrow keys move the cross-hair on the picture."
_ENTER = "Enter paints at the cross-hair and closes what was begun."
_TAB = "Tab goes from control to control."
# Taken by the canvas or by Qt before a command could hear of them, plain or with Shift.
_CANVAS = {
    Qt.Key.Key_Space: "Space moves the picture while it is held.",
    Qt.Key.Key_Left: _CROSSHAIR,
    Qt.Key.Key_Right: _CROSSHAIR,
    Qt.Key.Key_Up: _CROSSHAIR,
    Qt.Key.Key_Down: _CROSSHAIR,
    Qt.Key.Key_Return: _ENTER,
    Qt.Key.Key_Enter: _ENTER,
    Qt.Key.Key_Backspace: "Backspace takes the last corner of an outline back.",
    Qt.Key.Key_Escape: "Esc always leaves what is open, and then stops what is running.",
    Qt.Key.Key_Tab: _TAB,
    Qt.Key.Key_Backtab: _TAB,
}
_HELD = {
    Qt.Key.Key_C: "C shows the draft's mask while it is held.",
    Qt.Key.Key_V: "V hides the mask while it is held.",
}


def normal(key: str) -> str:
    """One way of writing a key for comparing: "Shift+[" and "{" are one press. Empty for what is no single key."""
    press = _press(key)
    if press is None:
        return ""
    code, modifiers = press.key(), press.keyboardModifiers()
    sign = chr(code.value) if code.value < 128 else ""
    if modifiers & _SHIFT and sign in _SHIFTED:
        return _written(Qt.Key(ord(_SHIFTED[sign])), modifiers & ~_SHIFT)
    if modifiers & _SHIFT and sign and sign in _SHIFTED.values():
        return _written(code, modifiers & ~_SHIFT)
    return _written(code, modifiers)


def native(key: str) -> str:
    """The key as this system writes it; words that are no key stay as they are."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) or key


def refusal(key: str) -> str:
    """Why no command can have this key, as a sentence; empty when it can."""
    if key in _ALONE:
        return _ALONE[key]
    press = _press(key)
    if press is None:
        return "This key has no name that could be kept."
    code, modifiers = press.key(), press.keyboardModifiers()
    if code in _CANVAS and modifiers in (_PLAIN, _SHIFT):
        return _CANVAS[code]
    if code in _HELD and modifiers == _PLAIN:
        return _HELD[code]
    if modifiers == Qt.KeyboardModifier.AltModifier:
        for title, _ in MENUS:
            if chr(code.value).casefold() == title.partition("&")[2][:1].casefold():
                return f"{native(key)} opens the menu {title.replace('&', '')}."
    return ""


@dataclass(frozen=True)
class KeyMap:
    """The keys of all commands. `chosen`: action id to keys, only where they are not the defaults.

    A key belongs to one command: all scopes can hold at the same time. What was chosen beats a default, so that a
    command of a later version never takes a key away. Ids that are not in the table are kept as they are.
    """

    specs: tuple[ActionSpec, ...]
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys of a command, the one to show first."""
        return self.all[action_id]

    def owner(self, key: str) -> ActionSpec | None:
        """The command that this key gives now."""
        wanted = normal(key)
        for spec in self.specs:
            if any(normal(mine) == wanted for mine in self.all[spec.id]):
                return spec
        return None

    def is_default(self, action_id: str) -> bool:
        """Whether a command has the keys of the table."""
        return self.keys(action_id) == self._spec(action_id).keys

    def is_fixed(self, action_id: str, key: str) -> bool:
        """Whether a key stays with its command: Esc, for one."""
        return key in _fixed(self._spec(action_id))

    def with_key(self, action_id: str, key: str) -> KeyMap:
        """The map in which this command has one key more, taken over from its owner.

        Raises ValueError with the sentence of `refusal`.
        """
        if reason := refusal(key):
            raise ValueError(reason)
        others = self._without([key], but=action_id)
        own = [mine for mine in self.keys(action_id) if normal(mine) != normal(key)]
        return others._choosing(action_id, [*own, key])

    def without_key(self, action_id: str, key: str) -> KeyMap:
        """The map in which this command does not have this key; a fixed one stays."""
        kept = [mine for mine in self.keys(action_id) if normal(mine) != normal(key)]
        return self._choosing(action_id, kept)

    def lent(self, action_id: str) -> list[tuple[str, ActionSpec]]:
        """The default keys of a command that another one has now, each with that command."""
        found = [(key, self.owner(key)) for key in self._spec(action_id).keys]
        return [(key, owner) for key, owner in found if owner is not None and owner.id != action_id]

    def reset(self, action_id: str) -> KeyMap:
        """The map in which this command has its defaults, taken back from whoever has them."""
        others = self._without(self._spec(action_id).keys, but=action_id)
        return KeyMap(self.specs, {name: keys for name, keys in others.chosen.items() if name != action_id})

    def reset_all(self) -> KeyMap:
        """The defaults everywhere; what the table does not know is kept."""
        known = {spec.id for spec in self.specs}
        return KeyMap(self.specs, {name: keys for name, keys in self.chosen.items() if name not in known})

    @cached_property
    def all(self) -> dict[str, tuple[str, ...]]:
        """Action id to keys. Keys that cannot be, or that an earlier command has, are left out."""
        taken: set[str] = set()
        found: dict[str, list[str]] = {spec.id: [] for spec in self.specs}

        def claim(action_id: str, keys: Iterable[str]) -> None:
            for key in keys:
                if (name := normal(key)) and name not in taken:
                    taken.add(name)
                    found[action_id].append(key)

        for spec in self.specs:
            claim(spec.id, _fixed(spec))
        for spec in self.specs:
            claim(spec.id, (key for key in self.chosen.get(spec.id, ()) if not refusal(key)))
        for spec in self.specs:
            if spec.id not in self.chosen:
                claim(spec.id, spec.keys)
        return {action_id: tuple(keys) for action_id, keys in found.items()}

    def _spec(self, action_id: str) -> ActionSpec:
        return next(spec for spec in self.specs if spec.id == action_id)

    def _without(self, keys: Iterable[str], *, but: str) -> KeyMap:
        """Nobody but one has chosen these keys. A default of another gives way to a chosen key by itself."""
        gone = {normal(key) for key in keys}
        chosen = {
            name: mine if name == but else tuple(key for key in mine if normal(key) not in gone)
            for name, mine in self.chosen.items()
        }
        return KeyMap(self.specs, chosen)

    def _choosing(self, action_id: str, keys: Iterable[str]) -> KeyMap:
        spec = self._spec(action_id)
        fixed = _fixed(spec)
        mine = tuple(key for key in keys if key not in fixed)
        chosen = {name: others for name, others in self.chosen.items() if name != action_id}
        if set(mine) != set(spec.keys) - set(fixed):
            chosen[action_id] = mine
        return KeyMap(self.specs, chosen)


def _fixed(spec: ActionSpec) -> tuple[str, ...]:
    return tuple(key for key in spec.keys if refusal(key))


def _press(key: str) -> QKeyCombination | None:
    """The key with what is held; None for what is no single key."""
    sequence = QKeySequence(key)
    if sequence.count() != 1:
        return None
    press: QKeyCombination = sequence[0]  # type: ignore[index]
    return None if press.key() in (Qt.Key.Key_unknown, 0) else press


def _written(code: Qt.Key, modifiers: Qt.KeyboardModifier) -> str:
    return QKeySequence(Qt.KeyboardModifier(modifiers) | code).toString()
