"""Going from doubt to doubt: the next region in which the samples differ, seen or confirmed, and what is left."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.doubt import (
    DoubtfulRegion,
    as_it_is,
    doubtful_regions,
    pinned_cells,
    score_left,
    unseen,
)
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.doubt_overlay import DoubtMap
from lsegdiff_gui.ui.canvas.spotlight import Spotlight, closeup
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.session import Session

U8 = npt.NDArray[np.uint8]

KEY = "doubt"
# While somebody paints the score waits.
_REST_MS = 500
_FRAMED_MS = 1600


class Doubting(QObject):
    """Knows the doubtful regions of the shown draft, and keeps the picture's score at what is left of them."""

    def __init__(self, session: Session, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._session = session
        self._canvas = canvas
        self._spotlight = Spotlight(canvas)
        self._draft: Draft | None = None
        self._regions: list[DoubtfulRegion] = []
        self._at: DoubtfulRegion | None = None
        self._passed: list[DoubtfulRegion] = []  # gone to in this round, and not pinned
        self._told = ""  # the picture's score as it was last kept: picture and value
        self._rest = _single_shot(self, _REST_MS)
        self._rest.timeout.connect(self._keep_score)
        self._framed = _single_shot(self, _FRAMED_MS)
        self._framed.timeout.connect(lambda: self._spotlight.point_at(None))
        session.editing.draft_changed.connect(lambda _draft: self._follow())
        session.editing.stepped.connect(self._rest.start)

    def next(self) -> None:
        """Go to the most doubtful region that nobody has looked at, and zoom there; behind the last, to the first."""
        document = self._session.editing.document
        left = self._left()
        if document is None or self._draft is None or not left:
            self._say_none()
            return
        onward = [region for region in left if region not in self._passed]
        if not onward:
            self._passed.clear()
            onward = left
        self._at = onward[0]
        self._passed.append(self._at)
        box = self._at.box(len(self._draft.spread), document.width, document.height)
        self._canvas.set_view(closeup(self._canvas.view, box))
        self._spotlight.point_at(box)
        self._framed.start()

    def confirm(self) -> None:
        """Pin the region that was gone to as the mask is there, and go to the next."""
        region, draft = self._at, self._draft
        if region is None or draft is None or region not in self._left():
            self.next()
            return
        grid = len(draft.spread)
        self._session.editing.change(lambda final: as_it_is(region, grid, final), "confirm")
        self._at = None
        self._session.editing.turns.take(self.next)

    def _follow(self) -> None:
        document = self._session.editing.document
        draft = None if document is None else document.base.draft
        if draft is not self._draft:
            self._draft, self._at = draft, None
            self._passed.clear()
            self._regions = [] if draft is None else doubtful_regions(draft.spread)
            self._canvas.show_doubt(None if draft is None else DoubtMap(draft.spread, draft.mask_probability))
        self._rest.start()

    def _left(self) -> list[DoubtfulRegion]:
        document = self._session.editing.document
        if document is None or self._draft is None:
            return []
        return unseen(self._regions, self._pinned(document, self._draft))

    def _pinned(self, document: Document, draft: Draft) -> U8:
        grid = len(draft.spread)
        return (
            pinned_cells(document.override, grid) if document.is_edited else np.zeros((grid, grid), np.uint8)
        )

    def _keep_score(self) -> None:
        """Have the project know how much doubt is left."""
        document, draft = self._session.editing.document, self._draft
        picture_id = self._session.editing.picture_id
        if document is None or draft is None or document.edit_is_open or self._session.editing.turns.is_busy:
            return
        score = score_left(draft, self._pinned(document, draft))
        told = f"{picture_id} {score:.6f}"
        if told != self._told:
            self._told = told
            self._session.staff.store.note_doubt(picture_id, score)

    def _say_none(self) -> None:
        if self._draft is None:
            sentence = "There is no draft here that could be doubted. Press R to draft the picture."
        elif self._regions:
            sentence = "Every region in which the samples differ has been looked at."
        else:
            sentence = "The samples agree everywhere on this picture."
        self._session.message.emit(Message(sentence, "info", key=KEY))


def _single_shot(parent: QObject, milliseconds: int) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    return timer
