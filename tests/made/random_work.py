"""Random work on a picture, and beside it a slow model of the document: whole planes, plain rules, no boxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import (
    BaseChange,
    Command,
    LabelsChange,
    PaintEdit,
    PartitionChange,
    RecipeChange,
    StatusChange,
)
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.instances import Cut, Partition, Tie
from lsegdiff_gui.annotation.labels import ERASED, IGNORE, NONE, Label, Labels, Status
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Told = Callable[[Command | str], None]

WIDTH, HEIGHT = 330, 290
"""Two tiles each way, none of them whole."""

DRAFTS = [draft(seed, grid=32) for seed in range(2)]
EYE = np.eye(HEIGHT, WIDTH, dtype=np.uint8)
BASES = [Base.empty(), Base.of_draft(DRAFTS[0]), Base.of_draft(DRAFTS[1], label=2), Base.of_mask(EYE, 3)]
SLIDERS: dict[str, list[object]] = {
    "threshold": [0.3, 0.5, 0.7],
    "kernel": [0, 5, 31],
    "grow": [-9, 0, 12],
    "smooth": [0, 3, 21],
}
VALUES = [NONE, 1, 2, 3, IGNORE, ERASED]


@dataclass(frozen=True)
class Slow:
    """One state of the model; planes of (HEIGHT, WIDTH) uint8 that are never written to."""

    override: U8
    base: Base
    recipe: Recipe
    labels: Labels
    partition: Partition
    status: Status
    note: str

    def base_labels(self) -> U8:
        mask: U8 = self.base.foreground(self.recipe, WIDTH, HEIGHT) * np.uint8(self.base.label)
        return mask

    def final(self) -> U8:
        painted = np.where(self.override == ERASED, 0, self.override)
        return np.where(self.override == NONE, self.base_labels(), painted).astype(np.uint8)

    def painted(self, inside: Bools, value: int) -> Slow:
        locked = [label.id for label in self.labels if label.locked]
        if value in locked:
            return self
        allowed = inside & ~np.isin(self.final(), locked)
        if value == NONE:
            allowed &= ~np.isin(self.base_labels(), locked)
        return replace(self, override=np.where(allowed, value, self.override).astype(np.uint8))


def same(document: Document, slow: Slow) -> None:
    """Compare all there is to see."""
    if document.needs_base:
        document.rebuild_base()
    np.testing.assert_array_equal(document.override, slow.override)
    np.testing.assert_array_equal(document.final, slow.final())
    np.testing.assert_array_equal(document.base_mask * np.uint8(document.base.label), slow.base_labels())
    seen = (document.base, document.recipe, document.labels, document.partition, document.status)
    assert seen == (slow.base, slow.recipe, slow.labels, slow.partition, slow.status)
    assert document.note == slow.note
    assert document.is_edited == bool(slow.override.any())


class Work:
    """A document under random steps, and the states of the model before and after each step that can be undone."""

    def __init__(self, seed: int, told: Told = lambda _: None) -> None:
        """told: hears each command that was logged, "undo" and "redo"."""
        self.document = Document(WIDTH, HEIGHT)
        self._rng = np.random.default_rng(seed)
        self._told = told
        fresh = Document(WIDTH, HEIGHT)
        empty = np.zeros((HEIGHT, WIDTH), np.uint8)
        self.states = [
            Slow(empty, fresh.base, fresh.recipe, fresh.labels, fresh.partition, fresh.status, fresh.note)
        ]
        self.cursor = 0
        self._moved: list[str] = []

    @property
    def now(self) -> Slow:
        return self.states[self.cursor]

    def step(self) -> None:
        """One of everything that can be done, strokes most of all."""
        steps = [self.stroke] * 5 + [self.edit] * 3 + [self.slide] * 4 + [self.back] * 2 + [self.wander] * 3
        steps += [self.esc, self.lock, self.change_base, self.part, self.say, self.clear, self.bake]
        steps += [self.revert] * 2
        steps[int(self._rng.integers(len(steps)))]()

    def stroke(self) -> None:
        value = int(self._rng.choice(VALUES[1:]))
        slow = self.now.painted(self._paint(stroke := self._stroke(value)), value)
        self._edited(stroke.finish(), slow)

    def esc(self) -> None:
        stroke = self._stroke(int(self._rng.choice(VALUES[1:])))
        self._paint(stroke)
        stroke.cancel()

    def edit(self) -> None:
        slow, changes = self.now, []
        for _ in range(int(self._rng.integers(1, 4))):
            mask = np.zeros((HEIGHT, WIDTH), np.bool_)
            x, y = self._rng.integers(WIDTH), self._rng.integers(HEIGHT)
            place = mask[y : y + self._rng.integers(1, 200), x : x + self._rng.integers(1, 200)]
            place[:] = self._rng.random(place.shape) < self._rng.random()
            value = int(self._rng.choice(VALUES))
            slow = slow.painted(mask, value)
            changes.append((Region.of_mask(mask), value))
        self._edited(self.document.edit(changes, "test"), slow)

    def revert(self) -> None:
        if self._rng.random() < 0.2:
            self._edited(self.document.revert(), self.now.painted(np.ones((HEIGHT, WIDTH), np.bool_), NONE))
            return
        x, y = (int(value) for value in self._rng.integers(-20, 280, 2))
        box = Box(x, y, x + int(self._rng.integers(0, 200)), y + int(self._rng.integers(0, 200)))
        inside = np.zeros((HEIGHT, WIDTH), np.bool_)
        inside[box.clip(WIDTH, HEIGHT).slices] = True
        self._edited(self.document.revert(box), self.now.painted(inside, NONE))

    def clear(self) -> None:
        slow = self.now.painted(np.ones((HEIGHT, WIDTH), np.bool_), ERASED)
        self._edited(self.document.clear(), slow)

    def bake(self) -> None:
        before = self.now
        if (command := self.document.bake()) is None:
            assert not before.override.any()
            return
        np.testing.assert_array_equal(self.document.final, before.final())
        empty = np.zeros_like(before.override)
        self._logged(command, replace(before, override=empty, base=command.after, status=Status.IN_PROGRESS))

    def slide(self) -> None:
        """A slider to another place, and often on from there."""
        name = str(self._rng.choice(list(SLIDERS)))
        for _ in range(int(self._rng.integers(1, 4))):
            self._slide(name)

    def _slide(self, name: str) -> None:
        values = SLIDERS[name]
        recipe = replace(self.now.recipe, **{name: values[int(self._rng.integers(len(values)))]})
        if recipe == self.now.recipe:
            return
        merge = bool(self._rng.random() < 0.5)
        command = RecipeChange(self.now.recipe, recipe, merge)
        self.document.apply(command)
        slow = replace(self.now, recipe=recipe, status=Status.IN_PROGRESS)
        goes_on = merge and self.cursor > 0 and self._moved[self.cursor - 1] == name
        if goes_on and self.states[self.cursor - 1].recipe != recipe:
            self.cursor -= 1
        self._logged(command, slow, name)

    def change_base(self) -> None:
        base = BASES[int(self._rng.integers(len(BASES)))]
        if base == self.now.base:
            return
        command = BaseChange(self.now.base, base)
        self.document.apply(command)
        # What the status becomes is told by the tests of commands.
        self._logged(command, replace(self.now, base=base, status=self.document.status))

    def lock(self) -> None:
        labels = {label.id: label for label in self.now.labels}
        number = int(self._rng.choice([1, 2, 3, IGNORE]))
        old = labels.get(number, Label(number, f"Label {number}", "#d55e00"))
        labels[number] = replace(
            old, locked=bool(self._rng.random() < 0.5), visible=bool(self._rng.random() < 0.5)
        )
        after = tuple(labels[key] for key in sorted(labels))
        if after != self.now.labels:
            command = LabelsChange(self.now.labels, after)
            self.document.apply(command)
            self._logged(command, replace(self.now, labels=after))

    def part(self) -> None:
        x, y = (int(value) for value in self._rng.integers(0, 280, 2))
        after = Partition((Tie((x, y), (y, x)),), (Cut(((x, y), (y + 5, x))),))
        command = PartitionChange(self.now.partition, after)
        self.document.apply(command)
        self._logged(command, replace(self.now, partition=after, status=Status.IN_PROGRESS))

    def say(self) -> None:
        status, note = self._rng.choice(list(Status)), str(self._rng.integers(9))
        command = StatusChange(self.now.status, Status(status), note)
        self.document.apply(command)
        self._logged(command, replace(self.now, status=Status(status), note=note))

    def wander(self) -> None:
        """Some steps back and some of them forth."""
        for move, least in ((self.back, 1), (self.forward, 0)):
            for _ in range(int(self._rng.integers(least, 7))):
                move()

    def back(self) -> None:
        if self.document.undo() is not None:
            self.cursor -= 1
            self._told("undo")

    def forward(self) -> None:
        if self.document.redo() is not None:
            self.cursor += 1
            self._told("redo")

    def _stroke(self, value: int) -> Stroke:
        # The square of such a radius never is one of a distance between half pixels: no pixel lies on the edge.
        radius = float(self._rng.integers(1, 70)) + 0.3
        return Stroke(self.document, label=value, radius=radius, tool="brush")

    def _paint(self, stroke: Stroke) -> Bools:
        """Dab at some points; returns the pixels that were meant."""
        inside = np.zeros((HEIGHT, WIDTH), np.bool_)
        row, column = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
        x, y = (int(value) for value in self._rng.integers(-30, 360, 2))
        stroke.move_to(x, y)
        # Level, so that the line between two points is a plain rectangle.
        length = int(self._rng.integers(0, 120))
        stroke.move_to(x + length, y)
        inside |= np.hypot(column - np.clip(column, x, x + length), row - y) <= stroke.radius
        for end in (x, x + length):
            if 0 <= end < WIDTH and 0 <= y < HEIGHT:
                inside[y, end] = True
        return inside

    def _edited(self, edit: PaintEdit | None, slow: Slow) -> None:
        before = self.now
        changed = slow.override != before.override
        if edit is None:
            assert not changed.any()
            return
        assert edit.box == Box.of(changed)
        assert edit.pixels == np.count_nonzero(changed)
        leaked = self.document.final != before.final()
        leaked[edit.box.slices] = False
        assert not leaked.any()
        self._logged(edit, replace(slow, status=Status.IN_PROGRESS))

    def _logged(self, command: Command, slow: Slow, moved: str = "") -> None:
        del self.states[self.cursor + 1 :]
        del self._moved[self.cursor :]
        self.states.append(slow)
        self._moved.append(moved)
        self.cursor += 1
        self._told(command)
