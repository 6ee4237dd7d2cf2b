"""The base mask of the shown document: asked for when base or recipe change, and taken when it has come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.workers.masks import MaskThread

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class _Asked:
    """A base mask that was asked for, and what for."""

    token: int
    base: Base
    recipe: Recipe


@dataclass(frozen=True)
class Answer:
    """A base mask to be placed. exact: whether it is the one that base and recipe give."""

    mask: U8
    exact: bool


class BaseMasks(QObject):
    """Has base masks made for one document at a time.

    Signals: arrived(): an answer is here.
    """

    arrived = Signal()

    def __init__(self, masks: MaskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._masks = masks
        self._document: Document | None = None
        self._asked: _Asked | None = None
        self._here: tuple[int, U8, bool] | None = None
        self._tokens = 0
        self._first_token = 0  # of those asked for the present document and base
        masks.ready.connect(self._ready)

    @property
    def are_asked(self) -> bool:
        """Whether a mask was asked for and is not there yet."""
        return self._asked is not None

    def serve(self, document: Document | None) -> None:
        """Make masks for this document from now on."""
        self._document = document
        self.forget()

    def ask(self, recipe: Recipe, *, preview: bool = False) -> None:
        """Have the mask made that the document's base and this recipe give; preview: see `MaskThread.request`."""
        document = self._document
        assert document is not None
        self._tokens += 1
        if self._asked is None or self._asked.base != document.base:
            self._first_token = self._tokens
        self._asked = _Asked(self._tokens, document.base, recipe)
        self._masks.request(
            self._tokens, document.base, recipe, document.width, document.height, draft_quality=preview
        )

    def forget(self) -> None:
        """What is on its way is not wanted any more."""
        self._asked = self._here = None

    def answer(self) -> Answer | None:
        """The newest mask that is here and not taken yet; None if it is not of the document's present base.

        An answer that was overtaken is still the nearest there is: without it a fast slider would show nothing.
        """
        asked, here, document = self._asked, self._here, self._document
        self._here = None
        if asked is None or here is None or document is None or asked.base != document.base:
            return None
        token, mask, exact = here
        if token < self._first_token:
            return None
        meant = exact and token == asked.token and asked.recipe == document.recipe
        if meant:
            self._asked = None
        return Answer(mask, meant)

    def _ready(self, token: int, mask: U8, exact: bool) -> None:
        self._here = token, mask, exact
        self.arrived.emit()
