"""Telling the model, as a hand does it: clicks, boxes, lines, taking back, and drafting around one's own work."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made.segmenters import MadeSegmenter
from made.windows import Hand, open_window
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.hints import Hint
from lsegdiff_gui.annotation.labels import ERASED
from lsegdiff_gui.ui.dialogs.redraft import RedraftDialog

Open = Callable[..., Hand]

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
OUTSIDE, INSIDE = (300.0, 220.0), (160.0, 105.0)


def told(hand: Hand) -> tuple[Hint, ...]:
    draft = hand.document.base.draft
    return () if draft is None else draft.provenance.hints


def click(hand: Hand, at: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
    QTest.mouseClick(hand.window.canvas, button, NONE, hand.at(*at))


def drag(hand: Hand, *points: tuple[float, float], modifier: Qt.KeyboardModifier = NONE) -> None:
    canvas = hand.window.canvas
    QTest.mousePress(canvas, LEFT, modifier, hand.at(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(canvas, hand.at(*point))
    QTest.mouseRelease(canvas, LEFT, modifier, hand.at(*points[-1]))


def settled(hand: Hand, hints: int) -> None:
    """Until so many hints are answered and the mask is exact."""
    hand.wait(lambda: len(told(hand)) == hints)
    hand.wait(lambda: hand.window.session.editing.is_exact)


@pytest.fixture
def hinting(open_with: Open, pictures: list[Path]) -> Hand:
    """A window on a drafted picture, with the hint tool in the hand."""
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.wait(lambda: not hand.window.player.is_playing)
    hand.do("tool.hint")
    return hand


def test_that_a_click_lets_in_and_a_right_click_puts_out(hinting: Hand) -> None:
    assert hinting.final[220, 300] == 0
    click(hinting, OUTSIDE)
    settled(hinting, 1)
    assert hinting.final[220, 300] == 1
    assert hinting.final[105, 160] == 1, "what nobody spoke of stays"
    click(hinting, INSIDE, RIGHT)
    settled(hinting, 2)
    assert hinting.final[105, 160] == 0
    assert hinting.final[220, 300] == 1
    assert [hint.belongs for hint in told(hinting)] == [True, False]
    assert hinting.window.canvas._scene.hints.hints == told(hinting)


def test_that_a_hint_is_one_step_to_undo_and_redo(hinting: Hand) -> None:
    before = hinting.final
    click(hinting, OUTSIDE)
    settled(hinting, 1)
    after = hinting.final
    hinting.do("edit.undo")
    settled(hinting, 0)
    assert np.array_equal(hinting.final, before)
    assert not hinting.window.canvas._scene.hints.hints
    hinting.do("edit.redo")
    settled(hinting, 1)
    assert np.array_equal(hinting.final, after)


def test_that_a_click_on_a_mark_takes_the_hint_back(hinting: Hand) -> None:
    before = hinting.final
    click(hinting, OUTSIDE)
    settled(hinting, 1)
    click(hinting, (20.0, 20.0))
    settled(hinting, 2)
    click(hinting, OUTSIDE)
    settled(hinting, 1)
    assert hinting.final[220, 300] == 0
    assert hinting.final[20, 20] == 1
    click(hinting, (20.0, 20.0))
    settled(hinting, 0)
    assert np.array_equal(hinting.final, before), "without hints it is what the model found by itself"


def test_that_hints_that_come_while_one_is_answered_are_answered_together(
    open_with: Open, pictures: list[Path]
) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures, segmenter)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.run")
    hand.choose_model()
    segmenter.let(4)
    hand.wait(lambda: hand.document.base.draft is not None)
    hand.do("tool.hint")
    click(hand, OUTSIDE)
    click(hand, (20.0, 20.0))
    click(hand, (20.0, 200.0))
    segmenter.let(2)
    settled(hand, 1)
    segmenter.let(2)
    settled(hand, 3)
    assert [int(hand.final[y, x]) for x, y in ((300, 220), (20, 20), (20, 200))] == [1, 1, 1]


def test_that_a_line_drawn_with_shift_is_a_hint_as_wide_as_the_brush(hinting: Hand) -> None:
    drag(hinting, (40.0, 215.0), (160.0, 220.0), (280.0, 215.0), modifier=SHIFT)
    settled(hinting, 1)
    (hint,) = told(hinting)
    assert not hint.is_click
    assert hint.radius == hinting.window.canvas._hand.radius
    assert hinting.final[218, 100:220].all()


def test_that_work_on_the_canvas_stays_and_gives_way_where_a_hint_speaks_against_it(hinting: Hand) -> None:
    hinting.do("tool.eraser")
    hinting.paint((290, 215), (310, 225))
    hinting.do("tool.brush")
    hinting.paint((30, 30), (60, 30))
    hinting.do("tool.hint")
    click(hinting, OUTSIDE)
    settled(hinting, 1)
    assert hinting.final[220, 300] == 1, "erased pixels must not hide the answer"
    assert hinting.document.override[30, 45] == 1


def test_that_a_box_is_looked_at_in_its_own_pixels_and_put_back_without_a_seam(hinting: Hand) -> None:
    before = hinting.final
    drag(hinting, (200.0, 150.0), (300.0, 230.0))
    hinting.wait(lambda: bool(hinting.document.override.any()))
    hinting.wait(lambda: hinting.window.session.editing.is_exact)
    changed = hinting.final != before
    rows, columns = np.nonzero(changed)
    assert rows.min() >= 150
    assert columns.min() >= 200
    assert rows.max() < 230
    assert columns.max() < 300
    assert hinting.final[180, 250] == 1, "the made model finds its blob in the middle of what it sees"
    last = hinting.document.history.last
    assert getattr(last, "tool", "").startswith("look here (skin abababab")
    hinting.do("edit.undo")
    hinting.wait(lambda: np.array_equal(hinting.final, before))


def test_that_drafting_around_ones_work_keeps_each_painted_pixel(hinting: Hand) -> None:
    hinting.do("draft.around")
    assert "Nothing has been painted" in hinting.window.messages.message.sentence  # type: ignore[union-attr]
    hinting.do("tool.brush")
    hinting.paint((30, 30), (60, 30))
    hinting.do("tool.eraser")
    hinting.paint((150, 105), (170, 105))
    override = hinting.document.override.copy()
    hinting.do("draft.around")
    hinting.wait(lambda: hinting.document.base.draft.provenance.around_work)  # type: ignore[union-attr]
    hinting.wait(lambda: hinting.window.session.editing.is_exact)
    assert np.array_equal(hinting.document.override, override)
    assert (override == ERASED).any()
    assert hinting.final[30, 45] == 1
    assert hinting.final[105, 160] == 0


def test_that_an_answer_that_is_stopped_leaves_the_mask_as_it_was(
    open_with: Open, pictures: list[Path]
) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures, segmenter)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.run")
    hand.choose_model()
    segmenter.let(4)
    hand.wait(lambda: hand.document.base.draft is not None and hand.window.session.editing.is_exact)
    before = hand.final
    hand.do("tool.hint")
    click(hand, OUTSIDE)
    segmenter.let(1)
    hand.do("draft.stop")
    hand.do("draft.stop")
    segmenter.let(1)
    hand.wait(lambda: hand.window.session.drafting.progress_of(hand.window.session.opening.current) is None)
    assert told(hand) == ()
    assert np.array_equal(hand.final, before)


def test_that_a_first_click_drafts_a_picture_that_was_not_drafted(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.do("tool.hint")
    click(hand, OUTSIDE)
    hand.choose_model()
    settled(hand, 1)
    assert hand.final[220, 300] == 1
    assert hand.final[105, 160] == 1, "all of the first answer counts"


def test_that_a_baked_mask_is_not_lost_to_a_hint(hinting: Hand) -> None:
    hinting.do("mask.bake")
    hinting.wait(lambda: hinting.document.base.kind == "baked")
    click(hinting, OUTSIDE)
    assert "is baked" in hinting.window.messages.message.sentence  # type: ignore[union-attr]
    assert hinting.document.base.kind == "baked"
    assert not isinstance(hinting.window.asking.dialog, RedraftDialog)


def test_that_hints_survive_a_restart_and_can_be_undone_after_it(
    hinting: Hand, qtbot: QtBot, pictures: list[Path]
) -> None:
    before = hinting.final
    click(hinting, OUTSIDE)
    settled(hinting, 1)
    after = hinting.final
    hinting.wait_saved()
    hinting.window.close()
    again = open_window(qtbot, lambda _model, _device: MadeSegmenter(), pictures)
    again.wait_shown("naevus_0.png")
    assert len(told(again)) == 1
    assert np.array_equal(again.final, after)
    again.do("edit.undo")
    settled(again, 0)
    assert np.array_equal(again.final, before)
