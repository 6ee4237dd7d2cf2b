"""The steps of a mask, and what it looked like after each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from lsegdiff_gui.annotation.origin import Steps
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.deed_words import time_words, words_of
from lsegdiff_gui.ui.dialogs.frame import DialogFrame

_SIZE = (1040, 600)
_COLUMNS = ("Step", "Pixels", "Who", "When")


class HistoryDialog(DialogFrame):
    """Shows the steps, newest first. Accepted with `place` set: that many steps are what the mask is to be made of.

    Signals: wanted(int): what the mask looked like after that many steps is to be shown, by `show_state`.
    """

    wanted = Signal(int)

    def __init__(self, name: str, steps: Steps, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            title="History",
            text=f"{name}: what was done to the mask, the newest first. Any state can be brought back, as a new step.",
            sign="mdi6.history",
        )
        self.resize(*_SIZE)
        self.place = steps.cursor
        self._cursor = steps.cursor
        self._steps = QTreeWidget()
        self._steps.setAccessibleName("Steps")
        self._steps.setColumnCount(len(_COLUMNS))
        self._steps.setHeaderLabels(list(_COLUMNS))
        self._steps.setRootIsDecorated(False)
        self._steps.setUniformRowHeights(True)
        self._steps.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._steps.setMouseTracking(True)
        header = self._steps.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._preview = _Preview()
        self._fill(steps)
        columns = QHBoxLayout()
        columns.setSpacing(theme.MARGIN)
        columns.addWidget(self._steps, 3)
        columns.addWidget(self._preview, 2)
        self.body.addLayout(columns, 1)
        self.add_button("Close").clicked.connect(self.reject)
        self._bring = self.add_button("Bring this state back", default=True)
        self._bring.clicked.connect(self.accept)
        self._steps.currentItemChanged.connect(lambda item, _before: self._choose(item))
        self._steps.itemEntered.connect(lambda item, _column: self._want(item))
        self._steps.itemDoubleClicked.connect(lambda _item, _column: self._bring.click())
        self._select_present()

    def show_state(self, place: int, pixels: npt.NDArray[np.uint8]) -> None:
        """Show the picture with its mask after that many steps: (H, W, 3) uint8."""
        height, width, _ = pixels.shape
        image = QImage(
            np.ascontiguousarray(pixels).data, width, height, 3 * width, QImage.Format.Format_RGB888
        )
        self._preview.show_image(image.copy(), f"The mask after step {place}" if place else "The beginning")

    def tell(self, sentence: str) -> None:
        """Say in place of the preview why there is none."""
        self._preview.setText(sentence)

    def _fill(self, steps: Steps) -> None:
        bold = QFont(self.font())
        bold.setBold(True)
        for place in range(len(steps.deeds), 0, -1):
            deed = steps.deeds[place - 1]
            pixels = f"{deed.pixels:,}".replace(",", "\u202f") if deed.pixels else ""
            words = [words_of(deed), pixels, deed.annotator, time_words(deed.time)]
            self._add(place, words, bold if place == steps.cursor else None, is_undone=place > steps.cursor)
        earlier = (
            f"Before that: {steps.folded} steps whose states are not kept"
            if steps.folded
            else "The beginning"
        )
        self._add(0, [earlier, "", "", ""], bold if steps.cursor == 0 else None)

    def _add(self, place: int, words: list[str], font: QFont | None, *, is_undone: bool = False) -> None:
        item = QTreeWidgetItem(words)
        item.setData(0, Qt.ItemDataRole.UserRole, place)
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column in range(len(_COLUMNS)):
            if font is not None:
                item.setFont(column, font)
            if is_undone:
                item.setForeground(column, self.palette().placeholderText())
        if is_undone:
            item.setToolTip(0, "Undone; can be done again")
        self._steps.addTopLevelItem(item)

    def _select_present(self) -> None:
        row = self._steps.topLevelItemCount() - 1 - self._cursor
        if (item := self._steps.topLevelItem(row)) is not None:
            self._steps.setCurrentItem(item)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.place = int(item.data(0, Qt.ItemDataRole.UserRole))
            self._bring.setEnabled(self.place != self._cursor)
            self.wanted.emit(self.place)

    def _want(self, item: QTreeWidgetItem) -> None:
        self.wanted.emit(int(item.data(0, Qt.ItemDataRole.UserRole)))


class _Preview(QLabel):
    """A picture as large as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Preview")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(240, 200)
        self.setWordWrap(True)
        self._image = QImage()

    def show_image(self, image: QImage, words: str) -> None:
        """Show this picture, which `words` describe."""
        self._image = image
        self.setAccessibleDescription(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self._image.isNull():
            ratio = self.devicePixelRatio()
            scaled = self._image.scaled(
                self.size() * ratio,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            scaled.setDevicePixelRatio(ratio)
            self.setPixmap(QPixmap.fromImage(scaled))
