"""Polygon and lasso, by a hand without a window."""

import pytest
from made.stage import HEIGHT, WIDTH, MadeStage

from lsegdiff_gui.annotation.labels import ERASED
from lsegdiff_gui.annotation.tools.shapes import polygon
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.hand import Hand
from lsegdiff_gui.ui.canvas.tools import ToolName

CORNERS = [(10, 10), (40, 10), (40, 30), (10, 30)]


@pytest.fixture
def stage() -> MadeStage:
    return MadeStage()


def hand_with(stage: MadeStage, tool: ToolName) -> Hand:
    hand = Hand(stage)
    hand.take(tool)
    return hand


def click(hand: Hand, x: float, y: float, *, control: bool = False) -> None:
    hand.press(x, y, moves=False, control=control)
    hand.finish()


def drag(hand: Hand, *points: tuple[float, float], control: bool = False) -> None:
    hand.press(*points[0], moves=False, control=control)
    for x, y in points[1:]:
        hand.move(x, y)
    hand.finish()


def test_that_enter_takes_the_inside_of_the_clicked_corners(stage: MadeStage) -> None:
    hand = hand_with(stage, "polygon")
    for corner in CORNERS:
        click(hand, *corner)
    assert not stage.edits
    assert hand.close()
    [(changes, tool)] = stage.edits
    assert [(region.box, value) for region, value in changes] == [(Box(10, 10, 40, 30), 1)]
    assert tool == "polygon"
    assert stage.proposal is None
    assert not hand.close()


@pytest.mark.parametrize("last", [(12, 11), (10, 30)], ids=["the first corner", "the last one again"])
def test_that_a_click_on_the_first_corner_or_twice_on_the_last_closes(
    stage: MadeStage, last: tuple[float, float]
) -> None:
    hand = hand_with(stage, "polygon")
    for corner in (*CORNERS, last):
        click(hand, *corner)
    assert len(stage.edits) == 1


def test_that_two_corners_are_no_outline_to_close(stage: MadeStage) -> None:
    hand = hand_with(stage, "polygon")
    click(hand, 10, 10)
    click(hand, 40, 10)
    assert not hand.close()
    click(hand, 40, 10)
    assert stage.proposal is not None and stage.proposal.corners == 2


def test_that_the_rubber_band_follows_the_pointer_and_snaps_to_the_first_corner(stage: MadeStage) -> None:
    hand = hand_with(stage, "polygon")
    for corner in CORNERS[:3]:
        click(hand, *corner)
    hand.move(20, 35)
    assert stage.proposal is not None
    assert stage.proposal.points == (*CORNERS[:3], (20, 35))
    hand.move(13, 12)
    assert stage.proposal.points[-1] == CORNERS[0]


def test_that_corners_are_taken_back_one_by_one_until_the_outline_is_gone(stage: MadeStage) -> None:
    hand = hand_with(stage, "polygon")
    for corner in CORNERS[:2]:
        click(hand, *corner)
    assert hand.step_back()
    assert stage.proposal is not None and stage.proposal.corners == 1
    assert hand.step_back()
    assert stage.proposal is None
    assert not hand.step_back()


def test_that_leaving_the_outline_wants_nothing(stage: MadeStage) -> None:
    hand = hand_with(stage, "polygon")
    for corner in CORNERS:
        click(hand, *corner)
    assert hand.cancel()
    assert not hand.cancel()
    assert not hand.close()
    assert stage.proposal is None and not stage.edits


def test_that_another_tool_leaves_the_outline(stage: MadeStage) -> None:
    hand = hand_with(stage, "polygon")
    click(hand, 10, 10)
    hand.take("brush")
    assert stage.proposal is None
    assert not hand.step_back()


def test_that_the_picture_can_be_moved_while_an_outline_is_open(stage: MadeStage) -> None:
    hand = hand_with(stage, "polygon")
    for corner in CORNERS[:3]:
        click(hand, *corner)
    before = stage.view
    hand.press(30, 20, moves=True, control=False)
    hand.move(35, 20)
    assert hand.moves_picture
    hand.finish()
    assert stage.view != before
    assert hand.close() and stage.edits


def test_that_an_outline_begun_with_control_erases_and_takes_the_label_of_its_end(stage: MadeStage) -> None:
    hand = hand_with(stage, "polygon")
    for corner in CORNERS:
        click(hand, *corner, control=corner == CORNERS[0])
    assert stage.proposal is not None and stage.proposal.erases
    hand.close()
    for corner in CORNERS:
        click(hand, *corner)
    hand.label = 7
    hand.close()
    assert [changes[0][1] for changes, _ in stage.edits] == [ERASED, 7]


def test_that_the_lasso_takes_what_the_drag_goes_round(stage: MadeStage) -> None:
    hand = hand_with(stage, "lasso")
    points: list[tuple[float, float]] = [(5, 5), (30, 4), (31, 22), (18, 30), (6, 20)]
    drag(hand, *points)
    [([(region, value)], tool)] = stage.edits
    expected = polygon(points, WIDTH, HEIGHT)
    assert (region.box, region.pixels, value, tool) == (expected.box, expected.pixels, 1, "lasso")
    assert stage.proposal is None


def test_that_a_lasso_shows_its_line_and_a_click_takes_nothing(stage: MadeStage) -> None:
    hand = hand_with(stage, "lasso")
    hand.press(5, 5, moves=False, control=True)
    hand.move(5.2, 5.2)
    hand.move(20, 5)
    assert stage.proposal is not None
    assert stage.proposal.points == ((5, 5), (20, 5)) and stage.proposal.erases
    hand.finish()
    assert not stage.edits


def test_that_a_cancelled_lasso_takes_nothing(stage: MadeStage) -> None:
    hand = hand_with(stage, "lasso")
    hand.press(5, 5, moves=False, control=False)
    for x, y in CORNERS:
        hand.move(x, y)
    hand.cancel()
    hand.move(1, 1)
    hand.finish()
    assert not stage.edits and stage.proposal is None
