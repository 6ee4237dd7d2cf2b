"""What is done to a document in one go, on whatever thread, and what of it is to be kept.

Each function leaves the document as a hand would that takes no time, and tells the moves of its log in order. Only one
thread may be at a document at a time; `begins`, where a function takes it, is asked before the first change, and
where the answer is no, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import Bake, BaseChange, BringBack, Command, MaskImport, PaintEdit
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.patch import tiles
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]
Changes = Sequence[tuple[Region, int]]
Find = Callable[[U8], Changes]
Begins = Callable[[], bool]

CLEARING = "clear for a draft"
"""The edit that clears the way for a draft that replaces everything; undone and redone together with it."""


@dataclass(frozen=True)
class Move:
    """One move of a document's log. box: of `final`, what may have changed; revision: the document's after it."""

    way: Literal["do", "undo", "redo"]
    command: Command
    box: Box
    revision: int


@dataclass(frozen=True, eq=False)
class EarlierState:
    """What a mask was made of after one of its steps. override: (H, W) uint8, as `Document.override`."""

    base: Base
    partition: Partition
    recipe: Recipe
    override: U8

    @classmethod
    def of(cls, document: Document) -> EarlierState:
        """The present state of a document, which goes its own way afterwards."""
        return cls(document.base, document.partition, document.recipe, document.override.copy())

    @property
    def without_edits(self) -> tuple[Base, Partition, Recipe]:
        """All but what was painted."""
        return self.base, self.partition, self.recipe


@dataclass(frozen=True)
class Placed:
    """The base mask was brought up to date, which is no step. box: of `final`, what may have changed."""

    box: Box


def exactly(
    document: Document, begins: Begins, work: Callable[[Document, Begins], Sequence[Move | Placed]]
) -> list[Move | Placed]:
    """Do what reads the final mask once the base mask is there: see `Document.needs_base`."""
    mask = document.base.foreground(document.recipe, document.width, document.height)
    if not begins():
        return []
    return [Placed(document.place_base(mask)), *work(document, lambda: True)]


def change(document: Document, find: Find, tool: str, begins: Begins) -> list[Move]:
    """Set the regions that `find` makes of the final labels, (H, W) uint8, to their values: see `Document.edit`."""
    changes = find(document.final)
    return _done(document, document.edit(changes, tool)) if begins() else []


def revert(document: Document, box: Box | None) -> list[Move]:
    """Give what was painted back to the base: see `Document.revert`."""
    return _done(document, document.revert(box))


def clear(document: Document) -> list[Move]:
    """Erase everything: see `Document.clear`."""
    return _done(document, document.clear())


def bake(document: Document) -> list[Move]:
    """Make the final mask the base: see `Document.bake`."""
    return _done(document, document.bake())


def apply(document: Document, command: Command) -> list[Move]:
    """Do a command: see `Document.apply`."""
    box = document.apply(command)
    return [Move("do", command, box, document.revision)]


def replace_all(document: Document, base: Base) -> list[Move]:
    """Put another base in the place of everything: what was painted is cleared away for it, a step of its own."""
    moves = _done(document, document.revert(tool=CLEARING))
    return moves if base == document.base else [*moves, *apply(document, BaseChange(document.base, base))]


def bring_back(document: Document, state: EarlierState, begins: Begins) -> list[Move]:
    """Make an earlier state the present one, as a new step; none if it is the present one."""
    pieces = [
        (tile, document.override[tile.slices], state.override[tile.slices])
        for tile in tiles(Box.whole(document.width, document.height), document.width, document.height)
    ]
    edit = PaintEdit.of(pieces, "bring back")
    command = BringBack(
        document.base, state.base, edit, document.partition, state.partition, document.recipe, state.recipe
    )
    before, after = (command.before, command.parted_before, command.recipe_before), state.without_edits
    if (edit is None and before == after) or not begins():
        return []
    return apply(document, command)


def undo(document: Document) -> list[Move]:
    """Take back the last command; a draft that replaced everything goes with what it cleared."""
    moves = _moved(document, forward=False)
    if moves and isinstance(moves[0].command, BaseChange) and _is_clearing(document.history.last):
        moves += _moved(document, forward=False)
    return moves


def redo(document: Document) -> list[Move]:
    """Do the last undone command again, with the draft it cleared the way for."""
    moves = _moved(document, forward=True)
    if moves and _is_clearing(moves[0].command) and isinstance(document.history.next, BaseChange):
        moves += _moved(document, forward=True)
    return moves


def pixels_of(document: Document, command: Command | None) -> int:
    """How many pixels are looked at, at most, to do or to undo a command; None: for nothing to do."""
    match command:
        case PaintEdit():
            return command.box.area
        case Bake() | MaskImport():
            return document.width * document.height
        case BaseChange() if command.before.kind != "draft" or command.after.kind != "draft":
            return document.width * document.height
    return 0  # the mask of a draft is made apart


def pixels_to_move(document: Document, *, forward: bool) -> int:
    """How many pixels are looked at, at most, by `redo` or `undo`."""
    log = document.history
    command = log.next if forward else log.last
    pixels = pixels_of(document, command)
    # A draft that replaced everything, and what it cleared.
    return pixels + document.width * document.height if _may_be_two(command) else pixels


def _done(document: Document, command: PaintEdit | Bake | None) -> list[Move]:
    if command is None:
        return []
    box = command.box if isinstance(command, PaintEdit) else Box.empty()
    return [Move("do", command, box, document.revision)]


def _moved(document: Document, *, forward: bool) -> list[Move]:
    moved = document.redo() if forward else document.undo()
    if moved is None:
        return []
    command, box = moved
    return [Move("redo" if forward else "undo", command, box, document.revision)]


def _is_clearing(command: Command | None) -> bool:
    return isinstance(command, PaintEdit) and command.tool == CLEARING


def _may_be_two(command: Command | None) -> bool:
    return isinstance(command, BaseChange) or _is_clearing(command)
