from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import (
    BaseChange,
    LabelsChange,
    PaintEdit,
    PartitionChange,
    RecipeChange,
    StatusChange,
)
from lsegdiff_gui.annotation.document import ERASED, NONE, Document, Status
from lsegdiff_gui.annotation.history import History
from lsegdiff_gui.annotation.instances import Partition, Tie
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box

WIDTH, HEIGHT = 330, 290
DRAFTS = [draft(seed, grid=32) for seed in range(3)]

U8 = npt.NDArray[np.uint8]
Planes = tuple[bytes, bytes, bytes, Recipe, Base, Status, str, bool]


def dab(document: Document, label: int, x: float, y: float, radius: float) -> PaintEdit | None:
    stroke = Stroke(document, label=label, radius=radius, tool="brush")
    stroke.move_to(x, y)
    stroke.move_to(x + radius, y + 3)
    return stroke.finish()


def reference(document: Document) -> U8:
    """Final by its definition, from scratch."""
    base = document.base.foreground(document.recipe, document.width, document.height) * document.base.label
    override = document.override
    return np.where(override == NONE, base, np.where(override == ERASED, 0, override)).astype(np.uint8)


def state(document: Document) -> Planes:
    if document.needs_base:
        document.rebuild_base()
    return (
        document.override.tobytes(),
        document.base_mask.tobytes(),
        document.final.tobytes(),
        document.recipe,
        document.base,
        document.status,
        document.note,
        document.is_edited,
    )


steps = st.one_of(
    st.tuples(
        st.just("paint"),
        st.sampled_from([1, 2, ERASED]),
        st.integers(-9, 340),
        st.integers(-9, 300),
        st.floats(1, 60),
    ),
    st.tuples(st.just("recipe"), st.sampled_from([0, 3, 9, 31]), st.floats(0.2, 0.8)),
    st.tuples(st.just("base"), st.integers(0, 3)),
    st.tuples(st.just("status"), st.sampled_from(list(Status)), st.text(max_size=5)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
    st.tuples(st.just("cancel"), st.integers(0, 300), st.floats(1, 60)),
)


def take(document: Document, step: tuple[object, ...]) -> None:
    match step:
        case ("paint", int(label), int(x), int(y), float(radius)):
            dab(document, label, x, y, radius)
        case ("recipe", int(kernel), float(threshold)):
            after = replace(document.recipe, kernel=kernel, threshold=threshold)
            document.apply(RecipeChange(document.recipe, after))
        case ("base", int(index)):
            bases = [Base.empty(), Base.of_draft(DRAFTS[0]), Base.of_draft(DRAFTS[1], label=2)]
            bases.append(Base.of_mask(np.eye(HEIGHT, WIDTH, dtype=np.uint8)))
            document.apply(BaseChange(document.base, bases[index]))
        case ("status", Status() as status, str(note)):
            document.apply(StatusChange(document.status, status, note))
        case ("undo",):
            document.undo()
        case ("redo",):
            document.redo()
        case ("cancel", int(x), float(radius)):
            stroke = Stroke(document, label=1, radius=radius, tool="brush")
            stroke.move_to(x, x)
            stroke.cancel()


@settings(max_examples=60)
@given(st.lists(steps, max_size=25))
def test_that_undo_and_redo_bring_every_state_back_bit_for_bit(path: list[tuple[object, ...]]) -> None:
    document = Document(WIDTH, HEIGHT)
    seen = {0: state(document)}
    for step in path:
        take(document, step)
        now = state(document)
        np.testing.assert_array_equal(document.final, reference(document))
        if step[0] in ("undo", "redo", "cancel"):
            assert now == seen[document.history.cursor]
        else:
            seen[document.history.cursor] = now
            if not document.can_redo:  # nothing was undone, or what came then has changed something
                seen = {cursor: kept for cursor, kept in seen.items() if cursor <= document.history.cursor}
    while document.undo():
        assert state(document) == seen[document.history.cursor]
    while document.redo():
        if document.history.cursor in seen:
            assert state(document) == seen[document.history.cursor]


@settings(max_examples=30)
@given(st.lists(steps, max_size=15))
def test_that_a_change_stays_inside_its_box(path: list[tuple[object, ...]]) -> None:
    document = Document(WIDTH, HEIGHT)
    for step in path:
        take(document, step)
    state(document)
    for move in (document.undo, document.redo):
        before = document.final.copy()
        moved = move()
        if moved is None:
            continue
        box = moved[1].union(document.rebuild_base() if document.needs_base else Box.empty())
        outside = np.ones((HEIGHT, WIDTH), bool)
        outside[box.slices] = False
        np.testing.assert_array_equal(document.final[outside], before[outside])


@settings(max_examples=30)
@given(st.lists(steps, max_size=15), st.data())
def test_that_a_document_made_anew_from_its_parts_is_equal(
    path: list[tuple[object, ...]], data: st.DataObject
) -> None:
    document = Document(WIDTH, HEIGHT)
    for step in path:
        take(document, step)
    history = document.history
    again = Document(
        WIDTH,
        HEIGHT,
        base=document.base,
        recipe=document.recipe,
        override=document.override.copy(),
        log=History(history.commands, history.cursor),
    )
    assert state(again) == state(document)
    again.undo()
    document.undo()
    assert state(again) == state(document)


def test_that_painting_over_the_base_pins_it_under_every_recipe() -> None:
    document = Document(WIDTH, HEIGHT, base=Base.of_draft(DRAFTS[0]))
    document.rebuild_base()
    inside = Box.of(document.base_mask)
    x, y = (inside.x0 + inside.x1) // 2, (inside.y0 + inside.y1) // 2
    assert document.final[y, x] == 1
    assert dab(document, 1, x, y, 5) is not None
    document.apply(
        RecipeChange(document.recipe, replace(document.recipe, threshold=1.0, smallest_percent=100.0))
    )
    document.rebuild_base()
    assert not document.base_mask.any()
    assert document.final[y, x] == 1


@given(st.sampled_from([0, 3, 5, 15, 51]), st.floats(0, 1))
def test_that_the_kernel_slider_never_loses_a_stroke(kernel: int, threshold: float) -> None:
    document = Document(WIDTH, HEIGHT, base=Base.of_draft(DRAFTS[0]))
    document.rebuild_base()
    dab(document, 1, 10, 10, 8)
    dab(document, ERASED, WIDTH / 2, HEIGHT / 2, 20)
    painted, erased = document.override == 1, document.override == ERASED
    document.apply(RecipeChange(document.recipe, Recipe(kernel=kernel, threshold=threshold)))
    document.rebuild_base()
    assert (document.final[painted] == 1).all()
    assert (document.final[erased] == 0).all()


def test_that_a_new_recipe_or_draft_makes_the_base_stale_until_it_is_placed() -> None:
    document = Document(WIDTH, HEIGHT)
    assert not document.needs_base
    change = BaseChange(Base.empty(), Base.of_draft(DRAFTS[0]))
    assert document.apply(change).is_empty
    assert document.needs_base
    assert not document.final.any()
    mask = document.base.foreground(document.recipe, WIDTH, HEIGHT)
    box = document.place_base(mask)
    assert box == Box.of(mask)
    assert not document.needs_base
    document.apply(RecipeChange(Recipe(), Recipe(kernel=9)))
    assert document.needs_base
    document.undo()
    assert not document.needs_base


def test_that_a_preview_is_shown_but_leaves_the_base_stale() -> None:
    document = Document(WIDTH, HEIGHT, base=Base.of_draft(DRAFTS[0]))
    preview = document.base.foreground(document.recipe, WIDTH, HEIGHT, longest=64)
    document.place_base(preview, exact=False)
    np.testing.assert_array_equal(document.final, preview)
    assert document.needs_base


def test_that_going_back_to_an_empty_base_needs_no_computing() -> None:
    document = Document(WIDTH, HEIGHT)
    document.apply(BaseChange(Base.empty(), Base.of_draft(DRAFTS[0])))
    placed = document.rebuild_base()
    moved = document.undo()
    assert moved is not None
    assert moved[1] == placed
    assert not document.needs_base
    assert not document.final.any()


def test_that_a_base_may_arrive_during_a_stroke() -> None:
    document = Document(WIDTH, HEIGHT)
    stroke = Stroke(document, label=2, radius=30, tool="brush")
    stroke.move_to(WIDTH / 2, HEIGHT / 2)
    document.apply(BaseChange(Base.empty(), Base.of_draft(DRAFTS[0])))
    document.rebuild_base()
    np.testing.assert_array_equal(document.final, reference(document))
    assert (document.final[document.override == 2] == 2).all()
    stroke.cancel()
    np.testing.assert_array_equal(document.final, reference(document))
    assert document.history.cursor == 1


def test_that_undo_waits_for_the_open_stroke() -> None:
    document = Document(WIDTH, HEIGHT)
    edit = dab(document, 1, 50, 50, 10)
    stroke = Stroke(document, label=1, radius=5, tool="brush")
    stroke.move_to(9, 9)
    assert document.undo() is None
    assert document.redo() is None
    assert not document.can_undo
    assert edit is not None
    with pytest.raises(RuntimeError, match="stroke"):
        document.apply(edit)
    stroke.finish()
    assert document.can_undo


def test_that_a_command_that_starts_elsewhere_is_refused() -> None:
    document = Document(WIDTH, HEIGHT)
    with pytest.raises(ValueError, match="present state"):
        document.apply(RecipeChange(Recipe(kernel=3), Recipe()))
    with pytest.raises(ValueError, match="present state"):
        document.apply(StatusChange(Status.DONE, Status.APPROVED))
    with pytest.raises(ValueError, match="present state"):
        document.apply(LabelsChange((), document.labels))
    with pytest.raises(ValueError, match="present state"):
        document.apply(PartitionChange(Partition((Tie((1.5, 1.5), (9.5, 9.5)),)), Partition()))
    assert document.revision == 0
    assert not document.can_undo


def test_that_planes_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="override"):
        Document(10, 20, override=np.zeros((10, 20), np.uint8))
    with pytest.raises(ValueError, match="base mask"):
        Document(10, 20).place_base(np.zeros((10, 20), np.uint8))


def test_that_the_final_foreground_holds_all_labels() -> None:
    document = Document(WIDTH, HEIGHT)
    dab(document, 1, 40, 40, 10)
    dab(document, 7, 140, 140, 10)
    mask = document.final_mask()
    assert mask.dtype == np.uint8
    np.testing.assert_array_equal(mask, document.final > 0)
    mask[:] = 0
    assert document.final.any()


def test_that_the_final_plane_stays_the_same_array() -> None:
    document = Document(WIDTH, HEIGHT)
    final = document.final
    document.apply(BaseChange(Base.empty(), Base.of_draft(DRAFTS[0])))
    document.rebuild_base()
    dab(document, 1, 40, 40, 10)
    document.undo()
    document.undo()
    assert document.final is final


def test_that_a_new_command_drops_what_was_undone() -> None:
    document = Document(WIDTH, HEIGHT)
    dab(document, 1, 40, 40, 10)
    document.undo()
    assert document.can_redo
    dab(document, 1, 90, 90, 10)
    assert not document.can_redo
    assert len(document.history.commands) == 1


def test_that_a_history_cannot_start_beyond_its_end() -> None:
    with pytest.raises(ValueError, match="cursor"):
        History([], cursor=1)
    with pytest.raises(IndexError):
        History().back()
    with pytest.raises(IndexError):
        History().forward()
