"""Imports off the GUI thread: files are read and drawn on one, and what comes of it is written by the store's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import TypeVar

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.formats.import_plan import Choices, ImportPlan
from lsegdiff_gui.formats.importing import ImportReport, Placement, import_masks
from lsegdiff_gui.formats.json_pieces import Cancelled
from lsegdiff_gui.formats.matching import known
from lsegdiff_gui.formats.planning import Progress, Project, plan
from lsegdiff_gui.project.imports import place_import
from lsegdiff_gui.project.store import NotSavedError, PictureRow, Store
from lsegdiff_gui.workers.store import StoreThread

_ASK_AGAIN_S = 0.1  # how soon a wait for the disk notices that the import was stopped

Result = TypeVar("Result")
IsCancelled = Callable[[], bool]


def planned(project: Path, paths: Sequence[Path], root: Path | None, progress: Progress) -> ImportPlan:
    """The plan for the project as it is on the disk; to be called off the GUI thread. Raises LSegDiffError."""
    with Store.open(project, must_exist=True) as store:
        pictures = Project(tuple(known(row) for row in store.pictures()), store.labels())
    return plan(paths, pictures, root, progress)


def carried_out(
    store: StoreThread,
    made: ImportPlan,
    choices: Choices,
    annotator: str,
    progress: Callable[[int, int], None],
    is_cancelled: IsCancelled,
) -> ImportReport:
    """Import what a plan says; to be called off the GUI thread and off the store's, for which it waits.

    One picture at a time is on its way to the disk, so that strokes and drafts are saved between two of them.
    """
    added = made.added_by(choices)
    if added:
        _written(store, lambda opened: (opened.add_labels(added), None), is_cancelled)

    def place(placement: Placement) -> bool:
        picture = placement.picture

        def run(opened: Store) -> tuple[bool, PictureRow | None]:
            changed = place_import(
                opened, picture.id, picture.path, placement.read, placement.incoming, placement.precedence
            )
            return changed, opened.picture(picture.id) if picture.id else None

        return _written(store, run, is_cancelled)

    return import_masks(
        made, choices, place, annotator=annotator, progress=progress, is_cancelled=is_cancelled
    )


def _written(
    store: StoreThread, run: Callable[[Store], tuple[Result, PictureRow | None]], is_cancelled: IsCancelled
) -> Result:
    """What `run` returns once it is committed. Raises what it raises, or Cancelled while the disk refuses."""
    done = Event()
    results: list[Result] = []
    failures: list[LSegDiffError] = []

    def task(opened: Store) -> PictureRow | None:
        row = None
        try:
            if opened.obstacle:
                raise LSegDiffError(opened.obstacle)
            result, row = run(opened)
            results.append(result)
        except NotSavedError:
            raise  # the store keeps it and tries again
        except LSegDiffError as problem:
            failures.append(problem)
        done.set()
        return row

    store.write(task)
    while not done.wait(_ASK_AGAIN_S):
        if is_cancelled():
            raise Cancelled("The import was stopped.")
    if failures:
        raise failures[0]
    return results[0]
