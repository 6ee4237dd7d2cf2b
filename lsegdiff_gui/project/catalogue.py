"""The list of pictures read for the window: which ones, in which order, page by page; never written through."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lsegdiff_gui.annotation.labels import UNTOUCHED, Labels, Status
from lsegdiff_gui.project import statistics
from lsegdiff_gui.project.errors import not_read
from lsegdiff_gui.project.labels import ProjectLabels
from lsegdiff_gui.project.names import base_name
from lsegdiff_gui.project.pictures import PictureRow, Pictures
from lsegdiff_gui.project.statistics import PictureFigures

# Seconds to wait for a commit that is under way; only the reading thread waits.
_PATIENCE = 5.0


class Order(StrEnum):
    """What the list is sorted by."""

    PLACE = "place"
    NAME = "name"
    SPREAD = "spread"
    CHANGED = "changed"
    STATUS = "status"
    ANNOTATOR = "annotator"
    NOTE = "note"


@dataclass(frozen=True)
class Query:
    """Which of the listed pictures, and in which order. None keeps all.

    words: each is in the file's name or in the note, whatever its case. label: the mask has pixels of it.
    noted: with a note, or without one. least_spread: the spread score is at least this, in [0, 1].
    changed_since: ISO 8601 in UTC.
    """

    words: tuple[str, ...] = ()
    statuses: frozenset[Status] | None = None
    label: int | None = None
    annotator: str | None = None
    noted: bool | None = None
    least_spread: float | None = None
    changed_since: str | None = None
    order: Order = Order.PLACE
    descending: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves any picture out."""
        return self != Query(order=self.order, descending=self.descending)


@dataclass(frozen=True)
class Found:
    """What a query gives: ids in order with their statuses, and the statuses of the whole list."""

    ids: list[int] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    counts: Mapping[Status, int] = field(default_factory=dict)

    @property
    def listed(self) -> int:
        """How many pictures the whole list has."""
        return sum(self.counts.values())


# Undrafted pictures have no spread: they stand behind the others in either direction.
_WORKFLOW = " ".join(f"WHEN '{status.value}' THEN {place}" for place, status in enumerate(Status))
_ORDERS = {
    Order.PLACE: "place {0}",
    Order.NAME: "name {0}, place",
    Order.SPREAD: "spread_score {0} NULLS LAST, place",
    Order.CHANGED: "nullif(changed, '') {0} NULLS LAST, place",
    Order.STATUS: f"CASE status {_WORKFLOW} END {{0}}, place",
    Order.ANNOTATOR: "nullif(annotator, '') {0} NULLS LAST, place",
    Order.NOTE: "nullif(note, '') {0} NULLS LAST, place",
}


class Catalogue:
    """A second connection to an open project, for reading only; to be used by the thread that opened it.

    Everything raises ProjectError with the sentence for the user.
    """

    def __init__(self, path: Path) -> None:
        """Open it; the project must have been opened by a `Store` before, which brings it up to date."""
        self.path = path
        try:
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=_PATIENCE
            )
        except sqlite3.Error as error:
            raise not_read(error, path) from error
        self._pictures = Pictures(self._connection, path.parent)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def find(self, query: Query) -> Found:
        """Ids and statuses of the listed pictures that a query keeps, in its order."""
        conditions, values = _conditions(query)
        if query.words:
            folded = [word.casefold() for word in query.words]
            self._connection.create_function("says", 2, lambda path, note: _says(path, note, folded))
        order = _ORDERS[query.order].format("DESC" if query.descending else "ASC")
        try:
            with closing(self._connection.cursor()) as cursor:
                rows = cursor.execute(
                    f"SELECT id, status FROM pictures WHERE {' AND '.join(conditions)} ORDER BY {order}",
                    values,
                ).fetchall()
                counts = cursor.execute(
                    "SELECT status, count(*) FROM pictures WHERE place IS NOT NULL GROUP BY status"
                ).fetchall()
        except sqlite3.Error as error:
            raise not_read(error, self.path) from error
        by_value = {status.value: status for status in Status}
        return Found(
            [number for number, _ in rows],
            [by_value[status] for _, status in rows],
            {by_value[status]: count for status, count in counts},
        )

    def rows(self, ids: Sequence[int]) -> list[PictureRow]:
        """These pictures' rows, in this order; those that are not there are left out."""
        try:
            return self._pictures.some(ids)
        except sqlite3.Error as error:
            raise not_read(error, self.path) from error

    def all(self) -> list[PictureRow]:
        """Every listed picture, in the list's order."""
        return self.rows(self.find(Query()).ids)

    def untouched(self, query: Query) -> list[PictureRow]:
        """The pictures a query keeps that nobody has worked on: those that may be drafted in the background."""
        found = self.find(query)
        ids = [
            number for number, status in zip(found.ids, found.statuses, strict=True) if status in UNTOUCHED
        ]
        return [row for row in self.rows(ids) if not row.is_edited]

    def unknown(self) -> list[int]:
        """The listed pictures whose files nobody has looked into yet, in the list's order."""
        try:
            found = self._connection.execute(
                "SELECT id FROM pictures WHERE place IS NOT NULL AND sha256 = '' ORDER BY place"
            ).fetchall()
        except sqlite3.Error as error:
            raise not_read(error, self.path) from error
        return [number for (number,) in found]

    def figures(self) -> list[PictureFigures]:
        """What the statistics are made of."""
        try:
            return statistics.read(self._connection)
        except sqlite3.Error as error:
            raise not_read(error, self.path) from error

    def labels(self) -> Labels:
        """The project's labels, by number."""
        try:
            return ProjectLabels(self._connection).all()
        except sqlite3.Error as error:
            raise not_read(error, self.path) from error

    def annotators(self) -> list[str]:
        """Who has worked on listed pictures, by name."""
        try:
            found = self._connection.execute(
                "SELECT DISTINCT annotator FROM pictures"
                " WHERE place IS NOT NULL AND annotator != '' ORDER BY annotator"
            ).fetchall()
        except sqlite3.Error as error:
            raise not_read(error, self.path) from error
        return [name for (name,) in found]


def _conditions(query: Query) -> tuple[list[str], list[object]]:
    conditions, values = ["place IS NOT NULL"], list[object]()

    def add(condition: str, *more: object) -> None:
        conditions.append(condition)
        values.extend(more)

    if query.statuses is not None:
        add(
            f"status IN ({', '.join('?' * len(query.statuses))})",
            *(status.value for status in query.statuses),
        )
    if query.label is not None:
        add("id IN (SELECT picture FROM labels_in WHERE label = ?)", query.label)
    if query.annotator is not None:
        add("annotator = ?", query.annotator)
    if query.noted is not None:
        add("note != ''" if query.noted else "note = ''")
    if query.least_spread is not None:
        add("spread_score >= ?", query.least_spread)
    if query.changed_since is not None:
        add("changed >= ?", query.changed_since)
    if query.words:
        add("says(path, note)")
    return conditions, values


def _says(path: str | bytes, note: str, words: Sequence[str]) -> bool:
    name, note = base_name(path).casefold(), note.casefold()
    return all(word in name or word in note for word in words)
