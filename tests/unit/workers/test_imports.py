"""Imports on two threads: what is drawn on one is written by the store's, and neither is waited for in vain."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made.annotation_files import annotation, coco, image, picture, rectangle

from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.import_plan import Choices, ImportPlan
from lsegdiff_gui.project.store import NotSavedError, Store
from lsegdiff_gui.workers.imports import carried_out, planned


class Writes:
    """In place of the store's thread: does what is written at once, or as many times later as it is told."""

    def __init__(self, store: Store, refusals: int = 0) -> None:
        self.store, self.refusals, self.rows = store, refusals, list[Any]()

    def write(self, run: Callable[[Store], Any]) -> None:
        for _ in range(self.refusals + 1):
            try:
                self.rows.append(run(self.store))
            except NotSavedError:
                continue
            return


@pytest.fixture
def plan(tmp_path: Path) -> ImportPlan:
    shapes = [annotation(number, number, [rectangle(2, 3, 12, 9)], number) for number in (1, 2)]
    file = coco(tmp_path / "all.json", [image(1, "a.png"), image(2, "b.png")], shapes, "Lesion", "Hair")
    with Store.open(tmp_path / "p.lsegdiff") as store:
        store.add_pictures([picture(tmp_path / name) for name in ("a.png", "b.png")])
    return planned(tmp_path / "p.lsegdiff", [file], None, lambda _share, _name: True)


def run(store: Any, plan: ImportPlan, is_cancelled: Callable[[], bool] = lambda: False) -> Any:
    return carried_out(store, plan, Choices(), "Ada", lambda _done, _of: None, is_cancelled)


def test_that_pictures_and_labels_reach_the_project_and_rows_are_told(
    tmp_path: Path, plan: ImportPlan
) -> None:
    with Store.open(tmp_path / "p.lsegdiff") as store:
        writes = Writes(store)
        report = run(writes, plan)
        assert len(report.written) == 2 and not report.failures
        assert [row.id for row in writes.rows if row] == [1, 2]
        assert [label.name for label in store.labels()] == ["Lesion", "Hair", "Ignore"]
        assert np.count_nonzero(store.load_document(2, 40, 30).final == 2) == 60


def test_that_a_project_that_can_only_be_read_is_told_at_once(tmp_path: Path, plan: ImportPlan) -> None:
    with (
        Store.open_to_read(tmp_path / "p.lsegdiff", "Another window has it.") as store,
        pytest.raises(Exception, match="Another window has it"),
    ):
        run(Writes(store), plan)


def test_that_what_the_disk_refuses_is_waited_for_until_it_is_stopped(
    tmp_path: Path, plan: ImportPlan
) -> None:
    class Silent:
        def write(self, run: Callable[[Store], Any]) -> None:
            pass

    with pytest.raises(FormatError, match="was stopped"):
        run(Silent(), plan, lambda: True)


def test_that_a_write_that_is_tried_again_is_done_once(
    tmp_path: Path, plan: ImportPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(tmp_path / "p.lsegdiff") as store:
        writes, place, refused = Writes(store, refusals=1), Store.place_import, list[int]()

        def sometimes(self: Store, picture_id: int, *rest: Any) -> bool:
            if picture_id not in refused:
                refused.append(picture_id)
                raise NotSavedError("The disk is full.")
            return place(self, picture_id, *rest)

        monkeypatch.setattr(Store, "place_import", sometimes)
        report = run(writes, plan)
        assert refused == [1, 2]
        assert len(report.written) == 2 and not report.failures
        assert len(store.load_document(1, 40, 30).history.commands) == 1
