"""Where a mask comes from: the picture, the draft, the work on it, and what was frozen of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHeaderView,
    QScrollArea,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.annotation.origin import MaskOrigin
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.deed_words import status_words, time_words, words_of
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, card, label

_SIZE = (760, 640)
_SHORT = 16  # of a hash's letters: enough to tell two apart; the whole is in the tool tip and in the files
_DEEDS = ("What", "Pixels", "Status then", "Who", "When", "Version")

Line = tuple[str, str]


class OriginDialog(DialogFrame):
    """Shows an origin. Signals: file_wanted(bool everything): a file of all listed pictures, JSON or a table."""

    file_wanted = Signal(bool)

    def __init__(self, origin: MaskOrigin, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            title="Where the mask comes from",
            text="Kept with the project and never changed; goes along with exports.",
            sign="mdi6.source-branch",
        )
        self.resize(*_SIZE)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.MARGIN)
        for heading, lines in sections(origin):
            column.addWidget(_section(heading, lines))
        frame, inner = card()
        inner.addWidget(label("Everything that was done, the newest first", "heading"))
        inner.addWidget(_deeds(origin))
        column.addWidget(frame)
        scroll = QScrollArea()
        scroll.setAccessibleName("Origin")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        scroll.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.body.addWidget(scroll, 1)
        self.add_button("All listed pictures as a table…", at_left=True).clicked.connect(
            lambda: self.file_wanted.emit(False)
        )
        self.add_button("All as JSON…", at_left=True).clicked.connect(lambda: self.file_wanted.emit(True))
        self.add_button("Close", default=True).clicked.connect(self.accept)


def sections(origin: MaskOrigin) -> list[tuple[str, list[Line]]]:
    """The origin as headings with lines of a name and a value; what is not known has no line."""
    base = origin.base
    picture = [
        ("File", origin.picture),
        ("Size", f"{origin.width} × {origin.height}" if origin.width else ""),
        ("SHA-256", origin.picture_sha256),
    ]
    draft: list[Line] = []
    if "model" in base:
        draft = [
            ("Model", f"{base['model']}, version {base['version']}"),
            ("Weights' SHA-256", str(base["weights_sha256"])),
            ("Steps, samples, seed", f"{base['steps']}, {base['samples']}, {base['seed']}"),
            ("Took", f"{base['seconds']:.1f} s on {base['device']}"),
            ("Made", f"{time_words(str(base['created']))} by LSegDiff {base['app_version']}"),
        ]
    elif base.get("base") != "empty":
        draft = [("Kind", str(base.get("base", "")))]
    imported = imported_lines(base.get("base_origin", {}))
    recipe = ", ".join(f"{name.replace('_', ' ')} {_plain(value)}" for name, value in origin.recipe.items())
    work = [
        ("Status", status_words(origin.status)),
        ("Note", origin.note),
        ("Mask settings", recipe),
        ("Annotators", ", ".join(origin.annotators)),
        ("Time spent", f"{origin.seconds / 60:.1f} min" if origin.seconds else ""),
    ]
    frozen = []
    for freeze in origin.freezes:
        dice = "" if freeze.dice is None else f", Dice with the draft {freeze.dice:.3f}"
        who = f" by {freeze.annotator}" if freeze.annotator else ""
        reason = "exported" if freeze.reason == "exported" else status_words(freeze.reason).lower()
        frozen.append((time_words(freeze.time), f"{reason}{who}{dice}; SHA-256 {freeze.sha256[:_SHORT]}…"))
    named = [
        ("Picture", picture),
        ("Draft", draft),
        ("Imported mask", imported),
        ("Work", work),
        ("Frozen masks", frozen),
    ]
    filled = [(heading, [line for line in lines if line[1]]) for heading, lines in named]
    return [(heading, lines) for heading, lines in filled if lines]


def imported_lines(base_origin: Mapping[str, Any]) -> list[Line]:
    """What is known of the file that a mask was imported from, as `Origin.to_dict` has it."""
    return [
        ("File", str(base_origin.get("file", ""))),
        ("Format", str(base_origin.get("format", ""))),
        ("File's SHA-256", str(base_origin.get("sha256", ""))),
        ("Categories", ", ".join(map(str, base_origin.get("categories", ())))),
        ("Brought to size", str(base_origin.get("fit", ""))),
        ("Imported", time_words(str(base_origin.get("time", "")))),
        ("By", str(base_origin.get("annotator", ""))),
    ]


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _section(heading: str, lines: Sequence[Line]) -> QFrame:
    frame, column = card()
    column.addWidget(label(heading, "heading"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.WIDE)
    grid.setVerticalSpacing(theme.GAP // 2)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(lines):
        grid.addWidget(label(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
        is_hash = name.endswith("SHA-256")
        words = label(f"{value[:_SHORT]}…" if is_hash else value)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if is_hash:
            words.setToolTip(value)
        grid.addWidget(words, row, 1)
    grid.setColumnMinimumWidth(0, 140)
    column.addLayout(grid)
    return frame


def _deeds(origin: MaskOrigin) -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName("Everything that was done")
    table.setHeaderLabels(list(_DEEDS))
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setMinimumHeight(180)
    table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.header().setStretchLastSection(False)
    table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for deed in reversed(origin.deeds):
        pixels = f"{deed.pixels:,}".replace(",", "\u202f") if deed.pixels else ""
        status = status_words(deed.status)
        item = QTreeWidgetItem(
            [words_of(deed), pixels, status, deed.annotator, time_words(deed.time), deed.app_version]
        )
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        table.addTopLevelItem(item)
    return table
