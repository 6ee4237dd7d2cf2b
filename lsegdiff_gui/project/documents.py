"""From the project's tables to a document, quickly however long its log is."""

from __future__ import annotations

import json
import sqlite3
import zlib

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.codec import decode_base
from lsegdiff_gui.annotation.commands import Command, LabelsChange, edit_of
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.history import History
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.patch import pack_plane, unpack, unpack_plane
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.project.command_log import CommandLog
from lsegdiff_gui.project.drafts import Drafts
from lsegdiff_gui.project.errors import ProjectError
from lsegdiff_gui.project.labels import ProjectLabels
from lsegdiff_gui.project.pictures import Pictures

U8 = npt.NDArray[np.uint8]

CHECKPOINT_EVERY = 64
"""Strokes: replaying that many takes some tens of milliseconds, and a checkpoint every few minutes few bytes."""

CHECKPOINTS_KEPT = 3
"""For each picture, the newest. More than one, so that undoing far back does not start from nothing."""


BUDGET = 64 * 1024 * 1024
"""Bytes of steps kept for each picture: thousands of strokes, or some hundred changes of whole large masks."""

NEVER_FOLDED = 100
"""Steps before the cursor that can always be undone."""


class Documents:
    """Loads documents and lays checkpoints. Transactions are the caller's; raises sqlite3.Error."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        pictures: Pictures,
        drafts: Drafts,
        labels: ProjectLabels,
        log: CommandLog,
    ) -> None:
        self._connection = connection
        self._pictures = pictures
        self._drafts = drafts
        self._labels = labels
        self._log = log

    def load(self, picture_id: int, width: int, height: int) -> Document:
        """The document at its cursor, undone commands included. Raises ProjectError if the picture's size differs."""
        row = self._pictures.one(picture_id)
        ids, commands, cursor = self._log.live(picture_id)
        folded, standing = self._log.start(picture_id)
        is_worked_on = folded > 0 or any(not isinstance(command, LabelsChange) for command in commands)
        if is_worked_on and row.width and (row.width, row.height) != (width, height):
            raise ProjectError(
                f"'{row.path.name}' is {width} x {height} pixels now, but its mask was made on "
                f"{row.width} x {row.height}. Bring the earlier file back to go on with it."
            )
        packed_base, recipe, partition = self._connection.execute(
            "SELECT base, recipe, partition FROM pictures WHERE id = ?", (picture_id,)
        ).fetchone()
        try:
            return Document(
                width,
                height,
                base=Base.empty() if packed_base is None else decode_base(packed_base, self._drafts.load),
                recipe=Recipe() if recipe is None else Recipe.from_dict(json.loads(recipe)),
                override=self._override(picture_id, width, height, ids, commands, cursor),
                labels=self._labels.all(),
                partition=None if partition is None else Partition.from_dict(json.loads(partition)),
                log=History(commands, cursor, standing),
            )
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            raise ProjectError(f"The mask of '{row.path.name}' is damaged in the project: {error}") from error

    def checkpoint_is_due(self, picture_id: int) -> bool:
        """Whether the cursor is further from every checkpoint, and from the start, than is quick to replay."""
        (steps,) = self._connection.execute(
            """
            SELECT min(abs(strokes - reached)) FROM (
                SELECT 0 AS strokes UNION ALL
                SELECT (SELECT count(*) FROM commands WHERE picture = :picture AND discarded = 0
                        AND kind IN ('paint', 'bake', 'import') AND id <= checkpoints.command)
                FROM checkpoints WHERE picture = :picture
            ), (
                SELECT count(*) AS reached FROM commands JOIN pictures ON pictures.id = :picture
                WHERE commands.picture = :picture AND discarded = 0 AND kind IN ('paint', 'bake', 'import')
                AND commands.id <= head
            )
            """,
            {"picture": picture_id},
        ).fetchone()
        return bool(steps >= CHECKPOINT_EVERY)

    def lay_checkpoint(self, picture_id: int) -> None:
        """Keep the override plane at the cursor, and only the newest few of such planes."""
        row = self._pictures.one(picture_id)
        ids, commands, cursor = self._log.live(picture_id)
        if not row.width or cursor == 0:
            return
        plane = self._override(picture_id, row.width, row.height, ids, commands, cursor)
        self._connection.execute(
            "INSERT OR REPLACE INTO checkpoints (picture, command, plane) VALUES (?, ?, ?)",
            (picture_id, ids[cursor - 1], pack_plane(plane)),
        )
        self._connection.execute(
            "DELETE FROM checkpoints WHERE picture = :picture AND id NOT IN"
            " (SELECT id FROM checkpoints WHERE picture = :picture ORDER BY id DESC LIMIT :kept)"
            " AND command IS NOT (SELECT max(id) FROM commands WHERE picture = :picture AND folded = 1"
            " AND discarded = 0)",
            {"picture": picture_id, "kept": CHECKPOINTS_KEPT},
        )

    def fold(self, picture_id: int, budget: int = BUDGET) -> int:
        """Fold the oldest steps of a picture whose payloads take more than `budget` bytes; returns how many.

        What was discarded goes first, for nobody can come back to it. Then the oldest that are in effect, into a
        checkpoint; the newest stay whatever they take, so that there is something to undo. Every event stays.
        """
        (size,) = self._connection.execute(
            "SELECT coalesce(sum(length(payload)), 0) FROM commands WHERE picture = ?", (picture_id,)
        ).fetchone()
        if size <= budget:
            return 0
        folded = self._connection.execute(
            "UPDATE commands SET payload = X'', folded = 1 WHERE picture = ? AND discarded = 1 AND folded = 0",
            (picture_id,),
        ).rowcount
        row = self._pictures.one(picture_id)
        ids, commands, cursor = self._log.live(picture_id)
        sizes = dict(
            self._connection.execute(
                "SELECT id, length(payload) FROM commands WHERE picture = ? AND discarded = 0", (picture_id,)
            )
        )
        left = sum(sizes.values())
        count = 0
        if left <= budget:
            return int(folded)
        while left > budget // 2 and count < cursor - NEVER_FOLDED:
            left -= sizes[ids[count]]
            count += 1
        if count and row.width:
            plane = self._override(picture_id, row.width, row.height, ids, commands, count)
            self._connection.execute(
                "INSERT OR REPLACE INTO checkpoints (picture, command, plane) VALUES (?, ?, ?)",
                (picture_id, ids[count - 1], pack_plane(plane)),
            )
            self._connection.executemany(
                "UPDATE commands SET payload = X'', folded = 1 WHERE id = ?",
                [(number,) for number in ids[:count]],
            )
            folded += count
        return int(folded)

    def _override(
        self, picture_id: int, width: int, height: int, ids: list[int], commands: list[Command], cursor: int
    ) -> U8:
        """The plane at the cursor: the nearest checkpoint, earlier or later, and the edits between."""
        laid = {
            command: number
            for number, command in self._connection.execute(
                "SELECT id, command FROM checkpoints WHERE picture = ?", (picture_id,)
            )
        }
        # Before the first command lies what was folded; nothing was, in most.
        before = [self._log.start(picture_id)[0], *ids]
        places = [0, *(place for place, command in enumerate(before) if place and command in laid)]
        start = min(places, key=lambda place: abs(place - cursor))
        if before[start] == 0:
            plane = np.zeros((height, width), np.uint8)
        else:
            (packed,) = self._connection.execute(
                "SELECT plane FROM checkpoints WHERE id = ?", (laid[before[start]],)
            ).fetchone()
            plane = unpack_plane(packed, width, height)
        edits = commands[min(start, cursor) : max(start, cursor)]
        for command in edits if start <= cursor else reversed(edits):
            if (edit := edit_of(command)) is not None:
                _put(plane, edit.after if start <= cursor else edit.before)
        return plane


def _put(plane: U8, packed: bytes) -> None:
    height, width = plane.shape
    for piece in unpack(packed):
        if piece.box.intersect(Box.whole(width, height)) != piece.box:
            raise ValueError(f"a stroke at {piece.box} lies outside of {width} x {height} pixels.")
        plane[piece.box.slices] = piece.values
