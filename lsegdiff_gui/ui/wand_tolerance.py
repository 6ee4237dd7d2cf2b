"""The magic wand's tolerance in the tool bar."""

from __future__ import annotations

from lsegdiff_gui.ui.canvas.picking import MOST_TOLERANT
from lsegdiff_gui.ui.option_slider import OptionSlider

# A hand on a slider of a hundred pixels does not mean halves; dragging the wand does.
_STEPS = 100


class WandTolerance(OptionSlider):
    """Its value is in percent of the largest difference between two colours."""

    def __init__(self) -> None:
        super().__init__(
            "Tolerance of the wand",
            "How unlike a colour may be for the wand to take it\n"
            "([ and ], Shift+wheel on the picture, or drag the wand sideways)",
            low=0.0,
            high=MOST_TOLERANT,
            steps=_STEPS,
            widest="± 100.0 %",
        )
        self.show_value(10.0)

    def scale(self, presses: int) -> None:
        """A percent a press."""
        self.change(self.value + presses)

    def value_at(self, position: int) -> float:
        """Position and percent are one."""
        return float(position)

    def position_of(self, value: float) -> int:
        """The nearest whole percent."""
        return round(value)

    def words_for(self, value: float) -> str:
        """To the half percents of the wand's drag."""
        return f"± {value:.1f} %"
