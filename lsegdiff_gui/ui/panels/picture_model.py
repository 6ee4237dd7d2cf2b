"""The listed pictures as a Qt model: ids in order; rows and thumbnails are asked for when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.project.catalogue import Found
from lsegdiff_gui.ui.rows import Rows

if TYPE_CHECKING:
    from lsegdiff_gui.project.store import PictureRow

Index = QModelIndex | QPersistentModelIndex
# 96 × 96 pictures of 4 bytes: some 20 MB for the pictures last looked at, however long the list is.
THUMBNAILS_KEPT = 300
# Rows are fetched by this many, so that the next lines are there before they are scrolled to.
_PAGE = 64

STATUS_WORDS: dict[Status, str] = {
    Status.NEW: "New",
    Status.DRAFTED: "Drafted",
    Status.IN_PROGRESS: "In progress",
    Status.DONE: "Done",
    Status.NO_LESION: "No lesion",
    Status.FLAGGED: "Flagged",
    Status.APPROVED: "Approved",
    Status.REJECTED: "Rejected",
}
# What "next unfinished" passes over.
FINISHED = frozenset({Status.DONE, Status.NO_LESION, Status.APPROVED})


class Role(IntEnum):
    """What the delegate asks for beyond the name."""

    ENTRY = Qt.ItemDataRole.UserRole + 1
    THUMBNAIL = Qt.ItemDataRole.UserRole + 2


def local_time(stored: str) -> str:
    """A time of the project, ISO 8601 in UTC, as the clock on the wall has it."""
    return datetime.fromisoformat(stored).astimezone().strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class Entry:
    """One line of the list. error: the sentence of a picture that cannot be read; drafting: a job runs."""

    row: PictureRow
    error: str = ""
    drafting: bool = False

    @property
    def words(self) -> str:
        """The status in words."""
        if self.error:
            return "Cannot be read"
        if self.drafting:
            return "Drafting…"
        if self.is_unfamiliar:
            return "Unfamiliar, empty" if self.no_lesion_found else "Unfamiliar kind"
        return "No lesion found" if self.no_lesion_found else STATUS_WORDS[self.row.status]

    @property
    def about(self) -> str:
        """Everything there is to say, a line each."""
        row = self.row
        lines = [str(row.path), self.error or self.words]
        if row.spread is not None:
            lines.append(f"Samples agree to {round(100 * (1 - row.spread))} %")
        if row.changed:
            by = f" by {row.annotator}" if row.annotator else ""
            lines.append(f"Last changed {local_time(row.changed)}{by}")
        if row.note:
            lines.append(f"“{row.note}”")
        return "\n".join(lines)

    @property
    def no_lesion_found(self) -> bool:
        """Whether the model found no lesion, and nobody has said anything about it yet."""
        return self.row.status is Status.DRAFTED and self.row.findings.no_lesion

    @property
    def is_unfamiliar(self) -> bool:
        """Whether the draft is of a kind of picture that the model does not know, and nobody has looked at it yet."""
        return self.row.status is Status.DRAFTED and self.row.findings.is_strange


class PictureModel(QAbstractListModel):
    """What was found, line by line.

    Signals:
        thumbnail_wanted(int picture id): it is looked at and has none.
        found_shown(): an answer is shown, be it the same as before.
        looks_changed(list[int] picture ids): rows or thumbnails that these lines have waited for are here. Not
            `dataChanged`, upon which a view lays out all its lines anew: half a frame's time, ten thousand lines long.
    """

    thumbnail_wanted = Signal(int)
    found_shown = Signal()
    looks_changed = Signal(object)

    def __init__(self, rows: Rows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._found = Found()
        self._line_of: dict[int, int] = {}
        # Only of the few pictures that have any; the sentence, and whether a job runs.
        self._errors: dict[int, str] = {}
        self._drafting: set[int] = set()
        self._thumbnails: OrderedDict[int, QImage] = OrderedDict()
        rows.arrived.connect(self._rows_arrived)
        rows.changed.connect(self._row_changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of pictures."""
        return 0 if parent.isValid() else len(self._found.ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, tool tip, entry or thumbnail of a line; None as long as its row is on its way."""
        if not index.isValid():
            return None
        picture_id = self._found.ids[index.row()]
        if role == Role.THUMBNAIL:
            return self._thumbnail(picture_id)
        if role not in (
            Role.ENTRY,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        entry = self.entry(picture_id)
        if entry is None:
            start = index.row() - index.row() % _PAGE
            self._rows.want(self._found.ids[start : start + _PAGE])
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.row.path.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.about
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.row.path.name}, {entry.words}"
        return entry

    @property
    def ids(self) -> Sequence[int]:
        """The pictures in order."""
        return self._found.ids

    @property
    def statuses(self) -> Sequence[Status]:
        """How far each of them is, in the same order."""
        return self._found.statuses

    @property
    def found(self) -> Found:
        """What is shown."""
        return self._found

    def entry(self, picture_id: int) -> Entry | None:
        """What a picture's line shows; None as long as its row is not at hand."""
        row = self._rows.get(picture_id)
        if row is None:
            return None
        return Entry(row, self._errors.get(picture_id, ""), picture_id in self._drafting)

    def line_of(self, picture_id: int) -> int:
        """The position of a picture, -1 when it is not shown."""
        return self._line_of.get(picture_id, -1)

    def show_found(self, found: Found) -> None:
        """Show these. Where pictures only went or only came at the end, the view keeps its place."""
        before, after = self._found.ids, found.ids
        if before == after:
            self._found = found
        elif len(after) > len(before) and after[: len(before)] == before:
            self.beginInsertRows(QModelIndex(), len(before), len(after) - 1)
            self._take(found)
            self.endInsertRows()
        elif 0 < len(before) - len(after) <= _PAGE and (gone := _gone(before, after)) is not None:
            self._remove(gone, found)
        else:
            self.beginResetModel()
            self._take(found)
            self.endResetModel()
        self.found_shown.emit()

    def set_error(self, picture_id: int, sentence: str) -> None:
        """Mark a picture as unreadable, or as readable again with an empty sentence."""
        if sentence != self._errors.get(picture_id, ""):
            self._errors[picture_id] = sentence
            if not sentence:
                del self._errors[picture_id]
            self._refresh(picture_id)

    def set_drafting(self, picture_id: int, drafting: bool) -> None:
        """Mark a picture that is being drafted."""
        if drafting != (picture_id in self._drafting):
            self._drafting ^= {picture_id}
            self._refresh(picture_id)

    def forget(self) -> None:
        """Another project: what was said of pictures belongs to others."""
        self._errors.clear()
        self._drafting.clear()
        self._thumbnails.clear()

    def set_thumbnail(self, picture_id: int, rgb8: npt.NDArray[np.uint8]) -> None:
        """Show a thumbnail. rgb8: (H, W, 3) uint8."""
        pixels = np.ascontiguousarray(rgb8)
        height, width = pixels.shape[:2]
        # The copy ends the image's dependence on the array.
        image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._thumbnails[picture_id] = image.convertToFormat(QImage.Format.Format_RGB32)
        if len(self._thumbnails) > THUMBNAILS_KEPT:
            self._thumbnails.popitem(last=False)
        self.looks_changed.emit([picture_id])

    def _thumbnail(self, picture_id: int) -> QImage | None:
        image = self._thumbnails.get(picture_id)
        if image is not None:
            self._thumbnails.move_to_end(picture_id)
        elif picture_id not in self._errors:
            self.thumbnail_wanted.emit(picture_id)
        return image

    def _rows_arrived(self, rows: list[PictureRow]) -> None:
        if listed := [row.id for row in rows if self.line_of(row.id) >= 0]:
            self.looks_changed.emit(listed)

    def _row_changed(self, row: PictureRow) -> None:
        if (line := self.line_of(row.id)) >= 0:
            # At once, so that going on from here passes over what was just done.
            self._found.statuses[line] = row.status
            self._refresh(row.id)

    def _refresh(self, picture_id: int) -> None:
        if (line := self.line_of(picture_id)) >= 0:
            index = self.index(line)
            self.dataChanged.emit(index, index)

    def _take(self, found: Found) -> None:
        self._found = found
        self._line_of = {picture_id: line for line, picture_id in enumerate(found.ids)}

    def _remove(self, gone: Sequence[int], found: Found) -> None:
        """Take lines out one by one, from the end, so that the earlier ones keep their numbers."""
        ids, statuses = list(self._found.ids), list(self._found.statuses)
        for line in reversed(gone):
            self.beginRemoveRows(QModelIndex(), line, line)
            del ids[line], statuses[line]
            self._take(Found(ids, statuses, found.counts))
            self.endRemoveRows()
        self._take(found)


def _gone(before: Sequence[int], after: Sequence[int]) -> list[int] | None:
    """The lines that have to go from `before` to give `after`; None where that is not all."""
    left = set(after)
    gone = [line for line, picture_id in enumerate(before) if picture_id not in left]
    kept = [picture_id for picture_id in before if picture_id in left]
    return gone if kept == list(after) else None
