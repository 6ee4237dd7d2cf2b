"""New files looked into in the background, so that hash, size and thumbnail are there before they are opened."""

from __future__ import annotations

from collections import deque
from itertools import count

from PySide6.QtCore import QObject, QTimer, Signal

from lsegdiff_gui.project.pictures import Identity
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.workers.catalogue import CatalogueThread
from lsegdiff_gui.workers.files import FilePool
from lsegdiff_gui.workers.store import StoreThread
from lsegdiff_gui.workers.surveys import Survey

# So many files are looked into in one go, and so many are written down in one transaction.
_AT_ONCE = 8
_WRITTEN_AT_ONCE = 64
# The first picture and the thumbnails in sight come before files that nobody looks at.
_PATIENCE_MS = 1500


class Surveying(QObject):
    """Signals: told(str): how far it is, "" when it is over; unreadable(int picture id, str sentence)."""

    told = Signal(str)
    unreadable = Signal(int, str)

    def __init__(
        self, store: StoreThread, catalogue: CatalogueThread, files: FilePool, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._catalogue = catalogue
        self._files = files
        # Its own numbers: the pool cancels by them.
        self._tokens = count(15 * 10**8)
        self._token = 0
        self._round = 0
        self._left: deque[int] = deque()
        self._total = 0
        self._found: list[Identity] = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PATIENCE_MS)
        self._later.timeout.connect(self._ask)
        files.surveyed.connect(self._surveyed)
        files.survey_failed.connect(lambda token, _sentence: self._surveyed(token, Survey((), ())))

    def begin(self) -> None:
        """The list has changed: look into what is new, in a moment; what was under way begins anew then."""
        self.stop()
        self._later.start()

    def stop(self) -> None:
        """Look into no more files."""
        self._later.stop()
        self._round += 1
        if self._token:
            self._files.cancel(self._token)
            self._token = 0
        self._write()
        if self._left:
            self._left.clear()
            self.told.emit("")

    def _ask(self) -> None:
        this = self._round

        def then(ids: list[int]) -> None:
            if this == self._round:
                self._left, self._total = deque(ids), len(ids)
                self._next()

        self._catalogue.ask(lambda catalogue: catalogue.unknown(), then)

    def _next(self) -> None:
        if not self._left:
            self._write()
            if self._total:
                self.told.emit("")
            return
        self.told.emit(f"Looking into new files: {self._total - len(self._left):,} of {self._total:,}")
        ids = [self._left.popleft() for _ in range(min(_AT_ONCE, len(self._left)))]
        this = self._round

        def then(rows: list[PictureRow]) -> None:
            if this == self._round:
                self._token = next(self._tokens)
                self._files.survey(self._token, [(row.id, row.path) for row in rows])

        self._catalogue.ask(lambda catalogue: catalogue.rows(ids), then)

    def _surveyed(self, token: int, survey: Survey) -> None:
        if token != self._token:
            return
        self._token = 0
        self._found.extend(survey.found)
        for picture_id, sentence in survey.failures:
            self.unreadable.emit(picture_id, sentence)
        if len(self._found) >= _WRITTEN_AT_ONCE:
            self._write()
        self._next()

    def _write(self) -> None:
        if self._found:
            self._store.identify(self._found)
            self._found = []
