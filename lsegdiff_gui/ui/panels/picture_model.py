"""The listed pictures as a Qt model: names, statuses, thumbnails that are asked for when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage

from lsegdiff_gui.annotation.labels import Status

if TYPE_CHECKING:
    from lsegdiff_gui.project.store import PictureRow

Index = QModelIndex | QPersistentModelIndex
# 96 × 96 pictures of 4 bytes: some 20 MB for the pictures last looked at, however long the list is.
THUMBNAILS_KEPT = 600

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
    """What the delegate and the filter ask for beyond the name."""

    ENTRY = Qt.ItemDataRole.UserRole + 1
    THUMBNAIL = Qt.ItemDataRole.UserRole + 2


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
    def no_lesion_found(self) -> bool:
        """Whether the model found no lesion, and nobody has said anything about it yet."""
        return self.row.status is Status.DRAFTED and self.row.findings.no_lesion

    @property
    def is_unfamiliar(self) -> bool:
        """Whether the draft is of a kind of picture that the model does not know, and nobody has looked at it yet."""
        return self.row.status is Status.DRAFTED and self.row.findings.is_strange


class PictureModel(QAbstractListModel):
    """Signals: thumbnail_wanted(int picture id), once for each picture that comes into view."""

    thumbnail_wanted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self._line_of: dict[int, int] = {}
        self._thumbnails: OrderedDict[int, QImage] = OrderedDict()
        self._asked: set[int] = set()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of pictures."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, tool tip, entry or thumbnail of a line."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.row.path.name
        if role == Qt.ItemDataRole.ToolTipRole:
            note = f"\n{entry.row.note}" if entry.row.note else ""
            return f"{entry.row.path}\n{entry.error or entry.words}{note}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.row.path.name}, {entry.words}"
        if role == Role.ENTRY:
            return entry
        if role == Role.THUMBNAIL:
            return self._thumbnail(entry)
        return None

    @property
    def entries(self) -> Sequence[Entry]:
        """All lines, in order."""
        return self._entries

    def entry(self, picture_id: int) -> Entry | None:
        """The line of a picture, or None when it is not listed."""
        line = self._line_of.get(picture_id)
        return None if line is None else self._entries[line]

    def line_of(self, picture_id: int) -> int:
        """The position of a picture, -1 when it is not listed."""
        return self._line_of.get(picture_id, -1)

    def show_rows(self, rows: Iterable[PictureRow]) -> None:
        """List these pictures; what is known of those that stay is kept."""
        rows = list(rows)
        if [row.id for row in rows] == [entry.row.id for entry in self._entries]:
            for row in rows:
                self.update_row(row)
            return
        known = {entry.row.id: entry for entry in self._entries}
        self.beginResetModel()
        self._entries = [replace(known[row.id], row=row) if row.id in known else Entry(row) for row in rows]
        self._line_of = {entry.row.id: line for line, entry in enumerate(self._entries)}
        self.endResetModel()

    def update_row(self, row: PictureRow) -> None:
        """Take over what the project now says of a picture."""
        entry = self.entry(row.id)
        if entry is not None and entry.row != row:
            self._put(replace(entry, row=row))

    def set_error(self, picture_id: int, sentence: str) -> None:
        """Mark a picture as unreadable, or as readable again with an empty sentence."""
        entry = self.entry(picture_id)
        if entry is not None and entry.error != sentence:
            self._put(replace(entry, error=sentence))

    def set_drafting(self, picture_id: int, drafting: bool) -> None:
        """Mark a picture that is being drafted."""
        entry = self.entry(picture_id)
        if entry is not None and entry.drafting != drafting:
            self._put(replace(entry, drafting=drafting))

    def set_thumbnail(self, picture_id: int, rgb8: npt.NDArray[np.uint8]) -> None:
        """Show a thumbnail. rgb8: (H, W, 3) uint8."""
        pixels = np.ascontiguousarray(rgb8)
        height, width = pixels.shape[:2]
        # The copy ends the image's dependence on the array.
        image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._thumbnails[picture_id] = image.convertToFormat(QImage.Format.Format_RGB32)
        if len(self._thumbnails) > THUMBNAILS_KEPT:
            forgotten, _ = self._thumbnails.popitem(last=False)
            self._asked.discard(forgotten)
        if (line := self.line_of(picture_id)) >= 0:
            index = self.index(line)
            self.dataChanged.emit(index, index, [Role.THUMBNAIL])

    def _thumbnail(self, entry: Entry) -> QImage | None:
        image = self._thumbnails.get(entry.row.id)
        if image is not None:
            self._thumbnails.move_to_end(entry.row.id)
        elif entry.row.id not in self._asked:
            self._asked.add(entry.row.id)
            self.thumbnail_wanted.emit(entry.row.id)
        return image

    def _put(self, entry: Entry) -> None:
        line = self._line_of[entry.row.id]
        self._entries[line] = entry
        index = self.index(line)
        self.dataChanged.emit(index, index)


class PictureFilter(QSortFilterProxyModel):
    """Keeps the pictures whose name contains the words and whose status is one of the chosen."""

    def __init__(self, source: PictureModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._words: tuple[str, ...] = ()
        self._statuses: frozenset[Status] | None = None
        self.setSourceModel(source)

    def set_words(self, text: str) -> None:
        """Keep names that contain every one of these words, whatever their case."""
        self._words = tuple(text.casefold().split())
        self.invalidate()

    def set_statuses(self, statuses: frozenset[Status] | None) -> None:
        """Keep pictures of these statuses; None keeps all."""
        self._statuses = statuses
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Whether a line stays."""
        entry = self._source.entries[source_row]
        if self._statuses is not None and entry.row.status not in self._statuses:
            return False
        name = entry.row.path.name.casefold()
        return all(word in name for word in self._words)
