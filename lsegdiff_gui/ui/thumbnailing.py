"""Thumbnails fetched for the lines that are in sight, the last asked for first; those scrolled past are not fetched."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QObject

from lsegdiff_gui.ui.panels.picture_model import PictureModel
from lsegdiff_gui.ui.rows import Rows
from lsegdiff_gui.workers.files import FilePool

# As many as the pool has threads: what is sent cannot be put behind what comes into sight later.
_SENT = 2


class Thumbnailing(QObject):
    """Joins a `PictureModel` with the file pool. in_sight: the ids of the lines that can be seen."""

    def __init__(
        self, model: PictureModel, rows: Rows, files: FilePool, in_sight: Callable[[], Collection[int]]
    ) -> None:
        super().__init__(model)
        self._model = model
        self._rows = rows
        self._files = files
        self._in_sight = in_sight
        self._wanted: dict[int, None] = {}
        self._sent: set[int] = set()
        model.thumbnail_wanted.connect(self._want)
        rows.arrived.connect(lambda _rows: self._send())
        files.thumbnail_ready.connect(self._ready)
        files.thumbnail_failed.connect(self._failed)

    def _want(self, picture_id: int) -> None:
        if picture_id not in self._sent and picture_id not in self._wanted:
            self._wanted[picture_id] = None
            self._send()

    def _send(self) -> None:
        if len(self._sent) >= _SENT or not self._wanted:
            return
        seen = self._in_sight()
        while self._wanted and len(self._sent) < _SENT:
            picture_id, _ = self._wanted.popitem()
            row = self._rows.get(picture_id)
            # Out of sight it is asked for again when it comes back; without its row as soon as that is here.
            if row is not None and picture_id in seen:
                self._sent.add(picture_id)
                # Negative: other requests of the pool are numbered from 1.
                self._files.thumbnail(-picture_id, row.path)

    def _ready(self, token: int, rgb8: object) -> None:
        if -token in self._sent:
            self._sent.discard(-token)
            self._model.set_thumbnail(-token, rgb8)  # type: ignore[arg-type]
            self._send()

    def _failed(self, token: int, sentence: str) -> None:
        if -token in self._sent:
            self._sent.discard(-token)
            self._model.set_error(-token, sentence)
            self._send()
