"""The pictures that will probably be wanted next, made ready while the hand is busy with this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from PySide6.QtCore import QObject

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.workers.files import AHEAD_PRIORITY, FilePool, Loaded
from lsegdiff_gui.workers.store import StoreThread

# Decoded ahead, a larger picture costs more memory than it saves time.
_LARGEST_BYTES = 400 * 2**20


@dataclass
class _Guest:
    """A picture on its way here. token: of the request that is under way; 0 when there is none."""

    row: PictureRow
    token: int
    loaded: Loaded | None = None
    document: Document | None = None


@dataclass(frozen=True, eq=False)
class Ready:
    """A picture that can be shown at once; the base mask of its document is exact."""

    loaded: Loaded
    document: Document


class Ahead(QObject):
    """Reads, loads and computes masks of a few pictures ahead, one thing at a time.

    Whoever writes to a picture that is not on the canvas calls `forget`: what was read before is old then.
    """

    def __init__(self, store: StoreThread, files: FilePool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._files = files
        # Its own numbers: the pool cancels by them.
        self._tokens = count(10**9)
        self._guests: dict[int, _Guest] = {}
        files.picture_ready.connect(self._picture_ready)
        files.read_failed.connect(self._gone)
        files.rebuilt.connect(self._rebuilt)
        files.rebuild_failed.connect(self._gone)
        store.document_prepared.connect(self._document_prepared)
        store.pictures_changed.connect(self._pictures_changed)

    def prepare(self, rows: Sequence[PictureRow]) -> None:
        """Make these ready, in this order, and forget all others."""
        wanted = {row.id: row for row in rows}
        for picture_id in [known for known in self._guests if known not in wanted]:
            self._drop(picture_id)
        for row in rows:
            if row.id not in self._guests:
                self._begin(row)

    def take(self, picture_id: int) -> Ready | None:
        """Hand a picture over, if it is ready; it is not kept."""
        guest = self._guests.get(picture_id)
        if guest is None:
            return None
        self._drop(picture_id)
        if guest.token or guest.loaded is None or guest.document is None:
            return None
        return Ready(guest.loaded, guest.document)

    def forget(self, picture_id: int) -> None:
        """What is known of this picture's mask is old: it is loaded anew, the pixels stay."""
        guest = self._guests.get(picture_id)
        if guest is not None and guest.loaded is not None:
            guest.document = None
            self._load(guest)

    def drop(self, picture_id: int) -> None:
        """Forget a picture altogether: its file is another."""
        if picture_id in self._guests:
            self._drop(picture_id)

    def forget_all(self) -> None:
        """What is known of every picture's mask is old."""
        for picture_id in list(self._guests):
            self.forget(picture_id)

    def is_ready(self, picture_id: int) -> bool:
        """Whether `take` would hand it over."""
        guest = self._guests.get(picture_id)
        return guest is not None and not guest.token and guest.document is not None

    def _pictures_changed(self, rows: list[PictureRow]) -> None:
        for row in rows:
            self.forget(row.id)

    def _begin(self, row: PictureRow) -> None:
        guest = _Guest(row, next(self._tokens))
        self._guests[row.id] = guest
        self._files.read(guest.token, row.path, AHEAD_PRIORITY)

    def _drop(self, picture_id: int) -> None:
        guest = self._guests.pop(picture_id)
        if guest.token:
            self._files.cancel(guest.token)

    def _load(self, guest: _Guest) -> None:
        assert guest.loaded is not None
        guest.token = next(self._tokens)
        picture = guest.loaded.picture
        self._store.prepare(guest.token, guest.row.id, picture.width, picture.height)

    def _guest_of(self, token: int) -> _Guest | None:
        return next((guest for guest in self._guests.values() if guest.token == token), None)

    def _picture_ready(self, token: int, loaded: Loaded) -> None:
        guest = self._guest_of(token)
        if guest is None:
            return
        picture = loaded.picture
        is_another = guest.row.sha256 not in ("", picture.sha256)
        if is_another or picture.rgb8.nbytes + picture.native.nbytes > _LARGEST_BYTES:
            # Told, or read with a notice, when it is really wanted.
            self._drop(guest.row.id)
            return
        guest.loaded = loaded
        self._load(guest)

    def _document_prepared(self, token: int, document: Document | None) -> None:
        guest = self._guest_of(token)
        if guest is None:
            return
        if document is None:
            self._drop(guest.row.id)
            return
        guest.document = document
        if document.needs_base:
            self._files.rebuild(guest.token, document)
        else:
            guest.token = 0

    def _rebuilt(self, token: int, _document: Document) -> None:
        guest = self._guest_of(token)
        if guest is not None:
            guest.token = 0

    def _gone(self, token: int, _sentence: str) -> None:
        guest = self._guest_of(token)
        if guest is not None:
            guest.token = 0
            self._drop(guest.row.id)
