"""Which labels pictures have, now or in steps that can be undone or done again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from lsegdiff_gui.annotation.codec import labels_of_base, labels_painted
from lsegdiff_gui.annotation.patch import values_in


class LabelUse:
    """Looks for labels in the log. Raises sqlite3.Error, and ValueError where the log is damaged."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def elsewhere(self, numbers: Iterable[int], picture_id: int) -> frozenset[int]:
        """Those of the labels that any picture but this one has.

        Takes some tenths of a millisecond for each stroke in the project, newest first, until all are found.
        """
        wanted = frozenset(numbers)
        found: frozenset[int] = frozenset()
        if not wanted:
            return found
        for labels in self._labels_elsewhere(picture_id):
            found |= labels & wanted
            if found == wanted:
                break
        return found

    def _labels_elsewhere(self, picture_id: int) -> Iterator[frozenset[int]]:
        # What was folded, or was there before the log began, is in the base and in the checkpoints.
        bases = "SELECT base FROM pictures WHERE id != ? AND base IS NOT NULL"
        for (base,) in self._connection.execute(bases, (picture_id,)):
            yield labels_of_base(base)
        for (plane,) in self._connection.execute(
            "SELECT plane FROM checkpoints WHERE picture != ?", (picture_id,)
        ):
            yield values_in(plane)
        commands = (
            "SELECT kind, payload FROM commands WHERE picture != ? AND discarded = 0 AND folded = 0"
            " AND kind IN ('paint', 'base', 'bake', 'import', 'bring back') ORDER BY id DESC"
        )
        for kind, payload in self._connection.execute(commands, (picture_id,)):
            yield labels_painted(kind, payload)
