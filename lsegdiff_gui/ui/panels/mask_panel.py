"""The Mask panel: shows a recipe, and hands on the one the user is trying or means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QPushButton, QVBoxLayout, QWidget

from lsegdiff_gui.annotation.recipe import (
    LARGEST_KERNEL,
    Operation,
    Recipe,
    Shape,
    distance_in_pixels,
    kernel_in_pixels,
)
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.controls import NoAccidentalWheel, ValueSlider
from lsegdiff_gui.ui.panels.section import Section

OPERATION_WORDS: tuple[tuple[Operation, str], ...] = (
    ("both", "Opening + closing"),
    ("opening", "Opening"),
    ("closing", "Closing"),
    ("none", "None"),
)
FOLLOWS_EDGES = "Draws the draft's outline nearer to where the picture's colours change"
KNOWS_NO_EDGES = (
    "No edges to follow: this model does better without, or a sample or an early step is the mask"
)
SHAPE_WORDS: tuple[tuple[Shape, str], ...] = (("ellipse", "Disc"), ("square", "Square"), ("cross", "Cross"))


def kernel_of(position: int) -> int:
    """The kernel at a slider position: 0, 3, 5 … 51. A kernel of 1 would do nothing, so there is none."""
    return 0 if position <= 0 else min(2 * position + 1, LARGEST_KERNEL)


def position_of(kernel: int) -> int:
    """The slider position of a kernel."""
    return 0 if kernel <= 1 else (kernel - 1) // 2


class MaskPanel(QWidget):
    """Threshold, morphology, growth, smoothness and components of the automatic mask.

    Signals:
        tried(Recipe): while a control moves; to be shown, not kept.
        settled(Recipe): to be kept as one undoable change.
    """

    tried = Signal(object)
    settled = Signal(object)

    def __init__(self, defaults: Recipe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe = defaults
        self._defaults = defaults
        self._size: tuple[int, int] | None = None
        section = Section("Mask")
        self._reset = QPushButton("Reset")
        theme.set_role(self._reset, "quiet")
        self._reset.setToolTip("Set everything in this panel back to its default")
        self._reset.setAccessibleName("Reset the mask settings")
        section.add_to_head(self._reset)

        self.threshold = ValueSlider(1, 99, "Threshold")
        section.add_row("Threshold", self.threshold, "Probability from which a pixel belongs to the mask")
        self.operation = _combo(OPERATION_WORDS)
        section.add_row(
            "Operation", self.operation, "Opening removes specks and spikes, closing fills gaps and notches"
        )
        self.kernel = ValueSlider(0, position_of(LARGEST_KERNEL), "Kernel size", words_width=84)
        section.add_row(
            "Kernel size",
            self.kernel,
            f"0 to {LARGEST_KERNEL}, in pixels of a picture whose short side is 512; "
            "the second number is its size on this picture. Keys: K and Shift+K",
        )
        self.shape = _combo(SHAPE_WORDS)
        section.add_row("Kernel shape", self.shape)
        self.grow = ValueSlider(-LARGEST_KERNEL, LARGEST_KERNEL, "Grow or shrink", words_width=84)
        section.add_row(
            "Grow",
            self.grow,
            "Moves the edge of the mask out, or in where negative, by so many pixels of a picture whose short side "
            "is 512; the second number is the distance on this picture",
        )
        self.smooth = ValueSlider(0, position_of(LARGEST_KERNEL), "Smooth", words_width=84)
        section.add_row(
            "Smooth",
            self.smooth,
            "Each pixel goes with most of those in a square of this side around it: evens out a ragged edge",
        )
        self.smallest = QDoubleSpinBox()
        self.smallest.setRange(0.0, 20.0)
        self.smallest.setDecimals(2)
        self.smallest.setSingleStep(0.05)
        self.smallest.setSuffix(" %")
        self.smallest.setKeyboardTracking(False)
        section.add_row("Smallest part", self.smallest, "Parts below this share of the picture are left out")
        self.fill_holes = QCheckBox("Fill holes")
        self.largest_only = QCheckBox("Largest part only")
        self.follow_edges = QCheckBox("Follow the picture's edges")
        section.add_wide(self.follow_edges)
        section.add_wide(self.fill_holes)
        section.add_wide(self.largest_only)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section)
        self._wheel = NoAccidentalWheel(self)
        self._wheel.guard(self.operation, self.shape, self.smallest)
        self._connect()
        self.show_recipe(defaults)
        self.show_edges(known=True)

    @property
    def recipe(self) -> Recipe:
        """The recipe that is shown."""
        return self._recipe

    def show_recipe(self, recipe: Recipe) -> None:
        """Show a recipe without telling anyone."""
        self._recipe = recipe
        self.threshold.show_value(round(100 * recipe.threshold), f"{round(100 * recipe.threshold)} %")
        self._show_sides()
        checks = (self.fill_holes, self.largest_only, self.follow_edges)
        controls = (self.operation, self.shape, self.smallest, *checks)
        blockers = [QSignalBlocker(control) for control in controls]
        self.operation.setCurrentIndex(self.operation.findData(recipe.operation))
        self.shape.setCurrentIndex(self.shape.findData(recipe.shape))
        self.smallest.setValue(recipe.smallest_percent)
        self.follow_edges.setChecked(recipe.follow_edges)
        self.fill_holes.setChecked(recipe.fill_holes)
        self.largest_only.setChecked(recipe.largest_only)
        for blocker in blockers:
            blocker.unblock()
        kernel_used = recipe.operation != "none"
        self.kernel.setEnabled(kernel_used)
        self.shape.setEnabled(kernel_used and recipe.kernel > 0)
        self._reset.setEnabled(recipe != self._defaults)

    def show_size(self, width: int, height: int) -> None:
        """Tell the panel the picture's size, for the kernel in its own pixels; 0 for no picture."""
        self._size = (width, height) if width and height else None
        self._show_sides()

    def show_edges(self, *, known: bool) -> None:
        """Tell the panel whether the mask can follow the picture's edges at all."""
        self.follow_edges.setEnabled(known)
        self.follow_edges.setToolTip(FOLLOWS_EDGES if known else KNOWS_NO_EDGES)

    def change_kernel(self, steps: int) -> None:
        """Make the kernel larger or smaller by slider steps, as the K keys do."""
        if self.kernel.isEnabled():
            self.kernel.slider.setValue(self.kernel.value + steps)

    def toggle_holes(self) -> None:
        """Fill holes, or leave them, as Shift+F does."""
        if self.fill_holes.isEnabled():
            self.fill_holes.toggle()

    def reset(self) -> None:
        """Set everything back to the defaults."""
        if self.isEnabled():
            self._settle(self._defaults)

    def _connect(self) -> None:
        self.threshold.moved.connect(lambda value: self._try(threshold=value / 100))
        self.threshold.settled.connect(lambda value: self._change(threshold=value / 100))
        self.kernel.moved.connect(lambda value: self._try(kernel=kernel_of(value)))
        self.kernel.settled.connect(lambda value: self._change(kernel=kernel_of(value)))
        self.grow.moved.connect(lambda value: self._try(grow=value))
        self.grow.settled.connect(lambda value: self._change(grow=value))
        self.smooth.moved.connect(lambda value: self._try(smooth=kernel_of(value)))
        self.smooth.settled.connect(lambda value: self._change(smooth=kernel_of(value)))
        self.operation.activated.connect(lambda: self._change(operation=self.operation.currentData()))
        self.shape.activated.connect(lambda: self._change(shape=self.shape.currentData()))
        self.smallest.valueChanged.connect(lambda value: self._change(smallest_percent=round(value, 2)))
        self.follow_edges.toggled.connect(lambda on: self._change(follow_edges=on))
        self.fill_holes.toggled.connect(lambda on: self._change(fill_holes=on))
        self.largest_only.toggled.connect(lambda on: self._change(largest_only=on))
        self._reset.clicked.connect(self.reset)

    def _try(self, **changes: Any) -> None:
        self.show_recipe(replace(self._recipe, **changes))
        self.tried.emit(self._recipe)

    def _change(self, **changes: Any) -> None:
        self._settle(replace(self._recipe, **changes))

    def _settle(self, recipe: Recipe) -> None:
        self.show_recipe(recipe)
        self.settled.emit(recipe)

    def _show_sides(self) -> None:
        """The sliders whose words depend on the picture's size."""
        recipe = self._recipe
        self.kernel.show_value(position_of(recipe.kernel), self._side_words(recipe.kernel))
        self.smooth.show_value(position_of(recipe.smooth), self._side_words(recipe.smooth))
        self.grow.show_value(recipe.grow, self._distance_words(recipe.grow))

    def _side_words(self, side: int) -> str:
        if side <= 1:
            return "off"
        return str(side) if self._size is None else f"{side} → {kernel_in_pixels(side, *self._size)} px"

    def _distance_words(self, distance: int) -> str:
        if distance == 0:
            return "off"
        if self._size is None:
            return f"{distance:+d}"
        return f"{distance:+d} → {distance_in_pixels(distance, *self._size):+d} px"


def _combo(words: tuple[tuple[str, str], ...]) -> QComboBox:
    combo = QComboBox()
    for value, text in words:
        combo.addItem(text, value)
    return combo
