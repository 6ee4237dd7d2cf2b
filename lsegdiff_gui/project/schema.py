"""The tables of a project file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from lsegdiff_gui.annotation.labels import DEFAULT_LABELS
from lsegdiff_gui.project.labels import ProjectLabels

APPLICATION_ID = 0x4C534447
"""In the file's header: "LSDG". Tells a project from any other SQLite file."""

VERSION = 3
"""PRAGMA user_version of the files this program writes."""

# A command stays in its table for good; `discarded` marks those undone and then replaced by other work. What was
# done when, undo and redo included, is in `events`, to which rows are only ever added. `pictures` repeats what
# follows from the commands up to `head`, so that neither the list nor loading needs to read them all.
_TABLES = """
CREATE TABLE project (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE labels (
    id      INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 254),
    name    TEXT NOT NULL,
    colour  TEXT NOT NULL,
    key     TEXT NOT NULL,
    visible INTEGER NOT NULL,
    locked  INTEGER NOT NULL
);

CREATE TABLE pictures (
    id          INTEGER PRIMARY KEY,
    path        TEXT NOT NULL UNIQUE,                  -- relative to the project where it lies below it
    sha256      TEXT NOT NULL DEFAULT '',              -- of the file; '' before it was first read
    width       INTEGER NOT NULL DEFAULT 0,            -- upright; 0 before it was first read
    height      INTEGER NOT NULL DEFAULT 0,
    orientation INTEGER NOT NULL DEFAULT 1,            -- as stored in the file, 1 to 8
    added       TEXT NOT NULL,                         -- ISO 8601, UTC, as all times here
    status      TEXT NOT NULL DEFAULT 'new',
    note        TEXT NOT NULL DEFAULT '',
    draft       TEXT REFERENCES drafts (id),           -- the newest
    head        INTEGER REFERENCES commands (id),      -- the last command in effect; NULL: none
    painted     INTEGER NOT NULL DEFAULT 0,            -- pixels set in the override plane
    base        BLOB,                                  -- annotation.codec.encode_base; NULL: empty
    recipe      TEXT,                                  -- JSON; NULL: the default
    partition   TEXT,                                  -- JSON, ties and cuts between lesions; NULL: none
    presence    REAL NOT NULL DEFAULT 1,               -- both of the base's draft; 1 and 0 without one
    strangeness REAL NOT NULL DEFAULT 0
);

CREATE TABLE drafts (
    id           TEXT PRIMARY KEY,
    picture      INTEGER NOT NULL REFERENCES pictures (id),
    height       INTEGER NOT NULL,                     -- of the model's grid
    width        INTEGER NOT NULL,
    samples      INTEGER NOT NULL,
    steps        INTEGER NOT NULL,
    planes       BLOB NOT NULL,                        -- zlib: probability, spread, samples, film, uint8
    provenance   TEXT NOT NULL,                        -- JSON
    spread_score REAL NOT NULL,
    added        TEXT NOT NULL,
    presence     REAL NOT NULL DEFAULT 1,
    strangeness  REAL NOT NULL DEFAULT 0
);
CREATE INDEX drafts_of_picture ON drafts (picture);

CREATE TABLE commands (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,     -- order of doing; clocks may go back
    picture     INTEGER NOT NULL REFERENCES pictures (id),
    kind        TEXT NOT NULL,
    payload     BLOB NOT NULL,                         -- annotation.codec.encode
    status      TEXT NOT NULL,                         -- status, note and painted once it is done
    note        TEXT NOT NULL,
    painted     INTEGER NOT NULL,
    tool        TEXT NOT NULL DEFAULT '',
    pixels      INTEGER NOT NULL DEFAULT 0,
    discarded   INTEGER NOT NULL DEFAULT 0,
    app_version TEXT NOT NULL
);
CREATE INDEX commands_of_picture ON commands (picture, id) WHERE discarded = 0;

CREATE TABLE events (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    picture   INTEGER NOT NULL REFERENCES pictures (id),
    kind      TEXT NOT NULL CHECK (kind IN ('do', 'undo', 'redo')),
    command   INTEGER NOT NULL REFERENCES commands (id),
    annotator TEXT NOT NULL,
    time      TEXT NOT NULL
);
CREATE INDEX events_of_picture ON events (picture, id);
CREATE TRIGGER events_stay_as_they_are BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;

CREATE TABLE checkpoints (
    id      INTEGER PRIMARY KEY,
    picture INTEGER NOT NULL REFERENCES pictures (id),
    command INTEGER NOT NULL REFERENCES commands (id),
    plane   BLOB NOT NULL,                             -- annotation.patch.pack_plane of the override after it
    UNIQUE (picture, command)
);

CREATE TABLE frozen_masks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    picture    INTEGER NOT NULL REFERENCES pictures (id),
    command    INTEGER REFERENCES commands (id),
    reason     TEXT NOT NULL,                          -- the status or export that froze it
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    rle        BLOB NOT NULL,
    sha256     TEXT NOT NULL,
    provenance TEXT NOT NULL,
    annotator  TEXT NOT NULL,
    time       TEXT NOT NULL
);
CREATE INDEX frozen_masks_of_picture ON frozen_masks (picture, id);
"""

# What brings a file of the version before up to this one. Version 2: whether there is a lesion, and how strange the
# picture is; a draft of version 1 says neither, which is what the defaults stand for. Version 3: which lesions are
# one and which are two, and the label "Ignore", unless its number is taken.
_UPDATES = {
    2: """
ALTER TABLE drafts ADD COLUMN presence REAL NOT NULL DEFAULT 1;
ALTER TABLE drafts ADD COLUMN strangeness REAL NOT NULL DEFAULT 0;
ALTER TABLE pictures ADD COLUMN presence REAL NOT NULL DEFAULT 1;
ALTER TABLE pictures ADD COLUMN strangeness REAL NOT NULL DEFAULT 0;
""",
    3: """
ALTER TABLE pictures ADD COLUMN partition TEXT;
INSERT OR IGNORE INTO labels (id, name, colour, key, visible, locked)
    VALUES (254, 'Ignore', '#999999', '0', 1, 0);
""",
}


def version_of(connection: sqlite3.Connection) -> int:
    """The format of the file, 0 for an empty one. Raises sqlite3.Error."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file, all or none. Raises sqlite3.Error."""
    connection.executescript(
        f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; {_TABLES}"
    )
    ProjectLabels(connection).write(DEFAULT_LABELS)
    connection.execute("COMMIT")


def update(connection: sqlite3.Connection, keep: Callable[[int], None]) -> None:
    """Bring an older file up to this version, all of it or nothing. Raises sqlite3.Error.

    keep: called with the file's version before anything is changed, while nobody else may write to it; what it
        raises is passed on, and the file stays as it is.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked again: another program may have done it while this one waited for the lock.
        version = version_of(connection)
        if version < VERSION:
            keep(version)
        for number in range(version + 1, VERSION + 1):
            for statement in filter(str.strip, _UPDATES[number].split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
