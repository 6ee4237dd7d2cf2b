"""The Draft panel alone."""

from dataclasses import replace

import numpy as np
import pytest
from made.drafts import draft
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.panels.draft_panel import DraftPanel, DraftSettings, Progress, draft_words, model_words


@pytest.fixture
def actions(qtbot: QtBot) -> dict[str, QAction]:
    return {name: QAction(name) for name in ("run", "all", "stop")}


@pytest.fixture
def panel(qtbot: QtBot, actions: dict[str, QAction]) -> DraftPanel:
    panel = DraftPanel(actions["run"], actions["all"], actions["stop"])
    qtbot.addWidget(panel)
    return panel


@pytest.fixture
def column(panel: DraftPanel, qtbot: QtBot) -> QWidget:
    """The panel as it stands in the window: with others below, that may take the room that is left."""
    column = QWidget()
    qtbot.addWidget(column)
    layout = QVBoxLayout(column)
    layout.addWidget(panel)
    layout.addStretch(1)
    column.resize(320, 700)
    column.show()
    return column


def test_that_showing_settings_tells_nobody(panel: DraftPanel) -> None:
    heard: list[DraftSettings] = []
    panel.changed.connect(heard.append)
    settings = DraftSettings("polyp", 8, 3, 42, "cpu")
    panel.show_settings(settings)
    assert panel.settings == settings
    assert (panel.steps.value(), panel.samples.value(), panel.seed.value()) == (8, 3, 42)
    assert panel.model.currentText() == "Polyps"
    assert heard == []


def test_that_each_change_is_told_with_all_the_others(panel: DraftPanel) -> None:
    heard: list[DraftSettings] = []
    panel.changed.connect(heard.append)
    panel.steps.setValue(8)
    panel.seed.setValue(5)
    assert heard == [DraftSettings(steps=8), DraftSettings(steps=8, seed=5)]


def test_that_no_model_is_chosen_until_somebody_does(panel: DraftPanel) -> None:
    assert panel.model.currentIndex() == -1
    heard: list[DraftSettings] = []
    panel.changed.connect(heard.append)
    panel.model.setCurrentIndex(0)
    panel.model.activated.emit(0)
    assert heard == [DraftSettings("skin")]


def test_that_asking_for_a_file_keeps_the_old_model(panel: DraftPanel, qtbot: QtBot) -> None:
    panel.show_settings(DraftSettings("skin"))
    last = panel.model.count() - 1
    with qtbot.waitSignal(panel.other_model_wanted):
        panel.model.setCurrentIndex(last)
        panel.model.activated.emit(last)
    assert panel.model.currentText() == "Skin lesions"
    assert panel.settings.model == "skin"


def test_that_a_weights_file_is_listed_by_its_name(panel: DraftPanel) -> None:
    panel.show_settings(DraftSettings("/weights/clinic-7.safetensors"))
    assert panel.model.currentText() == "clinic-7"
    assert model_words("/weights/clinic-7.safetensors") == "clinic-7"


def test_that_the_button_drafts_and_while_drafting_stops(
    panel: DraftPanel, actions: dict[str, QAction], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(actions["run"].triggered):
        panel.run_button.click()
    panel.show_progress(Progress("Step 1 of 4", 1, 4))
    assert panel.run_button.text() == "Stop"
    with qtbot.waitSignal(actions["stop"].triggered):
        panel.run_button.click()
    panel.show_progress(None)
    assert panel.run_button.text() == "Draft"


def test_that_progress_is_shown_in_words_and_as_a_bar(panel: DraftPanel) -> None:
    panel.show_progress(Progress("Step 3 of 8", 3, 8))
    assert panel.words.text() == "Step 3 of 8"
    assert (panel.bar.value(), panel.bar.maximum()) == (3, 8)
    panel.show_progress(Progress("Loading the weights…"))
    assert panel.bar.maximum() == 0
    panel.show_progress(None)
    assert panel.bar.isHidden()


def test_that_the_button_follows_its_action(panel: DraftPanel, actions: dict[str, QAction]) -> None:
    actions["run"].setEnabled(False)
    assert not panel.run_button.isEnabled()
    panel.show_progress(Progress("Step 1 of 4", 1, 4))
    assert panel.run_button.isEnabled()


def test_that_a_whole_draft_tells_its_agreement_and_a_stopped_one_where_it_stopped() -> None:
    whole = draft()
    assert "agree to" in draft_words(whole)
    assert "4 steps, 3 samples, seed 0" in draft_words(whole)
    stopped = replace(whole, film=np.ascontiguousarray(whole.film[:2]))
    assert "Stopped early: the preview\nof step 2 of 4" in draft_words(stopped)
    assert "agree" not in draft_words(stopped)


def test_that_a_draft_without_a_likely_pixel_says_that_nothing_was_found() -> None:
    whole = draft()
    unsure = replace(whole, probability=np.minimum(whole.probability, 127))
    assert "Nothing found" in draft_words(unsure)
    assert "agree" not in draft_words(unsure)


@pytest.mark.parametrize(
    ("presence", "strangeness", "words"),
    [
        (0.981, 0.5, "Polyps 1\nPresence 98 %, samples agree to"),
        (0.12, 0.5, "Polyps 1\nNo lesion found, presence 12 %\n4 steps"),
        (0.981, 2.0, "Polyps 1 · unfamiliar picture\nPresence 98 %, samples agree to"),
        (1.0, 0.0, "Polyps 1\nSamples agree to"),
    ],
)
def test_that_the_findings_stand_next_to_the_agreement(
    presence: float, strangeness: float, words: str
) -> None:
    assert draft_words(draft(presence=presence, strangeness=strangeness)).startswith(words)


def test_that_the_panel_keeps_its_height_from_picture_to_picture_and_while_drafting(
    panel: DraftPanel, column: QWidget
) -> None:
    heights = set()
    for shown, progress in (
        (None, None),
        (draft(), None),
        (draft(presence=0.1, strangeness=2.0), None),
        (draft(), Progress("Step 1 of 4", 1, 4)),
    ):
        panel.show_draft(shown)
        panel.show_progress(progress)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        heights.add(panel.height())
    assert len(heights) == 1


def test_that_words_that_need_a_third_line_are_not_cut(
    panel: DraftPanel, column: QWidget, qtbot: QtBot
) -> None:
    whole = draft()
    long_name = replace(whole.provenance, model="/w/a long name of weights that somebody gave.safetensors")
    panel.show_draft(replace(whole, provenance=long_name))
    qtbot.waitUntil(lambda: panel.about.height() >= panel.about.heightForWidth(panel.about.width()))
