"""What the window says where the model found no lesion, or does not know such pictures, and what can be done then."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made.segmenters import MadeSegmenter
from made.windows import Hand, open_window
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.document import Status
from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.formats.export import ExportRequest
from lsegdiff_gui.ui.message_bar import Message

Open = Callable[..., Hand]
EMPTY = Findings(presence=0.123, strangeness=0.4)
STRANGE = Findings(presence=0.97, strangeness=2.0)
NO_LESION = "No lesion found (presence 12 %), so the mask is empty."


def message(hand: Hand) -> Message | None:
    return hand.window.messages.message


def sentence(hand: Hand) -> str:
    shown = message(hand)
    return shown.sentence if shown is not None else ""


def press(hand: Hand, words: str) -> None:
    buttons = hand.window.messages.findChildren(QPushButton)
    next(button for button in buttons if button.isVisible() and button.text() == words).click()


def listed(hand: Hand) -> list[str]:
    model = hand.window.pictures._model
    entries = [model.entry(picture_id) for picture_id in model.ids]
    return [entry.words for entry in entries if entry is not None]


@pytest.fixture
def empty(open_with: Open, pictures: list[Path]) -> Hand:
    """A window on a drafted picture in which no lesion was found."""
    hand = open_with(pictures, MadeSegmenter(findings=EMPTY))
    hand.wait_shown("naevus_0.png")
    hand.draft()
    return hand


def test_that_a_draft_without_a_lesion_is_empty_and_says_so(empty: Hand) -> None:
    assert not empty.final.any()
    assert sentence(empty) == NO_LESION
    assert "No lesion found, presence 12 %" in empty.window.panels.draft_panel.about.text()
    empty.wait(lambda: listed(empty) == ["No lesion found", "New", "New"])


def test_that_one_click_confirms_that_there_is_no_lesion(empty: Hand, tmp_path: Path) -> None:
    press(empty, "Confirm no lesion")
    assert empty.document.status is Status.NO_LESION
    assert message(empty) is None
    empty.wait(lambda: listed(empty)[0] == "No lesion")
    empty.wait_saved()
    session = empty.window.session
    session.exporting.start(ExportRequest(tmp_path / "masks"), empty.rows[:1])
    empty.wait(lambda: (tmp_path / "masks" / "annotations.json").exists())
    (image,) = json.loads((tmp_path / "masks" / "annotations.json").read_text())["images"]
    found = [image["attributes"][key] for key in ("presence", "no_lesion", "strangeness", "status")]
    assert found == [0.123, True, 0.4, "no_lesion"]
    empty.do("edit.undo")
    assert sentence(empty) == NO_LESION


def test_that_one_click_shows_the_candidate_and_undo_takes_it_back(empty: Hand) -> None:
    press(empty, "Show the candidate")
    empty.wait(lambda: empty.window.session.editing.is_exact)
    candidate = empty.final
    assert candidate.any()
    assert empty.document.recipe.threshold == pytest.approx(0.1, abs=0.005)
    assert message(empty) is None
    empty.do("edit.undo")
    empty.wait(lambda: empty.window.session.editing.is_exact)
    assert not empty.final.any()
    assert sentence(empty) == NO_LESION
    empty.do("edit.redo")
    empty.wait(lambda: empty.window.session.editing.is_exact)
    np.testing.assert_array_equal(empty.final, candidate)
    assert message(empty) is None


def test_that_painting_answers_the_doubt(empty: Hand) -> None:
    empty.paint((30, 30), (60, 30))
    assert message(empty) is None


def test_that_a_closed_message_stays_away_until_the_picture_is_shown_again(empty: Hand) -> None:
    empty.window.messages._close.click()
    empty.window.panels.mask_panel.change_kernel(1)
    empty.wait(lambda: empty.window.session.editing.is_exact)
    assert message(empty) is None
    empty.do("picture.next")
    empty.wait_shown("naevus_1.png")
    assert message(empty) is None
    empty.do("picture.previous")
    empty.wait_shown("naevus_0.png")
    empty.wait(lambda: sentence(empty) == NO_LESION)


def test_that_the_doubt_leaves_with_its_picture_and_is_there_at_the_next_start(
    empty: Hand, open_with: Open
) -> None:
    empty.wait_saved()
    empty.do("picture.next")
    empty.wait_shown("naevus_1.png")
    assert message(empty) is None
    empty.do("picture.previous")
    empty.wait_shown("naevus_0.png")
    empty.window.close()
    again = open_with([])
    again.wait_shown("naevus_0.png")
    again.wait(lambda: sentence(again) == NO_LESION)
    assert listed(again) == ["No lesion found", "New", "New"]


def test_that_a_candidate_can_be_seen_however_firmly_it_is_denied(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures, MadeSegmenter(findings=Findings(presence=0.0)))
    hand.wait_shown("naevus_0.png")
    hand.draft()
    assert sentence(hand) == "No lesion found (presence below 1 %), so the mask is empty."
    shown = message(hand)
    assert shown is not None
    assert (shown.action, shown.other_action) == ("Confirm no lesion", "Show the candidate")


def test_that_a_strange_picture_names_the_model_that_fits_and_drafts_with_it(
    qtbot: QtBot, pictures: list[Path]
) -> None:
    found = {"polyp": STRANGE, "skin": Findings(presence=0.97, strangeness=0.5)}
    hand = open_window(
        qtbot, lambda model, _device: MadeSegmenter(model, findings=found[model]), pictures, samples=1
    )
    hand.wait_shown("naevus_0.png")
    hand.draft("polyp")
    hand.wait(lambda: message(hand) is not None)
    assert sentence(hand) == (
        "This does not look like the colonoscopy pictures the model “Polyps” knows: it looks like skin. "
        "Draft with the model “Skin lesions”?"
    )
    assert "unfamiliar picture" in hand.window.panels.draft_panel.about.text()
    hand.wait(lambda: listed(hand)[0] == "Unfamiliar kind")
    press(hand, "Draft with “Skin lesions”")
    hand.wait(lambda: (now := hand.document.base.draft) is not None and now.provenance.model == "skin")
    assert message(hand) is None
    assert hand.window.session.choosing.model == "skin"
    assert hand.window.panels.draft_panel.model.currentData() == "skin"
    hand.wait(lambda: listed(hand)[0] == "Drafted")


def test_that_a_strange_picture_of_the_models_own_kind_asks_for_care(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures, MadeSegmenter("skin", findings=STRANGE))
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.wait(lambda: message(hand) is not None)
    assert sentence(hand) == (
        "This does not look like the dermoscopy pictures the model “Skin lesions” knows; "
        "check its draft with care."
    )
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    assert message(hand) is None


def test_that_drafting_all_counts_what_to_look_at(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures, MadeSegmenter(findings=Findings(0.1, 2.0)))
    hand.wait_shown("naevus_0.png")
    hand.do("draft.all")
    hand.choose_model()
    expected = "Drafted 3 pictures: 3 without a lesion, 3 of an unfamiliar kind."
    messages = hand.window.messages
    hand.wait(lambda: any(told.sentence == expected for told, _ in messages._messages))
    hand.wait(lambda: listed(hand) == ["Unfamiliar, empty"] * 3)
