"""Every key on one sheet (F1), made from the table of commands, with a field to find one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, card, label
from lsegdiff_gui.ui.keymap import native

_SIZE = (820, 640)


@dataclass(frozen=True)
class KeyRow:
    """One command. keys: as QKeySequence writes them, or plain words for what is no key ("wheel")."""

    section: str
    text: str
    keys: tuple[str, ...]
    help: str = ""


# What the mouse and held keys do on the canvas: no command of a menu, so it stands here.
GESTURES = (
    KeyRow("Mouse and held keys", "Zoom at the cursor", ("Wheel", "Pinch")),
    KeyRow("Mouse and held keys", "Brush size; the tolerance of the wand", ("Shift + wheel",)),
    KeyRow("Mouse and held keys", "Move the picture", ("Hold Space", "Middle button")),
    KeyRow(
        "Mouse and held keys",
        "Turn the tool round: erase instead of paint, tie instead of cut",
        ("Hold Ctrl",),
    ),
    KeyRow("Mouse and held keys", "See the draft's mask", ("Hold C",)),
    KeyRow("Mouse and held keys", "See the picture without the mask", ("Hold V",)),
    KeyRow("Mouse and held keys", "Move the cross-hair", ("Arrows", "Shift + arrows")),
    KeyRow(
        "Mouse and held keys",
        "Use the tool there, begin and end a line or a box, close an outline",
        ("Enter",),
    ),
    KeyRow("Mouse and held keys", "Take the last corner of an outline back", ("Backspace",)),
)


class KeySheetDialog(DialogFrame):
    """Shows rows grouped by section, in two columns; typing filters them. Accepted: the keys are to be changed."""

    def __init__(self, rows: Iterable[KeyRow], parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            title="Keyboard",
            text="Single letters act on the picture; they type as usual while a text field is active.",
            sign="mdi6.keyboard-outline",
        )
        self.resize(*_SIZE)
        self._find = QLineEdit()
        self._find.setPlaceholderText("Find a command or a key")
        self._find.setAccessibleName("Find a command or a key")
        self._find.setClearButtonEnabled(True)
        self._find.addAction(theme.icon("mdi6.magnify", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._find.textChanged.connect(self._filter)
        self.body.addWidget(self._find)

        self._sections = [_Section(name, group) for name, group in _by_section(rows).items()]
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(0, 0, theme.GAP, 0)
        columns.setSpacing(theme.MARGIN)
        for share in _two_columns(self._sections):
            column = QVBoxLayout()
            column.setSpacing(theme.MARGIN)
            for section in share:
                column.addWidget(section.frame)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self._nothing = label("No command has this name or key.", "muted")
        self._nothing.hide()
        self.body.addWidget(self._nothing)
        area = QScrollArea()
        area.setAccessibleName("Commands and their keys")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        area.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.body.addWidget(area, 1)
        self.add_button("Change the keys…", at_left=True).clicked.connect(self.accept)
        self.add_button("Close", default=True).clicked.connect(self.reject)
        self._find.setFocus()

    @property
    def shown(self) -> list[str]:
        """The commands that match what is typed."""
        return [row.text for section in self._sections for row in section.shown]

    def _filter(self, typed: str) -> None:
        for section in self._sections:
            section.filter(typed)
        self._nothing.setVisible(not self.shown)


class _Section:
    """One card of the sheet with its rows."""

    def __init__(self, name: str, rows: Sequence[KeyRow]) -> None:
        self.rows = tuple(rows)
        self.shown = list(rows)
        self.frame, column = card()
        column.addWidget(label(name, "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.MARGIN)
        grid.setVerticalSpacing(theme.GAP - 2)
        grid.setColumnStretch(0, 1)
        self._name = name
        self._lines: list[tuple[QLabel, QWidget]] = []
        for number, row in enumerate(rows):
            text = label(row.text)
            text.setToolTip(row.help)
            keys = _caps(row)
            grid.addWidget(text, number, 0)
            grid.addWidget(keys, number, 1, Qt.AlignmentFlag.AlignRight)
            self._lines.append((text, keys))
        column.addLayout(grid)

    def filter(self, typed: str) -> None:
        """Show the rows whose command, section, explanation or key holds what is typed."""
        wanted = typed.strip().casefold()
        self.shown = []
        for row, line in zip(self.rows, self._lines, strict=True):
            names = (row.text, row.help, self._name, *row.keys, *map(native, row.keys))
            fits = any(wanted in name.casefold() for name in names)
            if fits:
                self.shown.append(row)
            for widget in line:
                widget.setVisible(fits)
        self.frame.setVisible(bool(self.shown))


def _caps(row: KeyRow) -> QFrame:
    frame = QFrame()
    line = QHBoxLayout(frame)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(theme.GAP // 2)
    for key in row.keys:
        cap = QLabel(native(key))
        theme.set_role(cap, "keys")
        cap.setAccessibleName(f"{row.text}: {native(key)}")
        line.addWidget(cap)
    return frame


def _by_section(rows: Iterable[KeyRow]) -> dict[str, list[KeyRow]]:
    """Rows with keys, by section, in the order the sections first appear."""
    sections: dict[str, list[KeyRow]] = {}
    for row in rows:
        if row.keys:
            sections.setdefault(row.section, []).append(row)
    return sections


def _two_columns(sections: Sequence[_Section]) -> tuple[list[_Section], list[_Section]]:
    """Split in order where both columns are about equally long; a heading counts as two rows."""
    heights = [len(section.rows) + 2 for section in sections]
    cuts = range(len(sections) + 1)
    cut = min(cuts, key=lambda at: abs(sum(heights[:at]) - sum(heights[at:])), default=0)
    return list(sections[:cut]), list(sections[cut:])
