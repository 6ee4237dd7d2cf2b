"""The status bar."""

import pytest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.status_bar import Reading, StatusBar


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    bar = StatusBar()
    qtbot.addWidget(bar)
    return bar


def test_that_facts_are_shown_and_taken_away(bar: StatusBar) -> None:
    bar.show_size((640, 480))
    bar.show_zoom(1.5)
    bar.show_cursor((3, 4))
    assert [bar._size.text(), bar._zoom.text(), bar._cursor.text()] == ["640 × 480 px", "150 %", "x 3  y 4"]
    bar.show_size(None)
    bar.show_zoom(None)
    bar.show_cursor(None)
    assert [bar._size.text(), bar._zoom.text(), bar._cursor.text()] == ["", "", ""]


def test_that_small_zooms_have_a_decimal(bar: StatusBar) -> None:
    bar.show_zoom(0.043)
    assert bar._zoom.text() == "4.3 %"


def test_that_the_models_tool_tip_is_the_hash_of_its_weights(bar: StatusBar) -> None:
    bar.show_model("Polyps 1", "cpu", "ab" * 32, "bfloat16 by OpenVINO")
    assert "ab" * 32 in bar._model.toolTip()
    assert "bfloat16 by OpenVINO" in bar._device.toolTip()
    assert bar._device.text() == "CPU"
    bar.show_model("", "", "")
    assert bar._model.text() == "No model loaded"
    assert bar._device.isHidden()


def test_that_the_pixel_under_the_pointer_is_told_with_all_that_is_known(bar: StatusBar) -> None:
    bar.show_reading(Reading((3, 4), (200, 130, 9), "Lesion", 0.834, 0.05))
    told = [field.text() for field in (bar._cursor, bar._values, bar._label, bar._probability)]
    assert told == ["x 3  y 4", "200 130 9", "Lesion", "p 0.83 ± 0.05"]
    bar.show_reading(Reading((3, 4), (40000,), "Background"))
    assert [bar._values.text(), bar._probability.text()] == ["40000", ""]
    bar.show_reading(None)
    assert [field.text() for field in (bar._cursor, bar._values, bar._label, bar._probability)] == [""] * 4


def test_that_the_area_is_told_in_pixels_and_percent(bar: StatusBar) -> None:
    bar.show_area((12345, 100_000))
    assert bar._area.text() == "Mask 12,345 px, 12.3 %"
    bar.show_area(None)
    assert bar._area.isHidden()
