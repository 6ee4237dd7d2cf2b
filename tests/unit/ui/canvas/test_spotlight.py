"""Pointing at a part of the picture from outside the canvas."""

import pytest
from made.canvas_hand import HEIGHT, WIDTH

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.spotlight import Spotlight, closeup
from lsegdiff_gui.ui.canvas.view import View


def test_that_the_frame_stands_around_what_it_points_at(canvas: Canvas) -> None:
    spotlight, box = Spotlight(canvas), Box(10, 20, 60, 50)
    spotlight.point_at(box)
    seen = canvas.view.widget_box(canvas.view.device_box(box))
    frame = spotlight.geometry()
    assert spotlight.isVisible()
    assert frame.left() < seen.x0 and frame.top() < seen.y0
    assert frame.right() >= seen.x1 and frame.bottom() >= seen.y1
    spotlight.point_at(None)
    assert not spotlight.isVisible()


def test_that_a_speck_gets_a_frame_that_is_seen(canvas: Canvas) -> None:
    spotlight = Spotlight(canvas)
    spotlight.point_at(Box(100, 60, 101, 61))
    assert min(spotlight.width(), spotlight.height()) >= 20


def test_that_nothing_is_framed_that_is_out_of_sight(canvas: Canvas) -> None:
    spotlight = Spotlight(canvas)
    canvas.zoom_to(30.0, (10.0, 10.0))
    spotlight.point_at(Box(WIDTH - 2, HEIGHT - 2, WIDTH, HEIGHT))
    assert not spotlight.isVisible()
    canvas.show_picture(None)
    spotlight.point_at(Box(0, 0, 1, 1))
    assert not spotlight.isVisible()


@pytest.mark.parametrize("box", [Box(0, 0, 40, 30), Box(900, 300, 901, 301), Box(5, 5, 995, 790)])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_that_a_closeup_shows_all_of_it_in_the_middle(box: Box, ratio: float) -> None:
    view = closeup(View.fit(1000, 800, 500, 400, ratio), box)
    seen = view.device_box(box)
    assert seen.x0 >= 0 and seen.x1 <= view.device_width
    assert seen.y0 >= 0 and seen.y1 <= view.device_height
    x, y = view.to_widget((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    assert abs(x - 250) <= 1 and abs(y - 200) <= 1
    assert view.scale >= view.fit_scale
    assert view.scale <= max(8.0, view.fit_scale)


def test_that_an_empty_box_moves_nothing() -> None:
    view = View.fit(100, 80, 500, 400)
    assert closeup(view, Box.empty()) is view
