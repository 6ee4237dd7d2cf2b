"""The chain of a picture's events: each link depends on all before it, so that none can be changed unseen."""

from __future__ import annotations

import hashlib
import json
import sqlite3

from lsegdiff_gui.project.errors import ProjectError


def fingerprint_of(kind: str, payload: bytes) -> str:
    """SHA-256 (hexadecimal) of a command as it was written down."""
    return hashlib.sha256(kind.encode() + b"\0" + payload).hexdigest()


def link(before: str, kind: str, command: str, annotator: str, time: str) -> str:
    """The link of an event. before: the link of the picture's event before, "" for none; command: its fingerprint."""
    return hashlib.sha256(json.dumps([before, kind, command, annotator, time]).encode()).hexdigest()


def last_link(connection: sqlite3.Connection, picture_id: int) -> str:
    """The link of the picture's newest event, "" for none. Raises sqlite3.Error."""
    found = connection.execute(
        "SELECT chain FROM events WHERE picture = ? ORDER BY id DESC LIMIT 1", (picture_id,)
    ).fetchone()
    return "" if found is None else str(found[0])


def check(connection: sqlite3.Connection, picture_id: int) -> None:
    """Raise ProjectError if an event of the picture, or a step it tells of, is not what was once written.

    Events of versions before there was a chain have no link, and are not checked.
    """
    before = ""
    for number, kind, annotator, time, chain, sha256, name, payload, folded in connection.execute(
        "SELECT events.id, events.kind, annotator, time, chain, sha256, commands.kind, payload, folded"
        " FROM events JOIN commands ON commands.id = events.command WHERE events.picture = ? ORDER BY events.id",
        (picture_id,),
    ):
        is_old = chain == "" and before == ""
        is_whole = link(before, kind, sha256, annotator, time) == chain
        if not is_old and not (is_whole and (folded or fingerprint_of(name, payload) == sha256)):
            raise ProjectError(
                f"The history of picture {picture_id} was changed from outside at event {number}."
            )
        before = chain
