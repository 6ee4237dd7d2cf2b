"""What the user decides about an import: work that is there, sizes, lesions, labels."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from lsegdiff_gui.annotation.incoming import Precedence
from lsegdiff_gui.annotation.labels import IGNORE, Label
from lsegdiff_gui.formats.import_plan import LEAVE_OUT, Choices, Fit, ImportPlan
from lsegdiff_gui.formats.matching import Holding
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import card, label
from lsegdiff_gui.ui.panels.label_row import swatch

PRECEDENCES = {
    Precedence.KEEP: ("Keep mine", "Pictures with work on them stay as they are"),
    Precedence.THEIRS: (
        "Take theirs",
        "The mask of the file takes the place of the work; Undo brings it back",
    ),
    Precedence.BENEATH: (
        "Only where I have nothing",
        "The mask of the file comes beneath the work: where you have marked or erased something, yours stays",
    ),
}


_WORDS = 8  # characters of a label that are seen at least


class ImportChoices(QWidget):
    """Three cards. Signals: changed(): the choices are others."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choices = Choices()
        self._boxes: dict[str, QComboBox] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.MARGIN)
        row.addWidget(self._work(), 3)
        row.addWidget(self._fits(), 3)
        row.addWidget(self._labels(), 3)

    @property
    def choices(self) -> Choices:
        """What is chosen, for all pictures."""
        return self._choices

    def choose(self, precedence: Precedence) -> None:
        """Decide what becomes of work."""
        self._radios[precedence].setChecked(True)

    def show_plan(self, plan: ImportPlan) -> None:
        """Ask only what the plan leaves open."""
        lines = [line for line in plan.lines if line.picture is not None]
        worked = sum(line.picture is not None and line.picture.holding is Holding.WORK for line in lines)
        self._heading.setText(f"Pictures with work on them ({worked:,})")
        for button in self._radios.values():
            button.setEnabled(worked > 0)
        for box, count in (
            (self._turn, sum(line.fit is Fit.TRANSPOSED for line in lines)),
            (self._scale, sum(line.fit is Fit.RESCALED for line in lines)),
            (self._add, sum(line.picture is not None and not line.picture.id for line in lines)),
        ):
            box.setText(f"{box.property('words')} ({count:,})")
            box.setEnabled(count > 0)
        self._by_shape.setEnabled(any(line.source.format != "png" for line in lines))
        self._choices = replace(self._choices, labels={})
        self._fill_labels(plan)

    def _work(self) -> QWidget:
        frame, column = card()
        self._heading = label("Pictures with work on them", "heading")
        column.addWidget(self._heading)
        self._radios: dict[Precedence, QRadioButton] = {}
        for precedence, (words, help_text) in PRECEDENCES.items():
            button = QRadioButton(words)
            button.setToolTip(help_text)
            button.setAccessibleDescription(help_text)
            button.setChecked(precedence is self._choices.work)
            button.toggled.connect(self._collect)
            self._radios[precedence] = button
            column.addWidget(button)
        column.addStretch(1)
        return frame

    def _fits(self) -> QWidget:
        frame, column = card()
        column.addWidget(label("Take also", "heading"))
        self._turn = self._box(
            "Masks to be turned", "They fit when they are turned as their picture was", False
        )
        self._scale = self._box("Masks to be rescaled", "They have another size than their picture", False)
        self._add = self._box(
            "Pictures the project lacks", "Pictures in the folder that the project lacks are added", True
        )
        self._by_shape = QCheckBox("Each shape is one lesion")
        self._by_shape.setToolTip("Otherwise what hangs together is one, whatever the file tells apart")
        self._by_shape.setChecked(True)
        for box in (self._turn, self._scale, self._add, self._by_shape):
            box.toggled.connect(self._collect)
            column.addWidget(box)
        column.addStretch(1)
        return frame

    def _labels(self) -> QWidget:
        frame, column = card()
        column.addWidget(label("Labels", "heading"))
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(theme.GAP // 2)
        self._grid.setColumnStretch(1, 1)
        area = QScrollArea()
        area.setAccessibleName("Labels of the categories")
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for part in (area.viewport(), self._rows):
            part.setBackgroundRole(QPalette.ColorRole.AlternateBase)  # the card's
        area.setWidget(self._rows)
        column.addWidget(area, 1)
        return frame

    def _box(self, words: str, help_text: str, is_on: bool) -> QCheckBox:
        box = QCheckBox(words)
        box.setProperty("words", words)
        box.setToolTip(help_text)
        box.setChecked(is_on)
        return box

    def _fill_labels(self, plan: ImportPlan) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._boxes.clear()
        there = {each.id for each in plan.labels}
        for place, category in enumerate(plan.categories):
            words = QLabel(category or "What is marked")
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setToolTip(f"In {plan.categories[category]:,} of the pictures")
            box = QComboBox()
            box.setAccessibleName(f"Label for {category or 'what is marked'}")
            words.setBuddy(box)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(_WORDS)
            for each in sorted((*plan.labels, *plan.added), key=_order):
                new = "" if each.id in there else " (new)"
                box.addItem(swatch(each.colour), f"{each.name}{new}", each.id)
            box.addItem("Leave out", LEAVE_OUT)
            box.setCurrentIndex(box.findData(plan.proposed.get(category, LEAVE_OUT)))
            box.currentIndexChanged.connect(self._collect)
            self._boxes[category] = box
            self._grid.addWidget(words, place, 0)
            self._grid.addWidget(box, place, 1)
        self._grid.setRowStretch(len(self._boxes), 1)

    def _collect(self, *_: object) -> None:
        if not any(button.isChecked() for button in self._radios.values()):
            return  # between two of them
        fits = {Fit.SAME: True, Fit.TRANSPOSED: self._turn.isChecked(), Fit.RESCALED: self._scale.isChecked()}
        self._choices = replace(
            self._choices,
            work=next(precedence for precedence, button in self._radios.items() if button.isChecked()),
            fits=frozenset(fit for fit, is_taken in fits.items() if is_taken),
            adds=self._add.isChecked(),
            by_shape=self._by_shape.isChecked(),
            labels={category: int(box.currentData()) for category, box in self._boxes.items()},
        )
        self.changed.emit()


def _order(each: Label) -> tuple[bool, int]:
    return each.id == IGNORE, each.id
