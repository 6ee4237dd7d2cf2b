"""What an open gesture would do, as it is seen."""

import numpy as np
import pytest
from made.canvas_hand import HEIGHT, WIDTH, backing_store, pixels
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.proposal import Proposal, _codes
from lsegdiff_gui.ui.canvas.view import View

VIEW = View.fit(WIDTH, HEIGHT, 500, 400)


def region(box: Box) -> Region:
    return Region.of_mask(np.ones((box.height, box.width)), box)


@pytest.mark.parametrize(
    "proposal",
    [
        Proposal(((50, 60), (200, 80), (300, 300)), corners=2),
        Proposal(((50, 60), (200, 80), (300, 300)), closes=True),
        Proposal(((50, 60), (200, 80), (300, 300)), erases=True),
        Proposal(region=region(Box(100, 100, 300, 200)), words="Tolerance 12.0 · 20 px", at=(150.5, 150.5)),
        Proposal(region=region(Box(100, 100, 300, 200)), erases=True),
    ],
    ids=["line", "closing line", "erasing line", "region with words", "erasing region"],
)
def test_that_it_changes_what_is_seen_within_its_bounds_and_goes_without_a_trace(
    canvas: Canvas, proposal: Proposal
) -> None:
    before = pixels(canvas)
    canvas.show_proposal(proposal)
    shown = pixels(canvas)
    changed = Box.of((shown != before).any(axis=2))
    bounds = proposal.bounds(canvas.view)
    assert not changed.is_empty
    assert bounds.contains(QPoint(changed.x0, changed.y0)) and bounds.contains(
        QPoint(changed.x1 - 1, changed.y1 - 1)
    )
    canvas.show_proposal(None)
    assert np.array_equal(pixels(canvas), before)


def test_that_partial_repaints_leave_what_a_whole_one_would(canvas: Canvas) -> None:
    corners = ((50.0, 60.0), (200.0, 80.0), (300.0, 300.0))
    for pointer in ((20.0, 400.0), (400.0, 30.0), (310.0, 310.0)):
        canvas.show_proposal(Proposal((*corners, pointer), corners=3, closes=True))
        QApplication.processEvents()
    left = backing_store(canvas)
    canvas.repaint()
    # Qt rounds a line that it draws in parts a little differently.
    assert np.allclose(left, backing_store(canvas), atol=8)
    canvas.show_proposal(Proposal(region=region(Box(100, 100, 300, 200))))
    QApplication.processEvents()
    canvas.show_proposal(Proposal(region=region(Box(120, 50, 200, 220)), words="less", at=(150.5, 150.5)))
    QApplication.processEvents()
    left = backing_store(canvas)
    canvas.repaint()
    assert np.allclose(left, backing_store(canvas), atol=8)


def test_that_a_line_that_grows_repaints_only_its_new_piece() -> None:
    points = tuple((float(x), 10.0) for x in range(0, 600, 5))
    before, after = Proposal(points), Proposal((*points, (605.0, 10.0)))
    changed = after.changed(before, VIEW)
    assert changed.width() < after.bounds(VIEW).width() / 10
    assert changed.contains(QPoint(*map(round, VIEW.to_widget(605, 10))))


def test_that_nothing_is_seen_of_a_region_outside_the_viewport(canvas: Canvas) -> None:
    canvas.zoom_to(4.0)
    before = pixels(canvas)
    canvas.show_proposal(Proposal(region=region(Box(0, 0, 5, 5))))
    assert np.array_equal(pixels(canvas), before)


def test_that_a_region_in_steps_is_drawn_as_the_pixels_it_stands_for() -> None:
    inside = np.zeros((6, 6), np.bool_)
    inside[1:5, 2:4] = True
    inside[3, 3] = False
    view = View(96, 96, 96, 96, scale=1.0, centre_x=48, centre_y=48)
    fine = Region(Box(16, 8, 40, 32), np.kron(inside, np.ones((4, 4), np.bool_)))
    coarse = Region(Box(4, 2, 10, 8), inside)
    device = Box(0, 0, 96, 96)
    np.testing.assert_array_equal(_codes(coarse, 4, view, device), _codes(fine, 1, view, device))
    assert Proposal(region=coarse, step=4).bounds(view) == Proposal(region=fine).bounds(view)
