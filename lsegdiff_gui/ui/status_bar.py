"""The line at the bottom: what was just saved, the mask's area, the pixel under the cursor, device and model."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QWidget

from lsegdiff_gui.ui import theme

# What is over sooner needs no sign: it would only flicker.
_FLICKER_MS = 150


@dataclass(frozen=True)
class Reading:
    """What is known of one pixel.

    pixel: column and row. values: those of the file, grey or red, green, blue. probability: 0 to 1; spread: the
    samples' standard deviation, 0 to 0.5; both None where the base is no draft.
    """

    pixel: tuple[int, int]
    values: tuple[int, ...]
    label: str
    probability: float | None = None
    spread: float | None = None


class StatusBar(QStatusBar):
    """Shows facts; temporary hints (tool tips of menus) stand over the left part for a moment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Status")
        self.setSizeGripEnabled(False)
        self._working = self._field("Work under way", gives_way=True)
        self._saved = self._field("Saving", gives_way=True)
        self._guide = _Guide()
        self.addWidget(self._guide, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_FLICKER_MS)
        self._soon.timeout.connect(self._working.show)
        self._area = self._field("Area of the mask")
        self._size = self._field("Picture size")
        self._zoom = self._field("Zoom", widest="1600 %")
        self._cursor = self._field("Cursor", widest="x 10000  y 10000")
        self._values = self._field("Values", widest="255 255 255")
        self._values.setToolTip("The pixel's values in the file: grey, or red, green and blue")
        self._label = self._field("Label", widest="Background")
        self._probability = self._field("Probability and spread", widest="p 0.00 ± 0.00")
        self._probability.setToolTip(
            "The draft's probability at this pixel, and how much its samples disagree"
        )
        self._device = self._field("Device")
        self._model = self._field("Model")
        self.show_working("")
        self.show_size(None)
        self.show_zoom(None)
        self.show_reading(None)
        self.show_area(None)
        self.show_model("", "", "")

    def show_working(self, words: str) -> None:
        """Name what is done to the mask on another thread, if it takes long enough to be read; "" for nothing."""
        self._working.setText(f"{words}…" if words else "")
        if not words:
            self._soon.stop()
            self._working.hide()
        elif not self._working.isVisible():
            self._soon.start()

    def show_saved(self, words: str) -> None:
        """Say how far the work is written down."""
        self._saved.setText(words)

    def show_guide(self, words: str) -> None:
        """Say what the tool in the hand does; an empty text for nothing."""
        self._guide.tell(words)

    def show_size(self, size: tuple[int, int] | None) -> None:
        """Width and height in pixels."""
        self._size.setText(f"{size[0]} × {size[1]} px" if size else "")
        self._size.setVisible(size is not None)

    def show_zoom(self, scale: float | None) -> None:
        """Screen pixels to a picture pixel."""
        if scale is None:
            self._zoom.setText("")
        else:
            percent = 100 * scale
            self._zoom.setText(f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %")

    def show_cursor(self, pixel: tuple[int, int] | None) -> None:
        """Column and row under the pointer, from 0."""
        self._cursor.setText(f"x {pixel[0]}  y {pixel[1]}" if pixel else "")

    def show_reading(self, reading: Reading | None) -> None:
        """The pixel under the pointer and what is known of it; None: it is elsewhere."""
        self.show_cursor(None if reading is None else reading.pixel)
        self._values.setText("" if reading is None else " ".join(map(str, reading.values)))
        self._label.setText("" if reading is None else reading.label)
        words = ""
        if reading is not None and reading.probability is not None and reading.spread is not None:
            words = f"p {reading.probability:.2f} ± {reading.spread:.2f}"
        self._probability.setText(words)

    def show_area(self, area: tuple[int, int] | None) -> None:
        """The pixels of the mask, and those of the picture; None: there is no mask."""
        words = "" if area is None else f"Mask {area[0]:,} px, {100 * area[0] / area[1]:.1f} %"
        if words != self._area.text():
            self._area.setText(words)
        self._area.setToolTip("Area of the mask, in pixels and percent of the picture")
        self._area.setVisible(area is not None)

    def show_model(self, words: str, device: str, sha256: str, precision: str = "") -> None:
        """The model that drafts, where and in what numbers, and its weights' hash; empty while none is loaded."""
        self._model.setText(words or "No model loaded")
        self._model.setToolTip(f"SHA-256 of the weights:\n{sha256}" if sha256 else "")
        self._model.setAccessibleDescription(self._model.toolTip())
        self._device.setText(device.upper())
        self._device.setToolTip(f"Drafts are computed in {precision}" if precision else "")
        self._device.setAccessibleDescription(self._device.toolTip())
        self._device.setVisible(bool(device))

    def _field(self, name: str, *, gives_way: bool = False, widest: str = "") -> QLabel:
        label = QLabel()
        label.setAccessibleName(name)
        theme.set_role(label, "muted")
        if widest:
            # The fields to its left must not jump while the pointer moves.
            label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest) + 2 * theme.GAP)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if gives_way:
            self.addWidget(label)
        else:
            self.addPermanentWidget(label)
        return label


class _Guide(QLabel):
    """Words that give way: what does not fit ends in dots and stands in the tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self._told = ""
        self.setAccessibleName("What the tool does")
        theme.set_role(self, "muted")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def tell(self, words: str) -> None:
        """Say this."""
        self._told = words
        self.setToolTip(words)
        self.setAccessibleDescription(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(
            self.fontMetrics().elidedText(
                self._told, Qt.TextElideMode.ElideRight, self.contentsRect().width()
            )
        )
