"""A label that another picture has stays in the project."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import BaseChange, Command, LabelsChange
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, Label
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.project import documents
from lsegdiff_gui.project.store import Store

NAEVUS = Label(2, "Naevus", "#d55e00")
ADDED = LabelsChange(DEFAULT_LABELS, tuple(sorted((*DEFAULT_LABELS, NAEVUS), key=lambda label: label.id)))
SIDE = 40


class Project:
    """Two pictures; the label was added from the first."""

    def __init__(self, file: Path) -> None:
        self.store = Store.open(file)
        self.first, self.second = (
            row.id for row in self.store.add_pictures([file.with_name("a.png"), file.with_name("b.png")])
        )
        for picture in (self.first, self.second):
            self.store.set_identity(picture, "00", SIDE, SIDE)
        self.store.record(self.first, ADDED)

    def paint(self, picture: int, number: int, times: int = 1) -> None:
        document = self.store.load_document(picture, SIDE, SIDE)
        for row in range(times):
            region = Region.of_mask(np.ones((1, 5)), Box(3, row, 8, row + 1))
            edit = document.edit([(region, number)], "fill")
            assert edit is not None
            self.store.record(picture, edit)

    def numbers(self) -> list[int]:
        return [label.id for label in self.store.labels()]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "p.lsegdiff")


def test_that_a_label_no_other_picture_has_goes_with_the_undo_of_its_addition(project: Project) -> None:
    project.paint(project.second, 1)
    project.store.undo(project.first)
    assert project.numbers() == [1, 254]
    project.store.redo(project.first)
    assert project.numbers() == [1, 2, 254]


def test_that_a_label_another_picture_has_stays_and_its_pixels_keep_their_name(project: Project) -> None:
    project.paint(project.second, 2)
    project.store.undo(project.first)
    assert NAEVUS in project.store.labels()
    loaded = project.store.load_document(project.second, SIDE, SIDE)
    assert {2} <= {label.id for label in loaded.labels}
    project.store.redo(project.first)
    assert project.numbers() == [1, 2, 254]


def test_that_a_label_that_was_painted_and_undone_stays_for_it_can_be_done_again(project: Project) -> None:
    project.paint(project.second, 2)
    project.store.undo(project.second)
    project.store.undo(project.first)
    assert NAEVUS in project.store.labels()
    project.paint(project.second, 1)  # now what was undone is gone for good
    project.store.redo(project.first)
    project.store.undo(project.first)
    assert NAEVUS not in project.store.labels()


@pytest.mark.parametrize(
    "base",
    [
        lambda: Base.of_mask(np.eye(SIDE, dtype=np.uint8), label=2),
        lambda: Base.of_draft(draft(1), label=2),
        lambda: Base.baked(
            np.full((SIDE, SIDE), 2, np.uint8), Base.empty(), Document(1, 1).recipe, painted=True
        ),
    ],
)
def test_that_a_label_of_another_pictures_base_stays(project: Project, base: Callable[[], Base]) -> None:
    project.store.record(project.second, BaseChange(Base.empty(), base()))
    project.store.undo(project.first)
    assert NAEVUS in project.store.labels()


def test_that_a_label_taken_away_by_hand_stays_too(project: Project) -> None:
    project.paint(project.second, 2)
    taken: Command = LabelsChange(ADDED.after, DEFAULT_LABELS)
    project.store.record(project.first, taken)
    assert NAEVUS in project.store.labels()


def test_that_the_other_pictures_are_looked_through_however_long_their_log(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "CHECKPOINT_EVERY", 3)
    project.paint(project.second, 2)
    project.paint(project.second, 1, times=20)
    project.store.undo(project.first)
    assert NAEVUS in project.store.labels()
