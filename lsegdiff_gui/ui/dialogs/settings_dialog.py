"""The settings dialog, made from what `Settings` declares: a new setting with a label appears by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, fields, replace
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, card, label
from lsegdiff_gui.ui.settings import Declared, Settings, declared

_WIDTH = 580
_CONTROL_WIDTH = 170


class SettingsDialog(DialogFrame):
    """Changes the settings that have a label; the others are kept as they are.

    Signals: previewed(Settings) while something is changed, so that a theme can be seen before it is taken;
    after a Cancel it comes once more with the settings the dialog was opened with.
    """

    previewed = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            title="Settings",
            text="Kept for all projects on this computer.",
            sign="mdi6.cog-outline",
        )
        self.setMinimumWidth(_WIDTH)
        self._before = settings
        self._readers: dict[str, Callable[[], Any]] = {}
        self._writers: dict[str, Callable[[Any], None]] = {}
        sections: dict[str, QVBoxLayout] = {}
        rows = QWidget()
        column_of_sections = QVBoxLayout(rows)
        column_of_sections.setContentsMargins(0, 0, 0, 0)
        column_of_sections.setSpacing(theme.MARGIN)
        for item in fields(Settings):
            words = declared(item)
            if not words.label:
                continue
            if words.section not in sections:
                frame, column = card()
                column.addWidget(label(words.section, "heading"))
                sections[words.section] = column
                column_of_sections.addWidget(frame)
            self._add(sections[words.section], item, words)
        self.body.addWidget(_Scrolled(rows))
        self.add_button("Restore the defaults", at_left=True).clicked.connect(self._restore)
        self.add_button("Cancel").clicked.connect(self.reject)
        self.add_button("Save", default=True).clicked.connect(self.accept)
        self.rejected.connect(lambda: self.previewed.emit(self._before))

    @property
    def settings(self) -> Settings:
        """The settings as the dialog shows them."""
        return replace(self._before, **{name: read() for name, read in self._readers.items()})

    def _add(self, column: QVBoxLayout, item: Field[Any], words: Declared) -> None:
        value = getattr(self._before, item.name)
        control: QComboBox | QLineEdit | QSpinBox
        if words.choices:
            control = _choices(words, value)
            box = control
            self._readers[item.name] = box.currentData
            self._writers[item.name] = lambda value: box.setCurrentIndex(box.findData(value))
            control.currentIndexChanged.connect(self._preview)
        elif isinstance(value, str):
            control = _text(words, value)
            self._readers[item.name] = control.text
            self._writers[item.name] = control.setText
            control.textChanged.connect(self._preview)
        else:
            control = _number(words, value)
            self._readers[item.name] = control.value
            self._writers[item.name] = control.setValue
            control.valueChanged.connect(self._preview)
        control.setFixedWidth(_CONTROL_WIDTH)
        control.setObjectName(item.name)
        control.setAccessibleName(words.label)
        control.setAccessibleDescription(words.help)
        name = QLabel(words.label)
        name.setBuddy(control)
        row = QGridLayout()
        row.setHorizontalSpacing(theme.WIDE)
        row.setVerticalSpacing(0)
        row.setColumnStretch(0, 1)
        row.addWidget(name, 0, 0)
        row.addWidget(label(words.help, "muted"), 1, 0)
        row.addWidget(control, 0, 1, 2, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(row)

    def _restore(self) -> None:
        defaults = Settings()
        for name, write in self._writers.items():
            write(getattr(defaults, name))

    def _preview(self) -> None:
        self.previewed.emit(self.settings)


class _Scrolled(QScrollArea):
    """As high as its content, and scrolled where the screen is lower than that."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setAccessibleName("Settings")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        """The content's own, at the width of the dialog, with room for the scroll bar."""
        width = _WIDTH - 2 * theme.WIDE
        return QSize(width, self._content.heightForWidth(width))


def _choices(words: Declared, value: str) -> QComboBox:
    box = QComboBox()
    for stored, text in words.choices:
        box.addItem(text, stored)
    box.setCurrentIndex(box.findData(value))
    return box


def _text(words: Declared, value: str) -> QLineEdit:
    box = QLineEdit(value)
    if words.high is not None:
        box.setMaxLength(int(words.high))
    return box


def _number(words: Declared, value: int) -> QSpinBox:
    box = QSpinBox()
    if words.low is not None and words.high is not None:
        box.setRange(int(words.low), int(words.high))
    box.setValue(value)
    box.setSuffix(f" {words.unit}" if words.unit else "")
    return box
