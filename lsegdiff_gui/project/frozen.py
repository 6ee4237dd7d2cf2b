"""Masks that are kept as they were: what was done, approved or exported has the same pixels in every later version."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lsegdiff_gui import __version__
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import IGNORE, NONE, Label, Labels, Status, ordered
from lsegdiff_gui.annotation.patch import PackedPlane, pack_plane
from lsegdiff_gui.annotation.postprocess import base_mask
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.project.documents import Documents
from lsegdiff_gui.project.errors import ProjectError
from lsegdiff_gui.project.pictures import Pictures, now

U8 = npt.NDArray[np.uint8]

FREEZING = frozenset({Status.DONE, Status.NO_LESION, Status.APPROVED})
"""What is said of a whole mask, and freezes it."""

EXPORTED = "exported"
"""The reason of a mask that was frozen because a file was written."""


@dataclass(frozen=True)
class FrozenMask:
    """A final mask as it was kept. provenance: its origin then, plain values; dice: with what the model drafted."""

    plane: PackedPlane
    sha256: str
    labels: Labels
    partition: Partition
    reason: str
    provenance: dict[str, object]
    annotator: str
    time: str
    app_version: str
    dice: float | None

    def labels_plane(self) -> U8:
        """(H, W) uint8, 0 background, n = label n. Raises ProjectError if it is not what was frozen."""
        try:
            plane = self.plane.plane()
        except ValueError as error:
            raise ProjectError(f"A frozen mask is damaged in the project: {error}") from error
        if fingerprint(plane) != self.sha256:
            raise ProjectError("A frozen mask is damaged in the project: its pixels have changed.")
        return plane


def fingerprint(plane: U8) -> str:
    """SHA-256 (hexadecimal) of a label plane's size and pixels."""
    height, width = plane.shape
    return hashlib.sha256(f"{width} x {height} ".encode() + np.ascontiguousarray(plane).tobytes()).hexdigest()


class FrozenMasks:
    """Reads frozen masks and adds to them. Transactions are the caller's; raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection, pictures: Pictures, documents: Documents) -> None:
        self._connection = connection
        self._pictures = pictures
        self._documents = documents

    def valid(self, picture_id: int) -> FrozenMask | None:
        """The newest one that was made of the picture as it is now; None where work went on since, or none was made.

        Labels are the project's: a step that only changed those leaves the mask what it is.
        """
        found = self._connection.execute(
            """
            SELECT frozen_masks.width, frozen_masks.height, plane, frozen_masks.sha256, meaning, reason, provenance,
                frozen_masks.annotator, time, frozen_masks.app_version, dice
            FROM frozen_masks JOIN pictures ON pictures.id = picture
            WHERE picture = :picture AND coalesce(command, 0) <= coalesce(head, 0) AND NOT EXISTS (
                SELECT 1 FROM commands WHERE picture = :picture AND discarded = 0 AND kind != 'labels'
                AND id > coalesce(frozen_masks.command, 0) AND id <= coalesce(head, 0)
            ) AND (command IS NULL OR NOT (SELECT discarded FROM commands WHERE id = frozen_masks.command))
            ORDER BY frozen_masks.id DESC LIMIT 1
            """,
            {"picture": picture_id},
        ).fetchone()
        if found is None:
            return None
        width, height, plane, sha256, meaning, reason, provenance, *rest = found
        meant = json.loads(meaning)
        return FrozenMask(
            PackedPlane(width, height, plane),
            sha256,
            ordered(Label.from_dict(each) for each in meant["labels"]),
            Partition.from_dict(meant["partition"]),
            reason,
            json.loads(provenance),
            *rest,
        )

    def freeze(
        self,
        picture_id: int,
        reason: str,
        annotator: str,
        *,
        same: FrozenMask | None = None,
    ) -> FrozenMask | None:
        """Keep the mask as it is at the picture's head. None if nobody has read the picture yet: it has no size.

        same: a frozen mask whose pixels are taken over.
        """
        row = self._pictures.one(picture_id)
        if not row.width:
            return None
        document = self._documents.load(picture_id, row.width, row.height)
        if same is not None:
            plane, dice = same.labels_plane(), same.dice
        else:
            if row.status is Status.NO_LESION:
                plane = np.zeros((row.height, row.width), np.uint8)
            else:
                if document.needs_base:
                    document.rebuild_base()
                plane = document.final
            dice = _dice_with_draft(document, plane)
        meaning = {
            "labels": [label.to_dict() for label in document.labels],
            "partition": document.partition.to_dict(),
        }
        provenance = {
            **document.base.to_attributes(),
            "recipe": document.recipe.to_dict(),
            "status": document.status.value,
            "note": document.note,
            "edited": document.is_edited or document.base.painted,
        }
        self._connection.execute(
            "INSERT INTO frozen_masks (picture, command, reason, width, height, plane, sha256, meaning, provenance,"
            " dice, annotator, time, app_version)"
            " SELECT id, head, ?, width, height, ?, ?, ?, ?, ?, ?, ?, ? FROM pictures WHERE id = ?",
            (
                reason,
                pack_plane(plane),
                fingerprint(plane),
                json.dumps(meaning),
                json.dumps(provenance),
                dice,
                annotator,
                now(),
                __version__,
                picture_id,
            ),
        )
        return self.valid(picture_id)


def _dice_with_draft(document: Document, plane: U8) -> float | None:
    """How well what the model drafted by itself meets the final foreground; 1 where both are empty."""
    draft = document.base.draft
    if draft is None or draft.provenance.was_helped:
        return None
    plane_of_draft = draft.plane(follow_edges=True)
    drafted = base_mask(plane_of_draft, Recipe(), document.width, document.height) != 0
    final = (plane != NONE) & (plane != IGNORE)
    both = int(np.count_nonzero(drafted)) + int(np.count_nonzero(final))
    return 1.0 if both == 0 else 2.0 * int(np.count_nonzero(drafted & final)) / both
