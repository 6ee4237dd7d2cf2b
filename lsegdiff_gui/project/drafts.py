"""Drafts in and out of the project, byte for byte."""

from __future__ import annotations

import json
import sqlite3
import zlib

import numpy as np

from lsegdiff_gui.annotation.draft import Draft, Provenance
from lsegdiff_gui.project.errors import ProjectError
from lsegdiff_gui.project.pictures import now


class Drafts:
    """Reads and writes the table of drafts. Transactions are the caller's; raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def save(self, picture_id: int, draft: Draft) -> None:
        """Keep a draft of this picture; nothing is done if it is kept already."""
        if self._connection.execute("SELECT 1 FROM drafts WHERE id = ?", (draft.id,)).fetchone():
            return
        height, width = draft.probability.shape
        planes = [draft.probability, draft.spread, draft.samples, draft.film]
        if draft.fine is not None:
            planes.append(draft.fine)
        self._connection.execute(
            "INSERT INTO drafts (id, picture, height, width, samples, steps, planes, provenance, spread_score, added,"
            " presence, strangeness, fine) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                draft.id,
                picture_id,
                height,
                width,
                len(draft.samples),
                len(draft.film),
                zlib.compress(b"".join(plane.tobytes() for plane in planes)),
                json.dumps(draft.provenance.to_dict()),
                draft.spread_score,
                now(),
                draft.presence,
                draft.strangeness,
                0 if draft.fine is None else len(draft.fine),
            ),
        )

    def load(self, draft_id: str) -> Draft:
        """The draft as it was saved. Raises ProjectError if it is missing or its bytes are damaged."""
        found = self._connection.execute(
            "SELECT height, width, samples, steps, planes, provenance, presence, strangeness, fine"
            " FROM drafts WHERE id = ?",
            (draft_id,),
        ).fetchone()
        if found is None:
            raise ProjectError(
                f"The draft {draft_id[:12]} is missing in the project: bring back a copy of it."
            )
        height, width, samples, steps, packed, provenance, presence, strangeness, fine = found
        try:
            values = np.frombuffer(zlib.decompress(packed), np.uint8)
            coarse = len(values) - fine * fine
            planes = values[:coarse].reshape(2 + samples + steps, height, width)
            draft = Draft(
                probability=planes[0],
                spread=planes[1],
                samples=planes[2 : 2 + samples],
                film=planes[2 + samples :],
                provenance=Provenance.from_dict(json.loads(provenance)),
                presence=presence,
                strangeness=strangeness,
                fine=values[coarse:].reshape(fine, fine) if fine else None,
            )
        except (zlib.error, ValueError, KeyError) as error:
            raise ProjectError(f"The draft {draft_id[:12]} is damaged in the project: {error}.") from error
        if draft.id != draft_id:
            raise ProjectError(
                f"The draft {draft_id[:12]} is damaged in the project: its content has changed."
            )
        return draft
