"""The pictures that could not be drafted, each with the reason, and another try."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui import theme

_WIDTH, _HEIGHT = 640, 360
_NAME_WIDTH = 180


class FailuresDialog(QDialog):
    """Accepted: try them all again."""

    def __init__(self, failures: Sequence[tuple[PictureRow, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        count = len(failures)
        pictures = "1 picture was" if count == 1 else f"{count} pictures were"
        self.setWindowTitle("Not drafted")
        self.resize(_WIDTH, _HEIGHT)
        words = QLabel(f"{pictures} not drafted. The others were, and nothing else is the matter with them.")
        words.setWordWrap(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Pictures that were not drafted")
        self.list.setColumnCount(2)
        self.list.setHeaderLabels(["Picture", "Why"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setColumnWidth(0, _NAME_WIDTH)
        for row, sentence in failures:
            item = QTreeWidgetItem([row.path.name, sentence])
            item.setToolTip(0, str(row.path))
            item.setToolTip(1, sentence)
            self.list.addTopLevelItem(item)
        buttons = QDialogButtonBox()
        self.again = buttons.addButton("Try again", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.WIDE, theme.WIDE, theme.WIDE, theme.WIDE)
        column.setSpacing(theme.MARGIN)
        column.addWidget(words)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
