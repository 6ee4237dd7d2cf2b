"""Steps of the shown document carried out, on the thread that fits their size, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation import steps
from lsegdiff_gui.annotation.commands import Command, StatusChange
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.steps import Begins, Move, Placed
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.label_pyramid import Halves
from lsegdiff_gui.ui.keeping import Keeping
from lsegdiff_gui.ui.turns import Turns

# So many pixels are worked through at once, in some 8 ms; more of them on the mask thread.
AT_ONCE_PIXELS = 1 << 20

T = TypeVar("T")
U8 = npt.NDArray[np.uint8]
Work = Callable[[Document, Begins], Sequence[Move | Placed]]
Pixels = Callable[[Document], int]


class Carrying(QObject):
    """Does each step in its turn, and nothing without a document or while a stroke is open.

    Signals:
        changed(Box): pixels of the shown document's final mask changed there.
        halved(Halves): what has changed elsewhere at smaller sizes; after `changed`, to spare making them here.
        moved(Move): the shown document's log has moved.
    """

    changed = Signal(object)
    halved = Signal(object)
    moved = Signal(object)

    def __init__(self, turns: Turns, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turns = turns
        self._keeping = keeping
        self.document: Document | None = None
        self.picture_id = -1

    def free_document(self) -> Document | None:
        """The document, unless a stroke is open: what a key asks for meanwhile would cut into it."""
        return None if self.document is None or self.document.edit_is_open else self.document

    def command(self, words: str, pixels: Pixels, work: Work) -> None:
        """Do a step that reads the final mask; it can be left before it begins to change anything.

        words: what it is called; pixels: how many it looks at, at most.
        """

        def step() -> None:
            document = self.free_document()
            if document is None:
                return
            if document.needs_base:
                # Nobody waits for a mask twice: it is made there if it has not come by then.
                self._do_elsewhere(document, words, partial(steps.exactly, work=work), may_leave=True)
            else:
                self._do(document, words, pixels(document), work, may_leave=True)

        self._turns.take(step)

    def step(self, words: str, pixels: Pixels, work: Callable[[Document], Sequence[Move | Placed]]) -> None:
        """Do a step that does not, and that is done once it is begun."""

        def step() -> None:
            if (document := self.free_document()) is not None:
                self._do(document, words, pixels(document), lambda document, _begins: work(document))

        self._turns.take(step)

    def apply(self, command_for: Callable[[Document], Command | None]) -> None:
        """Do a command that changes no pixel, also while a stroke is open; None, or one that changes nothing: none."""

        def step() -> None:
            document = self.document
            command = None if document is None else command_for(document)
            if document is None or command is None:
                return
            if isinstance(command, StatusChange) or command.before != command.after:
                self._keep(self.picture_id, document, steps.apply(document, command))

        self._turns.take(step)

    def look(self, words: str, find: Callable[[U8], T], found: Callable[[T], None]) -> None:
        """Have something found in the final labels, (H, W) uint8, and tell it."""

        def step() -> None:
            document = self.free_document()
            if document is not None and whole(document) <= AT_ONCE_PIXELS:
                found(find(document.final))
            elif document is not None:
                self._turns.work_elsewhere(words, lambda _begins: find(document.final), found, may_leave=True)

        self._turns.take(step)

    def _do(
        self, document: Document, words: str, pixels: int, work: Work, *, may_leave: bool = False
    ) -> None:
        if pixels <= AT_ONCE_PIXELS:
            self._keep(self.picture_id, document, work(document, lambda: True))
        else:
            self._do_elsewhere(document, words, work, may_leave=may_leave)

    def _do_elsewhere(self, document: Document, words: str, work: Work, *, may_leave: bool) -> None:
        picture_id = self.picture_id

        def do(begins: Begins) -> tuple[Sequence[Move | Placed], Halves]:
            done = work(document, begins)
            changed = Box.empty()
            for each in done:
                changed = changed.union(each.box)
            return done, Halves.of(document.final, changed)

        def tell(outcome: tuple[Sequence[Move | Placed], Halves]) -> None:
            self._keep(picture_id, document, outcome[0])
            if document is self.document:
                self.halved.emit(outcome[1])

        self._turns.work_elsewhere(words, do, tell, may_leave=may_leave)

    def _keep(self, picture_id: int, document: Document, done: Sequence[Move | Placed]) -> None:
        """Have what was done to a document kept, and tell what it changed."""
        for each in done:
            match each:
                case Move("do"):
                    self._keeping.record(picture_id, each.command, each.revision)
                case Move("undo"):
                    self._keeping.undo(picture_id, each.revision)
                case Move("redo"):
                    self._keeping.redo(picture_id, each.revision)
            if document is not self.document:
                continue
            if not each.box.is_empty:
                self.changed.emit(each.box)
            if isinstance(each, Move):
                self.moved.emit(each)


def whole(document: Document) -> int:
    """All pixels of a document."""
    return document.width * document.height
