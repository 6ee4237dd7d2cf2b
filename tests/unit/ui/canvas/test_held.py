"""Gestures that begin while something else is at the document wait for their turn, by a hand without a window."""

from collections.abc import Callable

import numpy as np
import pytest
from made.stage import HEIGHT, WIDTH, MadeStage

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.hand import Hand


class MadeQueue:
    """Busy until it is let go."""

    def __init__(self) -> None:
        self.is_busy = True
        self.waiting: list[Callable[[], object]] = []

    def take(self, act: Callable[[], object]) -> None:
        self.waiting.append(act)

    def let_go(self) -> None:
        self.is_busy = False
        for act in self.waiting:
            act()


@pytest.fixture
def stage() -> MadeStage:
    stage = MadeStage()
    stage.queue = MadeQueue()
    return stage


@pytest.fixture
def hand(stage: MadeStage) -> Hand:
    hand = Hand(stage)
    hand.take("brush")
    hand.radius = 3.0
    return hand


def queue_of(stage: MadeStage) -> MadeQueue:
    assert isinstance(stage.queue, MadeQueue)
    return stage.queue


def test_that_a_stroke_that_waits_is_the_stroke_it_would_have_been(stage: MadeStage, hand: Hand) -> None:
    hand.press(10, 10, moves=False, control=False)
    hand.move(40, 20)
    assert stage.proposal is not None and stage.proposal.points == ((10, 10), (40, 20))
    hand.finish()
    assert not stage.final.any() and stage.strokes == []
    queue_of(stage).let_go()
    assert stage.proposal is None
    late = stage.final.copy()
    fresh = MadeStage()
    other = Hand(fresh)
    other.take("brush")
    other.radius = 3.0
    other.press(10, 10, moves=False, control=False)
    other.move(40, 20)
    other.finish()
    np.testing.assert_array_equal(late, fresh.final)
    assert stage.strokes == fresh.strokes


def test_that_strokes_that_wait_come_in_their_order(stage: MadeStage, hand: Hand) -> None:
    for label in (1, 2):
        hand.label = label
        hand.press(20, 20, moves=False, control=False)
        hand.finish()
    hand.label = 3  # a stroke has the label of its press
    queue_of(stage).let_go()
    assert stage.final[20, 20] == 2
    assert len(stage.strokes) == 2


def test_that_escape_leaves_a_stroke_that_waits(stage: MadeStage, hand: Hand) -> None:
    hand.press(20, 20, moves=False, control=False)
    assert hand.is_painting
    assert hand.cancel()
    assert stage.proposal is None
    queue_of(stage).let_go()
    assert not stage.final.any() and stage.strokes == []


def test_that_a_stroke_that_waits_is_not_painted_on_another_document(stage: MadeStage, hand: Hand) -> None:
    hand.press(20, 20, moves=False, control=False)
    hand.finish()
    stage.document = Document(WIDTH, HEIGHT)
    queue_of(stage).let_go()
    assert not stage.final.any()


def test_that_tools_which_only_look_at_the_picture_do_not_wait(stage: MadeStage, hand: Hand) -> None:
    hand.take("wand")
    hand.press(20, 20, moves=False, control=False)
    assert stage.proposal is not None and stage.proposal.region is not None
    hand.cancel()
    assert queue_of(stage).waiting == []


def test_that_a_cut_waits_for_the_mask_it_parts(stage: MadeStage, hand: Hand) -> None:
    hand.take("cut")
    hand.press(10, 20, moves=False, control=False)
    hand.move(50, 20)
    hand.finish()
    assert stage.partitions == []
    stage.paint(Box(20, 10, 40, 30))
    queue_of(stage).let_go()
    assert len(stage.partitions) == 1
