"""What can go wrong with a project, in sentences."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from lsegdiff_gui.errors import LSegDiffError


class ProjectError(LSegDiffError):
    """Something about a project the user should know; the text is the sentence they read."""


class NotSavedError(ProjectError):
    """The project's file could not be written, for a reason outside the program (disk, rights, lock).

    Nothing was written; the same work can be handed in again once the reason is gone.
    """


class DamagedError(ProjectError):
    """The project's file is not what was once written; a backup may be."""


class ReadOnlyError(NotSavedError):
    """The project was opened for reading only."""


_KEPT = "Your work is kept in memory until it can be saved"


def not_saved(error: sqlite3.Error, path: Path) -> ProjectError:
    """The sentence for a failed write to the project at `path`."""
    name, folder = path.name, path.parent
    if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_DBMOVED:
        reason = f"it was moved away or renamed. {_KEPT}: bring {path} back."
        return NotSavedError(f"The project '{name}' could not be saved: {reason}")
    match _code(error):
        case sqlite3.SQLITE_FULL:
            reason = f"the disk of {folder} is full. {_KEPT}: free some space."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            reason = f"the file or its folder {folder} is read-only. {_KEPT}: allow writing there."
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            reason = f"another program is using it. {_KEPT}: close the other program."
        case sqlite3.SQLITE_CANTOPEN:
            reason = f"the folder {folder} is gone or cannot be written to. {_KEPT}: bring the folder back."
        case sqlite3.SQLITE_IOERR:
            reason = f"its disk reports an error. {_KEPT}: check that {folder} is still connected."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            reason = f"its file was damaged from outside. {_KEPT}: bring {path} back from a copy."
        case _:
            # A broken rule of the schema is a fault of this program: trying again would not help.
            return ProjectError(f"The project '{name}' could not be saved: {error}.")
    return NotSavedError(f"The project '{name}' could not be saved: {reason}")


def not_read(error: sqlite3.Error, path: Path) -> ProjectError:
    """The sentence for a failed opening or reading of the project at `path`."""
    name, folder = path.name, path.parent
    match _code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            reason = "another program is using it. Close the other program and open the project again."
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            reason = f"the folder {folder} is missing, or the file may not be read or written there."
        case sqlite3.SQLITE_FULL:
            reason = f"the disk of {folder} is full. Free some space and open the project again."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DamagedError(
                f"The project '{name}' could not be opened: its file is damaged. It was left as it is: bring it "
                "back from a copy."
            )
        case _:
            reason = f"{error}."
    return ProjectError(f"The project '{name}' could not be opened: {reason}")


def not_copied(error: sqlite3.Error | OSError, project: Path, target: Path) -> ProjectError:
    """The sentence for a copy of a project that could not be made."""
    if isinstance(error, OSError):
        reason = f"{error.strerror}"
    else:
        match _code(error):
            case sqlite3.SQLITE_FULL:
                reason = "the disk there is full"
            case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
                reason = "the folder is missing or cannot be written to"
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                return DamagedError(f"The project '{project.name}' was not copied: its file is damaged.")
            case _:
                reason = f"{error}"
    return ProjectError(f"'{project.name}' was not copied to {target}: {reason}. Choose another place.")


def _code(error: sqlite3.Error) -> int:
    """The primary result code: extended ones carry their kind in the upper bits."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF
