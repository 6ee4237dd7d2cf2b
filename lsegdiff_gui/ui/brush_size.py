"""The brush's size in the tool bar: a slider whose steps are equal ratios, with the size in words."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from lsegdiff_gui.annotation.stroke import SMALLEST_RADIUS
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.canvas.hand import LARGEST_RADIUS

_STEPS = 60
# One press of a bracket key; five of them with Shift.
KEY_RATIO = 1.15


class BrushSize(QWidget):
    """Signals: changed(float): the radius in picture pixels, by the slider or `scale`."""

    changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._radius = 20.0
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setFixedWidth(96)
        self.slider.setAccessibleName("Brush size")
        self.slider.setToolTip("Brush size (Shift+wheel on the picture)")
        self._words = QLabel()
        self._words.setFixedWidth(self._words.fontMetrics().horizontalAdvance("⌀ 2000 px"))
        theme.set_role(self._words, "muted")
        # A tool bar gives all its spare room to widgets that take it.
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP // 2, 0, theme.GAP // 2, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.slider)
        row.addWidget(self._words)
        self.slider.valueChanged.connect(lambda position: self._change(_radius_at(position)))
        self.show_radius(self._radius)

    @property
    def radius(self) -> float:
        """Picture pixels."""
        return self._radius

    def show_radius(self, radius: float) -> None:
        """Show this radius without telling anyone."""
        self._radius = radius
        self.slider.blockSignals(True)
        self.slider.setValue(_position_of(radius))
        self.slider.blockSignals(False)
        diameter = 2 * radius
        self._words.setText(f"⌀ {diameter:.0f} px" if diameter >= 10 else f"⌀ {diameter:.1f} px")
        self.slider.setAccessibleDescription(self._words.text())

    def scale(self, presses: int) -> None:
        """Make the brush larger (or smaller) by presses of a bracket key."""
        # At least a pixel across each time: ratios alone would creep on a small brush.
        step = max(abs(self._radius * KEY_RATIO**presses - self._radius), 0.5)
        self._change(self._radius + math.copysign(step, presses))

    def _change(self, radius: float) -> None:
        self.show_radius(min(max(radius, SMALLEST_RADIUS), LARGEST_RADIUS))
        self.changed.emit(self._radius)


def _radius_at(position: int) -> float:
    return float(SMALLEST_RADIUS * (LARGEST_RADIUS / SMALLEST_RADIUS) ** (position / _STEPS))


def _position_of(radius: float) -> int:
    return round(_STEPS * math.log(radius / SMALLEST_RADIUS) / math.log(LARGEST_RADIUS / SMALLEST_RADIUS))
