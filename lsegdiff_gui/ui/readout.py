"""What the status bar says of the pixel under the pointer and of the mask as a whole."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, QTimer

from lsegdiff_gui.annotation.area import AreaCount
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.resample import upsampled
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.tools import TOOLS, ToolName
from lsegdiff_gui.ui.session import Session
from lsegdiff_gui.ui.status_bar import Reading, StatusBar

# Nobody reads faster, and a stroke must not wait for words to be laid out.
_EVERY_MS = 60
# Some four milliseconds; a whole picture of 8192 x 8192 has 1024.
_TILES_AT_ONCE = 300
# `Draft.spread` is the standard deviation times this.
_SPREAD_UNIT = 510


class Readout(QObject):
    """Keeps pixel, values, label, probability, spread and area in the status bar up to date."""

    def __init__(self, session: Session, canvas: Canvas, status: StatusBar) -> None:
        super().__init__(status)
        self._session = session
        self._status = status
        self._document: Document | None = None
        self._area: AreaCount | None = None
        self._pixel: tuple[int, int] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_EVERY_MS)
        self._rest.timeout.connect(self.tell)
        canvas.tool_changed.connect(lambda tool: status.show_guide(TOOLS[cast(ToolName, tool)].guide))
        canvas.cursor_moved.connect(self._point)
        canvas.mask_changed.connect(self._changed)
        session.editing.stepped.connect(self._soon)

    def tell(self) -> None:
        """Bring the status bar up to date now."""
        self._rest.stop()
        document, picture = self._session.editing.document, self._session.picture
        if document is not self._document:
            self._document = document
            self._area = None if document is None else AreaCount(document.final)
        if document is None or picture is None or self._area is None:
            self._status.show_reading(None)
            self._status.show_area(None)
            return
        area = self._area.pixels(_TILES_AT_ONCE)
        if area is None:
            self._soon()
        else:
            self._status.show_area((area, document.width * document.height))
        self._status.show_reading(None if self._pixel is None else read_at(picture, document, *self._pixel))

    def _point(self, pixel: tuple[int, int] | None) -> None:
        self._pixel = pixel
        self._soon()

    def _changed(self, box: Box) -> None:
        if self._area is not None:
            self._area.changed(box)
        self._soon()

    def _soon(self) -> None:
        if not self._rest.isActive():
            self._rest.start()


def read_at(picture: Picture, document: Document, x: int, y: int) -> Reading | None:
    """What is known of the pixel in column x and row y; None beyond the picture."""
    if not (0 <= x < document.width and 0 <= y < document.height):
        return None
    values = picture.native[y, x]
    number = int(document.final[y, x])
    names = {label.id: label.name for label in document.labels}
    draft = document.base.draft
    probability = spread = None
    if draft is not None:
        here = Box(x, y, x + 1, y + 1)
        size = document.width, document.height
        probability = float(upsampled(draft.mask_probability, here, *size)[0, 0]) / 255
        spread = float(upsampled(draft.spread, here, *size)[0, 0]) / _SPREAD_UNIT
    return Reading(
        (x, y),
        tuple(int(value) for value in values.reshape(-1)),
        names.get(number, f"Label {number}") if number else "Background",
        probability,
        spread,
    )
