"""The line at the bottom: what was just saved, picture size, zoom, cursor, device and model."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from lsegdiff_gui.ui import theme


class StatusBar(QStatusBar):
    """Shows facts; temporary hints (tool tips of menus) stand over the left part for a moment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Status")
        self.setSizeGripEnabled(False)
        self._saved = self._field("Saving", stretch=1)
        self._size = self._field("Picture size")
        self._zoom = self._field("Zoom", widest="1600 %")
        self._cursor = self._field("Cursor", widest="x 10000  y 10000")
        self._device = self._field("Device")
        self._model = self._field("Model")
        self.show_size(None)
        self.show_zoom(None)
        self.show_cursor(None)
        self.show_model("", "", "")

    def show_saved(self, words: str) -> None:
        """Say how far the work is written down."""
        self._saved.setText(words)

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

    def show_model(self, words: str, device: str, sha256: str) -> None:
        """The model that drafts, where it runs, and the hash of its weights; empty while none is loaded."""
        self._model.setText(words or "No model loaded")
        self._model.setToolTip(f"SHA-256 of the weights:\n{sha256}" if sha256 else "")
        self._model.setAccessibleDescription(self._model.toolTip())
        self._device.setText(device.upper())
        self._device.setVisible(bool(device))

    def _field(self, name: str, *, stretch: int = 0, widest: str = "") -> QLabel:
        label = QLabel()
        label.setAccessibleName(name)
        theme.set_role(label, "muted")
        if widest:
            # The fields to its left must not jump while the pointer moves.
            label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest) + 2 * theme.GAP)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if stretch:
            self.addWidget(label, stretch)
        else:
            self.addPermanentWidget(label)
        return label
