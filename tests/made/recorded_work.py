"""Work on a picture that is the same in every process: what was done can be told from how many steps it took.

As a program: records such work in the project named by its argument for as long as it lives, and says each step
after the store has returned from it.
"""

import itertools
import sys
from pathlib import Path

import numpy as np

from lsegdiff_gui.annotation.commands import Command, RecipeChange
from lsegdiff_gui.annotation.document import ERASED, Document
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.project.store import Store

WIDTH, HEIGHT = 400, 300


def work_on(document: Document, step: int) -> Command | str:
    """Do step number `step` (from 0): the command, or "undo" or "redo"."""
    if step % 11 == 7:
        document.undo()
        return "undo"
    if step % 22 == 8:
        document.redo()
        return "redo"
    if step % 5 >= 3:
        # Two in a row, the second of which goes on with the first.
        change = RecipeChange(document.recipe, Recipe(kernel=2 * (step % 20) + 1), merge=True)
        document.apply(change)
        return change
    rng = np.random.default_rng(step)
    for _ in itertools.count():
        label = int(rng.choice([1, 2, ERASED]))
        stroke = Stroke(document, label=label, radius=float(rng.uniform(3, 40)), tool="brush")
        for _ in range(3):
            stroke.move_to(float(rng.uniform(0, WIDTH)), float(rng.uniform(0, HEIGHT)))
        if (edit := stroke.finish()) is not None:
            return edit
    raise AssertionError


def events_of(document: Document, step: int) -> int:
    """Do step number `step`: how many events the project tells it by, two where it merges with the one before."""
    cursor = document.history.cursor
    command = work_on(document, step)
    merges = isinstance(command, RecipeChange) and document.history.cursor == cursor
    return 2 if merges else 1


def main(project: Path) -> None:
    with Store.open(project) as store:
        (row,) = store.add_pictures([project.with_name("a.png")])
        store.set_identity(row.id, "00", WIDTH, HEIGHT)
        document = Document(WIDTH, HEIGHT)
        done = int(store.value("done") or 0)
        for step in range(done):
            work_on(document, step)
        for step in itertools.count(done):
            command = work_on(document, step)
            if command == "undo":
                store.undo(row.id)
            elif command == "redo":
                store.redo(row.id)
            elif not isinstance(command, str):
                store.record(row.id, command)
            sys.stdout.write(f"saved {step + 1}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
