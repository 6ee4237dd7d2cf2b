"""Write docs/keys.md, docs/settings.md and docs/formats.md from what the program declares.

Run by `make docs`; a test says when a page is not up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

from docs.masks_in import masks_in
from docs.masks_out import masks_out
from lsegdiff_gui.imaging.kinds import KINDS
from lsegdiff_gui.imaging.read import Limits
from lsegdiff_gui.ui.action_table import ACTIONS, ActionSpec
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


def formats_page() -> str:
    """The page of the files that are read and written."""
    lines = [
        "# Files",
        "",
        _MADE.format(
            source="`lsegdiff_gui/imaging/kinds.py`, `lsegdiff_gui/formats/kinds_in.py` and `kinds_out.py`"
        ),
        "",
        "## Pictures in",
        "",
        *_table(
            ("kind", "names end with", "what is read", "what is refused with a sentence"),
            [(kind.name, ", ".join(map(_code, kind.suffixes)), kind.read, kind.refused) for kind in KINDS],
        ),
        "",
        *_PICTURES_IN.format(megapixels=Limits().megapixels, megabytes=Limits().file_megabytes)
        .strip()
        .splitlines(),
        "",
        *masks_in(_table),
        "",
        *masks_out(_table),
    ]
    return "\n".join(lines) + "\n"


_PICTURES_IN = """
The content decides, not the name. A picture is shown upright, and every mask belongs to the upright
picture. Transparent pixels lie over black, the colour around the field of an endoscope. Colour profiles
are not applied.

**Values.** 16 bit are kept: the window shows a part of them, which changes nothing in a file and nothing
for the model. Fewer than 8 bits are brought to 8. Signed values of DICOM are raised by half of their
range.

**Pages.** Each page of a TIFF file, and each frame of a DICOM file, is a picture of its own. Page 3 of
`scan.tif` is called `scan [3].tif` in lists, in projects, in COCO files and before `_mask.png`; smaller
copies inside a file are no pages. The window asks which pages to open, once for all files; `lsegdiff
segment` drafts all of them, or those of `--pages 1,3-5`, or with `--pages first` the first of each, and
takes `"scan [3].tif"` as a name. A file that really has such a name is that file.

**DICOM** wants pydicom, as in `pip install "lsegdiff[dicom]"`; `lsegdiff doctor` says whether it is
there, and which compressions need another decoder. Nothing of the patient is read: only the tags that
tell the pixels are, from a list in `imaging/dicom.py`.

**Limits.** The header is read first: pictures above {megapixels:g} megapixels and files above
{megabytes:g} MB are refused before anything is decoded. Both are settings of the window. What is decoded
must have the size that the header told.
"""

PAGES = {"keys.md": keys_page, "settings.md": settings_page, "formats.md": formats_page}


def main() -> int:
    """Write the pages; returns the exit status."""
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
