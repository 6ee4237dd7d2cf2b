"""A bar above the canvas that says one sentence and stays until it is closed or its cause is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.icons import Sign

Kind = Literal["error", "warning", "info", "done"]

_SIGNS: dict[Kind, tuple[str, str]] = {
    "error": ("mdi6.alert-circle-outline", "danger"),
    "warning": ("mdi6.alert-outline", "warning"),
    "info": ("mdi6.information-outline", "accent"),
    "done": ("mdi6.check-circle-outline", "success"),
}
_SPOKEN: dict[Kind, str] = {"error": "Error", "warning": "Warning", "info": "Note", "done": "Done"}


@dataclass(frozen=True)
class Message:
    """One sentence and, if something can be done about it, the words of the button that does it.

    key: what it is about; a later message with the same key takes its place, and `withdraw(key)` removes it.
    """

    sentence: str
    kind: Kind = "error"
    action: str = ""
    key: str = ""


class MessageBar(QFrame):
    """Shows the newest message; closing it brings back the one before. Hidden when there is none.

    Signals: closed(Message) when the user closes one.
    """

    closed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: list[tuple[Message, Callable[[], None] | None]] = []
        self.setAccessibleName("Messages")

        self._sign = Sign(*_SIGNS["error"])
        self._sign.setAccessibleName("Kind of message")
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        # Sentences name files of strangers: never read one as markup.
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._more = QLabel()
        theme.set_role(self._more, "muted")
        self._action = QPushButton()
        self._action.setAutoDefault(False)
        self._action.clicked.connect(self._act)
        self._close = QToolButton()
        self._close.setIcon(theme.icon("mdi6.close"))
        self._close.setAccessibleName("Close this message")
        self._close.setToolTip("Close this message")
        self._close.clicked.connect(self._close_newest)

        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.GAP // 2, theme.GAP, theme.GAP // 2)
        row.setSpacing(theme.GAP)
        row.addWidget(self._sign)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._more)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.hide()

    @property
    def message(self) -> Message | None:
        """The message that is shown."""
        return self._messages[-1][0] if self._messages else None

    def show_message(self, message: Message, act: Callable[[], None] | None = None) -> None:
        """Show a message above all others. act: what its button does; it also takes the message away."""
        self._messages = [
            (old, do)
            for old, do in self._messages
            if old.sentence != message.sentence and not (message.key and old.key == message.key)
        ]
        self._messages.append((message, act))
        self._refresh()
        spoken = f"{_SPOKEN[message.kind]}: {message.sentence}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken))

    def withdraw(self, key: str) -> None:
        """Take away the message of this key, because its cause is gone."""
        self._messages = [entry for entry in self._messages if entry[0].key != key]
        self._refresh()

    def clear(self) -> None:
        """Take away everything."""
        self._messages = []
        self._refresh()

    def _refresh(self) -> None:
        message = self.message
        if message is None:
            self.hide()
            return
        self._sentence.setText(message.sentence)
        self._sentence.setAccessibleName(f"{_SPOKEN[message.kind]}: {message.sentence}")
        others = len(self._messages) - 1
        self._more.setVisible(others > 0)
        self._more.setText(f"{others} more")
        self._action.setVisible(bool(message.action))
        self._action.setText(message.action)
        if self.property("kind") != message.kind:
            self.setProperty("kind", message.kind)
            self.style().unpolish(self)
            self.style().polish(self)
        self._sign.show_icon(*_SIGNS[message.kind])
        self.show()

    def _act(self) -> None:
        _, act = self._messages.pop()
        self._refresh()
        if act is not None:
            act()

    def _close_newest(self) -> None:
        message, _ = self._messages.pop()
        self._refresh()
        self.closed.emit(message)
