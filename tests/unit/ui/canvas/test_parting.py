"""Cutting and tying lesions, by a hand without a window."""

import pytest
from made.stage import MadeStage

from lsegdiff_gui.annotation.commands import PartitionChange
from lsegdiff_gui.annotation.instances import Cut, Partition, Tie, instances
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.hand import Hand
from lsegdiff_gui.ui.canvas.tools import ToolName


@pytest.fixture
def stage() -> MadeStage:
    """Two parts of one label, and one of another."""
    stage = MadeStage()
    stage.paint(Box(5, 5, 25, 25))
    stage.paint(Box(30, 5, 40, 25))
    stage.paint(Box(45, 5, 50, 10), 2)
    return stage


def drag(
    stage: MadeStage, tool: ToolName, *points: tuple[float, float], control: bool = False
) -> list[Partition]:
    hand = Hand(stage)
    hand.take(tool)
    hand.press(*points[0], moves=False, control=control)
    for x, y in points[1:]:
        hand.move(x, y)
    assert stage.proposal is not None and len(stage.proposal.points) == 2
    hand.finish()
    assert stage.proposal is None and not stage.edits
    return stage.partitions


def test_that_a_line_across_a_part_makes_two_lesions_of_it(stage: MadeStage) -> None:
    [partition] = drag(stage, "cut", (15, 1), (14, 20), (15, 30))
    assert partition == Partition(cuts=(Cut(((15, 1), (15, 30))),))
    assert len(instances(stage.final, partition)) == len(instances(stage.final, Partition())) + 1


def test_that_a_line_from_part_to_part_makes_one_lesion_of_them(stage: MadeStage) -> None:
    [partition] = drag(stage, "tie", (10, 10), (35, 10))
    assert partition == Partition(ties=(Tie((10, 10), (35, 10)),))
    assert len(instances(stage.final, partition)) == len(instances(stage.final, Partition())) - 1


def test_that_control_turns_a_cut_into_a_tie_and_a_tie_into_a_cut(stage: MadeStage) -> None:
    drag(stage, "cut", (10, 10), (35, 10), control=True)
    drag(stage, "tie", (15, 1), (15, 30), control=True)
    assert [bool(partition.ties) for partition in stage.partitions] == [True, False]


def test_that_what_was_cut_and_tied_before_stays(stage: MadeStage) -> None:
    [first] = drag(stage, "tie", (10, 10), (35, 10))
    assert stage.document is not None
    stage.document.apply(PartitionChange(Partition(), first))
    [_, second] = drag(stage, "cut", (15, 1), (15, 30))
    assert second.ties == first.ties and len(second.cuts) == 1


@pytest.mark.parametrize(
    ("tool", "end"),
    [
        ("tie", (27, 10)),  # the background
        ("tie", (47, 7)),  # another label
        ("tie", (10, 10)),  # a click
        ("cut", (10, 10)),
    ],
)
def test_that_a_line_that_joins_or_parts_nothing_is_not_kept(
    stage: MadeStage, tool: ToolName, end: tuple[float, float]
) -> None:
    assert drag(stage, tool, (10, 10), end) == []


def test_that_a_line_that_would_do_nothing_says_what_is_wanted(stage: MadeStage) -> None:
    hand = Hand(stage)
    hand.take("tie")
    hand.press(10, 10, moves=False, control=False)
    told = []
    for x in (12, 27, 47, 35):
        hand.move(x, 7)
        assert stage.proposal is not None
        told.append(stage.proposal.words)
    assert told == ["", "Both ends on one label, to tie", "Both ends on one label, to tie", ""]
    hand.take("cut")
    stage.partitions.clear()
    hand.press(1, 30, moves=False, control=False)
    hand.move(58, 38)
    assert stage.proposal is not None and stage.proposal.words == "Across a lesion, to cut"
    hand.move(20, 5)
    assert stage.proposal.words == ""


def test_that_a_cut_beside_every_part_is_not_kept(stage: MadeStage) -> None:
    assert drag(stage, "cut", (1, 30), (58, 38)) == []


def test_that_a_line_ends_at_the_picture(stage: MadeStage) -> None:
    [partition] = drag(stage, "cut", (15, -500), (15, 900))
    assert partition.cuts[0].points == ((15, 0), (15, 39.5))


def test_that_a_cancelled_line_is_not_kept(stage: MadeStage) -> None:
    hand = Hand(stage)
    hand.take("cut")
    hand.press(15, 1, moves=False, control=False)
    hand.move(15, 30)
    hand.cancel()
    assert stage.proposal is None and not stage.partitions
