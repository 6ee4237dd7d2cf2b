"""What is there again at the next start, and what the window says while the disk refuses."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made.windows import Hand
from PySide6.QtWidgets import QMessageBox

from lsegdiff_gui.annotation.document import Status
from lsegdiff_gui.project.store import NotSavedError, Store
from lsegdiff_gui.workers import store_worker as store_room

Open = Callable[..., Hand]


def test_that_pictures_strokes_draft_and_undo_are_there_again(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    hand.draft()
    hand.paint((20, 20), (60, 20))
    seen = hand.final
    hand.window.close()

    again = open_with([])
    again.wait_shown("naevus_1.png")
    assert [row.path for row in again.rows] == pictures
    np.testing.assert_array_equal(again.final, seen)
    assert again.window.strips.film._steps == 4
    assert again.window.session.choosing.model == "skin"
    again.do("edit.undo")
    assert again.document.final[20, 40] == 0
    again.do("edit.redo")
    np.testing.assert_array_equal(again.final, seen)


def test_that_a_cleared_list_is_empty_and_its_work_comes_back_with_the_picture(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    seen = hand.final
    hand.do("file.clear")
    hand.wait(lambda: hand.rows == [])
    assert not hand.window.actions_by_id["draft.run"].isEnabled()
    hand.window.asking.open_paths([pictures[0]])
    hand.wait_shown("naevus_0.png")
    np.testing.assert_array_equal(hand.final, seen)
    hand.window.close()
    again = open_with([])
    again.wait_shown("naevus_0.png")
    assert len(again.rows) == 1


def test_that_saved_is_said_only_after_the_disk_has_it(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    assert hand.window.status._saved.text() == "Saving…"
    hand.wait(lambda: hand.window.status._saved.text() == "All changes saved")


def test_that_a_refusing_disk_is_told_keeps_the_work_and_blocks_leaving(
    open_with: Open, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_room, "RETRY_MS", 50)
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    full = pytest.MonkeyPatch()

    def refuse(*_: object) -> None:
        raise NotSavedError("The project could not be saved: the disk is full.")

    full.setattr(Store, "record", refuse)
    hand.paint((20, 20), (60, 20))
    hand.wait(lambda: hand.window.session.keeping.unsaved == 1)
    message = hand.window.messages.message
    assert message is not None
    assert "disk is full" in message.sentence
    assert "not saved" in hand.window.status._saved.text()
    hand.do("picture.next")
    assert hand.window.session.opening.current == hand.window.session.editing.picture_id
    assert hand.document.final[20, 40] == 1
    full.undo()
    hand.wait(lambda: hand.window.session.keeping.unsaved == 0)
    hand.wait(lambda: hand.window.status._saved.text() == "All changes saved")
    sentences = [message.sentence for message, _ in hand.window.messages._messages]
    assert sentences == []
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")


def test_that_closing_with_unsaved_work_asks_first(
    open_with: Open, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_room, "RETRY_MS", 50)
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    full = pytest.MonkeyPatch()

    def refuse(*_: object) -> None:
        raise NotSavedError("The project could not be saved: the disk is full.")

    full.setattr(Store, "record", refuse)
    hand.paint((20, 20), (60, 20))
    hand.wait(lambda: hand.window.session.keeping.unsaved == 1)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: box.defaultButton().click())
    assert not hand.window.close()
    assert hand.window.isVisible()
    full.undo()
    hand.wait(lambda: hand.window.session.keeping.unsaved == 0)


def test_that_done_goes_to_the_next_and_statuses_are_kept(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.do("picture.done")
    hand.wait_shown("naevus_1.png")
    hand.do("picture.flag")
    assert hand.document.status is Status.FLAGGED
    hand.do("picture.flag")
    assert hand.document.status is Status.IN_PROGRESS
    hand.do("picture.previous")
    hand.wait_shown("naevus_0.png")
    assert hand.document.status is Status.DONE
    hand.paint((20, 20), (60, 20))
    assert hand.document.status is Status.IN_PROGRESS, "editing reopens"
    hand.do("edit.undo")
    assert hand.document.status is Status.DONE
    hand.do("picture.next_open")
    hand.wait_shown("naevus_1.png")


def test_that_settings_of_the_panels_are_there_again(open_with: Open, pictures: list[Path]) -> None:
    from lsegdiff_gui.ui import settings

    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.window.panels.draft_panel.steps.setValue(9)
    hand.window.panels.display_panel.change_overlay(opacity=0.3, outline=True)
    hand.do("tool.larger")
    radius = hand.window.tool_options.brush.value
    hand.window.close()
    kept = settings.load().settings
    assert (kept.steps, kept.overlay_opacity, kept.overlay_outline) == (9, 0.3, True)
    assert kept.brush_radius == radius


def test_that_a_project_that_cannot_be_opened_is_set_aside_on_demand(
    open_with: Open, pictures: list[Path]
) -> None:
    from lsegdiff_gui import places

    places.unnamed_project().write_text("this is no project at all, however long it may be " * 9)
    hand = open_with(pictures)
    hand.wait(lambda: hand.window.messages.message is not None)
    message = hand.window.messages.message
    assert message is not None
    assert "not an LSegDiff project" in message.sentence
    hand.window.messages._action.click()
    hand.wait_shown("naevus_0.png")
    assert len(list(places.data_folder().glob("*set-aside*"))) == 1
