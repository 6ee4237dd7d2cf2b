"""The status bar."""

import pytest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.status_bar import StatusBar


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
    bar.show_model("Polyps 1", "cpu", "ab" * 32)
    assert "ab" * 32 in bar._model.toolTip()
    assert bar._device.text() == "CPU"
    bar.show_model("", "", "")
    assert bar._model.text() == "No model loaded"
    assert bar._device.isHidden()
