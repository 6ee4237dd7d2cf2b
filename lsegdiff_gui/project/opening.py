"""From a path to an open project file, or to the sentence why not."""

from __future__ import annotations

import contextlib
import sqlite3
from itertools import count
from pathlib import Path

from lsegdiff_gui.project import migrations, schema
from lsegdiff_gui.project.errors import ProjectError, not_read

_HEADER = 100  # bytes of an SQLite file's head
_PATIENCE = 5.0  # seconds to wait for another program that is writing


def connect(path: Path, *, must_exist: bool = False) -> sqlite3.Connection:
    """Open or create the project at `path`, in autocommit, each commit synced to the disk.

    A project of an older version is brought up to this one in one transaction; before that, a copy of it is laid
    beside it as NAME.version-1.lsegdiff, so that an earlier program can still open the work. A file of another
    program or of a newer version of this one is refused before SQLite touches it. Raises ProjectError.
    """
    _refuse_foreign(path, must_exist)
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)
        # The journal next to the file is deleted at each commit: afterwards one file holds everything, and may
        # be copied. FULL syncs journal and file before a commit returns (fullfsync: also on macOS).
        for pragma in ("journal_mode = DELETE", "synchronous = FULL", "fullfsync = ON", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        version = schema.version_of(connection)
        if version == 0:
            schema.create(connection)
        elif version < schema.VERSION:
            migrations.update(connection, lambda version: _keep_copy(path, version))
    except (sqlite3.Error, OSError) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.Error):
            raise not_read(error, path) from error
        raise ProjectError(
            f"The project '{path.name}' was left as it is, for no copy could be kept beside it: {error.strerror}."
        ) from error
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open the project at `path` without ever writing to it. Raises ProjectError.

    One of an older version is brought up to this one in memory. What is written to it meanwhile is seen.
    """
    _refuse_foreign(path, must_exist=True)
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=_PATIENCE
        )
        if schema.version_of(connection) not in (0, schema.VERSION):
            older, connection = connection, sqlite3.connect(":memory:", isolation_level=None)
            with contextlib.closing(older):
                older.backup(connection)
            migrations.update(connection, lambda _version: None)
        connection.execute("SELECT count(*) FROM pictures").fetchone()
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise not_read(error, path) from error
    return connection


def _keep_copy(path: Path, version: int) -> None:
    """Copy the project to a free name beside it; the copy has that name only once it is whole and on the disk."""
    unfinished = path.with_name(f"{path.name}.copy")
    unfinished.unlink(missing_ok=True)
    try:
        # Read by a connection of its own: one that holds the lock for writing cannot be copied from.
        with (
            contextlib.closing(sqlite3.connect(path)) as source,
            contextlib.closing(sqlite3.connect(unfinished)) as copy,
        ):
            source.backup(copy)  # page by page, and synced at its end
    except sqlite3.Error:
        unfinished.unlink(missing_ok=True)  # the room on a full disk is needed for something else
        raise
    for number in count(1):
        again = f"-{number}" if number > 1 else ""
        kept = path.with_name(f"{path.stem}.version-{version}{again}{path.suffix}")
        if not kept.exists():
            unfinished.rename(kept)
            return


def _refuse_foreign(path: Path, must_exist: bool) -> None:
    """Look into the file's head before it is opened to be written.

    Read by SQLite as a file that nobody changes: so it writes nothing beside it. Not by our own eyes: on Unix, whoever
    closes a file lets go of all locks that the process has on it, those of SQLite's other connections too.
    """
    try:
        is_folder, size = path.is_dir(), path.stat().st_size
    except FileNotFoundError as error:
        if must_exist or not path.parent.is_dir():
            raise ProjectError(f"The project '{path.name}' is not there: {path} does not exist.") from error
        return
    except OSError as error:
        raise ProjectError(f"The project '{path.name}' could not be opened: {error.strerror}.") from error
    if is_folder:
        raise ProjectError(f"'{path.name}' is a folder, not a project: choose a file in it.")
    if size == 0:
        return  # made by us a moment before a power cut, or by the user as a place holder
    foreign = f"'{path.name}' is not an LSegDiff project. It was left as it is."
    if size < _HEADER:
        raise ProjectError(foreign)
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            (application,) = file.execute("PRAGMA application_id").fetchone()
            version = schema.version_of(file)
    except sqlite3.Error as error:
        # A project that was cut off has its own head still.
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise ProjectError(foreign) from error
        raise not_read(error, path) from error
    if application != schema.APPLICATION_ID:
        raise ProjectError(f"'{path.name}' belongs to another program. It was left as it is.")
    if version > schema.VERSION:
        raise ProjectError(
            f"The project '{path.name}' was written by a newer version of LSegDiff (format {version}; this one "
            f"reads up to {schema.VERSION}). Update LSegDiff to open it; the file was left as it is."
        )
