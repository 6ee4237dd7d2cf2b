"""What all dialogs share: a heading with a sign, room for the content, and a row of buttons."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.icons import Sign
from lsegdiff_gui.ui.room import within_screen

_SIGN = 32


class DialogFrame(QDialog):
    """A dialog with a heading. Subclasses fill `body` and add buttons at the right of the last row."""

    def __init__(self, parent: QWidget | None, *, title: str, text: str, sign: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{title} – LSegDiff")
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        heading = QLabel(title)
        theme.set_role(heading, "title")
        words = label(text, "muted")
        beside = QVBoxLayout()
        beside.setSpacing(theme.GAP // 2)
        beside.addWidget(heading)
        if text:
            beside.addWidget(words)
        head = QHBoxLayout()
        head.setSpacing(theme.MARGIN)
        head.addWidget(Sign(sign, "accent", _SIGN), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(beside, 1)

        self.body = QVBoxLayout()
        self.body.setSpacing(theme.MARGIN)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.GAP)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.WIDE, theme.WIDE, theme.WIDE, theme.WIDE - 4)
        column.setSpacing(theme.WIDE - 4)
        column.addLayout(head)
        column.addLayout(self.body, 1)
        column.addLayout(self._buttons)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the wrapped texts need at this width: Qt guesses it before it knows the width."""
        layout = self.layout()
        if layout is not None and not event.spontaneous():
            needed = layout.totalHeightForWidth(self.width())
            given = self.height() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else 0
            self.resize(within_screen(self, QSize(self.width(), max(needed, given))))
        super().showEvent(event)

    def add_button(self, text: str, *, default: bool = False, at_left: bool = False) -> QPushButton:
        """Add a button to the last row; the default one answers Enter."""
        button = QPushButton(text)
        button.setAutoDefault(default)
        button.setDefault(default)
        if at_left:
            theme.set_role(button, "quiet")
            self._buttons.insertWidget(0, button)
        else:
            self._buttons.addWidget(button)
        return button


def label(text: str, role: str = "") -> QLabel:
    """A label that wraps, never reads its text as markup, and looks as the role says."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    if role:
        theme.set_role(made, role)
    return made


def card() -> tuple[QFrame, QVBoxLayout]:
    """A framed group and the column to fill."""
    frame = QFrame()
    theme.set_role(frame, "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
    column.setSpacing(theme.GAP)
    return frame, column
