"""The frame around one panel of the right column: a card with a heading and rows of aligned controls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.ui import theme

# Wide enough for "Smallest part", the longest label, so that the controls of all panels begin in one line.
LABEL_WIDTH = 92
_WORDS = 12


class Section(QFrame):
    """A titled card; `add_row` puts a label in the left column and a control in the right one."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.setAccessibleName(title)
        heading = QLabel(title)
        theme.set_role(heading, "heading")
        self._head = QHBoxLayout()
        self._head.setSpacing(theme.GAP)
        self._head.addWidget(heading, 1)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(theme.GAP)
        self._rows.setVerticalSpacing(theme.GAP)
        self._rows.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._rows.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.GAP)
        column.addLayout(self._head)
        column.addLayout(self._rows)

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
