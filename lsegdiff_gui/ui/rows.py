"""What the project says of the pictures in sight: fetched when it is first wanted, and kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.workers.catalogue import CatalogueThread
from lsegdiff_gui.workers.store import StoreThread

# A row is some 600 bytes: a few screens of the list, whatever its length.
KEPT = 2000


class Rows(QObject):
    """Signals:
    arrived(list[PictureRow]): they were wanted, and can be had now.
    changed(PictureRow): news from the project of one picture.
    """

    arrived = Signal(object)
    changed = Signal(object)

    def __init__(self, store: StoreThread, catalogue: CatalogueThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._rows: OrderedDict[int, PictureRow] = OrderedDict()
        self._wanted: dict[int, None] = {}
        self._fetched: set[int] = set()
        # What was asked for before a picture changed may have been read before it did.
        self._stale: set[int] = set()
        # Painting a list asks line by line; they are fetched together.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._fetch)
        store.opened.connect(lambda _project: self._forget())
        store.pictures_changed.connect(self._take_news)

    def get(self, picture_id: int) -> PictureRow | None:
        """The row, if it is at hand."""
        row = self._rows.get(picture_id)
        if row is not None:
            self._rows.move_to_end(picture_id)
        return row

    def want(self, ids: Iterable[int]) -> None:
        """Fetch these rows unless they are at hand or on their way."""
        for picture_id in ids:
            if picture_id not in self._rows and picture_id not in self._fetched:
                self._wanted[picture_id] = None
        if self._wanted:
            self._soon.start()

    def put(self, rows: Iterable[PictureRow]) -> None:
        """Keep rows that came another way."""
        for row in rows:
            self._rows[row.id] = row
            self._rows.move_to_end(row.id)
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)

    def _fetch(self) -> None:
        ids = list(self._wanted)
        self._wanted.clear()
        self._fetched.update(ids)
        self._catalogue.ask(lambda catalogue: catalogue.rows(ids), lambda rows: self._take(ids, rows))

    def _take(self, ids: list[int], rows: list[PictureRow]) -> None:
        self._fetched.difference_update(ids)
        self.put(row for row in rows if row.id not in self._stale)
        self._stale.difference_update(ids)
        self.arrived.emit([self._rows[picture_id] for picture_id in ids if picture_id in self._rows])

    def _take_news(self, rows: list[PictureRow]) -> None:
        self._stale.update(row.id for row in rows if row.id in self._fetched)
        self.put(rows)
        for row in rows:
            self.changed.emit(row)

    def _forget(self) -> None:
        for known in (self._rows, self._wanted, self._fetched, self._stale):
            known.clear()
