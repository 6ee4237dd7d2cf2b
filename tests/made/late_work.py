"""Random work on two pictures of a project through `Editing`, whose steps come late or at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
from made.drafts import draft

from lsegdiff_gui.annotation.commands import Command
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.labels import ERASED, IGNORE, NONE, Label, Status
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.annotation.tools import components, margins
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.project.store import Store
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.ui.keeping import Keeping
from lsegdiff_gui.workers.masks import MaskThread

U8 = npt.NDArray[np.uint8]
WIDTH, HEIGHT = 330, 290
DRAFTS = [draft(seed, grid=32) for seed in range(2)]
VALUES = [NONE, 1, 2, 3, IGNORE, ERASED]


class LateWork:
    """An editing desk over a project of two pictures; the work is told by name and number and asks for nothing."""

    def __init__(self, masks: MaskThread, file: Path) -> None:
        self.store = Store.open(file)
        # Syncing hundreds of commits to the disk is not what this is about.
        self.store._connection.execute("PRAGMA synchronous = OFF")
        self.pictures = [
            row.id for row in self.store.add_pictures([file.with_name(f"{name}.png") for name in "ab"])
        ]
        for picture in self.pictures:
            self.store.set_identity(picture, "00", WIDTH, HEIGHT)
        self.editing = Editing(masks, cast(Keeping, self))
        self.called_off = 0
        leave = self.editing.turns.call_off

        def counted() -> bool:
            left = leave()
            self.called_off += left
            return left

        self.editing.turns.call_off = counted  # type: ignore[method-assign]
        self._show(self.pictures[0])

    # As Keeping

    def record(self, picture_id: int, command: Command, _revision: int) -> None:
        self.store.record(picture_id, command)

    def undo(self, picture_id: int, _revision: int) -> None:
        self.store.undo(picture_id)

    def redo(self, picture_id: int, _revision: int) -> None:
        self.store.redo(picture_id)

    # The work

    def do(self, name: str, number: int) -> None:
        """One thing a hand can ask for; number: says what exactly."""
        rng = np.random.default_rng(number)
        cast(Callable[[np.random.Generator], None], getattr(self, f"_{name}"))(rng)

    def loaded(self, picture: int) -> Document:
        """The document as a project that is opened anew has it."""
        document = self.store.load_document(picture, WIDTH, HEIGHT)
        if document.needs_base:
            document.rebuild_base()
        return document

    def _show(self, picture: int) -> None:
        if picture != self.editing.picture_id:
            self.editing.take(picture, self.store.load_document(picture, WIDTH, HEIGHT))

    def _stroke(self, rng: np.random.Generator) -> None:
        value, radius = int(rng.choice(VALUES[1:])), float(rng.integers(1, 60))
        points = rng.integers(-30, 360, (3, 2)).tolist()

        def paint() -> None:
            document = self.editing.document
            assert document is not None
            if document.needs_base:
                document.rebuild_base()  # a hand paints on what it sees
            stroke = Stroke(document, label=value, radius=radius, tool="brush")
            for x, y in points:
                stroke.move_to(x, y)
            if (edit := stroke.finish()) is not None:
                self.editing.stroke_finished(edit)

        self.editing.turns.take(paint)

    def _fill(self, rng: np.random.Generator) -> None:
        x, y, width, height = (int(value) for value in rng.integers(1, 200, 4))
        value = int(rng.choice(VALUES))
        region = Region.of_mask(np.ones((height, width)), Box(x, y, x + width, y + height))
        self.editing.change(lambda _final: [(region.intersect(Box.whole(WIDTH, HEIGHT)), value)], "fill")

    def _edge(self, rng: np.random.Generator) -> None:
        label, pixels, grows = int(rng.integers(1, 4)), int(rng.integers(1, 9)), bool(rng.random() < 0.5)

        def find(final: U8) -> Changes:
            if grows:
                return [(margins.grown(final, label, pixels), label)]
            return [(margins.shrunk(final, label, pixels), ERASED)]

        self.editing.change(find, "edge")

    def _parts(self, rng: np.random.Generator) -> None:
        label, largest = int(rng.integers(1, 4)), bool(rng.random() < 0.5)

        def find(final: U8) -> Changes:
            if largest:
                return [(components.all_but_largest(final, label), ERASED)]
            return [(components.holes(final, label), label)]

        self.editing.change(find, "parts")

    def _clear(self, _rng: np.random.Generator) -> None:
        self.editing.clear()

    def _revert(self, rng: np.random.Generator) -> None:
        x, y = (int(value) for value in rng.integers(-20, 280, 2))
        self.editing.revert(None if rng.random() < 0.3 else Box(x, y, x + 120, y + 90))

    def _bake(self, _rng: np.random.Generator) -> None:
        self.editing.bake()

    def _back(self, _rng: np.random.Generator) -> None:
        self.editing.undo()

    def _forward(self, _rng: np.random.Generator) -> None:
        self.editing.redo()

    def _slide(self, rng: np.random.Generator) -> None:
        change = [{"kernel": 9}, {"kernel": 31}, {"threshold": 0.3}, {"threshold": 0.7}, {"grow": 5}]
        self.editing.settle_recipe(replace(Recipe(), **change[int(rng.integers(len(change)))]))  # type: ignore[arg-type]

    def _draft(self, rng: np.random.Generator) -> None:
        self.editing.place_draft(DRAFTS[int(rng.integers(2))], replace=bool(rng.random() < 0.5))

    def _lock(self, rng: np.random.Generator) -> None:
        number, locked = int(rng.integers(1, 4)), bool(rng.random() < 0.5)

        def lock() -> None:
            document = self.editing.document
            assert document is not None
            labels = {label.id: label for label in document.labels}
            old = labels.get(number, Label(number, f"Label {number}", "#d55e00"))
            labels[number] = replace(old, locked=locked)
            self.editing.set_labels(tuple(labels.values()))

        self.editing.turns.take(lock)

    def _say(self, rng: np.random.Generator) -> None:
        self.editing.set_status(list(Status)[int(rng.integers(len(Status)))], str(rng.integers(9)))

    def _go(self, rng: np.random.Generator) -> None:
        picture = self.pictures[int(rng.integers(2))]
        self.editing.turns.take(lambda: self._show(picture))

    def _esc(self, _rng: np.random.Generator) -> None:
        if not self.editing.turns.waiting:
            self.editing.turns.call_off()
