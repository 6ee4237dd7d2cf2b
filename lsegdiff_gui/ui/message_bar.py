"""A bar above the canvas that says one sentence and stays until it is closed or its cause is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.icons import Sign

Act = Callable[[], None]
Kind = Literal["error", "warning", "info", "done"]

_SIGNS: dict[Kind, tuple[str, str]] = {
    "error": ("mdi6.alert-circle-outline", "danger"),
    "warning": ("mdi6.alert-outline", "warning"),
    "info": ("mdi6.information-outline", "accent"),
    "done": ("mdi6.check-circle-outline", "success"),
}
# In pixels: a narrower sentence is a column of words.
_READABLE = 300
_SPOKEN: dict[Kind, str] = {"error": "Error", "warning": "Warning", "info": "Note", "done": "Done"}


@dataclass(frozen=True)
class Message:
    """One sentence and, if something can be done about it, the words of the buttons that do it.

    key: what it is about; a later message with the same key takes its place, and `withdraw(key)` removes it.
    stays: it cannot be closed, and its buttons do not take it away: only an end of its cause does.
    """

    sentence: str
    kind: Kind = "error"
    action: str = ""
    key: str = ""
    other_action: str = ""
    stays: bool = False


class MessageBar(QFrame):
    """Shows the newest message; closing it brings back the one before. Hidden when there is none.

    Signals: closed(Message) when the user closes one.
    """

    closed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: list[tuple[Message, tuple[Act | None, Act | None]]] = []
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
        self._action, self._other_action = self._button(0), self._button(1)
        self._close = QToolButton()
        self._close.setIcon(theme.icon("mdi6.close"))
        self._close.setAccessibleName("Close this message")
        self._close.setToolTip("Close this message")
        self._close.clicked.connect(self._close_newest)

        self._buttons = QWidget()
        buttons = QHBoxLayout(self._buttons)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(theme.GAP)
        for widget in (self._more, self._action, self._other_action):
            buttons.addWidget(widget)
        # Beside the sentence where there is room, else below it.
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(theme.GAP)
        self._body.addWidget(self._sentence, 1)
        self._body.addWidget(self._buttons, 0, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.GAP // 2, theme.GAP, theme.GAP // 2)
        row.setSpacing(theme.GAP)
        row.addWidget(self._sign)
        row.addLayout(self._body, 1)
        row.addWidget(self._close)
        self.hide()

    @property
    def message(self) -> Message | None:
        """The message that is shown."""
        return self._messages[-1][0] if self._messages else None

    def show_message(self, message: Message, act: Act | None = None, other: Act | None = None) -> None:
        """Show a message above all others. act, other: what its buttons do; each also takes away
        a message that does not stay."""
        self._messages = [
            (old, acts)
            for old, acts in self._messages
            if old.sentence != message.sentence and not (message.key and old.key == message.key)
        ]
        self._messages.append((message, (act, other)))
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
        for button, words in ((self._action, message.action), (self._other_action, message.other_action)):
            button.setVisible(bool(words))
            button.setText(words)
        if self.property("kind") != message.kind:
            self.setProperty("kind", message.kind)
            self.style().unpolish(self)
            self.style().polish(self)
        self._sign.show_icon(*_SIGNS[message.kind])
        self._close.setVisible(not message.stays)
        self._lay_out()
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find another place for the buttons."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        """Put the buttons where they leave the sentence wide enough to be read, or short enough not to need it."""
        wanted = min(self._sentence.fontMetrics().horizontalAdvance(self._sentence.text()), _READABLE)
        # The button that is hidden asks for no room.
        room = self.width() - self._buttons.sizeHint().width() - self._sign.width() - self._close.width()
        is_wide = room - 5 * theme.GAP >= wanted
        directions = QBoxLayout.Direction
        self._body.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)

    def _button(self, place: int) -> QPushButton:
        button = QPushButton()
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._act(place))
        return button

    def _act(self, place: int) -> None:
        message, acts = self._messages[-1]
        if not message.stays:
            self._messages.pop()
            self._refresh()
        if (act := acts[place]) is not None:
            act()

    def _close_newest(self) -> None:
        message, _ = self._messages.pop()
        self._refresh()
        self.closed.emit(message)
