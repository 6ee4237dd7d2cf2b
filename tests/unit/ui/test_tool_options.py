"""The options of the tool in the hand."""

import pytest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.canvas.tools import TOOLS
from lsegdiff_gui.ui.tool_options import ToolOptions
from lsegdiff_gui.ui.wand_tolerance import WandTolerance


@pytest.fixture
def options(qtbot: QtBot) -> ToolOptions:
    options = ToolOptions()
    qtbot.addWidget(options)
    options.show()
    return options


def test_that_each_tool_shows_its_own_option_and_no_button_beside_it_moves(options: ToolOptions) -> None:
    shown, widths = {}, set()
    for tool in TOOLS:
        options.show_tool(tool)
        shown[tool] = options.brush.isVisible(), options.tolerance.isVisible()
        widths.add(options.sizeHint().width())
    assert {tool for tool, (brush, _) in shown.items() if brush} == {"brush", "eraser"}
    assert {tool for tool, (_, tolerance) in shown.items() if tolerance} == {"wand"}
    assert len(widths) == 1


def test_that_the_bracket_keys_change_the_option_in_sight_else_the_brush(options: ToolOptions) -> None:
    options.show_tool("wand")
    options.scale(5)
    assert (options.tolerance.value, options.brush.value) == (15, 20)
    options.show_tool("polygon")
    options.scale(1)
    assert options.tolerance.value == 15 and options.brush.value > 20


def test_that_a_tolerance_between_two_positions_is_kept_exactly(options: ToolOptions, qtbot: QtBot) -> None:
    tolerance = options.tolerance
    with qtbot.assertNotEmitted(tolerance.changed):
        tolerance.show_value(12.5)
    assert tolerance.value == 12.5 and tolerance.words.text() == "± 12.5 %"
    assert tolerance.slider.accessibleDescription() == "± 12.5 %"


@pytest.mark.parametrize(("presses", "end"), [(-500, 0), (500, 100)])
def test_that_a_tolerance_stays_within_its_limits(qtbot: QtBot, presses: int, end: float) -> None:
    tolerance = WandTolerance()
    qtbot.addWidget(tolerance)
    with qtbot.waitSignal(tolerance.changed) as told:
        tolerance.scale(presses)
    assert told.args == [end] and tolerance.slider.value() == end
