"""The document on the canvas, with the real mask thread and a project that only listens."""

from collections.abc import Iterator

import numpy as np
import pytest
from made.drafts import draft
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.commands import (
    Bake,
    BaseChange,
    LabelsChange,
    PaintEdit,
    PartitionChange,
    RecipeChange,
    StatusChange,
)
from lsegdiff_gui.annotation.document import ERASED, Document, Label, Status
from lsegdiff_gui.annotation.instances import Partition, Tie
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui import editing as editing_module
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.workers.masks import MaskThread

WIDTH, HEIGHT = 200, 150


class Listener:
    """Stands in for Keeping."""

    def __init__(self) -> None:
        self.heard: list[tuple[object, ...]] = []

    def record(self, picture_id: int, command: object, revision: int) -> None:
        self.heard.append((picture_id, type(command), revision))

    def undo(self, picture_id: int, revision: int) -> None:
        self.heard.append((picture_id, "undo", revision))

    def redo(self, picture_id: int, revision: int) -> None:
        self.heard.append((picture_id, "redo", revision))


@pytest.fixture
def masks(qapp: object) -> Iterator[MaskThread]:
    thread = MaskThread()
    yield thread
    assert thread.stop(5000)


@pytest.fixture
def keeping() -> Listener:
    return Listener()


@pytest.fixture
def editing(masks: MaskThread, keeping: Listener) -> Editing:
    editing = Editing(masks, keeping)  # type: ignore[arg-type]
    editing.take(7, Document(WIDTH, HEIGHT))
    return editing


def document_of(editing: Editing) -> Document:
    assert editing.document is not None
    return editing.document


def place(editing: Editing, qtbot: QtBot, seed: int = 1, *, replace: bool = False) -> None:
    with qtbot.waitSignal(editing.settled):
        editing.place_draft(draft(seed), replace=replace)


def paint(editing: Editing, x: float = 20, y: float = 20) -> None:
    stroke = Stroke(document_of(editing), label=1, radius=6, tool="brush")
    stroke.move_to(x, y)
    edit = stroke.finish()
    assert edit is not None
    editing.stroke_finished(edit)


def test_that_every_step_is_handed_on_with_the_revision_it_made(
    editing: Editing, keeping: Listener, qtbot: QtBot
) -> None:
    place(editing, qtbot)
    paint(editing)
    editing.set_status(Status.DONE)
    editing.undo()
    editing.redo()
    assert keeping.heard == [
        (7, BaseChange, 1),
        (7, PaintEdit, 2),
        (7, StatusChange, 3),
        (7, "undo", 4),
        (7, "redo", 5),
    ]


def test_that_a_placed_draft_becomes_the_mask(editing: Editing, qtbot: QtBot) -> None:
    place(editing, qtbot)
    expected = Document(WIDTH, HEIGHT, base=document_of(editing).base)
    expected.rebuild_base()
    np.testing.assert_array_equal(document_of(editing).final, expected.final)
    assert document_of(editing).status is Status.DRAFTED


def test_that_the_same_draft_is_no_step(editing: Editing, keeping: Listener, qtbot: QtBot) -> None:
    place(editing, qtbot)
    editing.place_draft(draft(1), replace=False)
    assert len(keeping.heard) == 1


def test_that_a_tried_recipe_is_seen_and_not_kept(editing: Editing, keeping: Listener, qtbot: QtBot) -> None:
    place(editing, qtbot)
    before = document_of(editing).final.copy()
    with qtbot.waitSignal(editing.changed):
        editing.try_recipe(Recipe(threshold=0.9))
    assert (document_of(editing).final != before).any()
    assert document_of(editing).recipe == Recipe()
    assert not editing.is_exact
    assert len(keeping.heard) == 1


def test_that_an_answer_overtaken_by_a_fast_slider_is_shown_until_a_newer_one_comes(
    editing: Editing, masks: MaskThread, qtbot: QtBot
) -> None:
    place(editing, qtbot)
    asked: list[int] = []
    masks.request = lambda token, *_args, **_options: asked.append(token)  # type: ignore[method-assign]
    editing.try_recipe(Recipe(threshold=0.6))
    editing.try_recipe(Recipe(threshold=0.9))
    overtaken = np.zeros((HEIGHT, WIDTH), np.uint8)
    overtaken[3, 4] = 1
    masks.ready.emit(asked[0], overtaken, True)
    assert np.array_equal(document_of(editing).final_mask(), overtaken)
    assert not editing.is_exact


def test_that_a_recipe_that_was_tried_and_taken_back_leaves_the_old_mask(
    editing: Editing, qtbot: QtBot
) -> None:
    place(editing, qtbot)
    before = document_of(editing).final.copy()
    with qtbot.waitSignal(editing.changed):
        editing.try_recipe(Recipe(threshold=0.9))
    with qtbot.waitSignal(editing.settled):
        editing.settle_recipe(Recipe())
    np.testing.assert_array_equal(document_of(editing).final, before)


def test_that_a_settled_recipe_is_one_step_and_undo_brings_the_old_one_back(
    editing: Editing, keeping: Listener, qtbot: QtBot
) -> None:
    place(editing, qtbot)
    recipes: list[Recipe] = []
    editing.recipe_changed.connect(recipes.append)
    for kernel in (7, 9, 11):
        editing.try_recipe(Recipe(kernel=kernel))
    with qtbot.waitSignal(editing.settled):
        editing.settle_recipe(Recipe(kernel=11))
    assert keeping.heard[-1] == (7, RecipeChange, 2)
    with qtbot.waitSignal(editing.settled):
        editing.undo()
    assert recipes == [Recipe(kernel=11), Recipe()]


def test_that_painted_pixels_stay_whatever_the_recipe(editing: Editing, qtbot: QtBot) -> None:
    place(editing, qtbot)
    paint(editing, 5, 5)
    with qtbot.waitSignal(editing.settled):
        editing.settle_recipe(Recipe(threshold=0.99, kernel=31))
    assert document_of(editing).final[5, 5] == 1


def test_that_a_mask_for_a_picture_that_was_left_is_dropped(
    editing: Editing, masks: MaskThread, qtbot: QtBot
) -> None:
    first = document_of(editing)
    with qtbot.waitSignal(masks.ready):
        editing.place_draft(draft(1), replace=False)
        editing.take(8, Document(WIDTH, HEIGHT))
    assert not first.final.any()
    assert not document_of(editing).final.any()


def test_that_a_replacing_draft_and_what_it_cleared_are_undone_and_redone_as_one(
    editing: Editing, qtbot: QtBot
) -> None:
    paint(editing)
    painted = document_of(editing).final.copy()
    place(editing, qtbot, replace=True)
    replaced = document_of(editing).final.copy()
    assert not document_of(editing).is_edited
    editing.undo()
    np.testing.assert_array_equal(document_of(editing).final, painted)
    with qtbot.waitSignal(editing.settled):
        editing.redo()
    np.testing.assert_array_equal(document_of(editing).final, replaced)


def test_that_without_a_document_nothing_is_done(editing: Editing, keeping: Listener) -> None:
    editing.drop()
    editing.undo()
    editing.redo()
    editing.try_recipe(Recipe(kernel=9))
    editing.settle_recipe(Recipe(kernel=9))
    editing.set_status(Status.DONE)
    editing.place_draft(draft(1), replace=True)
    fill(editing, SQUARE)
    editing.revert()
    editing.clear()
    editing.bake()
    editing.set_labels(())
    editing.set_partition(Partition())
    assert keeping.heard == []
    assert editing.is_exact


SQUARE = Region(Box(20, 30, 60, 70), np.ones((40, 40), np.bool_))


def fill(editing: Editing, region: Region, label: int = 1) -> None:
    editing.change(lambda _final: [(region, label)], "fill")


def test_that_an_edit_of_a_tool_is_one_step_that_is_told_and_kept(
    editing: Editing, keeping: Listener, qtbot: QtBot
) -> None:
    heard: list[Box] = []
    editing.changed.connect(heard.append)
    with qtbot.waitSignal(editing.stepped):
        fill(editing, SQUARE)
    assert heard == [SQUARE.box]
    assert keeping.heard == [(7, PaintEdit, 1)]
    fill(editing, SQUARE)
    assert len(keeping.heard) == 1


def test_that_reverting_and_clearing_are_kept_as_steps(editing: Editing, keeping: Listener) -> None:
    fill(editing, SQUARE)
    editing.revert(Box(0, 0, 40, HEIGHT))
    assert Box.of(document_of(editing).final) == Box(40, 30, 60, 70)
    editing.clear()
    assert (document_of(editing).override == ERASED).all()
    editing.revert()
    assert not document_of(editing).is_edited
    assert [what for _, what, _ in keeping.heard] == [PaintEdit] * 4


def test_that_nothing_cuts_into_an_open_stroke(editing: Editing, keeping: Listener) -> None:
    stroke = Stroke(document_of(editing), label=1, radius=6, tool="brush")
    stroke.move_to(20, 20)
    fill(editing, SQUARE)
    editing.revert()
    editing.clear()
    editing.bake()
    assert keeping.heard == []
    assert stroke.finish() is not None


def test_that_baking_makes_the_mask_the_base_and_keeps_the_draft(
    editing: Editing, keeping: Listener, qtbot: QtBot
) -> None:
    place(editing, qtbot)
    paint(editing)
    bases: list[object] = []
    drafts: list[object] = []
    editing.base_changed.connect(bases.append)
    editing.draft_changed.connect(drafts.append)
    final = document_of(editing).final.copy()
    editing.bake()
    assert keeping.heard[-1] == (7, Bake, 3)
    assert bases == [document_of(editing).base]
    assert drafts == []
    assert document_of(editing).base.draft == draft(1)
    np.testing.assert_array_equal(document_of(editing).final, final)
    with qtbot.waitSignal(editing.settled):
        editing.undo()
    np.testing.assert_array_equal(document_of(editing).final, final)


def test_that_baking_waits_for_the_exact_mask(editing: Editing, keeping: Listener, qtbot: QtBot) -> None:
    place(editing, qtbot)
    with qtbot.waitSignal(editing.settled):
        editing.settle_recipe(Recipe(kernel=31))
        editing.bake()
        assert keeping.heard[-1] == (7, RecipeChange, 2)
    assert keeping.heard[-1] == (7, Bake, 3)
    assert document_of(editing).base.recipe == Recipe(kernel=31)


def test_that_a_mask_on_its_way_for_a_step_taken_back_is_not_shown(
    editing: Editing, masks: MaskThread, qtbot: QtBot
) -> None:
    place(editing, qtbot)
    before = document_of(editing).final.copy()
    editing.settle_recipe(Recipe(kernel=31))
    with qtbot.waitSignal(masks.ready), qtbot.waitSignal(editing.settled):
        editing.undo()
    assert editing.is_exact
    np.testing.assert_array_equal(document_of(editing).final, before)


def test_that_a_bake_that_waits_for_its_mask_can_be_taken_back(editing: Editing, qtbot: QtBot) -> None:
    place(editing, qtbot)
    editing.settle_recipe(Recipe(kernel=31))
    editing.bake()
    editing.undo()
    qtbot.waitUntil(lambda: editing.is_exact)
    assert document_of(editing).base.kind == "draft"
    assert document_of(editing).recipe == Recipe(kernel=31)


def test_that_labels_and_partitions_are_steps_and_are_told(
    editing: Editing, keeping: Listener, qtbot: QtBot
) -> None:
    heard: list[object] = []
    editing.labels_changed.connect(heard.append)
    editing.partition_changed.connect(heard.append)
    before = document_of(editing).labels
    after = (Label(1, "Lesion", "#56b4e9", "1", locked=True), Label(9, "Hair", "#000000"))
    tied = Partition((Tie((1.5, 1.5), (9.5, 9.5)),))
    editing.set_labels(tuple(reversed(after)))
    editing.set_labels(after)
    editing.set_partition(tied)
    editing.set_partition(tied)
    editing.undo()
    editing.undo()
    assert heard == [after, tied, Partition(), before]
    assert [what for _, what, _ in keeping.heard] == [LabelsChange, PartitionChange, "undo", "undo"]


def test_that_a_picture_shown_tells_its_labels_base_and_partition(editing: Editing) -> None:
    heard: list[object] = []
    for signal in (editing.labels_changed, editing.base_changed, editing.partition_changed):
        signal.connect(heard.append)
    other = Document(WIDTH, HEIGHT, labels=(Label(4, "Ruler", "#000000"),))
    editing.take(8, other)
    assert heard == [other.base, other.labels, other.partition]
    editing.drop()
    assert heard[4] == ()


def test_that_a_slider_which_goes_on_within_a_second_is_one_step(
    editing: Editing, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(editing, qtbot)
    for now, kernel in ((100.0, 7), (100.9, 9), (101.8, 11), (102.9, 13)):
        monkeypatch.setattr(editing_module.time, "monotonic", lambda now=now: now)
        with qtbot.waitSignal(editing.settled):
            editing.settle_recipe(Recipe(kernel=kernel))
    with qtbot.waitSignal(editing.settled):
        editing.undo()
    assert document_of(editing).recipe.kernel == 11
    with qtbot.waitSignal(editing.settled):
        editing.undo()
    assert document_of(editing).recipe == Recipe()


def test_that_a_slider_does_not_go_on_with_a_step_of_another_picture(editing: Editing) -> None:
    editing.settle_recipe(Recipe(kernel=7))
    other = Document(WIDTH, HEIGHT)
    other.apply(RecipeChange(Recipe(), Recipe(kernel=9)))
    editing.take(8, other)
    editing.settle_recipe(Recipe(kernel=11))
    assert len(other.history.commands) == 2


def test_that_a_replacing_draft_leaves_what_is_locked(editing: Editing, qtbot: QtBot) -> None:
    fill(editing, SQUARE, 3)
    editing.set_labels((*document_of(editing).labels, Label(3, "Nevus", "#d55e00", locked=True)))
    place(editing, qtbot, replace=True)
    assert (document_of(editing).final[SQUARE.box.slices] == 3).all()


def test_that_a_replacing_draft_waits_for_the_stroke_that_is_being_painted(
    editing: Editing, keeping: Listener, qtbot: QtBot
) -> None:
    paint(editing, 100, 100)
    stroke = Stroke(document_of(editing), label=1, radius=6, tool="brush")
    stroke.move_to(20, 20)
    editing.place_draft(draft(1), replace=True)
    assert document_of(editing).base.draft is None
    edit = stroke.finish()
    assert edit is not None
    editing.stroke_finished(edit)
    with qtbot.waitSignal(editing.settled):
        editing.hand_freed()
    assert document_of(editing).base.draft == draft(1)
    assert not document_of(editing).is_edited
    assert [what for _, what, _ in keeping.heard] == [PaintEdit, PaintEdit, PaintEdit, BaseChange]
    editing.undo()
    assert document_of(editing).override[100, 100] == document_of(editing).override[20, 20] == 1
    editing.undo()
    assert document_of(editing).override[100, 100] == 1
    assert document_of(editing).override[20, 20] == 0


def test_that_the_mask_of_a_draft_beneath_an_open_stroke_comes_at_its_end(
    editing: Editing, masks: MaskThread, qtbot: QtBot
) -> None:
    stroke = Stroke(document_of(editing), label=1, radius=6, tool="brush")
    stroke.move_to(20, 20)
    with qtbot.waitSignal(masks.ready):
        editing.place_draft(draft(1), replace=False)
    assert document_of(editing).base.draft == draft(1)
    assert not editing.is_exact
    stroke.cancel()
    with qtbot.waitSignal(editing.settled):
        editing.hand_freed()
    expected = document_of(editing).base.foreground(Recipe(), WIDTH, HEIGHT)
    np.testing.assert_array_equal(document_of(editing).final, expected)


def test_that_a_replacing_draft_that_waits_goes_with_its_picture(editing: Editing) -> None:
    stroke = Stroke(document_of(editing), label=1, radius=6, tool="brush")
    stroke.move_to(20, 20)
    editing.place_draft(draft(1), replace=True)
    editing.take(8, Document(WIDTH, HEIGHT))
    editing.hand_freed()
    assert document_of(editing).base.draft is None
