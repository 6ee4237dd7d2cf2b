"""Which gesture a press begins."""

from typing import get_args

import pytest
from made.stage import MadeStage

from lsegdiff_gui.ui.canvas.hand import LARGEST_RADIUS, Hand
from lsegdiff_gui.ui.canvas.tools import TOOLS, ToolName


@pytest.fixture
def stage() -> MadeStage:
    return MadeStage()


def press(hand: Hand, tool: ToolName, *, moves: bool = False, control: bool = False) -> None:
    hand.take(tool)
    hand.press(10, 10, moves=moves, control=control)


def test_that_every_tool_is_in_the_table() -> None:
    assert list(TOOLS) == list(get_args(ToolName))


def test_that_an_unknown_tool_is_refused(stage: MadeStage) -> None:
    with pytest.raises(ValueError, match="laser"):
        Hand(stage).take("laser")  # type: ignore[arg-type]


def test_that_brush_and_eraser_paint_strokes_named_by_what_they_did(stage: MadeStage) -> None:
    hand = Hand(stage)
    hand.radius = 3
    for tool, control in (("brush", False), ("eraser", False), ("eraser", True), ("brush", True)):
        press(hand, tool, control=control)
        assert hand.is_painting
        hand.finish()
    assert [stroke.tool for stroke in stage.strokes] == ["brush", "eraser", "brush", "eraser"]


def test_that_the_other_end_of_the_pen_erases_with_every_tool(stage: MadeStage) -> None:
    hand = Hand(stage)
    hand.pen_is_inverted = True
    assert all(hand.take(tool) is None and hand.erases(control=False) for tool in TOOLS)
    assert hand.erases(control=True)


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool != "pan"])
def test_that_without_a_document_only_the_picture_moves(stage: MadeStage, tool: ToolName) -> None:
    stage.document = None
    hand = Hand(stage)
    press(hand, tool)
    assert not hand.is_busy and not hand.finish() and not hand.close() and stage.proposal is None
    press(hand, tool, moves=True)
    assert hand.moves_picture
    hand.finish()


def test_that_every_tool_but_the_moving_hand_asks_to_see_the_mask(stage: MadeStage) -> None:
    hand = Hand(stage)
    for tool in TOOLS:
        press(hand, tool)
        hand.drop()
    assert stage.dismissed == len(TOOLS) - 1


def test_that_the_radius_stays_within_its_limits(stage: MadeStage) -> None:
    hand = Hand(stage)
    hand.radius = 1e9
    assert hand.radius == LARGEST_RADIUS
    hand.radius = 0
    assert hand.radius == 0.5


def test_that_everything_open_is_dropped_at_once(stage: MadeStage) -> None:
    hand = Hand(stage)
    press(hand, "polygon")
    hand.press(20, 20, moves=True, control=False)
    hand.move(30, 20)
    before = stage.view
    hand.drop()
    assert stage.proposal is None and not hand.is_busy and stage.view != before
