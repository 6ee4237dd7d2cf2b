"""A slider in the tool bar for an option of the tool in the hand, with its value in words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from lsegdiff_gui.ui import theme

_WIDTH = 96


class OptionSlider(QWidget):
    """What it stands for lies within limits; how positions and words follow from it is the subclass's.

    Signals: changed(float): by the slider or `change`.
    """

    changed = Signal(float)

    def __init__(self, name: str, tip: str, *, low: float, high: float, steps: int, widest: str) -> None:
        """low, high: limits; steps: positions of the slider but one; widest: the longest words."""
        super().__init__()
        self._low, self._high = low, high
        self._value = low
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, steps)
        self.slider.setFixedWidth(_WIDTH)
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(tip)
        self.words = QLabel()
        self.words.setFixedWidth(self.words.fontMetrics().horizontalAdvance(widest))
        theme.set_role(self.words, "muted")
        # A tool bar gives all its spare room to widgets that take it.
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP // 2, 0, theme.GAP // 2, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.slider)
        row.addWidget(self.words)
        self.slider.valueChanged.connect(lambda position: self.change(self.value_at(position)))

    @property
    def value(self) -> float:
        """What the option is."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show this without telling anyone."""
        self._value = value
        self.slider.blockSignals(True)
        self.slider.setValue(self.position_of(value))
        self.slider.blockSignals(False)
        self.words.setText(self.words_for(value))
        self.slider.setAccessibleDescription(self.words.text())

    def change(self, value: float) -> None:
        """Make the option this, or the nearest that it can be."""
        self.show_value(min(max(value, self._low), self._high))
        self.changed.emit(self._value)

    def scale(self, presses: int) -> None:
        """Make it larger (or smaller) by presses of a bracket key."""
        raise NotImplementedError

    def value_at(self, position: int) -> float:
        """What a position of the slider means."""
        raise NotImplementedError

    def position_of(self, value: float) -> int:
        """The position nearest to a value."""
        raise NotImplementedError

    def words_for(self, value: float) -> str:
        """The value as it is read."""
        raise NotImplementedError
