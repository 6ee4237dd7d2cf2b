import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.view import FIT_MARGIN, MAX_SCALE, View

RATIOS = st.sampled_from([1.0, 1.5, 2.0])
SIDES = st.integers(1, 9000)


@st.composite
def views(draw: st.DrawFn) -> View:
    view = View.fit(
        draw(SIDES), draw(SIDES), draw(st.integers(30, 2000)), draw(st.integers(30, 1500)), draw(RATIOS)
    )
    view = view.zoomed(draw(st.floats(0.01, 80)))
    return view.panned(draw(st.floats(-3000, 3000)), draw(st.floats(-3000, 3000)))


@given(views(), st.floats(-100, 9000), st.floats(-100, 9000))
def test_that_a_point_comes_back_from_the_screen(view: View, x: float, y: float) -> None:
    back = view.to_picture(*view.to_widget(x, y))
    assert back == pytest.approx((x, y), abs=1e-6)


@given(SIDES, SIDES, st.integers(100, 2000), st.integers(100, 1500), RATIOS)
def test_that_fit_shows_the_whole_picture_in_the_middle(
    w: int, h: int, width: int, height: int, ratio: float
) -> None:
    view = View.fit(w, h, width, height, ratio)
    shown = view.shown
    assert shown.width >= math.floor(w * view.scale) - 1
    assert shown.height >= math.floor(h * view.scale) - 1
    assert abs(shown.x0 - (view.device_width - shown.x1)) <= 2
    assert abs(shown.y0 - (view.device_height - shown.y1)) <= 2
    if view.scale < MAX_SCALE:
        room = 2 * FIT_MARGIN * ratio
        assert math.isclose(shown.width, view.device_width - room, abs_tol=2) or math.isclose(
            shown.height, view.device_height - room, abs_tol=2
        )


@given(views(), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.3, 4))
def test_that_zoom_keeps_the_point_under_the_cursor(view: View, u: float, v: float, factor: float) -> None:
    at = (u * view.width, v * view.height)
    x, y = view.to_picture(*at)
    zoomed = view.zoomed(view.scale * factor, at)
    if 0 < zoomed.centre_x < view.picture_width and 0 < zoomed.centre_y < view.picture_height:
        # The origin is rounded to device pixels before and after: half a screen pixel each.
        now = zoomed.to_widget(x, y)
        before = 0.5 * zoomed.scale / view.scale
        assert abs(now[0] - at[0]) * view.ratio <= before + 0.51
        assert abs(now[1] - at[1]) * view.ratio <= before + 0.51


@given(views(), st.floats(-5000, 5000), st.floats(-5000, 5000), st.floats(0.001, 100))
def test_that_the_middle_of_the_viewport_never_leaves_the_picture(
    view: View, dx: float, dy: float, s: float
) -> None:
    moved = view.panned(dx, dy).zoomed(s, (3.0, 5.0))
    assert 0 <= moved.centre_x <= view.picture_width
    assert 0 <= moved.centre_y <= view.picture_height
    assert view.min_scale <= moved.scale <= MAX_SCALE


@given(views())
def test_that_every_shown_pixel_has_a_picture_pixel_and_no_other_has(view: View) -> None:
    shown = view.shown
    if view.picture_width * view.scale < 1:
        return
    for x in {shown.x0, shown.x1 - 1} if not shown.is_empty else set():
        centre = (x + 0.5 - view.origin[0]) / view.scale
        assert 0 <= centre < view.picture_width or math.isclose(centre, view.picture_width)
        column = int(view.columns(x, x + 1, view.picture_width)[0])
        # On the border of two picture pixels the last digit decides, and either will do.
        assert column == min(int(centre), view.picture_width - 1) or math.isclose(centre, column + 1)
    if shown.x0 > 0 and not shown.is_empty:
        assert (shown.x0 - 0.5 - view.origin[0]) / view.scale < 1e-9


@given(views(), st.data())
def test_that_a_box_of_the_picture_is_covered_by_its_device_and_widget_boxes(
    view: View, data: st.DataObject
) -> None:
    x0 = data.draw(st.integers(0, view.picture_width - 1))
    x1 = data.draw(st.integers(x0 + 1, view.picture_width))
    device = view.device_box(Box(x0, 0, x1, view.picture_height))
    shown = view.shown
    columns = view.columns(shown.x0, shown.x1, view.picture_width)
    inside = np.flatnonzero((columns >= x0) & (columns < x1)) + shown.x0
    if inside.size and not shown.is_empty:
        assert device.x0 <= inside[0] and inside[-1] < device.x1
        widget = view.widget_box(device)
        assert widget.x0 * view.ratio <= device.x0 and device.x1 <= widget.x1 * view.ratio
        again = view.device_box_of_widget(widget)
        assert again.x0 <= device.x0 and device.x1 <= again.x1


def test_that_a_hundred_percent_is_one_screen_pixel_a_picture_pixel_at_every_density() -> None:
    for ratio in (1.0, 1.5, 2.0):
        view = View.fit(400, 300, 500, 400, ratio).zoomed(1.0)
        shown = view.shown
        assert (shown.width, shown.height) == (min(400, view.device_width), min(300, view.device_height))
        assert np.all(np.diff(view.columns(shown.x0, shown.x1, 400)) == 1)


def test_that_a_fitted_picture_is_fitted_again_in_another_viewport() -> None:
    view = View.fit(1000, 500, 400, 400).resized(800, 800, 1.0)
    assert view == View.fit(1000, 500, 800, 800)


def test_that_a_zoomed_picture_keeps_its_middle_and_size_on_a_denser_screen() -> None:
    view = View.fit(1000, 500, 400, 400).zoomed(1.0, (100, 100))
    dense = view.resized(600, 300, 2.0)
    assert (dense.centre_x, dense.centre_y) == (view.centre_x, view.centre_y)
    assert dense.scale / dense.ratio == view.scale / view.ratio


def test_that_a_point_outside_is_brought_into_sight_and_one_inside_moves_nothing() -> None:
    view = View.fit(1000, 1000, 400, 400).zoomed(4.0)
    assert view.revealing(500, 500, 40) == view
    moved = view.revealing(900, 100, 40)
    x, y = moved.to_widget(900, 100)
    assert 39 <= x <= 361 and 39 <= y <= 361


def test_that_the_seen_pixels_are_those_with_a_part_in_the_viewport() -> None:
    assert View(100, 80, 40, 20, scale=4.0, centre_x=50, centre_y=40).seen == Box(45, 37, 55, 43)
    assert View.fit(100, 80, 400, 300).seen == Box(0, 0, 100, 80)
