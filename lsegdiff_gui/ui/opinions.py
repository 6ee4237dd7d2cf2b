"""The samples of a draft as opinions: looked at, taken alone or together, by agreement; and steps of its film."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject

from lsegdiff_gui.annotation.choice import MEAN, Choice
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.ui.live_view import LiveView
from lsegdiff_gui.ui.panels.strips import Strips

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class _Frame:
    """A frame of the strip: 1 is the mean, 2 the first sample."""

    index: int
    steps: int
    preview: U8
    draft: None = None


class Opinions(QObject):
    """Joins the strips with canvas and document: what is chosen becomes the base, one step that can be undone."""

    def __init__(self, editing: Editing, canvas: Canvas, strips: Strips, live: LiveView) -> None:
        super().__init__(strips)
        self._editing = editing
        self._canvas = canvas
        self._strips = strips
        self._live = live
        self._samples: U8 | None = None
        strips.opinions.hovered.connect(self._hover)
        strips.opinions.picked.connect(self._pick)
        strips.opinions.joined.connect(self._join)
        strips.film.taken.connect(self._take_step)
        strips.agreement.tried.connect(lambda agreed: self._look(Choice("agreed", (agreed,))))
        strips.agreement.chosen.connect(lambda agreed: self.choose(Choice("agreed", (agreed,))))
        editing.draft_changed.connect(self._show)
        self._show(None)

    def choose(self, choice: Choice) -> None:
        """Make this of the draft the mask under the work."""
        draft = self._draft
        self._canvas.show_preview(None)
        if draft is not None and choice != draft.provenance.choice:
            self._editing.place_draft(draft.choosing(choice), replace=False)

    def cycle(self, by: int) -> None:
        """The next opinion, or the one before; the mean is one of them."""
        if (draft := self._draft) is None:
            return
        chosen = draft.provenance.choice
        now = chosen.numbers[0] if chosen.kind in ("any", "all") else 0
        self._pick((now + by) % (len(draft.samples) + 1) + 1)

    def use_step(self) -> None:
        """Make the step of the film that is looked at the mask; the last one is the draft."""
        if (step := self._live.looked_at) is not None:
            self._take_step(step)

    @property
    def _draft(self) -> Draft | None:
        document = self._editing.document
        return document.base.draft if document is not None and document.base.kind == "draft" else None

    def _show(self, _changed: object) -> None:
        draft = self._draft
        strip = self._strips.opinions
        if draft is None:
            self._samples = None
            strip.clear()
            strip.mark(())
            self._strips.agreement.show_agreed(0, 0)
            return
        if self._samples is not draft.samples:
            self._samples = draft.samples
            strip.begin(len(draft.samples) + 1)
            for index, plane in enumerate((draft.probability, *draft.samples), start=1):
                strip.add(_Frame(index, len(draft.samples) + 1, plane))
        choice = draft.provenance.choice
        strip.mark(_marked(choice))
        self._strips.agreement.show_agreed(
            choice.numbers[0] if choice.kind == "agreed" else 0, len(draft.samples)
        )

    def _hover(self, index: int) -> None:
        if index < 0:
            self._canvas.show_preview(None)
        else:
            self._look(_of_frame(index))

    def _look(self, choice: Choice) -> None:
        if (draft := self._draft) is not None:
            self._live.skip()
            chosen = draft.choosing(choice)
            self._canvas.show_preview(chosen.mask_probability, choice.words.capitalize())

    def _pick(self, index: int) -> None:
        self._strips.opinions.set_current(None)
        self.choose(_of_frame(index))

    def _join(self, index: int, shares: bool) -> None:
        """Add a sample to those that the mask is made of, or take it out."""
        draft = self._draft
        if draft is None or index == 1:
            return
        now, number = draft.provenance.choice, index - 1
        chosen = set(now.numbers) if now.kind in ("any", "all") else set()
        chosen ^= {number}
        self.choose(Choice("all" if shares else "any", tuple(sorted(chosen))) if chosen else MEAN)

    def _take_step(self, step: int) -> None:
        draft = self._draft
        if draft is not None:
            self._live.dismiss()
            self.choose(MEAN if step == len(draft.film) else Choice("step", (step,)))


def _of_frame(index: int) -> Choice:
    return MEAN if index == 1 else Choice("any", (index - 1,))


def _marked(choice: Choice) -> list[int]:
    """The frames that a choice is made of."""
    if choice.kind == "mean":
        return [1]
    return [number + 1 for number in choice.numbers] if choice.kind in ("any", "all") else []
