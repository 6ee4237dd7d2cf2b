"""The brush's size."""

import pytest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.stroke import SMALLEST_RADIUS
from lsegdiff_gui.ui.brush_size import BrushSize
from lsegdiff_gui.ui.canvas.hand import LARGEST_RADIUS


@pytest.fixture
def brush(qtbot: QtBot) -> BrushSize:
    brush = BrushSize()
    qtbot.addWidget(brush)
    return brush


def test_that_showing_a_radius_tells_nobody_and_keeps_it_exactly(brush: BrushSize, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(brush.changed):
        brush.show_value(13.7)
    assert brush.value == 13.7
    assert brush.words.text() == "⌀ 27 px"


def test_that_the_keys_change_every_size_by_half_a_pixel_at_least(brush: BrushSize) -> None:
    brush.show_value(1.0)
    brush.scale(1)
    assert brush.value == 1.5
    brush.show_value(100)
    brush.scale(1)
    assert brush.value == pytest.approx(115)


def test_that_five_presses_are_one_big_one(brush: BrushSize) -> None:
    brush.show_value(50)
    brush.scale(5)
    assert brush.value == pytest.approx(50 * 1.15**5)


def test_that_what_a_key_made_larger_its_opposite_makes_as_it_was(brush: BrushSize) -> None:
    for presses in (1, 5):
        brush.show_value(50)
        brush.scale(presses)
        brush.scale(-presses)
        assert brush.value == pytest.approx(50)


@pytest.mark.parametrize("presses", [-200, 200])
def test_that_the_size_stays_within_its_limits(brush: BrushSize, presses: int) -> None:
    brush.scale(presses)
    assert SMALLEST_RADIUS <= brush.value <= LARGEST_RADIUS


def test_that_the_slider_reaches_both_ends(brush: BrushSize) -> None:
    brush.slider.setValue(brush.slider.maximum())
    assert brush.value == pytest.approx(LARGEST_RADIUS)
    brush.slider.setValue(0)
    assert brush.value == pytest.approx(SMALLEST_RADIUS)
