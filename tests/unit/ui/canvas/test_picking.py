"""Wand, fill, and components to keep or remove, by a hand without a window."""

import numpy as np
import pytest
from made.stage import MadeStage

from lsegdiff_gui.annotation.labels import ERASED
from lsegdiff_gui.annotation.tools import fill
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas import picking
from lsegdiff_gui.ui.canvas.hand import Hand
from lsegdiff_gui.ui.canvas.tools import ToolName

DARK = Box(20, 10, 40, 30)


@pytest.fixture
def stage() -> MadeStage:
    """A dark square within a somewhat lighter one, on a light ground."""
    stage = MadeStage()
    assert stage.rgb8 is not None
    stage.rgb8[DARK.padded(4).slices] = 110
    stage.rgb8[DARK.slices] = 60
    return stage


def hand_with(stage: MadeStage, tool: ToolName) -> Hand:
    hand = Hand(stage)
    hand.take(tool)
    return hand


def click(hand: Hand, x: float, y: float, *, control: bool = False) -> None:
    hand.press(x, y, moves=False, control=control)
    hand.finish()


def wanted(stage: MadeStage) -> tuple[Box, int, str]:
    [([(region, value)], tool)] = stage.edits
    return region.box, value, tool


def test_that_the_wand_takes_the_colour_at_the_press(stage: MadeStage) -> None:
    click(hand_with(stage, "wand"), 25, 15)
    assert wanted(stage) == (DARK, 1, "wand")


def test_that_a_drag_to_the_right_takes_more_and_back_again_less(stage: MadeStage) -> None:
    hand = hand_with(stage, "wand")
    hand.press(25, 15, moves=False, control=False)
    shown = []
    for x in (25, 100, 25):
        hand.move(x, 33)
        assert stage.proposal is not None and stage.proposal.region is not None
        shown.append((stage.proposal.region.box, stage.proposal.words))
    assert [box for box, _ in shown] == [DARK, DARK.padded(4), DARK]
    assert [words.split()[1] for _, words in shown] == ["10.0", "25.0", "10.0"]
    assert "400 px" in shown[0][1]
    hand.move(100, 15)
    hand.finish()
    assert wanted(stage) == (DARK.padded(4), 1, "wand")
    assert stage.tolerances == [25.0]
    assert stage.proposal is None


def test_that_the_tolerance_stays_within_its_limits(stage: MadeStage) -> None:
    hand = hand_with(stage, "wand")
    hand.press(25, 15, moves=False, control=False)
    for x, tolerance in ((-5000, "0.0"), (5000, "100.0")):
        hand.move(x, 15)
        assert stage.proposal is not None and stage.proposal.words.split()[1] == tolerance


def test_that_the_wand_looks_only_when_its_tolerance_has_changed(
    stage: MadeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []
    look = fill.wand
    monkeypatch.setattr(fill, "wand", lambda *given, **how: looks.append(given) or look(*given, **how))
    hand = hand_with(stage, "wand")
    hand.press(25, 15, moves=False, control=False)
    for y in range(20):
        hand.move(25.2, 15 + y)
    assert len(looks) == 1


def test_that_the_wand_shows_what_is_in_view_and_takes_the_whole(stage: MadeStage) -> None:
    stage.view = stage.view.zoomed(4.0, (25, 15))
    hand = hand_with(stage, "wand")
    hand.press(25, 15, moves=False, control=False)
    assert stage.proposal is not None and stage.proposal.region is not None
    shown = stage.proposal.region.box
    assert shown == DARK.intersect(stage.view.seen) and shown != DARK
    assert stage.proposal.words.endswith("px in view")
    hand.finish()
    assert wanted(stage) == (DARK, 1, "wand")


def test_that_a_cancelled_wand_takes_nothing_and_keeps_its_tolerance(stage: MadeStage) -> None:
    hand = hand_with(stage, "wand")
    hand.press(25, 15, moves=False, control=False)
    hand.move(100, 15)
    hand.cancel()
    assert not stage.edits and not stage.tolerances and stage.proposal is None


@pytest.mark.parametrize("tool", ["wand", "fill", "keep", "remove"])
def test_that_a_press_beside_the_picture_does_nothing(stage: MadeStage, tool: ToolName) -> None:
    click(hand_with(stage, tool), -3, 15)
    assert not stage.edits and stage.proposal is None


def test_that_a_wand_with_control_erases(stage: MadeStage) -> None:
    hand = hand_with(stage, "wand")
    hand.press(25, 15, moves=False, control=True)
    assert stage.proposal is not None and stage.proposal.erases
    hand.finish()
    assert wanted(stage) == (DARK, ERASED, "wand")


def test_that_fill_gives_a_part_the_active_label_and_control_erases_it(stage: MadeStage) -> None:
    stage.paint(Box(5, 5, 15, 15), 3)
    hand = hand_with(stage, "fill")
    hand.label = 2
    click(hand, 8, 8)
    assert wanted(stage) == (Box(5, 5, 15, 15), 2, "fill")
    stage.edits.clear()
    click(hand, 8, 8, control=True)
    assert wanted(stage) == (Box(5, 5, 15, 15), ERASED, "fill")


@pytest.mark.parametrize(
    ("tool", "control", "gone"),
    [
        ("keep", False, Box(30, 20, 40, 30)),
        ("keep", True, Box(5, 5, 15, 15)),
        ("remove", False, Box(5, 5, 15, 15)),
        ("remove", True, Box(30, 20, 40, 30)),
    ],
)
def test_that_one_part_is_kept_or_removed_and_control_swaps_the_two(
    stage: MadeStage, tool: ToolName, control: bool, gone: Box
) -> None:
    stage.paint(Box(5, 5, 15, 15))
    stage.paint(Box(30, 20, 40, 30))
    stage.paint(Box(45, 5, 50, 10), 2)
    click(hand_with(stage, tool), 8, 8, control=control)
    box, value, _ = wanted(stage)
    assert (box, value) == (gone, ERASED)


@pytest.mark.parametrize("tool", ["keep", "remove"])
def test_that_there_is_no_part_on_the_background(stage: MadeStage, tool: ToolName) -> None:
    stage.paint(Box(5, 5, 15, 15))
    click(hand_with(stage, tool), 30, 30)
    assert not stage.edits


def test_that_a_click_that_is_left_with_esc_does_nothing(stage: MadeStage) -> None:
    hand = hand_with(stage, "fill")
    hand.press(8, 8, moves=False, control=False)
    hand.cancel()
    hand.finish()
    assert not stage.edits


def test_that_what_the_tools_want_is_an_edit_of_the_document(stage: MadeStage) -> None:
    click(hand_with(stage, "wand"), 25, 15)
    changes, tool = stage.edits[0]
    assert stage.document is not None
    assert stage.document.edit(changes, tool) is not None
    assert np.count_nonzero(stage.final) == DARK.area


def test_that_from_afar_the_wand_shows_every_few_pixels_and_takes_all(
    stage: MadeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picking, "_MOST_LIVE", 60 * 40 // 16)
    hand = hand_with(stage, "wand")
    hand.press(25, 15, moves=False, control=False)
    proposal = stage.proposal
    assert proposal is not None and proposal.region is not None
    assert (proposal.step, proposal.region.box) == (4, Box(5, 3, 10, 8))
    assert "about 400 px" in proposal.words
    hand.finish()
    assert wanted(stage) == (DARK, 1, "wand")
    assert stage.proposal is None


def test_that_from_afar_a_press_beside_the_picture_takes_nothing(
    stage: MadeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picking, "_MOST_LIVE", 60 * 40 // 49)
    click(hand_with(stage, "wand"), 60.5, 20)
    assert stage.edits == []
