"""Edits of the override plane other than strokes, and what locks keep from all of them."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import LabelsChange, RecipeChange
from lsegdiff_gui.annotation.document import ERASED, IGNORE, NONE, Document, Label
from lsegdiff_gui.annotation.patch import TILE
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box

WIDTH, HEIGHT = 330, 290
LABELS = (Label(1, "Lesion", "#56b4e9"), Label(2, "Nevus", "#d55e00"), Label(IGNORE, "Ignore", "#999999"))
WHOLE = Box.whole(WIDTH, HEIGHT)


def document(*, locked: int | None = None, base: Base | None = None) -> Document:
    labels = tuple(replace(label, locked=label.id == locked) for label in LABELS)
    return Document(WIDTH, HEIGHT, base=base, labels=labels)


def rectangle(box: Box) -> Region:
    return Region(box, np.ones((box.height, box.width), np.bool_))


def lock(of: Document, number: int) -> None:
    after = tuple(replace(label, locked=label.id == number) for label in of.labels)
    of.apply(LabelsChange(of.labels, after))


def left_half() -> npt.NDArray[np.uint8]:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:, : WIDTH // 2] = 1
    return mask


def test_that_an_edit_of_several_regions_is_one_step_and_later_ones_lie_above() -> None:
    work = document()
    edit = work.edit(
        [(rectangle(Box(200, 200, 300, 280)), 1), (rectangle(Box(250, 250, 320, 290)), 2)], "fill"
    )
    assert edit is not None
    assert (edit.tool, edit.box) == ("fill", Box(200, 200, 320, 290))
    assert work.final[210, 210] == 1
    assert work.final[260, 260] == 2
    assert len(work.history.commands) == 1
    work.undo()
    assert not work.final.any()


def test_that_pixels_far_apart_are_kept_as_the_tiles_they_lie_in() -> None:
    work = Document(4096, 4096)
    mask = np.zeros((4096, 4096), np.bool_)
    mask[5, 5] = mask[4090, 4090] = True
    open_edit = work.open_edit("fill")
    open_edit.fill(Region.of_mask(mask), 1)
    assert sum(piece.values.size for piece in open_edit._old.values()) == 2 * TILE * TILE
    assert open_edit.finish() is not None


def test_that_an_edit_which_changes_nothing_is_no_step() -> None:
    work = document()
    assert work.edit([], "fill") is None
    assert work.edit([(Region.empty(), 1), (rectangle(Box(3, 3, 9, 9)), NONE)], "fill") is None
    assert work.revert() is None
    assert work.history.cursor == work.revision == 0


@pytest.mark.parametrize("value", [-1, 256])
def test_that_an_edit_sets_codes_of_the_plane_only(value: int) -> None:
    with pytest.raises(ValueError, match="not"):
        document().edit([(rectangle(Box(0, 0, 2, 2)), value)], "fill")


def test_that_nothing_edits_while_a_stroke_is_open() -> None:
    work = document()
    stroke = Stroke(work, label=1, radius=5, tool="brush")
    stroke.move_to(50, 50)
    for act in (lambda: work.edit([], "fill"), work.revert, work.clear, work.bake):
        with pytest.raises(RuntimeError, match="open stroke"):
            act()
    assert work.edit_is_open
    stroke.cancel()
    assert not work.edit_is_open
    assert not work.final.any()


def test_that_an_edit_can_give_pixels_back_to_the_base() -> None:
    work = document(base=Base.of_mask(left_half()))
    work.edit([(rectangle(WHOLE), ERASED)], "clear")
    work.edit([(rectangle(Box(100, 0, 200, 50)), NONE)], "revert")
    assert (work.final[:50, 100:165] == 1).all()
    assert np.count_nonzero(work.final) == 50 * 65


def test_that_reverting_within_a_box_leaves_the_rest() -> None:
    work = document(base=Base.of_mask(left_half()))
    work.edit([(rectangle(Box(0, 0, WIDTH, 100)), 2)], "fill")
    edit = work.revert(Box(-50, 40, 5000, 60))
    assert edit is not None
    assert edit.box == Box(0, 40, WIDTH, 60)
    np.testing.assert_array_equal(work.final[40:60], left_half()[40:60])
    assert (work.final[:40] == 2).all()
    work.revert()
    np.testing.assert_array_equal(work.final, left_half())
    assert not work.is_edited


def test_that_clearing_erases_what_any_recipe_would_bring() -> None:
    work = document(base=Base.of_draft(draft()))
    work.rebuild_base()
    assert work.clear() is not None
    work.apply(RecipeChange(work.recipe, Recipe(threshold=0.01, grow=51)))
    work.rebuild_base()
    assert not work.final.any()
    assert work.clear() is None


def test_that_a_stroke_goes_around_locked_pixels_painted_or_from_the_base() -> None:
    work = document(base=Base.of_mask(left_half()))
    work.edit([(rectangle(Box(200, 0, 220, HEIGHT)), 1)], "fill")
    lock(work, 1)
    before = work.final.copy()
    for value in (2, ERASED, IGNORE):
        stroke = Stroke(work, label=value, radius=60, tool="brush")
        stroke.move_to(170, 150)
        stroke.finish()
        np.testing.assert_array_equal(work.final == 1, before == 1)
    assert (work.final == IGNORE).any()


def test_that_a_locked_label_is_not_painted_either() -> None:
    work = document(locked=2)
    stroke = Stroke(work, label=2, radius=20, tool="brush")
    stroke.move_to(50, 50)
    assert stroke.finish() is None
    assert work.edit([(rectangle(Box(0, 0, 9, 9)), 2)], "fill") is None


def test_that_clearing_and_reverting_leave_locked_labels_alone() -> None:
    work = document(base=Base.of_mask(left_half()))
    work.edit([(rectangle(Box(100, 0, 250, 40)), 2), (rectangle(Box(0, 100, 50, 150)), ERASED)], "fill")
    lock(work, 2)
    work.revert()
    assert (work.final[:40, 100:250] == 2).all()
    assert (work.final[100:150, :50] == 1).all()
    work.clear()
    assert np.count_nonzero(work.final) == 40 * 150


def test_that_giving_back_brings_no_pixel_of_a_locked_label() -> None:
    work = document(base=Base.of_mask(left_half()))
    work.edit([(rectangle(Box(0, 100, 50, 150)), ERASED)], "fill")
    lock(work, 1)
    assert work.revert() is None
    assert not work.final[100:150, :50].any()


def test_that_undo_brings_back_what_was_whatever_is_locked_now() -> None:
    work = document()
    work.edit([(rectangle(Box(0, 0, 50, 50)), 1)], "fill")
    lock(work, 1)
    assert work.locked == {1}
    work.undo()
    assert work.locked == frozenset()
    work.undo()
    assert not work.final.any()


def test_that_ignored_pixels_are_no_foreground() -> None:
    work = document()
    work.edit([(rectangle(Box(0, 0, 9, 9)), IGNORE), (rectangle(Box(20, 0, 29, 9)), 2)], "fill")
    assert np.count_nonzero(work.final_mask()) == 81
    assert work.final_mask()[0, 20] == 1
