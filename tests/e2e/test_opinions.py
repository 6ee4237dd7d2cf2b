"""The samples of a draft as opinions, its film, and its doubt, as they are used in the window."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from made.segmenters import MadeSegmenter
from made.windows import Hand
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from lsegdiff_gui.annotation.choice import MEAN, Choice
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.postprocess import base_mask
from lsegdiff_gui.ui.canvas.comparison import Compare

Open = Callable[..., Hand]

LEFT = Qt.MouseButton.LeftButton
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Disagrees(MadeSegmenter):
    """Its samples see the right part of the lesion so or so; the spread says where."""

    def _draft(self, *arguments: object) -> Draft:
        draft = super()._draft(*arguments)  # type: ignore[arg-type]
        samples = draft.samples.copy()
        for index, sample in enumerate(samples):
            sample[60:160, 170:210] = 255 if index % 2 else 0
        spread = np.minimum(samples.astype(np.float32).std(axis=0) * 2, 255).astype(np.uint8)
        return Draft(draft.probability, spread, samples, draft.film, draft.provenance, 1.0, 0.0)


@pytest.fixture
def drafted(open_with: Open, pictures: list[Path]) -> Hand:
    hand = open_with(pictures, Disagrees())
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.wait(lambda: not hand.window.player.is_playing)
    return hand


def chosen(hand: Hand) -> Choice:
    draft = hand.document.base.draft
    assert draft is not None
    return draft.provenance.choice


def settled(hand: Hand, choice: Choice) -> None:
    hand.wait(lambda: chosen(hand) == choice and hand.window.session.editing.is_exact)


def frame(hand: Hand, number: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    strip = hand.window.strips.opinions
    QTest.mouseClick(strip, LEFT, modifier, strip._frame_rect(number + 1).center())


def test_that_an_opinion_is_looked_at_and_taken_and_undone(drafted: Hand) -> None:
    before = drafted.final
    strip = drafted.window.strips.opinions
    QTest.mouseMove(strip, strip._frame_rect(3).center())
    drafted.wait(lambda: drafted.window.canvas._scene.preview is not None)
    assert drafted.window.canvas._scene.caption.text == "Sample 2"
    frame(drafted, 2)
    settled(drafted, Choice("any", (2,)))
    draft = drafted.document.base.draft
    assert draft is not None
    assert np.array_equal(drafted.final, base_mask(draft.samples[1], drafted.document.recipe, 320, 240))
    drafted.do("edit.undo")
    settled(drafted, MEAN)
    assert np.array_equal(drafted.final, before)


def test_that_opinions_are_united_and_cut_with_each_other(drafted: Hand) -> None:
    frame(drafted, 1)
    settled(drafted, Choice("any", (1,)))
    frame(drafted, 2, SHIFT)
    settled(drafted, Choice("any", (1, 2)))
    united = drafted.final
    frame(drafted, 3, SHIFT | CONTROL)
    settled(drafted, Choice("all", (1, 2, 3)))
    assert united.sum() > drafted.final.sum()
    for number in (1, 2, 3):
        frame(drafted, number, SHIFT)
    settled(drafted, MEAN)


def test_that_one_key_goes_through_the_opinions_and_back_to_the_mean(drafted: Hand) -> None:
    for number in (1, 2, 3, 4, 5):
        drafted.do("draft.next_opinion")
        settled(drafted, Choice("any", (number,)))
    drafted.do("draft.next_opinion")
    settled(drafted, MEAN)
    drafted.do("draft.previous_opinion")
    settled(drafted, Choice("any", (5,)))


def test_that_agreement_goes_from_any_one_to_all(drafted: Hand) -> None:
    slider = drafted.window.strips.agreement.slider
    assert (slider.minimum(), slider.maximum()) == (1, 5)
    slider.setValue(1)
    settled(drafted, Choice("agreed", (1,)))
    any_one = drafted.final
    slider.setValue(5)
    settled(drafted, Choice("agreed", (5,)))
    assert drafted.final.sum() < any_one.sum()
    assert not (drafted.final & (1 - any_one)).any()


def test_that_a_step_of_the_film_becomes_the_mask(drafted: Hand) -> None:
    film = drafted.window.strips.film
    QTest.mouseClick(film, LEFT, pos=film._frame_rect(2).center())
    drafted.do("draft.use_step")
    settled(drafted, Choice("step", (2,)))
    QTest.mouseDClick(film, LEFT, pos=film._frame_rect(4).center())
    settled(drafted, MEAN)


def test_that_the_film_is_played_again(drafted: Hand) -> None:
    drafted.do("draft.play")
    assert drafted.window.player.is_playing
    drafted.wait(lambda: not drafted.window.player.is_playing)
    assert drafted.window.canvas._scene.preview is None


@pytest.mark.parametrize("suffix", [".png", ".gif"])
def test_that_the_film_is_saved(drafted: Hand, tmp_path: Path, suffix: str) -> None:
    drafted.do("draft.save_film")
    drafted.wait(lambda: isinstance(drafted.window.asking.dialog, QFileDialog))
    dialog = drafted.window.asking.dialog
    assert isinstance(dialog, QFileDialog)
    path = tmp_path / f"film{suffix}"
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(path))
    dialog.accept()
    drafted.wait(path.exists)
    drafted.wait(lambda: "The film is in" in str(drafted.window.messages.message))
    if suffix == ".png":
        strip = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        assert strip is not None
        assert strip.shape == (240, 4 * 320 + 3 * 8, 3)
    else:
        done, animation = cv2.imdecodeanimation(np.fromfile(path, np.uint8))
        assert done
        assert len(animation.frames) == 4


def test_that_doubt_is_shown_gone_to_and_confirmed_until_none_is_left(drafted: Hand) -> None:
    session, canvas = drafted.window.session, drafted.window.canvas
    row = session.opening.row(session.opening.current)
    assert row is not None
    before = drafted.final
    drafted.do("view.doubt")
    assert canvas.comparison is Compare.DOUBT
    whole = canvas.zoom
    drafted.do("draft.next_doubt")
    assert canvas.zoom > whole
    x, y = canvas.view.centre_x, canvas.view.centre_y
    assert (x, y) == pytest.approx((190 / 256 * 320, 110 / 256 * 240), abs=4)
    drafted.do("draft.confirm_doubt")
    drafted.wait(lambda: drafted.document.is_edited and session.editing.is_exact)
    assert np.array_equal(drafted.final, before), "confirming changes no pixel"
    drafted.do("mask.kernel_up")
    drafted.wait(lambda: session.editing.is_exact)
    box = (slice(70, 140), slice(220, 255))
    assert np.array_equal(drafted.final[box], before[box]), "and the sliders change none there any more"
    draft = drafted.document.base.draft
    assert draft is not None
    drafted.wait(lambda: (drafted.rows[0].spread or 1) < draft.spread_score / 4)
    drafted.do("draft.next_doubt")
    assert "has been looked at" in str(drafted.window.messages.message)
