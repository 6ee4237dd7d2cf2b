"""Write docs/keys.md and docs/settings.md from what the program declares.

Run by `make docs`; a test says when a page is not up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

from lsegdiff_gui.ui.actions import ACTIONS, ActionSpec
from lsegdiff_gui.ui.dialogs.key_sheet import GESTURES, KeyRow
from lsegdiff_gui.ui.settings import FILE_NAME, Declared, Settings, declared

HERE = Path(__file__).parent
_MADE = "*Made by `make docs` from {source}; changes belong there.*"
_TYPES = {bool: "yes or no", int: "whole number", float: "number", str: "text"}


def keys_page(specs: Iterable[ActionSpec] = ACTIONS, gestures: Iterable[KeyRow] = GESTURES) -> str:
    """The page of all commands with their default keys, by section, and of what the mouse does."""
    lines = [
        "# Keys",
        "",
        "The default keys. *File › Change the keys* gives commands others; *F1* shows those that hold, *Ctrl+K* finds",
        "and runs any command by name. Single letters type as usual while a text field is active.",
        "",
        _MADE.format(source="the table in `lsegdiff_gui/ui/actions.py`"),
    ]
    rows = [KeyRow(spec.section, spec.name, spec.keys, spec.help) for spec in specs]
    sections: dict[str, list[KeyRow]] = {}
    for row in [*rows, *gestures]:
        sections.setdefault(row.section, []).append(row)
    for name, group in sections.items():
        cells = [(row.text, ", ".join(map(_code, row.keys)), row.help) for row in group]
        lines += ["", f"## {name}", "", *_table(("command", "keys", "what it does"), cells)]
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """The page of all settings: name in the file, what is asked for, default, range."""
    lines = [
        "# Settings",
        "",
        f"Kept for all projects of a computer in `{FILE_NAME}` in the program's configuration folder. Those with words",
        "in the second column are in *File › Settings*; the others are kept as they were last used. A value that",
        "cannot be used is replaced by its default, and the program says so; what a newer version wrote is kept.",
        "",
        _MADE.format(source="the declarations in `lsegdiff_gui/ui/settings.py`"),
        "",
    ]
    shown = [(item, declared(item)) for item in fields(Settings) if item.name != "unknown"]
    cells = [
        (_code(item.name), words.label, _type(item, words), _default(item, words), _range(words), words.help)
        for item, words in shown
    ]
    return (
        "\n".join(
            [*lines, *_table(("name", "in the dialog", "type", "default", "range", "what it does"), cells)]
        )
        + "\n"
    )


PAGES = {"keys.md": keys_page, "settings.md": settings_page}


def main() -> int:
    """Write both pages; returns the exit status."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
    return 0


def _type(item: Field[Any], words: Declared) -> str:
    if words.choices:
        return "one of " + ", ".join(_code(stored) for stored, _ in words.choices)
    return words.form[0] or _TYPES[type(item.default)]


def _default(item: Field[Any], words: Declared) -> str:
    if item.default is MISSING or words.form[1]:
        return words.form[1]
    if isinstance(item.default, bool):
        return _code("true" if item.default else "false")
    return _code(str(item.default))


def _range(words: Declared) -> str:
    if words.low is None or words.high is None:
        return ""
    return f"{words.low:.12g} to {words.high:.12g} {words.unit}".rstrip()


def _code(text: str) -> str:
    # A key may be a backtick, and a cell may hold a bar.
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [_line(head), _line(["---"] * len(head)), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    raise SystemExit(main())
