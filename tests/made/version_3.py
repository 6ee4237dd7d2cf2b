"""A project as the third version of its format laid it down: a picture painted on and done, and one that is new."""

import json
import sqlite3
import zlib
from pathlib import Path

from made.version_1 import TABLES
from made.version_2 import ADDED, TIME, framed, piece

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.codec import encode_base
from lsegdiff_gui.annotation.draft import Draft

LATER = "2025-04-05T06:07:08.900+00:00"


def write_project(path: Path, draft: Draft) -> None:
    """A project with a.png, on whose draft a square was painted, done by Ada; and b.png, which is new."""
    base = encode_base(Base.of_draft(draft))
    square = {"box": [10, 10, 20, 20], "tool": "brush", "pixels": 100, "growth": 100}
    commands = [
        ("base", framed({}, framed({"kind": "empty", "label": 1}), base), "drafted", 0, "", 0),
        ("paint", framed(square, piece(0), piece(1)), "in_progress", 100, "brush", 100),
        ("status", framed({"before": "in_progress", "after": "done", "note": ""}), "done", 100, "", 0),
    ]
    connection = sqlite3.connect(path)
    connection.executescript(
        f"PRAGMA application_id = {0x4C534447}; PRAGMA user_version = 3; {TABLES} {ADDED}"
        " ALTER TABLE pictures ADD COLUMN partition TEXT;"
    )
    connection.executemany(
        "INSERT INTO labels VALUES (?, ?, ?, ?, 1, 0)",
        [(1, "Lesion", "#56b4e9", "1"), (254, "Ignore", "#999999", "0")],
    )
    connection.executemany(
        "INSERT INTO pictures (path, sha256, width, height, added) VALUES (?, ?, ?, ?, ?)",
        [("a.png", "cd" * 32, 96, 64, TIME), ("b.png", "", 0, 0, TIME)],
    )
    planes = (draft.probability, draft.spread, draft.samples, draft.film)
    connection.execute(
        "INSERT INTO drafts VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft.id,
            *draft.probability.shape,
            len(draft.samples),
            len(draft.film),
            zlib.compress(b"".join(plane.tobytes() for plane in planes)),
            json.dumps(draft.provenance.to_dict()),
            draft.spread_score,
            TIME,
            draft.presence,
            draft.strangeness,
        ),
    )
    for kind, payload, status, painted, tool, pixels in commands:
        connection.execute(
            "INSERT INTO commands (picture, kind, payload, status, note, painted, tool, pixels, app_version)"
            " VALUES (1, ?, ?, ?, '', ?, ?, ?, '0.1.0')",
            (kind, payload, status, painted, tool, pixels),
        )
    connection.executemany(
        "INSERT INTO events (picture, kind, command, annotator, time) VALUES (1, 'do', ?, ?, ?)",
        [(1, "", TIME), (2, "Ada", TIME), (3, "Ada", LATER)],
    )
    connection.execute(
        "UPDATE pictures SET head = 3, base = ?, painted = 100, status = 'done', draft = ? WHERE id = 1",
        (base, draft.id),
    )
    connection.commit()
    connection.close()
