"""A box drawn to revert or to clear, by a hand without a window."""

import numpy as np
import pytest
from made.stage import HEIGHT, WIDTH, MadeStage

from lsegdiff_gui.annotation.commands import LabelsChange
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.labels import ERASED, NONE, Label
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas import boxing
from lsegdiff_gui.ui.canvas.hand import Hand

BASE = Box(10, 10, 30, 30)


@pytest.fixture
def stage() -> MadeStage:
    """A base with a square, painted over on its right and erased at its bottom."""
    stage = MadeStage()
    stage.paint(BASE)
    assert stage.document is not None
    stage.document.bake()
    stage.paint(Box(25, 5, 45, 25))
    stage.paint(Box(10, 25, 30, 30), ERASED)
    return stage


def document_of(stage: MadeStage) -> Document:
    assert stage.document is not None
    return stage.document


def drag(stage: MadeStage, *points: tuple[float, float], control: bool = False) -> Hand:
    hand = Hand(stage)
    hand.take("revert")
    hand.press(*points[0], moves=False, control=control)
    for x, y in points[1:]:
        hand.move(x, y)
    return hand


def carry_out(stage: MadeStage) -> None:
    [(changes, tool)] = stage.edits
    document_of(stage).edit(changes, tool)


@pytest.mark.parametrize("way", [1, -1])
def test_that_what_was_painted_in_the_box_goes_back_to_the_base(stage: MadeStage, way: int) -> None:
    before = stage.final.copy()
    drag(stage, *[(20.4, 0.2), (35.5, 5.0), (39.6, 27.3)][::way]).finish()
    carry_out(stage)
    box = Box(20, 0, 40, 28)
    override = document_of(stage).override
    assert not override[box.slices].any()
    base = document_of(stage).base_mask
    assert np.array_equal(stage.final[box.slices], base[box.slices])
    outside = np.ones((HEIGHT, WIDTH), np.bool_)
    outside[box.slices] = False
    assert np.array_equal(stage.final[outside], before[outside])


def test_that_the_box_and_what_would_change_in_it_are_seen_before(stage: MadeStage) -> None:
    drag(stage, (20, 0), (40, 28))
    shown = stage.proposal
    assert shown is not None and shown.region is not None and not shown.erases
    assert shown.points == ((20, 0), (40, 0), (40, 28), (20, 28), (20, 0))
    expected = np.zeros((HEIGHT, WIDTH), np.uint8)
    expected[5:25, 25:40] = expected[25:28, 20:30] = 1
    assert np.array_equal(shown.region.mask(WIDTH, HEIGHT), expected)
    assert shown.words == f"Revert 20 × 28 px · {expected.sum()} px change"
    assert not stage.edits


def test_that_control_clears_the_box_whatever_the_base_brings(stage: MadeStage) -> None:
    hand = drag(stage, (20, 0), (40, 28), control=True)
    assert stage.proposal is not None and stage.proposal.erases
    assert stage.proposal.words.startswith("Clear 20 × 28 px")
    hand.finish()
    carry_out(stage)
    assert (document_of(stage).override[0:28, 20:40] == ERASED).all()
    assert stage.final[15, 15] == 1


def test_that_locked_labels_are_neither_shown_nor_changed(stage: MadeStage) -> None:
    document = document_of(stage)
    locked = tuple(Label(each.id, each.name, each.colour, locked=each.id == 1) for each in document.labels)
    document.apply(LabelsChange(document.labels, locked))
    before = stage.final.copy()
    hand = drag(stage, (20, 0), (44, 24))
    assert stage.proposal is not None and stage.proposal.region is not None
    assert stage.proposal.region.is_empty
    hand.finish()
    carry_out(stage)
    assert np.array_equal(stage.final, before)


def test_that_a_large_box_is_drawn_without_its_pixels(
    stage: MadeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boxing, "_MOST_LIVE", 100)
    hand = drag(stage, (20, 0), (40, 28))
    assert stage.proposal is not None and stage.proposal.region is None
    assert stage.proposal.words == "Revert 20 × 28 px"
    hand.finish()
    assert stage.edits[0][0][0][1] == NONE


@pytest.mark.parametrize("control", [False, True])
def test_that_a_click_and_a_box_beside_the_picture_do_nothing(stage: MadeStage, control: bool) -> None:
    drag(stage, (20, 20), (21, 22), control=control).finish()
    drag(stage, (-30, -30), (-5, -2), control=control).finish()
    assert not stage.edits and stage.proposal is None


def test_that_a_box_without_work_in_it_is_no_step(stage: MadeStage) -> None:
    drag(stage, (0, 0), (8, 8)).finish()
    assert not stage.edits


def test_that_a_cancelled_box_does_nothing(stage: MadeStage) -> None:
    drag(stage, (20, 0), (40, 28)).cancel()
    assert not stage.edits and stage.proposal is None
