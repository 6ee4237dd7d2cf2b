"""Drafting as it is seen: live, skipped, stopped, left, repeated, and without weights."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from made.segmenters import MadeSegmenter
from made.windows import Hand, open_window
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.document import Status
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.ui.dialogs.model_choice import ModelChoiceDialog
from lsegdiff_gui.ui.dialogs.redraft import RedraftDialog

Open = Callable[..., Hand]


def begin(hand: Hand) -> None:
    """Press R and answer which model."""
    hand.do("draft.run")
    if not hand.window.session.choosing.model:
        hand.choose_model()


def test_that_each_step_is_played_on_the_canvas_and_told_in_words(
    open_with: Open, pictures: list[Path]
) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures, segmenter)
    hand.wait_shown("naevus_0.png")
    begin(hand)
    segmenter.let(2)
    panel = hand.window.panels.draft_panel
    hand.wait(lambda: panel.words.text() == "Step 2 of 4")
    assert (panel.bar.value(), panel.bar.maximum()) == (2, 4)
    hand.wait(lambda: hand.window.canvas._scene.preview is not None)
    assert panel.run_button.text() == "Stop"
    segmenter.let(2)
    hand.wait(lambda: hand.window.session.editing.is_exact and hand.document.base.draft is not None)
    assert panel.run_button.text() == "Draft"
    hand.wait(lambda: hand.window.canvas._scene.preview is None)


def test_that_the_mask_is_usable_while_its_film_is_still_played(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures, step_ms=2000)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    assert hand.window.player.is_playing
    assert hand.final.any()
    hand.paint((20, 20), (40, 20))
    assert hand.document.final[20, 20] == 1
    assert not hand.window.player.is_playing, "painting shows the mask that is painted on"


def test_that_any_key_skips_the_film(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures, step_ms=2000)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    assert hand.window.player.is_playing
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_Shift)
    assert not hand.window.player.is_playing
    assert hand.window.canvas._scene.preview is None


def test_that_the_strip_shows_a_step_again(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.wait(lambda: not hand.window.player.is_playing)
    draft = hand.document.base.draft
    assert draft is not None
    strip = hand.window.strips.film
    QTest.mouseMove(strip, strip._frame_rect(2).center())
    hand.wait(lambda: hand.window.canvas._scene.preview is not None)
    np.testing.assert_array_equal(hand.window.canvas._scene.preview, draft.film[1])
    strip.picked.emit(3)
    np.testing.assert_array_equal(hand.window.canvas._scene.preview, draft.film[2])
    hand.do("draft.stop")
    assert hand.window.canvas._scene.preview is None


def test_that_esc_stops_within_a_step_and_the_last_preview_is_the_draft(
    open_with: Open, pictures: list[Path]
) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures, segmenter, steps=8)
    hand.wait_shown("naevus_0.png")
    begin(hand)
    segmenter.let(3)
    hand.wait(lambda: hand.window.panels.draft_panel.words.text() == "Step 3 of 8")
    hand.do("draft.stop")
    segmenter.let(1)
    hand.wait(lambda: hand.document.base.draft is not None)
    draft = hand.document.base.draft
    assert draft is not None
    assert len(draft.film) in (3, 4)
    np.testing.assert_array_equal(draft.probability, draft.film[-1])
    assert len(segmenter.stepped) <= 4
    assert f"of step {len(draft.film)} of 8" in hand.window.panels.draft_panel.about.text()
    hand.wait(lambda: hand.window.canvas._scene.preview is None)
    hand.wait(lambda: bool(hand.final.any()))


def test_that_esc_stops_drafting_all_when_nothing_else_is_open(open_with: Open, pictures: list[Path]) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures, segmenter)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.all")
    hand.choose_model()
    batch = hand.window.session.batch
    hand.wait(lambda: batch.is_running)
    hand.do("draft.stop")
    segmenter.let(4)
    hand.wait(lambda: not batch.is_running)
    assert len({sha256 for sha256, _ in segmenter.stepped}) <= 1


def test_that_esc_leaves_the_open_stroke_before_it_stops_a_draft(
    open_with: Open, pictures: list[Path]
) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures, segmenter)
    hand.wait_shown("naevus_0.png")
    begin(hand)
    canvas = hand.window.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hand.at(30, 30))
    assert hand.document.final[30, 30] == 1
    hand.do("draft.stop")
    assert hand.document.final[30, 30] == 0
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hand.at(30, 30))
    segmenter.let(4)
    hand.wait(lambda: hand.document.base.draft is not None)
    draft = hand.document.base.draft
    assert draft is not None
    assert len(draft.film) == 4


def test_that_a_draft_of_a_picture_that_was_left_is_stored_and_never_painted(
    open_with: Open, pictures: list[Path]
) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures, segmenter)
    hand.wait_shown("naevus_0.png")
    begin(hand)
    segmenter.let(1)
    hand.wait(lambda: hand.window.panels.draft_panel.words.text() == "Step 1 of 4")
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    segmenter.let(3)
    first = hand.rows[0].id
    hand.wait(lambda: hand.rows[0].status is Status.DRAFTED)
    assert not hand.final.any()
    assert hand.window.canvas._scene.preview is None
    hand.do("picture.previous")
    hand.wait_shown("naevus_0.png")
    assert hand.window.session.editing.picture_id == first
    hand.wait(lambda: bool(hand.final.any()))


def test_that_drafting_over_work_asks_and_goes_under_it(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    begin(hand)
    hand.wait(lambda: isinstance(hand.window.asking.dialog, RedraftDialog))
    dialog = hand.window.asking.dialog
    assert dialog is not None
    dialog.accept()
    hand.wait(lambda: hand.document.base.draft is not None and hand.window.session.editing.is_exact)
    assert hand.document.final[20, 40] == 1
    assert hand.document.status is Status.IN_PROGRESS


def test_that_a_draft_that_replaces_the_work_is_undone_together_with_it(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    painted = hand.final
    begin(hand)
    hand.wait(lambda: isinstance(hand.window.asking.dialog, RedraftDialog))
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, RedraftDialog)
    next(b for b in dialog.findChildren(QPushButton) if b.text().startswith("Replace")).click()
    hand.wait(lambda: hand.document.base.draft is not None and hand.window.session.editing.is_exact)
    drafted = hand.final
    assert hand.document.final[20, 40] == 0
    hand.do("edit.undo")
    hand.wait(lambda: hand.window.session.editing.is_exact)
    np.testing.assert_array_equal(hand.final, painted)
    hand.do("edit.redo")
    hand.wait(lambda: hand.window.session.editing.is_exact)
    np.testing.assert_array_equal(hand.final, drafted)


def test_that_the_model_is_asked_for_once_and_named_on_the_canvas(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft("polyp")
    assert hand.window.canvas._scene.badge.text == "Polyps"
    hand.do("draft.run")
    assert not isinstance(hand.window.asking.dialog, ModelChoiceDialog)


def test_that_not_choosing_a_model_drafts_nothing(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.run")
    hand.wait(lambda: isinstance(hand.window.asking.dialog, ModelChoiceDialog))
    assert hand.window.asking.dialog is not None
    hand.window.asking.dialog.reject()
    assert hand.window.panels.draft_panel.run_button.text() == "Draft"
    assert hand.window.session.choosing.model == ""


def test_that_missing_weights_are_told_and_the_editor_goes_on(qtbot: QtBot, pictures: list[Path]) -> None:
    class NoWeights(LSegDiffError):
        pass

    def load(_model: str, _device: str) -> MadeSegmenter:
        raise NoWeights("The weights are not there. Reinstall LSegDiff, or choose another weight file.")

    hand = open_window(qtbot, load, pictures)
    hand.wait_shown("naevus_0.png")
    begin(hand)
    hand.wait(lambda: hand.window.messages.message is not None)
    message = hand.window.messages.message
    assert message is not None
    assert "Reinstall" in message.sentence
    hand.wait(lambda: hand.window.panels.draft_panel.run_button.text() == "Draft")
    hand.wait(lambda: hand.window.strips.film._steps == 0)
    hand.paint((30, 30), (50, 30))
    assert hand.document.final[30, 40] == 1


def test_that_drafting_all_leaves_everything_that_was_worked_on(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    painted = hand.final
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    hand.do("draft.all")
    hand.choose_model()
    session = hand.window.session
    hand.wait(lambda: not session.batch.is_running)
    hand.wait(lambda: [row.status for row in hand.rows][1:] == [Status.DRAFTED] * 2)
    assert hand.document.base.draft is not None, "the picture on the canvas got its draft too"
    message = hand.window.messages.message
    assert message is not None
    assert message.sentence == "Drafted 2 pictures."
    hand.do("picture.previous")
    hand.wait_shown("naevus_0.png")
    np.testing.assert_array_equal(hand.final, painted)
    assert hand.document.base.kind == "empty"


def test_that_work_begun_while_all_are_drafted_is_not_touched(open_with: Open, pictures: list[Path]) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures, segmenter)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.all")
    hand.choose_model()
    segmenter.let(2)
    hand.wait(lambda: len(segmenter.stepped) == 2)
    hand.paint((20, 20), (60, 20))
    painted = hand.final
    segmenter.let(10)
    session = hand.window.session
    hand.wait(lambda: not session.batch.is_running)
    hand.wait_saved()
    np.testing.assert_array_equal(hand.final, painted)
    assert hand.document.base.kind == "empty"


def test_that_drafting_all_can_be_stopped(open_with: Open, pictures: list[Path]) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures, segmenter)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.all")
    hand.choose_model()
    panel = hand.window.panels.draft_panel
    hand.wait(lambda: panel.all_button.text() == "Stop all")
    panel.all_button.click()
    segmenter.let(4)
    hand.wait(lambda: not hand.window.session.batch.is_running)
    assert panel.all_button.text() == "Draft all"


def test_that_the_kernel_keys_smooth_the_mask_live(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    for _ in range(3):
        hand.do("mask.kernel_up")
    hand.wait(lambda: hand.document.recipe.kernel == 11)
    hand.wait(lambda: hand.window.session.editing.is_exact)
    hand.do("edit.undo")
    assert hand.document.recipe.kernel == 5
    assert hand.window.panels.mask_panel.recipe.kernel == 5


def test_that_edges_are_offered_until_a_draft_comes_that_has_none(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    box = hand.window.panels.mask_panel.follow_edges
    assert box.isEnabled()
    hand.draft()
    assert hand.document.base.draft is not None
    assert hand.document.base.draft.edged is None
    assert not box.isEnabled()


def test_that_the_status_bar_tells_zoom_and_cursor(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.do("view.double")
    assert hand.window.status._zoom.text() == "200 %"
    QTest.mouseMove(hand.window.canvas, hand.at(30, 40))
    QTest.mouseMove(hand.window.canvas, hand.at(31, 41))
    hand.wait(lambda: hand.window.status._cursor.text() == "x 31  y 41")
