"""The look of the shown picture: tones at once, and what takes longer as soon as it is computed."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.imaging.look import DisplayLevels, LevelsNeed, PictureLook, as_16_bit
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.workers.files import FilePool

# Beside those of `Opening`, which count from 1.
_FIRST_TOKEN = 1_000_000_000


class Looking(QObject):
    """Dresses the canvas. Signals: failed(str sentence) when a look could not be computed."""

    failed = Signal(str)

    def __init__(self, canvas: Canvas, files: FilePool) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._files = files
        self._look = PictureLook()
        self._picture: Picture | None = None
        self._prepared = DisplayLevels()
        self._made = LevelsNeed()  # what `prepared` was made for
        self._asked: LevelsNeed | None = None
        self._tokens = count(_FIRST_TOKEN)
        self._token = next(self._tokens)
        files.levels_ready.connect(self._ready)
        files.levels_failed.connect(self._failed)

    def set_picture(self, picture: Picture | None) -> None:
        """This picture is on the canvas now; None for none."""
        self._files.cancel(self._token)
        self._token = next(self._tokens)
        self._picture, self._asked = picture, None
        self._prepared, self._made = DisplayLevels(), LevelsNeed()
        self._dress()

    def set_look(self, look: PictureLook) -> None:
        """Show this picture and those after it like this."""
        self._look = look
        self._dress()

    def _dress(self) -> None:
        picture = self._picture
        if picture is None:
            return
        look = self._look if as_16_bit(picture.native) is not None else replace(self._look, window=None)
        self._canvas.set_look(look, self._prepared)
        need = LevelsNeed.of(look)
        # One at a time: a slider that is dragged sees every answer, and none is computed that was overtaken.
        if need != LevelsNeed() and self._asked is None and not need.within(self._made):
            self._asked = need
            self._files.levels(self._token, picture, need)

    def _ready(self, token: int, levels: DisplayLevels) -> None:
        if token == self._token and self._asked is not None:
            self._made, self._prepared, self._asked = self._asked, levels, None
            self._dress()

    def _failed(self, token: int, sentence: str) -> None:
        # It is not asked for again before the look changes to one that needs something else.
        if token == self._token and self._asked is not None:
            self._made, self._asked = self._asked, None
            self.failed.emit(sentence)
