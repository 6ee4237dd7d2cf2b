"""Where each mask of a project comes from, gathered from its tables."""

from __future__ import annotations

import json
import os
import sqlite3

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.codec import decode_base
from lsegdiff_gui.annotation.origin import Deed, Freeze, MaskOrigin, Steps
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.project.drafts import Drafts
from lsegdiff_gui.project.errors import ProjectError


class Origins:
    """Reads origins. Raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection, drafts: Drafts) -> None:
        self._connection = connection
        self._drafts = drafts

    def of(self, picture_id: int) -> MaskOrigin:
        """The origin of a picture's mask as it is now. Raises ProjectError if there is no such picture."""
        found = self._connection.execute(
            "SELECT path, sha256, width, height, status, note, seconds, painted, base, recipe, revealed"
            " FROM pictures WHERE id = ?",
            (picture_id,),
        ).fetchone()
        if found is None:
            raise ProjectError(f"The project holds no picture number {picture_id}.")
        path, sha256, width, height, status, note, seconds, painted, packed, recipe, revealed = found
        try:
            base = Base.empty() if packed is None else decode_base(packed, self._drafts.load)
        except ValueError as error:
            raise ProjectError(f"The mask of '{path}' is damaged in the project: {error}") from error
        return MaskOrigin(
            picture=os.fsdecode(path),
            picture_sha256=sha256,
            width=width,
            height=height,
            status=status,
            note=note,
            base=base.to_attributes(),
            recipe=Recipe().to_dict() if recipe is None else json.loads(recipe),
            edited=painted > 0 or base.painted,
            seconds=seconds,
            blind_until=revealed or "",
            deeds=self._deeds(picture_id),
            freezes=self._freezes(picture_id),
        )

    def steps(self, picture_id: int) -> Steps:
        """The steps that are neither discarded nor folded, as `CommandLog.live` has them."""
        rows = self._connection.execute(
            """
            SELECT commands.id <= coalesce(head, 0), 'do', commands.kind, tool, pixels, commands.status,
                events.annotator, time, app_version
            FROM commands JOIN pictures ON pictures.id = commands.picture
            JOIN events ON events.id = (SELECT max(id) FROM events WHERE command = commands.id AND kind != 'undo')
            WHERE commands.picture = ? AND discarded = 0 AND folded = 0 ORDER BY commands.id
            """,
            (picture_id,),
        ).fetchall()
        (folded,) = self._connection.execute(
            "SELECT count(*) FROM commands WHERE picture = ? AND discarded = 0 AND folded = 1", (picture_id,)
        ).fetchone()
        return Steps(tuple(Deed(*row[1:]) for row in rows), sum(row[0] for row in rows), folded)

    def _deeds(self, picture_id: int) -> tuple[Deed, ...]:
        deeds = []
        # What is in effect after each event: undoing goes back to the status before.
        in_effect = ["new"]
        for kind, what, tool, pixels, status, annotator, time, app_version in self._connection.execute(
            "SELECT events.kind, commands.kind, tool, pixels, status, annotator, time, app_version"
            " FROM events JOIN commands ON commands.id = events.command WHERE events.picture = ? ORDER BY events.id",
            (picture_id,),
        ):
            if kind != "undo":
                in_effect.append(status)
            elif len(in_effect) > 1:
                in_effect.pop()
            deeds.append(Deed(kind, what, tool, pixels, in_effect[-1], annotator, time, app_version))
        return tuple(deeds)

    def _freezes(self, picture_id: int) -> tuple[Freeze, ...]:
        return tuple(
            Freeze(*row)
            for row in self._connection.execute(
                "SELECT reason, sha256, annotator, time, app_version, dice FROM frozen_masks"
                " WHERE picture = ? ORDER BY id",
                (picture_id,),
            )
        )
