import time

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.document import ERASED, Document, Status
from lsegdiff_gui.annotation.patch import TILE
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box

points = st.tuples(st.floats(-30, 90), st.floats(-30, 90))


def distances(size: int, ax: float, ay: float, bx: float, by: float) -> npt.NDArray[np.float64]:
    """From every pixel's middle to the segment."""
    y, x = np.mgrid[0:size, 0:size] + 0.5
    length = (bx - ax) ** 2 + (by - ay) ** 2
    t = np.zeros_like(x) if length == 0 else ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length
    t = np.clip(t, 0, 1)
    return np.hypot(x - (ax + t * (bx - ax)), y - (ay + t * (by - ay)))


@given(points, points, st.floats(0.5, 40))
def test_that_a_move_paints_the_pixels_within_the_radius_of_its_line(
    a: tuple[float, float], b: tuple[float, float], radius: float
) -> None:
    document = Document(60, 60)
    stroke = Stroke(document, label=1, radius=radius, tool="brush")
    stroke.move_to(*a)
    stroke.move_to(*b)
    distance = distances(60, *a, *b)
    painted = document.override == 1
    # The pixels that hold the points belong to the stroke however thin it is; rounding may decide a hair's breadth.
    for x, y in (a, b):
        if 0 <= x < 60 and 0 <= y < 60:
            assert painted[int(y), int(x)]
            distance[int(y), int(x)] = 0.0
    assert painted[distance <= radius - 1e-6].all()
    assert not painted[distance > radius + 1e-6].any()


def test_that_a_thin_stroke_has_no_gaps() -> None:
    document = Document(100, 100)
    stroke = Stroke(document, label=1, radius=0.1, tool="brush")
    stroke.move_to(2.0, 3.0)
    stroke.move_to(90.0, 40.0)
    assert document.override.any(axis=0)[2:90].all()


@given(st.lists(points, min_size=1, max_size=8), st.floats(0.5, 30))
def test_that_only_the_returned_boxes_change(path: list[tuple[float, float]], radius: float) -> None:
    document = Document(60, 60)
    stroke = Stroke(document, label=1, radius=radius, tool="brush")
    for point in path:
        before = document.final.copy()
        box = stroke.move_to(*point)
        assert box.clip(60, 60) == box
        outside = np.ones((60, 60), bool)
        outside[box.slices] = False
        np.testing.assert_array_equal(document.final[outside], before[outside])


def test_that_the_edit_undoes_to_the_plane_before_and_redoes_to_the_plane_after() -> None:
    document = Document(700, 600)
    for label, start in ((1, 40.0), (2, 90.0), (ERASED, 200.0)):
        before = document.override.copy()
        stroke = Stroke(document, label=label, radius=33.3, tool="brush")
        stroke.move_to(start, 50)
        stroke.move_to(500, start + 200)
        after = document.override.copy()
        edit = stroke.finish()
        assert edit is not None
        assert edit.box == Box.of(before != after)
        assert edit.pixels == np.count_nonzero(before != after)
        document.undo()
        np.testing.assert_array_equal(document.override, before)
        document.redo()
        np.testing.assert_array_equal(document.override, after)


def test_that_cancel_leaves_no_trace() -> None:
    document = Document(400, 300, base=Base.of_draft(draft()))
    document.rebuild_base()
    first = Stroke(document, label=1, radius=20, tool="brush")
    first.move_to(100, 100)
    first.finish()
    override, final, revision = document.override.copy(), document.final.copy(), document.revision
    stroke = Stroke(document, label=ERASED, radius=40, tool="eraser")
    stroke.move_to(90, 90)
    box = stroke.move_to(320, 250)
    back = stroke.cancel()
    np.testing.assert_array_equal(document.override, override)
    np.testing.assert_array_equal(document.final, final)
    assert box.union(back) == back
    assert document.revision == revision
    assert document.history.cursor == 1


def test_that_a_stroke_over_the_same_label_or_beside_the_picture_makes_no_edit() -> None:
    document = Document(50, 50)
    for _ in range(2):
        stroke = Stroke(document, label=1, radius=10, tool="brush")
        stroke.move_to(25, 25)
        edit = stroke.finish()
    assert edit is None
    beside = Stroke(document, label=1, radius=3, tool="brush")
    assert beside.move_to(-20, 25).is_empty
    assert beside.move_to(-20, 900).is_empty
    assert beside.finish() is None
    assert document.history.cursor == 1


def test_that_painting_moves_a_new_picture_to_in_progress_and_undo_brings_it_back() -> None:
    document = Document(50, 50)
    stroke = Stroke(document, label=1, radius=10, tool="brush")
    stroke.move_to(25, 25)
    stroke.finish()
    assert document.status == Status.IN_PROGRESS
    assert document.is_edited
    document.undo()
    assert document.status == Status.NEW
    assert not document.is_edited


def test_that_a_closed_stroke_paints_no_more() -> None:
    document = Document(50, 50)
    stroke = Stroke(document, label=1, radius=10, tool="brush")
    stroke.move_to(25, 25)
    stroke.finish()
    with pytest.raises(RuntimeError, match="closed"):
        stroke.move_to(30, 30)
    assert stroke.finish() is None
    assert stroke.cancel().is_empty
    assert document.history.cursor == 1


def test_that_two_strokes_cannot_be_open_at_once() -> None:
    document = Document(50, 50)
    Stroke(document, label=1, radius=10, tool="brush")
    with pytest.raises(RuntimeError, match="open"):
        Stroke(document, label=1, radius=10, tool="brush")


@pytest.mark.parametrize("label", [0, -1, 256])
def test_that_a_stroke_needs_a_label(label: int) -> None:
    with pytest.raises(ValueError, match="label"):
        Stroke(Document(5, 5), label=label, radius=1, tool="brush")


def test_that_a_stroke_across_a_large_picture_takes_few_bytes() -> None:
    document = Document(8192, 8192)
    stroke = Stroke(document, label=1, radius=10, tool="brush")
    stroke.move_to(5, 5)
    stroke.move_to(8000, 8100)
    edit = stroke.finish()
    assert edit is not None
    assert edit.box.area > 60_000_000
    assert len(edit.before) + len(edit.after) < 150_000


def test_that_a_dab_on_a_large_picture_takes_hardly_longer_than_on_a_small_one() -> None:
    medians = []
    for side in (1024, 8192):
        stroke = Stroke(Document(side, side), label=1, radius=60, tool="brush")
        times = []
        for index in range(80):
            start = time.perf_counter()
            stroke.move_to(200.0 + 7 * index, 150.0 + 5 * index)
            times.append(time.perf_counter() - start)
        medians.append(sorted(times)[len(times) // 2])
        stroke.cancel()
    assert medians[1] < 5 * medians[0]


def test_that_a_stroke_remembers_only_the_tiles_it_touches() -> None:
    stroke = Stroke(Document(8192, 8192), label=1, radius=10, tool="brush")
    assert sum(piece.values.size for piece in stroke._edit._old.values()) == 0
    stroke.move_to(1000, 1000)
    stroke.move_to(1300, 1000)
    assert sum(piece.values.size for piece in stroke._edit._old.values()) <= 4 * TILE * TILE
    assert stroke.cancel().area <= 4 * TILE * TILE


def test_that_a_long_thin_stroke_has_no_lumps_where_it_is_cut() -> None:
    document = Document(60, 60)
    stroke = Stroke(document, label=1, radius=0.5, tool="brush")
    stroke.move_to(1.5, 29.75)
    stroke.move_to(58.25, 0.0)
    painted = document.override == 1
    painted[29, 1] = painted[0, 58] = False
    assert distances(60, 1.5, 29.75, 58.25, 0.0)[painted].max() <= 0.5


def test_that_what_is_covered_already_is_not_told_as_changed() -> None:
    document = Document(400, 300)
    stroke = Stroke(document, label=1, radius=50, tool="brush")
    assert stroke.move_to(100, 150) == Box.of(document.final)
    front = stroke.move_to(110, 150)
    assert front.x0 >= 100 and front.x1 == 160
    assert stroke.move_to(105, 150).is_empty
    stroke.finish()
    eraser = Stroke(document, label=ERASED, radius=10, tool="eraser")
    assert eraser.move_to(300, 150).is_empty
    assert not eraser.move_to(155, 150).is_empty
