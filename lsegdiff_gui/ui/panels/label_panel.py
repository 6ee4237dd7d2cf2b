"""The Labels panel: what can be painted, in which colour, and which instances of it the picture has."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from lsegdiff_gui.annotation.labels import IGNORE, Label, Labels
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.instance_list import InstanceList
from lsegdiff_gui.ui.panels.label_changes import (
    clean_name,
    hindrance_to_name,
    hindrance_to_removal,
    with_change,
    with_new,
    without,
)
from lsegdiff_gui.ui.panels.label_row import LabelRow
from lsegdiff_gui.ui.panels.section import Section

_SIGN = 18


class LabelPanel(QWidget):
    """Shows a project's labels and hands on the table that the user wants instead; it applies nothing itself.

    `instances`, below the labels, is filled by whoever counts them.

    Signals:
        labels_changed(tuple[Label, ...]): to be made the project's labels.
        active_changed(int): the number of the label that is painted from now on.
    """

    labels_changed = Signal(object)
    active_changed = Signal(int)

    def __init__(self, pixels_of: Callable[[int], int], parent: QWidget | None = None) -> None:
        """pixels_of: how many pixels of the shown picture have a label; asked when that label is to be removed."""
        super().__init__(parent)
        self._pixels_of = pixels_of
        self._labels: Labels = ()
        self._active = 1
        self._added = 0  # a label that was asked for and is not shown yet
        self._rows: dict[int, LabelRow] = {}
        section = Section("Labels")
        self.add_button = _head_button("mdi6.plus", "Add a label")
        self.remove_button = _head_button("mdi6.trash-can-outline", "Remove the active label")
        section.add_to_head(self.add_button)
        section.add_to_head(self.remove_button)
        rows = QWidget()
        self._column = QVBoxLayout(rows)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        section.add_wide(rows)
        self._told = QLabel()
        self._told.setWordWrap(True)
        self._told.setAccessibleName("Why a label cannot be changed")
        theme.set_role(self._told, "warning")
        section.add_wide(self._told)
        self.instances = InstanceList()
        section.add_wide(self.instances)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section)
        self.add_button.clicked.connect(self.add)
        self.remove_button.clicked.connect(self.remove)
        self._tell("")
        self.show_labels(())

    @property
    def labels(self) -> Labels:
        """What is shown."""
        return self._labels

    @property
    def active(self) -> int:
        """The number of the active label."""
        return self._active

    @property
    def sentence(self) -> str:
        """What is said of the last thing that was not possible, or ""."""
        return self._told.text()

    def row(self, number: int) -> LabelRow:
        """The row of a label. Raises KeyError if it is not shown."""
        return self._rows[number]

    def show_labels(self, labels: Labels) -> None:
        """Show these labels; () while there is no picture: the earlier ones stay in sight, out of reach."""
        self.setEnabled(bool(labels))
        if not labels:
            return
        self._labels = tuple(sorted(labels, key=lambda label: label.id))
        for number in self._rows.keys() - {label.id for label in self._labels}:
            row = self._rows.pop(number)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, label in enumerate(self._labels):
            if label.id not in self._rows:
                self._rows[label.id] = self._new_row(label)
                self._column.insertWidget(place, self._rows[label.id])
        self.instances.show_labels(self._labels)
        self._tell("")
        if self._added in self._rows:
            self.choose(self._added)
        elif self._active in self._rows:
            self._show_rows()
        else:
            self.choose(self._labels[0].id)

    def choose(self, number: int) -> None:
        """Make a label the active one, and tell."""
        if number in self._rows:
            changed, self._active, self._added = number != self._active, number, 0
            self._show_rows()
            if changed:
                self._tell("")
                self.active_changed.emit(number)

    def activate(self, digit: int) -> bool:
        """Make the label with this digit on the keyboard the active one; False if none has it."""
        found = next((label.id for label in self._labels if label.key == str(digit)), None)
        if found is None or not self.isEnabled():
            return False
        self.choose(found)
        return True

    def rename_active(self) -> None:
        """Let the user type another name for the active label."""
        if self.isEnabled() and self._active in self._rows:
            self._rows[self._active].rename()

    def add(self) -> None:
        """Want one label more, and paint it."""
        made = with_new(self._labels)
        if made is None:
            self._tell(f"There are {IGNORE - 1} labels already: no number is free.")
            return
        labels, number = made
        self._added = number
        # Whoever applies it shows it: by now, or once what goes on with the mask is done.
        self.labels_changed.emit(labels)

    def remove(self) -> None:
        """Want the active label gone, or tell why it stays."""
        label = self._label(self._active)
        if label is None:
            return
        # Counting takes some milliseconds on a large picture: not for labels that stay anyway.
        sentence = hindrance_to_removal(label, 0) or hindrance_to_removal(label, self._pixels_of(label.id))
        self._tell(sentence)
        if not sentence:
            self.labels_changed.emit(without(self._labels, label.id))

    def _new_row(self, label: Label) -> LabelRow:
        number = label.id
        row = LabelRow(label)
        row.chosen.connect(lambda: self.choose(number))
        row.renamed.connect(lambda text: self._rename(number, text))
        row.recoloured.connect(lambda colour: self._change(number, colour=colour))
        row.hidden.connect(lambda hidden: self._change(number, visible=not hidden))
        row.locked.connect(lambda locked: self._change(number, locked=locked))
        return row

    def _show_rows(self) -> None:
        for label in self._labels:
            self._rows[label.id].show_label(label, active=label.id == self._active)
        active = self._label(self._active)
        stays = active is None or bool(hindrance_to_removal(active, 0))
        self.remove_button.setIcon(theme.icon("mdi6.trash-can-outline", "disabled" if stays else None))

    def _rename(self, number: int, text: str) -> None:
        name = clean_name(text)
        sentence = hindrance_to_name(self._labels, number, name)
        self._tell(sentence)
        if not sentence:
            self._change(number, name=name)

    def _change(self, number: int, **changes: object) -> None:
        labels = with_change(self._labels, number, **changes)
        if labels != self._labels:
            self.labels_changed.emit(labels)
        # A refusal must not leave a button pressed that nothing follows from.
        self._show_rows()

    def _label(self, number: int) -> Label | None:
        return next((label for label in self._labels if label.id == number), None)

    def _tell(self, sentence: str) -> None:
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))


def _head_button(glyph: str, words: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(theme.icon(glyph))
    button.setIconSize(QSize(_SIGN, _SIGN))
    button.setToolTip(words)
    button.setAccessibleName(words)
    return button
