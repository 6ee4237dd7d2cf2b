"""The page of a dialog whose work goes on: how far it is, in words and as a bar."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from lsegdiff_gui.ui.dialogs.frame import label


class WaitingPage(QWidget):
    """Shows progress; the dialog sets `how_far` and `bar`."""

    def __init__(self, name: str) -> None:
        """name: what a screen reader calls the bar."""
        super().__init__()
        self.how_far = label("", "heading")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.how_far)
        column.addWidget(self.bar)
        column.addStretch(2)
