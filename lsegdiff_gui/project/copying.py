"""Whole copies of a project: beside it, somewhere else, and back again."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from itertools import count
from pathlib import Path

from lsegdiff_gui.project.errors import ProjectError, not_copied
from lsegdiff_gui.project.pictures import place_of, stored_path

PART = ".part"
"""Behind the name of a copy that is not whole yet."""


def copy_to(connection: sqlite3.Connection, project: Path, target: Path) -> None:
    """Write a copy of the open project at `project` to `target`, whole or not at all; pictures stay where they are.

    Paths of pictures are written anew, so that the copy finds them from where it lies. Raises ProjectError.
    """
    unfinished = target.with_name(target.name + PART)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(unfinished),))
        with contextlib.closing(sqlite3.connect(unfinished, isolation_level=None)) as copy:
            _rebase(copy, project.parent, target.parent)
        take_place(unfinished, target)
    except (sqlite3.Error, OSError) as error:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise not_copied(error, project, target) from error


def set_aside(project: Path, reason: str = "set-aside") -> Path:
    """Rename a project that cannot be opened to a free name beside it, so that another can take its place.

    Raises ProjectError.
    """
    for number in count(1):
        kept = project.with_name(f"{project.stem}.{reason}-{number}{project.suffix}")
        if not kept.exists():
            try:
                # What SQLite had written beside it belongs to the same work.
                for extra in ("-journal", "-wal"):
                    beside = project.with_name(project.name + extra)
                    if beside.exists():
                        beside.rename(kept.with_name(kept.name + extra))
                return project.rename(kept)
            except OSError as error:
                raise ProjectError(f"'{project.name}' could not be set aside: {error.strerror}.") from error
    raise AssertionError("numbers do not end")


def take_place(unfinished: Path, path: Path) -> None:
    """Give a whole file its name once its bytes are on the disk. Raises OSError."""
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    unfinished.replace(path)
    with contextlib.suppress(OSError):  # Windows knows no syncing of folders
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _rebase(copy: sqlite3.Connection, old: Path, new: Path) -> None:
    if old == new:
        return
    rows = copy.execute("SELECT id, path FROM pictures").fetchall()
    copy.execute("BEGIN IMMEDIATE")
    copy.executemany(
        "UPDATE pictures SET path = ? WHERE id = ?",
        [(stored_path(place_of(path, old), new), number) for number, path in rows],
    )
    copy.execute("COMMIT")
