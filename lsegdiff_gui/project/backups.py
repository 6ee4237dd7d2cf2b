"""The last whole states of a project, beside it; each is checked before it counts as one."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lsegdiff_gui.project.copying import PART, set_aside, take_place
from lsegdiff_gui.project.errors import DamagedError, ProjectError, not_copied

KEPT = 3

ROOM = 64 * 1024 * 1024
"""Bytes that have to stay free on the disk beside a backup: the work itself comes first."""

_PAGES_AT_ONCE = 1024
"""4 MB: for so long, some milliseconds, a stroke that is to be saved waits."""

_RESTARTS = 20
"""Each step that is saved meanwhile begins the copy anew; so many, and it is left for a quieter moment."""


class NoRoomError(ProjectError):
    """The disk has no room for a backup beside the project."""


class BusyError(ProjectError):
    """The project changed faster than it could be copied, or the program ends."""


@dataclass(frozen=True)
class Backup:
    """A whole state of a project. time: when the project was last changed before it, UTC."""

    path: Path
    time: datetime

    def __str__(self) -> str:
        return f"{self.time.astimezone():%Y-%m-%d %H:%M}"


def folder_of(project: Path) -> Path:
    """Where the backups of a project lie."""
    return project.with_name(f"{project.stem}.backups")


def backups(project: Path) -> list[Backup]:
    """The backups of a project, newest first. A folder that cannot be read has none."""
    found = []
    with contextlib.suppress(OSError):
        for path in sorted(folder_of(project).glob(f"*{project.suffix}"), reverse=True):
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            found.append(Backup(path, changed))
    return found


def back_up(project: Path, is_cancelled: Callable[[], bool] = lambda: False) -> Backup | None:
    """Copy the project, check the copy, and keep it as the newest backup; None if nothing has changed since the last.

    To be called on a thread of its own. The project is read a few pages at a time, so that saving goes on meanwhile.
    Raises NoRoomError, BusyError, DamagedError when the copy shows that the project is damaged (no backup is
    replaced then), and ProjectError.
    """
    try:
        state = project.stat()
        before = backups(project)
        if before and before[0].path.stat().st_mtime_ns == state.st_mtime_ns:
            return None
        folder = folder_of(project)
        if shutil.disk_usage(project.parent).free < state.st_size + ROOM:
            raise NoRoomError(
                f"The disk of {project.parent} has no room for a backup of '{project.name}'. Your work is saved; "
                "free some space to have backups again."
            )
        folder.mkdir(exist_ok=True)
        unfinished = folder / f"{project.name}{PART}"
        unfinished.unlink(missing_ok=True)
        try:
            _copy(project, unfinished, is_cancelled)
            check(unfinished, project)
            path = _free_name(folder, before, project.suffix)
            os.utime(unfinished, ns=(state.st_atime_ns, state.st_mtime_ns))
            take_place(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        for old in backups(project)[KEPT:]:
            old.path.unlink(missing_ok=True)
    except (sqlite3.Error, OSError) as error:
        raise not_copied(error, project, folder_of(project)) from error
    return Backup(path, datetime.fromtimestamp(state.st_mtime, UTC))


def retire(project: Path) -> Path:
    """Make a project that has another place now the newest of its own backups. Raises ProjectError."""
    folder = folder_of(project)
    try:
        folder.mkdir(exist_ok=True)
        return project.rename(_free_name(folder, backups(project), project.suffix))
    except OSError as error:
        raise not_copied(error, project, folder) from error


def check(file: Path, project: Path) -> None:
    """Raise DamagedError, in the name of the project, unless every page and every reference of the file is right."""
    try:
        with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise DamagedError(f"The project '{project.name}' is damaged: {error}.") from error
    if found != "ok" or broken is not None:
        reason = "rows are missing that others refer to" if found == "ok" else str(found).splitlines()[-1]
        raise DamagedError(f"The project '{project.name}' is damaged: {reason}.")


def restore(project: Path, backup: Backup) -> Path:
    """Put a backup in the place of a project, which is kept beside it; returns where. Raises ProjectError."""
    unfinished = project.with_name(project.name + PART)
    try:
        shutil.copyfile(backup.path, unfinished)
        kept = set_aside(project, "replaced") if project.exists() else project
        take_place(unfinished, project)
    except OSError as error:
        raise not_copied(error, backup.path, project) from error
    return kept


def _copy(project: Path, target: Path, is_cancelled: Callable[[], bool]) -> None:
    restarts = -1
    left_before = 0

    def advanced(_status: int, left: int, _of: int) -> None:
        nonlocal restarts, left_before
        restarts += left >= left_before
        left_before = left
        if restarts > _RESTARTS or is_cancelled():
            raise BusyError(f"The backup of '{project.name}' was left for a quieter moment.")

    with (
        contextlib.closing(sqlite3.connect(f"{project.as_uri()}?mode=ro", uri=True)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy, pages=_PAGES_AT_ONCE, progress=advanced, sleep=0.001)


def _free_name(folder: Path, before: list[Backup], suffix: str) -> Path:
    """Numbers, not times: a clock that went back must not make an old state the newest."""
    last = max((int(each.path.stem) for each in before if each.path.stem.isdigit()), default=0)
    return folder / f"{last + 1:06d}{suffix}"
