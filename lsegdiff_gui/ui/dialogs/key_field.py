"""A field that takes the next key instead of typing it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

_TAB = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_ALONE: dict[int, str] = {
    Qt.Key.Key_Control: "Ctrl",
    Qt.Key.Key_Shift: "Shift",
    Qt.Key.Key_Alt: "Alt",
    Qt.Key.Key_AltGr: "Alt",
    Qt.Key.Key_Meta: "Meta",
    Qt.Key.Key_Super_L: "Meta",
    Qt.Key.Key_Super_R: "Meta",
}
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class KeyField(QLineEdit):
    """Signals: key_pressed(str), as QKeySequence writes it; "Ctrl" and such when that was let go without another key.

    Tab leaves the field: otherwise nobody without a mouse could.
    """

    key_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._alone = ""
        self._invite(False)

    def event(self, event: QEvent) -> bool:
        """Take keys before they are anybody's command."""
        if isinstance(event, QKeyEvent) and event.key() not in _TAB:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._press(event)
                return True
            if event.type() == QEvent.Type.KeyRelease:
                self._release(event)
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that it listens."""
        super().focusInEvent(event)
        self._invite(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say how to make it listen."""
        super().focusOutEvent(event)
        self._alone = ""
        self._invite(False)

    def _invite(self, listens: bool) -> None:
        self.setPlaceholderText("Press the key now" if listens else "Click here, then press a key")

    def _press(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        self._alone = _ALONE.get(event.key(), "")
        if not self._alone:
            self.key_pressed.emit(_written(event))

    def _release(self, event: QKeyEvent) -> None:
        if self._alone and _ALONE.get(event.key()) == self._alone:
            alone, self._alone = self._alone, ""
            self.key_pressed.emit(alone)


def _written(event: QKeyEvent) -> str:
    """The key in Qt's portable writing; empty for one without a name.

    Shift is left out where it only types the sign, as Qt does for its shortcuts. The number pad's keys are the others.
    """
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    typed = event.text()
    if modifiers & _SHIFT and typed.isprintable() and typed.strip() and not typed.isalnum():
        modifiers &= ~_SHIFT
    try:
        code = Qt.Key(event.key())
    except ValueError:
        return ""
    return "" if code == Qt.Key.Key_unknown else QKeySequence(modifiers | code).toString()
