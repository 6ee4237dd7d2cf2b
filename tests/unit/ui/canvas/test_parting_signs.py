"""What is seen of instances, cuts and ties while a tool is in the hand that parts them."""

from dataclasses import replace

import numpy as np
import pytest
from made.canvas_hand import HEIGHT, WIDTH, pixels
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.instance_map import InstanceMap, Number, instance_map
from lsegdiff_gui.annotation.instances import Cut, Partition, Tie
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.parting_signs import INSTANCE_COLOURS, PartingSigns
from lsegdiff_gui.ui.canvas.view import View

CUT = Cut(((300, 40), (300, 260)))


@pytest.fixture
def parted(canvas: Canvas, document: Document) -> Canvas:
    """A grey picture with a large part that is cut and a small one tied to its left half; all in one label."""
    canvas.show_picture(np.full((HEIGHT, WIDTH, 3), 128, np.uint8))
    for box in (Box(150, 60, 450, 240), Box(60, 350, 120, 400)):
        document.edit([(Region(box, np.ones((box.height, box.width), np.bool_)), 1)], "made")
    canvas.set_document(document)
    canvas.set_overlay(visible=True, opacity=1.0, outline=False)
    return canvas


def found_in(document: Document) -> InstanceMap:
    return instance_map(document.final, Partition(ties=(Tie((160, 100), (70, 360)),), cuts=(CUT,)))


def at(canvas: Canvas, x: float, y: float) -> tuple[int, ...]:
    seen = canvas.view.to_widget(x, y)
    return tuple(int(value) for value in pixels(canvas)[int(seen[1]), int(seen[0])])


def test_that_parts_of_one_instance_have_one_colour_and_others_another(
    parted: Canvas, document: Document
) -> None:
    one_label = at(parted, 170, 80)
    assert at(parted, 430, 80) == one_label
    parted.show_parting(PartingSigns((CUT,), found_in(document)))
    left, right, small = at(parted, 170, 80), at(parted, 430, 80), at(parted, 65, 355)
    assert left == small == INSTANCE_COLOURS[1] and right == INSTANCE_COLOURS[2]
    parted.show_parting(None)
    assert at(parted, 170, 80) == one_label


@pytest.mark.parametrize("scale", [0.7, 1.0, 4.0])
@pytest.mark.parametrize("ground", [30, 128, 235])
def test_that_cuts_and_ties_are_light_on_dark_at_every_zoom(
    parted: Canvas, document: Document, scale: float, ground: int
) -> None:
    parted.show_picture(np.full((HEIGHT, WIDTH, 3), ground, np.uint8))
    parted.set_document(document)
    parted.set_overlay(visible=False, opacity=1.0, outline=False)
    found = found_in(document)
    [(start, end)] = found.links
    half_way = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    parted.show_parting(PartingSigns((CUT,), found))
    for x, y in ((300, 50), half_way):
        parted.set_view(replace(parted.view, scale=scale, centre_x=x, centre_y=y))
        seen = parted.view.to_widget(x, y)
        row, column = int(seen[1]), int(seen[0])
        around = pixels(parted)[row - 8 : row + 9, column - 8 : column + 9].mean(axis=2)
        assert around.max() > 225 and around.min() < 60


def test_that_a_cut_is_seen_before_the_instances_are_counted(parted: Canvas) -> None:
    before = pixels(parted)
    parted.show_parting(PartingSigns((CUT,)))
    assert (pixels(parted) != before).any()


def test_that_numbers_never_cover_each_other_and_the_larger_part_wins() -> None:
    numbers = tuple(Number(n, (10.0 + 3 * n, 20.0)) for n in range(1, 40))
    found = InstanceMap((), np.zeros((40, 200), np.uint8), (), numbers, (), ())
    view = View(200, 40, 200, 40, scale=1.0, centre_x=100, centre_y=20)
    places = list(PartingSigns((), found)._plates(found, view))
    assert places[0][0].number == 1 and 2 < len(places) < 20
    for index, (_, place) in enumerate(places):
        assert not any(place.intersects(other) for _, other in places[:index])
    # From nearer there is room for all of them.
    near = View(200, 40, 6000, 400, scale=30.0, centre_x=100, centre_y=20)
    assert len(list(PartingSigns((), found)._plates(found, near))) == len(numbers)


def test_that_the_next_picture_shows_nothing_of_the_last(parted: Canvas, document: Document) -> None:
    parted.show_parting(PartingSigns((CUT,), found_in(document)))
    parted.show_picture(np.full((HEIGHT, WIDTH, 3), 128, np.uint8))
    assert (pixels(parted)[100:300, 100:400] == 128).all()


def test_that_they_are_out_of_the_way_while_the_picture_or_the_draft_is_looked_at(
    parted: Canvas, document: Document
) -> None:
    plain = pixels(parted)
    parted.set_overlay(visible=False, opacity=1.0, outline=False)
    without = pixels(parted)
    parted.set_overlay(visible=True, opacity=1.0, outline=False)
    parted.show_draft_mask(document.final.copy())
    parted.show_parting(PartingSigns((CUT,), found_in(document)))
    shown = pixels(parted)
    assert (shown != plain).any()
    for key, expected in ((Qt.Key.Key_V, without), (Qt.Key.Key_C, plain)):
        QTest.keyPress(parted, key)
        seen = pixels(parted)
        # The legend of a comparison stands at the bottom left.
        assert np.array_equal(seen[:-60], expected[:-60])
        QTest.keyRelease(parted, key)
        assert np.array_equal(pixels(parted), shown)
