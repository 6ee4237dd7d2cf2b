"""A project as the second version of its format laid it down: a picture whose imported mask was painted on."""

import json
import sqlite3
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from made.version_1 import TABLES

U8 = npt.NDArray[np.uint8]

ADDED = """
ALTER TABLE drafts ADD COLUMN presence REAL NOT NULL DEFAULT 1;
ALTER TABLE drafts ADD COLUMN strangeness REAL NOT NULL DEFAULT 0;
ALTER TABLE pictures ADD COLUMN presence REAL NOT NULL DEFAULT 1;
ALTER TABLE pictures ADD COLUMN strangeness REAL NOT NULL DEFAULT 0;
"""
RECIPE: dict[str, Any] = {
    "threshold": 0.5,
    "operation": "both",
    "kernel": 5,
    "shape": "ellipse",
    "fill_holes": True,
    "smallest_percent": 0.05,
    "largest_only": False,
}
TIME = "2025-03-04T05:06:07.890+00:00"


def imported() -> U8:
    """The mask the picture came with, of label 2: (64, 96) uint8, 0 or 1."""
    return np.eye(64, 96, dtype=np.uint8)


def final() -> U8:
    """The final mask at the log's cursor: a square of label 1 painted over the imported mask."""
    mask: U8 = imported() * np.uint8(2)
    mask[10:20, 10:20] = 1
    return mask


def write_project(path: Path) -> None:
    """A project with one picture, a.png beside it: a mask imported, a square painted, a kernel moved and undone."""
    bits = zlib.compress(np.packbits(imported()).tobytes())
    base = framed({"kind": "imported", "label": 2, "size": [64, 96]}, bits)
    square = {"box": [10, 10, 20, 20], "tool": "brush", "pixels": 100, "growth": 100}
    commands = [
        ("base", framed({}, framed({"kind": "empty", "label": 1}), base), "drafted", 0, "", 0),
        ("paint", framed(square, piece(0), piece(1)), "in_progress", 100, "brush", 100),
        ("recipe", framed({"before": RECIPE, "after": {**RECIPE, "kernel": 9}}), "in_progress", 100, "", 0),
    ]
    connection = sqlite3.connect(path)
    connection.executescript(
        f"PRAGMA application_id = {0x4C534447}; PRAGMA user_version = 2; {TABLES} {ADDED}"
    )
    connection.execute("INSERT INTO labels VALUES (1, 'Lesion', '#56b4e9', '1', 1, 0)")
    connection.execute(
        "INSERT INTO pictures (path, sha256, width, height, added, status) VALUES ('a.png', ?, 96, 64, ?, 'new')",
        ("cd" * 32, TIME),
    )
    for kind, payload, status, painted, tool, pixels in commands:
        connection.execute(
            "INSERT INTO commands (picture, kind, payload, status, note, painted, tool, pixels, app_version)"
            " VALUES (1, ?, ?, ?, '', ?, ?, ?, '0.1.0')",
            (kind, payload, status, painted, tool, pixels),
        )
    connection.executemany(
        "INSERT INTO events (picture, kind, command, annotator, time) VALUES (1, ?, ?, '', ?)",
        [("do", 1, TIME), ("do", 2, TIME), ("do", 3, TIME), ("undo", 3, TIME)],
    )
    connection.execute(
        "UPDATE pictures SET head = 2, base = ?, recipe = ?, painted = 100, status = 'in_progress'",
        (base, json.dumps(RECIPE)),
    )
    connection.commit()
    connection.close()


def framed(head: dict[str, Any], *blobs: bytes) -> bytes:
    """A step's payload."""
    text = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode()
    return b"".join((struct.pack("<I", len(text)), text, *blobs))


def piece(value: int) -> bytes:
    """The values of the square before or after an edit."""
    return zlib.compress(struct.pack("<5I", 1, 10, 10, 20, 20) + bytes([value]) * 100)
