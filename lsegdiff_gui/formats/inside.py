"""Names that stand in files of annotations, resolved strictly inside a folder."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from lsegdiff_gui.formats.errors import FormatError

# What Windows takes for a device, whatever suffix follows (learn.microsoft.com, "Naming Files, Paths, and Namespaces").
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)
_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST_PART = 255
_LONGEST_NAME = 4096


def parts_of(name: object) -> tuple[str, ...]:
    """The folders and the file of a relative name, with slashes of either kind.

    Raises FormatError, whose text follows “left out: ”, for a name that could lead out of a folder, or is none.
    """
    if not isinstance(name, str) or not name.strip():
        raise FormatError("it has no file name.")
    if len(name) > _LONGEST_NAME:
        raise FormatError("its file name is too long to be one.")
    if any(unicodedata.category(character) == "Cc" for character in name):
        raise FormatError("its file name holds control characters.")
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        raise FormatError("its path is absolute: only pictures inside the chosen folder are looked for.")
    parts = tuple(part for part in re.split(r"[/\\]+", name) if part not in ("", "."))
    if ".." in parts:
        raise FormatError("its path leads out of the chosen folder.")
    if not parts:
        raise FormatError("it has no file name.")
    for part in parts:
        _refuse_special(part)
    return parts


def resolved(root: Path, parts: tuple[str, ...]) -> Path | None:
    """The file of that name inside `root`; None where there is none.

    root: as the user chose it. Raises FormatError where links lead out of it.
    """
    path = root.joinpath(*parts)
    try:
        if not path.is_file():
            return None
        real, real_root = path.resolve(strict=True), root.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        return None
    if not real.is_relative_to(real_root):
        raise FormatError("a link leads out of the chosen folder.")
    return path


def folded(name: str) -> str:
    """Equal for names that are one file on some systems: macOS composes accents, Windows ignores case."""
    return unicodedata.normalize("NFC", name).casefold()


def folded_path(path: Path) -> str:
    """`folded`, of a whole path."""
    return folded(os.fspath(path))


def _refuse_special(part: str) -> None:
    if len(os.fsencode(part) if _is_text(part) else part) > _LONGEST_PART:
        raise FormatError("its file name is too long to be one.")
    if part.split(".")[0].rstrip(" ").casefold() in DEVICES:
        raise FormatError(f"“{part}” is the name of a device, not of a file.")
    if ":" in part:
        raise FormatError("its file name holds a colon, which names another stream of a file.")
    if part.endswith((" ", ".")):
        raise FormatError("its file name ends with a blank or a dot.")


def _is_text(part: str) -> bool:
    try:
        os.fsencode(part)
    except UnicodeEncodeError:
        return False
    return True
