"""A project as the first version of its format laid it down: the tables, and the rows of one drafted picture."""

import json
import sqlite3
import zlib
from pathlib import Path

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.codec import encode, encode_base
from lsegdiff_gui.annotation.commands import BaseChange
from lsegdiff_gui.annotation.draft import Draft

TABLES = """
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
    path        TEXT NOT NULL UNIQUE,
    sha256      TEXT NOT NULL DEFAULT '',
    width       INTEGER NOT NULL DEFAULT 0,
    height      INTEGER NOT NULL DEFAULT 0,
    orientation INTEGER NOT NULL DEFAULT 1,
    added       TEXT NOT NULL,
    status      TEXT NOT NULL DEFAULT 'new',
    note        TEXT NOT NULL DEFAULT '',
    draft       TEXT REFERENCES drafts (id),
    head        INTEGER REFERENCES commands (id),
    painted     INTEGER NOT NULL DEFAULT 0,
    base        BLOB,
    recipe      TEXT
);

CREATE TABLE drafts (
    id           TEXT PRIMARY KEY,
    picture      INTEGER NOT NULL REFERENCES pictures (id),
    height       INTEGER NOT NULL,
    width        INTEGER NOT NULL,
    samples      INTEGER NOT NULL,
    steps        INTEGER NOT NULL,
    planes       BLOB NOT NULL,
    provenance   TEXT NOT NULL,
    spread_score REAL NOT NULL,
    added        TEXT NOT NULL
);
CREATE INDEX drafts_of_picture ON drafts (picture);

CREATE TABLE commands (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    picture     INTEGER NOT NULL REFERENCES pictures (id),
    kind        TEXT NOT NULL,
    payload     BLOB NOT NULL,
    status      TEXT NOT NULL,
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
    plane   BLOB NOT NULL,
    UNIQUE (picture, command)
);

CREATE TABLE frozen_masks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    picture    INTEGER NOT NULL REFERENCES pictures (id),
    command    INTEGER REFERENCES commands (id),
    reason     TEXT NOT NULL,
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


def write_project(path: Path, draft: Draft, *, width: int = 96, height: int = 64) -> None:
    """A project with one picture, a.png beside it, whose base is this draft."""
    base = Base.of_draft(draft)
    kind, payload = encode(BaseChange(Base.empty(), base))
    planes = (draft.probability, draft.spread, draft.samples, draft.film)
    time = "2025-01-02T03:04:05.678+00:00"
    connection = sqlite3.connect(path)
    connection.executescript(f"PRAGMA application_id = {0x4C534447}; PRAGMA user_version = 1; {TABLES}")
    connection.execute("INSERT INTO labels VALUES (1, 'Lesion', '#56b4e9', '1', 1, 0)")
    connection.execute("INSERT INTO project VALUES ('model', 'polyp')")
    connection.execute(
        "INSERT INTO pictures (path, sha256, width, height, added, status) VALUES ('a.png', ?, ?, ?, ?, 'drafted')",
        ("cd" * 32, width, height, time),
    )
    connection.execute(
        "INSERT INTO drafts VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft.id,
            *draft.probability.shape,
            len(draft.samples),
            len(draft.film),
            zlib.compress(b"".join(plane.tobytes() for plane in planes)),
            json.dumps(draft.provenance.to_dict()),
            draft.spread_score,
            time,
        ),
    )
    connection.execute(
        "INSERT INTO commands (picture, kind, payload, status, note, painted, app_version)"
        " VALUES (1, ?, ?, 'drafted', '', 0, '0.1.0')",
        (kind, payload),
    )
    connection.execute(
        "INSERT INTO events (picture, kind, command, annotator, time) VALUES (1, 'do', 1, '', ?)", (time,)
    )
    connection.execute("UPDATE pictures SET draft = ?, head = 1, base = ?", (draft.id, encode_base(base)))
    connection.commit()
    connection.close()
