"""The frame around one panel of the right column: a card with a heading and rows of aligned controls."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.ui import theme

# Wide enough for "Smallest part", the longest label, so that the controls of all panels begin in one line.
LABEL_WIDTH = 92
_WORDS = 12


class Section(QFrame):
    """A titled card; `add_row` puts a label in the left column and a control in the right one.

    Signals: folded(bool): the user folded it to its heading, or opened it again.
    """

    folded = Signal(bool)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.setAccessibleName(title)
        heading = QLabel(title)
        theme.set_role(heading, "heading")
        self._title = title
        self._fold = QToolButton()
        self._fold.setProperty("role", "fold")
        self._fold.setAutoRaise(True)
        self._fold.clicked.connect(self._fold_or_open)
        self._head = QHBoxLayout()
        self._head.setSpacing(theme.GAP)
        self._head.addWidget(self._fold)
        self._head.addWidget(heading, 1)
        self._content = QWidget()
        self._rows = QGridLayout(self._content)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(theme.GAP)
        self._rows.setVerticalSpacing(theme.GAP)
        self._rows.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._rows.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.GAP)
        column.addLayout(self._head)
        column.addWidget(self._content)
        self.fold(False)

    @property
    def title(self) -> str:
        """Its heading."""
        return self._title

    @property
    def is_folded(self) -> bool:
        """Whether only the heading is shown."""
        return self._content.isHidden()

    def fold(self, folded: bool) -> None:
        """Show only the heading, or all, without telling anyone."""
        self._content.setHidden(folded)
        self._fold.setIcon(theme.icon("mdi6.chevron-right" if folded else "mdi6.chevron-down", "muted"))
        words = f"{'Open' if folded else 'Fold'} {self._title}"
        self._fold.setAccessibleName(words)
        self._fold.setToolTip(words)

    def _fold_or_open(self) -> None:
        self.fold(not self.is_folded)
        self.folded.emit(self.is_folded)

    def add_to_head(self, widget: QWidget) -> None:
        """Put a small control at the right end of the heading."""
        self._head.addWidget(widget)

    def add_row(self, text: str, control: QWidget, help: str = "") -> QLabel:
        """Add a labelled control; the label names it for screen readers, `help` explains it in a tool tip."""
        label = QLabel(text)
        label.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(text)
        if help:
            label.setToolTip(help)
            control.setToolTip(help)
            control.setAccessibleDescription(help)
        if isinstance(control, QComboBox):
            # The column keeps its width whatever words are in the boxes.
            control.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            control.setMinimumContentsLength(_WORDS)
        row = self._rows.rowCount()
        self._rows.addWidget(label, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._rows.addWidget(control, row, 1)
        return label

    def add_wide(self, widget: QWidget) -> None:
        """Add a widget over both columns."""
        self._rows.addWidget(widget, self._rows.rowCount(), 0, 1, 2)
