"""What brings an older project file up to the present tables, one version at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from lsegdiff_gui.annotation.codec import draft_of_base
from lsegdiff_gui.project.names import order_of
from lsegdiff_gui.project.schema import (
    FROZEN_TABLE,
    LABELS_IN_TABLE,
    PICTURES_TABLE,
    VERSION,
    version_of,
)

# Version 2: whether there is a lesion, and how strange the picture is; a draft of version 1 says neither, which is
# what the defaults stand for. Version 3: which lesions are one and which are two, and the label "Ignore", unless its
# number is taken. Version 4: who and how long, the score to sort by, frozen masks with all that an export
# needs, the chain of events, the list with its order and what it is sorted by; the table of pictures is made anew,
# so that its columns stand as in a new file. Version 5: drafts know the hints that they answer and what of them was
# chosen, and hold a plane that follows the picture's edges.
UPDATES = {
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
    4: f"""
CREATE TEMPORARY TABLE earlier AS SELECT * FROM pictures;
DROP TABLE pictures;
{PICTURES_TABLE}
INSERT INTO pictures (id, path, sha256, width, height, orientation, added, status, note, draft, head, painted,
        base, recipe, partition, presence, strangeness, spread_score, annotator, changed, name, strokes)
    SELECT id, path, sha256, width, height, orientation, added, status, note, draft, head, painted,
        base, recipe, partition, presence, strangeness,
        (SELECT spread_score FROM drafts WHERE drafts.id = draft_of_base(base)),
        coalesce((SELECT annotator FROM events WHERE picture = earlier.id ORDER BY id DESC LIMIT 1), ''),
        coalesce((SELECT time FROM events WHERE picture = earlier.id ORDER BY id DESC LIMIT 1), ''),
        order_of_name(path),
        (SELECT count(*) FROM commands
            WHERE picture = earlier.id AND discarded = 0 AND kind = 'paint' AND commands.id <= earlier.head)
    FROM earlier;
DROP TABLE earlier;
ALTER TABLE commands ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE commands ADD COLUMN folded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE commands ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE events ADD COLUMN chain TEXT NOT NULL DEFAULT '';
DROP TABLE frozen_masks;
{FROZEN_TABLE}
{LABELS_IN_TABLE}
UPDATE pictures SET place = id
    WHERE NOT EXISTS (SELECT 1 FROM project WHERE key = 'listed' AND json_valid(value) AND value LIKE '[%');
UPDATE pictures SET place = listed.key + 1
    FROM json_each((SELECT value FROM project WHERE key = 'listed' AND json_valid(value) AND value LIKE '[%')) AS listed
    WHERE listed.value = pictures.id;
INSERT OR IGNORE INTO project (key, value)
    SELECT 'shown', trim(value, '[]') FROM project WHERE key = 'current';
DELETE FROM project WHERE key IN ('listed', 'current');
""",
    5: "ALTER TABLE drafts ADD COLUMN fine INTEGER NOT NULL DEFAULT 0;\n",
}


def update(connection: sqlite3.Connection, keep: Callable[[int], None]) -> None:
    """Bring an older file up to this version, all of it or nothing. Raises sqlite3.Error.

    keep: called with the file's version before anything is changed, while nobody else may write to it; what it
        raises is passed on, and the file stays as it is.
    """
    connection.create_function("draft_of_base", 1, _draft_of_base, deterministic=True)
    connection.create_function("order_of_name", 1, order_of, deterministic=True)
    # Tables are made anew: what refers to them does so again at the end, and is checked then.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked again: another program may have done it while this one waited for the lock.
        version = version_of(connection)
        if version < VERSION:
            keep(version)
        for number in range(version + 1, VERSION + 1):
            for statement in statements(UPDATES[number]):
                connection.execute(statement)
        if broken := connection.execute("PRAGMA foreign_key_check").fetchall():
            raise sqlite3.IntegrityError(f"{len(broken)} rows refer to others that are not there")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: a trigger is one, whatever stands between its BEGIN and END."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _draft_of_base(base: bytes | None) -> str | None:
    """The id of the draft a base is made of, from its bytes."""
    try:
        return None if base is None else draft_of_base(base)
    except ValueError:
        return (
            None  # a damaged base is told when its picture is opened; it is no reason to refuse the project
        )
