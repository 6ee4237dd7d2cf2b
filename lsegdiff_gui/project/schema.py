"""The tables of a project file."""

from __future__ import annotations

import sqlite3

from lsegdiff_gui.annotation.labels import DEFAULT_LABELS
from lsegdiff_gui.project.labels import ProjectLabels

APPLICATION_ID = 0x4C534447
"""In the file's header: "LSDG". Tells a project from any other SQLite file."""

VERSION = 5
"""PRAGMA user_version of the files this program writes."""

PICTURES_TABLE = """
CREATE TABLE pictures (
    id           INTEGER PRIMARY KEY,
    path         TEXT NOT NULL,                         -- relative where the project is close; a page is named in it
    sha256       TEXT NOT NULL DEFAULT '',              -- of the file; '' before it was first read
    width        INTEGER NOT NULL DEFAULT 0,            -- upright; 0 before it was first read
    height       INTEGER NOT NULL DEFAULT 0,
    orientation  INTEGER NOT NULL DEFAULT 1,            -- as stored in the file, 1 to 8
    added        TEXT NOT NULL,                         -- ISO 8601, UTC, as all times here
    status       TEXT NOT NULL DEFAULT 'new',
    note         TEXT NOT NULL DEFAULT '',
    draft        TEXT REFERENCES drafts (id),           -- the newest
    head         INTEGER REFERENCES commands (id),      -- the last command in effect; NULL: none
    painted      INTEGER NOT NULL DEFAULT 0,            -- pixels set in the override plane
    base         BLOB,                                  -- annotation.codec.encode_base; NULL: empty
    recipe       TEXT,                                  -- JSON; NULL: the default
    partition    TEXT,                                  -- JSON, ties and cuts between lesions; NULL: none
    presence     REAL NOT NULL DEFAULT 1,               -- both of the base's draft; 1 and 0 without one
    strangeness  REAL NOT NULL DEFAULT 0,
    spread_score REAL,                                  -- of the base's draft; NULL without one
    annotator    TEXT NOT NULL DEFAULT '',              -- who took the last step
    changed      TEXT NOT NULL DEFAULT '',              -- when; '' before the first
    seconds      REAL NOT NULL DEFAULT 0,               -- spent on it
    revealed     TEXT,                                  -- when one who draws blind first saw the draft
    place        INTEGER,                               -- in the list, from 1; NULL: not listed
    name         TEXT NOT NULL DEFAULT '',              -- project.names.order_of the file's name
    strokes      INTEGER NOT NULL DEFAULT 0             -- edits of the override plane in effect
);

CREATE UNIQUE INDEX pictures_by_path ON pictures (path);
CREATE INDEX pictures_by_hash ON pictures (sha256);
CREATE INDEX pictures_by_status ON pictures (status, id);
CREATE INDEX pictures_by_spread ON pictures (spread_score, id);
CREATE INDEX pictures_in_list ON pictures (place);
CREATE INDEX pictures_by_name ON pictures (name);
CREATE INDEX pictures_by_change ON pictures (changed);
CREATE INDEX pictures_by_annotator ON pictures (annotator);
"""

LABELS_IN_TABLE = """
CREATE TABLE labels_in (                                -- the labels that a final mask has pixels of
    picture INTEGER NOT NULL REFERENCES pictures (id),
    label   INTEGER NOT NULL,
    PRIMARY KEY (label, picture)
) WITHOUT ROWID;
CREATE INDEX labels_in_picture ON labels_in (picture);
"""

FROZEN_TABLE = """
CREATE TABLE frozen_masks (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    picture     INTEGER NOT NULL REFERENCES pictures (id),
    command     INTEGER REFERENCES commands (id),      -- the head it was made at; NULL: none
    reason      TEXT NOT NULL,                         -- the status that froze it, or 'exported'
    width       INTEGER NOT NULL,
    height      INTEGER NOT NULL,
    plane       BLOB NOT NULL,                         -- annotation.patch.pack_plane of the final labels
    sha256      TEXT NOT NULL,                         -- project.frozen.fingerprint of them
    meaning     TEXT NOT NULL,                         -- JSON: labels and partition at that time
    provenance  TEXT NOT NULL,                         -- JSON
    dice        REAL,                                  -- with what the model drafted; NULL: without a draft
    annotator   TEXT NOT NULL,
    time        TEXT NOT NULL,
    app_version TEXT NOT NULL,
    version     INTEGER NOT NULL DEFAULT 1             -- as in commands
);
CREATE INDEX frozen_masks_of_picture ON frozen_masks (picture, id);
CREATE TRIGGER frozen_masks_stay_as_they_are BEFORE UPDATE ON frozen_masks
BEGIN SELECT RAISE(ABORT, 'frozen masks are never changed'); END;
CREATE TRIGGER frozen_masks_stay BEFORE DELETE ON frozen_masks
BEGIN SELECT RAISE(ABORT, 'frozen masks are never removed'); END;
"""

# A command stays in its table for good; `discarded` marks those undone and then replaced by other work. What was
# done when, undo and redo included, is in `events`, to which rows are only ever added. `pictures` repeats what
# follows from the commands up to `head`, so that neither the list nor loading needs to read them all.
_TABLES = f"""
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

{PICTURES_TABLE}
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
    strangeness  REAL NOT NULL DEFAULT 0,
    fine         INTEGER NOT NULL DEFAULT 0            -- side of the plane along edges, behind the others; 0: none
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
    app_version TEXT NOT NULL,
    sha256      TEXT NOT NULL DEFAULT '',              -- of kind and payload; stays when the payload is folded
    folded      INTEGER NOT NULL DEFAULT 0,            -- 1: the payload went into a checkpoint and is empty
    version     INTEGER NOT NULL DEFAULT 1             -- of the mask: a second reader's is 2
);
CREATE INDEX commands_of_picture ON commands (picture, id) WHERE discarded = 0;

CREATE TABLE events (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    picture   INTEGER NOT NULL REFERENCES pictures (id),
    kind      TEXT NOT NULL CHECK (kind IN ('do', 'undo', 'redo')),
    command   INTEGER NOT NULL REFERENCES commands (id),
    annotator TEXT NOT NULL,
    time      TEXT NOT NULL,
    chain     TEXT NOT NULL DEFAULT ''                 -- project.chain.link of this event and the one before
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

{FROZEN_TABLE}
{LABELS_IN_TABLE}"""


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
