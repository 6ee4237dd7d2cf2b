"""The brush's size in the tool bar: a slider whose steps are equal ratios, with the size in words."""

from __future__ import annotations

import math

from lsegdiff_gui.annotation.stroke import SMALLEST_RADIUS
from lsegdiff_gui.ui.canvas.hand import LARGEST_RADIUS
from lsegdiff_gui.ui.option_slider import OptionSlider

_STEPS = 60
# One press of a bracket key; five of them with Shift.
KEY_RATIO = 1.15


class BrushSize(OptionSlider):
    """Its value is the radius in picture pixels; its words tell the diameter."""

    def __init__(self) -> None:
        super().__init__(
            "Brush size",
            "Brush size ([ and ], or Shift+wheel on the picture)",
            low=SMALLEST_RADIUS,
            high=LARGEST_RADIUS,
            steps=_STEPS,
            widest="⌀ 2000 px",
        )
        self.show_value(20.0)

    def scale(self, presses: int) -> None:
        """Make the brush larger (or smaller) by presses of a bracket key."""
        # At least a pixel across each time: ratios alone would creep on a small brush.
        step = max(abs(self.value * KEY_RATIO**presses - self.value), 0.5)
        self.change(self.value + math.copysign(step, presses))

    def value_at(self, position: int) -> float:
        """The radius."""
        return float(SMALLEST_RADIUS * (LARGEST_RADIUS / SMALLEST_RADIUS) ** (position / _STEPS))

    def position_of(self, value: float) -> int:
        """By equal ratios."""
        return round(_STEPS * math.log(value / SMALLEST_RADIUS) / math.log(LARGEST_RADIUS / SMALLEST_RADIUS))

    def words_for(self, value: float) -> str:
        """The diameter."""
        diameter = 2 * value
        return f"⌀ {diameter:.0f} px" if diameter >= 10 else f"⌀ {diameter:.1f} px"
