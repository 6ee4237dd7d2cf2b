"""What the session has on its desk, made visible: canvas, film, badge, and the look of the picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.look import PictureLook
from lsegdiff_gui.imaging.read import Glimpse
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.live_view import LiveView
from lsegdiff_gui.ui.looking import Looking
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.opening import Shown
from lsegdiff_gui.ui.panels.display_panel import OverlayLook
from lsegdiff_gui.ui.panels.draft_panel import model_words
from lsegdiff_gui.ui.panels.strips import Strips
from lsegdiff_gui.ui.session import Session
from lsegdiff_gui.workers.segmenting import StepLike

EMPTY = "Open pictures or a folder, or drop them here"
LOOKING = "Looking for pictures…"
# A picture that comes sooner needs no notice that it is being read: it would only flicker.
_READING_AFTER_MS = 250


class Showing(QObject):
    """Keeps the canvas and the film in step with the session."""

    def __init__(self, session: Session, canvas: Canvas, strips: Strips, live: LiveView) -> None:
        super().__init__(canvas)
        self._session = session
        self._canvas = canvas
        self._strips = (strips.film, strips.opinions)
        self._live = live
        self._looking = Looking(canvas, session.staff.files)
        # A draft that was kept out of sight, once it was asked for.
        self._revealed: npt.NDArray[np.uint8] | None = None
        self._is_glimpsed = False  # the picture that is being read is on the canvas, smaller
        # The picture whose running draft is being played.
        self._followed = -1
        self._notice = _single_shot(self, _READING_AFTER_MS, self._tell_reading)
        opening, editing, drafting = session.opening, session.editing, session.drafting
        # A stroke that is open when the picture is left counts.
        opening.leaving.connect(canvas.finish_gesture)
        opening.looking.connect(self._looking_for)
        opening.reading.connect(self._reading)
        opening.glimpsed.connect(self._glimpsed)
        opening.shown.connect(self._shown)
        opening.unreadable.connect(self._unreadable)
        opening.emptied.connect(self._emptied)
        editing.changed.connect(self._changed)
        editing.halved.connect(canvas.take_halves)
        editing.draft_changed.connect(live.show_film)
        drafting.begun.connect(self._draft_begun)
        drafting.stepped.connect(self._draft_stepped)
        drafting.ended.connect(self._draft_ended)
        self._looking.failed.connect(lambda sentence: session.message.emit(Message(sentence, key="look")))
        session.choosing.chosen.connect(lambda model: canvas.set_badge(model_words(model) if model else ""))
        canvas.stroke_finished.connect(editing.stroke_finished)
        canvas.hand_freed.connect(editing.hand_freed)
        canvas.wait_in(editing.turns)
        self._emptied()

    def set_overlay(self, look: OverlayLook) -> None:
        """How the mask lies over the picture."""
        self._canvas.set_overlay(visible=look.visible, opacity=look.opacity, outline=look.outline)
        self._canvas.set_comparison(look.compare)

    def set_picture_look(self, look: PictureLook) -> None:
        """In which tones the picture is shown."""
        self._looking.set_look(look)

    # The picture

    def _looking_for(self) -> None:
        # A large folder, or one on a network, takes its time: it must not look as if nothing had been opened.
        self._canvas.message(LOOKING)

    def _reading(self, _row: PictureRow) -> None:
        self._followed = -1
        self._is_glimpsed = False
        self._revealed = None
        self._looking.set_picture(None)
        self._canvas.set_document(None)
        self._notice.start()

    def _tell_reading(self) -> None:
        row = self._session.opening.row(self._session.opening.current)
        if row is not None:
            self._canvas.show_picture(None)
            self._canvas.message(f"Reading {row.path.name}…", "mdi6.image-outline")

    def _glimpsed(self, glimpse: Glimpse) -> None:
        self._notice.stop()
        self._is_glimpsed = True
        self._canvas.message(None)
        self._canvas.show_glimpse(glimpse.rgb8, glimpse.width, glimpse.height)

    def _shown(self, shown: Shown) -> None:
        self._notice.stop()
        self._canvas.message(None)
        levels = shown.loaded.pyramid
        # A hand that has moved the glimpse meanwhile finds the picture in the same place.
        self._canvas.show_picture(levels[0], levels, keep_view=self._is_glimpsed)
        self._looking.set_picture(shown.loaded.picture)
        self._canvas.set_document(shown.document)
        self._show_draft_mask(shown.document)
        for strip in self._strips:
            strip.set_picture(shown.loaded.pyramid[-1])
        self._live.show_film(shown.document.base.draft)

    def _unreadable(self, _row: PictureRow, sentence: str) -> None:
        self._clear()
        self._canvas.message(sentence, "mdi6.image-broken-variant")

    def _emptied(self) -> None:
        self._clear()
        self._canvas.message(EMPTY)

    def _clear(self) -> None:
        self._notice.stop()
        self._looking.set_picture(None)
        self._canvas.show_picture(None)
        for strip in self._strips:
            strip.set_picture(None)
        self._live.show_film(None)

    def _changed(self, box: Box) -> None:
        self._canvas.refresh(box)
        if self._session.editing.document is not None:
            self._show_draft_mask(self._session.editing.document)

    def compare_with(self, mask: npt.NDArray[np.uint8]) -> None:
        """Compare the shown mask with this one, (H, W) uint8 0 or 1, as long as its picture is shown."""
        self._revealed = mask
        self._canvas.show_draft_mask(mask, 1)

    def _show_draft_mask(self, document: Document) -> None:
        """What the mask is compared with; each base mask is an array of its own."""
        if self._revealed is not None and document.base.draft is None:
            self._canvas.show_draft_mask(self._revealed, 1)
            return
        self._canvas.show_draft_mask(document.base_mask, document.base.label)

    # Its draft

    def _draft_begun(self, picture_id: int, steps: int) -> None:
        if picture_id == self._session.opening.current and not self._session.hides(picture_id):
            self._followed = picture_id
            self._live.begin(steps)

    def _draft_stepped(self, picture_id: int, step: StepLike) -> None:
        shown = self._session.shown
        if shown is None or picture_id != shown.row.id or self._session.hides(picture_id):
            return
        if self._followed != picture_id:
            # The user came back while it was being drafted.
            self._draft_begun(picture_id, step.steps)
        self._live.add(step)

    def _draft_ended(self, picture_id: int) -> None:
        if picture_id == self._followed:
            self._followed = -1
            self._live.end()
            if self._live.is_empty and (shown := self._session.shown) is not None:
                # It ended before its first step: no empty frames, but the film of the draft that is still there.
                self._live.show_film(shown.document.base.draft)


def _single_shot(parent: QObject, milliseconds: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer
