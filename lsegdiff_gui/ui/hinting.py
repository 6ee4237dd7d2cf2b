"""Telling the model what is wrong: hints and their answers, drafts around one's own work, a closer look at a part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.hint_planes import CLICK_RADIUS, draw_line
from lsegdiff_gui.annotation.hints import Hint, Told, told_by_hints, told_by_work
from lsegdiff_gui.annotation.labels import ERASED, IGNORE, NONE
from lsegdiff_gui.annotation.looking import found_in_box, with_surroundings
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.hint_marks import HintMarks
from lsegdiff_gui.ui.drafting import Outcome
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.session import AskReplace, Session

U8 = npt.NDArray[np.uint8]

GRID = 256  # of a mask that no model has made yet
KEY = "hints"


class Hinting(QObject):
    """Answers hints on the shown picture one after the other; those that come meanwhile are answered together.

    What was told stays with the draft that answered it, so that undo takes both back.

    Signals:
        changed(HintMarks): what the shown mask was told.
    """

    changed = Signal(object)

    def __init__(self, session: Session, ask_replace: AskReplace) -> None:
        super().__init__(session)
        self._session = session
        self._ask_replace = ask_replace
        self._waiting: list[Hint] = []
        self._answering = -1  # the picture whose hints are being answered
        self._looks: dict[
            int, tuple[Box, Box]
        ] = {}  # by picture: the box, and the part that is drafted for it
        # What the model found before it was told anything, so that the last hint can be taken back for good.
        self._untold: dict[int, Draft] = {}
        session.editing.draft_changed.connect(lambda _draft: self._follow())
        session.drafting.ended.connect(self._ended)
        session.found_in_part.connect(self._put_back)

    # What the hand wants

    def add(self, hint: Hint) -> None:
        """Tell the model this too."""
        if not self._may_hint():
            return
        self._free(hint)
        self._waiting.append(hint)
        self._answer()
        self._tell()

    def remove(self, index: int) -> None:
        """Take one hint back; the others stay told."""
        draft = self._draft
        if draft is None or not self._may_hint():
            return
        hints = [*draft.provenance.hints[:index], *draft.provenance.hints[index + 1 :]]
        untold = self._untold.get(self._session.editing.picture_id)
        if hints:
            before = None if untold is None else untold.mask_probability
            self._send(hints, before, newest=len(hints))
        elif untold is not None:
            self._session.editing.place_draft(untold, replace=False)
        else:
            self._session.draft(self._ask_replace)

    def remove_last(self) -> None:
        """Take the newest hint back."""
        if (draft := self._draft) is not None and draft.provenance.hints:
            self.remove(len(draft.provenance.hints) - 1)

    def around_work(self) -> None:
        """Draft again, with all that was painted and erased as hints; every painted pixel stays as it is."""
        document = self._session.editing.document
        if document is None or not self._may_draft():
            return
        if not document.is_edited:
            self._say(
                "Nothing has been painted here yet: paint or erase something, and the rest is drafted around it."
            )
            return
        override = document.override

        def told(final: U8) -> Told:
            painted = (override != NONE) & (override != ERASED) & (override != IGNORE)
            return told_by_work(
                painted.view(np.uint8),
                (override == ERASED).view(np.uint8),
                ((final != NONE) & (final != IGNORE)).view(np.uint8),
                GRID,
            )

        self._session.editing.look(told, "Draft around the work", lambda found: self._draft_with(told=found))

    def look(self, box: Box) -> None:
        """Draft this part of the picture by itself, in its own pixels."""
        document = self._session.editing.document
        if document is None or not self._may_draft():
            return
        part = with_surroundings(box, document.width, document.height)
        self._looks[self._session.editing.picture_id] = box, part
        self._draft_with(box=part)

    # Inside

    @property
    def _draft(self) -> Draft | None:
        document = self._session.editing.document
        return document.base.draft if document is not None and document.base.kind == "draft" else None

    def _may_draft(self) -> bool:
        """Whether a picture is shown, and what the model says of it may be seen."""
        if self._session.editing.document is None or self._session.shown is None:
            return False
        if self._session.hides(self._session.editing.picture_id):
            self._say(
                "Drafts are kept out of sight until you have drawn. Say done, or reveal it with Shift+H, first."
            )
            return False
        return True

    def _may_hint(self) -> bool:
        document = self._session.editing.document
        if document is None or not self._may_draft():
            return False
        if document.base.is_mask:
            what = "from a file" if document.base.kind == "imported" else "baked"
            self._say(
                f"This mask is {what}, and the model has no part in it. Draft the picture first, then tell it more."
            )
            return False
        return True

    def _free(self, hint: Hint) -> None:
        """Give back to the base what was painted where the hint says otherwise: it would hide the answer."""
        document = self._session.editing.document
        if document is None:
            return
        drawn = _area(hint, document)
        override = document.override[drawn.box.slices]
        against = (override == ERASED) if hint.belongs else (override != NONE) & (override != ERASED)
        region = Region.of_mask(drawn.inside & against, drawn.box)
        if not region.is_empty:
            self._session.editing.change(lambda _final: [(region, NONE)], "make way for a hint")

    def _answer(self) -> None:
        """Have what waits answered, unless something is being answered."""
        document = self._session.editing.document
        if not self._waiting or self._answering >= 0 or document is None:
            return
        picture_id, draft = self._session.editing.picture_id, self._draft
        told = () if draft is None else draft.provenance.hints
        if draft is not None and not draft.provenance.was_helped:
            self._untold[picture_id] = draft
        newest, self._waiting = self._waiting, []
        before = None if draft is None else draft.mask_probability
        self._send([*told, *newest], before, newest=len(newest))

    def _send(self, hints: Sequence[Hint], before: U8 | None, *, newest: int) -> None:
        document = self._session.editing.document
        if document is None:
            return
        size = (document.width, document.height)
        known = np.zeros((GRID, GRID), np.uint8) if before is None else before
        told = told_by_hints(hints, size, known, newest=newest)
        # Where the model has not drafted yet, all of its answer counts.
        self._draft_with(told=told if before is not None else replace(told, before=None))

    def _draft_with(self, *, told: Told | None = None, box: Box | None = None) -> None:
        """Once a model is chosen."""
        shown = self._session.shown

        def go(model: str) -> None:
            session = self._session
            session.draft_settings = replace(session.draft_settings, model=model)
            if shown is not None and session.shown is shown:
                if told is not None and told.hints:
                    self._answering = shown.row.id
                picture, settings = shown.loaded.picture, session.draft_settings
                session.drafting.draft(shown.row.id, picture, settings, replaces=False, told=told, box=box)

        self._session.choosing.with_model(go)

    def _put_back(self, outcome: Outcome) -> None:
        """A part was drafted: change the mask in the box that was drawn."""
        box, part = self._looks.pop(outcome.picture_id, (Box.empty(), Box.empty()))
        document, draft = self._session.editing.document, outcome.draft
        if outcome.picture_id != self._session.editing.picture_id or document is None or outcome.part != part:
            return
        if draft.no_lesion:
            self._say(
                f"No lesion found in the box (presence {draft.findings.presence_words}); the mask is as it was."
            )
            return
        recipe, label = document.recipe, document.base.label

        def find(final: U8) -> Changes:
            return found_in_box(draft, part, box, recipe, final, label)

        origin = draft.provenance
        # In the log with the weights it came from: a stroke has no origin of its own.
        self._session.editing.change(find, f"look here ({origin.model} {origin.weights_sha256[:8]})")

    def _ended(self, picture_id: int) -> None:
        if picture_id == self._answering:
            self._answering = -1
            # After the answer has been placed, which takes its turn.
            self._session.editing.turns.take(self._answer)
            self._session.editing.turns.take(self._tell)

    def _follow(self) -> None:
        if self._answering not in (-1, self._session.editing.picture_id):
            self._answering = -1
            self._waiting.clear()
        self._tell()

    def _tell(self) -> None:
        draft = self._draft
        told = () if draft is None else draft.provenance.hints
        self.changed.emit(HintMarks(told, tuple(self._waiting)))

    def _say(self, sentence: str) -> None:
        self._session.message.emit(Message(sentence, "info", key=KEY))


def _area(hint: Hint, document: Document) -> Region:
    """The pixels of the picture under a hint."""
    width, height = document.width, document.height
    reach = math.ceil(hint.radius or CLICK_RADIUS * max(width, height) / GRID) + 2
    xs, ys = zip(*hint.points, strict=True)
    box = (
        Box(int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1).padded(reach).clip(width, height)
    )
    plane = np.zeros((box.height, box.width), np.uint8)
    scale = min(width, height) / GRID
    draw_line(plane, [(x - box.x0, y - box.y0) for x, y in hint.points], hint.radius or CLICK_RADIUS * scale)
    return Region.of_mask(plane, box)
