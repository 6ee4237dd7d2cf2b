"""Payloads beyond the budget go into a checkpoint; what was done, and what can be undone, stays."""

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation import steps
from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import BaseChange, StatusChange
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.steps import EarlierState
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.project import documents
from lsegdiff_gui.project.store import ProjectError, Store

WIDTH, HEIGHT = 330, 290
STROKES = 30


@pytest.fixture(autouse=True)
def few_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "NEVER_FOLDED", 5)


def work(store: Store, picture_id: int) -> Document:
    """A draft, and strokes of noise above it, one beside the other."""
    document = Document(WIDTH, HEIGHT)
    change = BaseChange(Base.empty(), Base.of_draft(draft(1)))
    document.apply(change)
    store.record(picture_id, change)
    rng = np.random.default_rng(0)
    for number in range(STROKES):
        region = Region(Box(10 * number, 0, 10 * number + 10, HEIGHT), rng.random((HEIGHT, 10)) < 0.5)
        edit = document.edit([(region, 1)], "brush")
        assert edit is not None
        store.record(picture_id, edit)
    return document


def fold(store: Store, picture_id: int, budget: int) -> int:
    with store._transaction():
        return store._documents.fold(picture_id, budget)


def test_that_a_log_within_its_budget_stays(store: Store, picture_id: int) -> None:
    work(store, picture_id)
    assert fold(store, picture_id, 10**9) == 0


def test_that_the_newest_steps_can_be_undone_and_the_mask_is_what_it_was(
    store: Store, picture_id: int
) -> None:
    document = work(store, picture_id)
    before = store.origin(picture_id).deeds
    folded = fold(store, picture_id, 1000)
    assert folded == STROKES + 1 - 5
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    np.testing.assert_array_equal(loaded.override, document.override)
    assert (loaded.base, loaded.status) == (document.base, Status.IN_PROGRESS)
    assert store.origin(picture_id).deeds == before
    for _ in range(5):
        assert loaded.undo() is not None
        document.undo()
        store.undo(picture_id)
        np.testing.assert_array_equal(loaded.override, document.override)
    assert not loaded.can_undo
    assert loaded.status is Status.IN_PROGRESS
    with pytest.raises(ProjectError, match="nothing to undo"):
        store.undo(picture_id)
    again = store.load_document(picture_id, WIDTH, HEIGHT)
    np.testing.assert_array_equal(again.override, document.override)
    for _ in range(5):
        again.redo()
        document.redo()
    np.testing.assert_array_equal(again.override, document.override)
    found = store.steps(picture_id)
    assert (len(found.deeds), found.cursor, found.folded) == (5, 0, folded)


def test_that_work_goes_on_above_what_was_folded_checkpoints_included(
    store: Store, picture_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "CHECKPOINT_EVERY", 2)
    document = work(store, picture_id)
    fold(store, picture_id, 1000)
    for number in range(20):
        region = Region(Box(5 * number, 5, 5 * number + 5, 25), np.ones((20, 5), np.bool_))
        edit = document.edit([(region, 2)], "brush")
        assert edit is not None
        store.record(picture_id, edit)
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    while loaded.undo() is not None:
        document.undo()
        np.testing.assert_array_equal(loaded.override, document.override)
    assert loaded.is_edited


def test_that_what_was_discarded_is_folded_first(store: Store, picture_id: int) -> None:
    document = work(store, picture_id)
    for _ in range(3):
        document.undo()
        store.undo(picture_id)
    flagged = StatusChange(document.status, Status.FLAGGED)
    document.apply(flagged)
    store.record(picture_id, flagged)
    (size,) = store._connection.execute("SELECT sum(length(payload)) FROM commands").fetchone()
    assert fold(store, picture_id, size - 1) == 3
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    np.testing.assert_array_equal(loaded.override, document.override)
    assert len(loaded.history.commands) == STROKES + 1 - 3 + 1


def test_that_an_earlier_state_is_brought_back_as_one_step(store: Store, picture_id: int) -> None:
    document = work(store, picture_id)
    past = store.load_document(picture_id, WIDTH, HEIGHT)
    for _ in range(10):
        past.undo()
    then = past.override.copy()
    (move,) = steps.bring_back(document, EarlierState.of(past), lambda: True)
    store.record(picture_id, move.command)
    np.testing.assert_array_equal(document.override, then)
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    np.testing.assert_array_equal(loaded.override, then)
    assert store.steps(picture_id).deeds[-1].what == "bring back"
    assert loaded.undo() is not None
    assert not np.array_equal(loaded.override, then)


def test_that_base_and_recipe_come_back_too(store: Store, picture_id: int) -> None:
    document = work(store, picture_id)
    beginning = EarlierState(
        Base.empty(), document.partition, Recipe(kernel=9), np.zeros((HEIGHT, WIDTH), np.uint8)
    )
    (move,) = steps.bring_back(document, beginning, lambda: True)
    store.record(picture_id, move.command)
    assert not document.final.any()
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    assert (loaded.base, loaded.recipe, loaded.is_edited) == (Base.empty(), Recipe(kernel=9), False)
    store.undo(picture_id)
    again = store.load_document(picture_id, WIDTH, HEIGHT)
    assert (again.base, again.recipe) == (Base.of_draft(draft(1)), Recipe())


def test_that_the_present_state_brought_back_is_no_step(store: Store, picture_id: int) -> None:
    document = work(store, picture_id)
    assert steps.bring_back(document, EarlierState.of(document), lambda: True) == []
    assert steps.bring_back(document, EarlierState.of(Document(WIDTH, HEIGHT)), lambda: False) == []
