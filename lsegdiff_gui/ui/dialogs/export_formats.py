"""The part of the export dialog that asks which files to write, and how."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QWidget,
)

from lsegdiff_gui.formats.request import LARGEST_TOLERANCE, ExportRequest, Format, Naming, Shape
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import card, label

FORMAT_WORDS: dict[Format, tuple[str, str]] = {
    Format.MASK: ("PNG masks", "One per picture, 0 and 255"),
    Format.COCO: ("COCO annotations", "One file for all, with the origin of each mask"),
    Format.INDEX: ("PNG of labels", "Each label's number, in its colour; with a table of the labels"),
    Format.LABELME: ("labelme files", "One JSON per picture"),
    Format.PROBABILITY: ("Probability", "The draft's, as PNG of 16 bit"),
    Format.SPREAD: ("Spread", "The draft's, as PNG of 16 bit"),
    Format.OVERLAY: ("Overlays for reports", "JPEG: the mask's outline and tint over the picture"),
    Format.CSV: ("Table of measurements", "CSV: area, perimeter, diameters, Dice to the draft"),
    Format.PICTURE: ("Copies of the pictures", "Without EXIF and other metadata, in the folder “images”"),
}
"""In the order of the dialog, two in a row: name and what it is."""

NAMING_WORDS = {
    Naming.MASK: "name_mask.png",
    Naming.SAME: "name.png",
    Naming.ISIC: "name_segmentation.png (ISIC)",
    Naming.KVASIR: "masks/name.png (Kvasir)",
}
SHAPE_WORDS = {
    Shape.RLE: "Run lengths – exact",
    Shape.COMPRESSED: "Compressed run lengths – exact",
    Shape.POLYGONS: "Polygons along pixel edges",
}
_ORIENTATION_WORDS = {False: "Upright, as you see them", True: "As the sensor stored them"}
_PER_WORDS = "Each instance by itself"
_STANDING_WORDS = {
    (False, False): "A new one",
    (True, False): "Add to the one that is there",
    (True, True): "Add, and renew the same pictures",
}
_STEP, _DECIMALS = 0.5, 1


class FormatChoice(QObject):
    """Which formats, and their options, on two cards; an option that no chosen format has use for is disabled.

    Signals:
        changed(): another answer was given.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.formats = self._which()
        self.options = self._how()
        self._enable()

    def request(self, folder: Path) -> ExportRequest:
        """What is chosen, for a folder to write to."""
        append, replace = self._standing.currentData()
        return ExportRequest(
            folder,
            frozenset(kind for kind, box in self._boxes.items() if box.isChecked()),
            naming=Naming(self._naming.currentData()),
            as_stored=self._orientation.currentData(),
            by_instance=self._by_instance.isChecked(),
            shape=self._chosen_shape,
            tolerance=self._tolerance.value() if self._tolerance.isEnabled() else 0.0,
            bridge_holes=self._bridge.isChecked() and self._bridge.isEnabled(),
            append=append,
            replace=replace,
            legend=self._legend.isChecked(),
        )

    @property
    def _chosen_shape(self) -> Shape:
        # Qt hands a StrEnum back as a plain string.
        return Shape(self._shape.currentData())

    def _which(self) -> QWidget:
        frame, column = card()
        column.addWidget(label("Formats", "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.WIDE)
        grid.setVerticalSpacing(theme.GAP)
        self._boxes: dict[Format, QCheckBox] = {}
        for number, (kind, (name, words)) in enumerate(FORMAT_WORDS.items()):
            box = QCheckBox(name)
            box.setObjectName(f"format_{kind}")
            box.setAccessibleDescription(words)
            box.setToolTip(words)
            box.setChecked(kind in (Format.MASK, Format.COCO))
            box.toggled.connect(self._answer)
            self._boxes[kind] = box
            grid.addWidget(box, number // 2, number % 2)
        column.addLayout(grid)
        column.addStretch(1)
        return frame

    def _how(self) -> QWidget:
        frame, column = card()
        column.addWidget(label("Options", "heading"))
        self._naming = self._choice("Names of PNG masks", NAMING_WORDS)
        self._orientation = self._choice("Orientation", _ORIENTATION_WORDS)
        self._shape = self._choice("Masks in COCO and labelme files", SHAPE_WORDS)
        self._standing = self._choice("COCO file", _STANDING_WORDS)
        self._tolerance = QDoubleSpinBox()
        self._tolerance.setAccessibleName("Simplify polygons")
        self._tolerance.setToolTip("How far a polygon may leave the mask's edge, to have fewer corners")
        self._tolerance.setRange(0.0, LARGEST_TOLERANCE)
        self._tolerance.setSingleStep(_STEP)
        self._tolerance.setDecimals(_DECIMALS)
        self._tolerance.setSuffix(" px")
        self._tolerance.setSpecialValueText("not at all")
        self._tolerance.valueChanged.connect(self._answer)
        self._bridge = self._option(
            "Tie holes in by bridges", "One line then holds outline and holes; otherwise holes are filled"
        )
        self._by_instance = self._option(
            _PER_WORDS, "Otherwise each label is one entry, however many lesions it marks", is_on=True
        )
        self._legend = self._option("Name the labels below overlays", "A strip with the labels' colours")
        left, right = QFormLayout(), QFormLayout()
        left.addRow("Names", self._naming)
        left.addRow("Orientation", self._orientation)
        left.addRow("COCO file", self._standing)
        left.addRow(self._by_instance)
        right.addRow("Masks as", self._shape)
        right.addRow("Simplify", self._tolerance)
        right.addRow(self._bridge)
        right.addRow(self._legend)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.WIDE)
        for place, form in enumerate((left, right)):
            form.setContentsMargins(0, 0, 0, 0)
            form.setHorizontalSpacing(theme.MARGIN)
            form.setVerticalSpacing(theme.GAP)
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
            grid.addLayout(form, 0, place)
            grid.setColumnStretch(place, 1)
        column.addLayout(grid)
        return frame

    def _choice(self, name: str, words: Mapping[Any, str]) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        for value, text in words.items():
            made.addItem(text, value)
        made.currentIndexChanged.connect(self._answer)
        return made

    def _option(self, text: str, tip: str, *, is_on: bool = False) -> QCheckBox:
        made = QCheckBox(text)
        made.setToolTip(tip)
        made.setChecked(is_on)
        made.toggled.connect(self._answer)
        return made

    def _answer(self) -> None:
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        chosen = {kind for kind, box in self._boxes.items() if box.isChecked()}
        holds_shapes = bool(chosen & {Format.COCO, Format.LABELME})
        polygons = holds_shapes and self._chosen_shape is Shape.POLYGONS
        self._naming.setEnabled(Format.MASK in chosen)
        self._shape.setEnabled(holds_shapes)
        self._tolerance.setEnabled(polygons)
        self._bridge.setEnabled(polygons)
        self._by_instance.setEnabled(holds_shapes or Format.CSV in chosen)
        self._standing.setEnabled(Format.COCO in chosen)
        self._legend.setEnabled(Format.OVERLAY in chosen)
