"""Going through many pictures: search, statuses, notes, review, the next one ready, drafting in the background."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made.segmenters import MadeSegmenter
from made.windows import Hand, write_picture
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.project.store import Store
from lsegdiff_gui.ui.canvas.comparison import Compare
from lsegdiff_gui.ui.dialogs.failures import FailuresDialog
from lsegdiff_gui.ui.dialogs.statistics import StatisticsDialog

Open = Callable[..., Hand]


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return [write_picture(tmp_path / "pictures" / f"naevus_{n}.png", seed=n) for n in range(6)]


def statuses(hand: Hand) -> list[str]:
    return [row.status.value for row in hand.rows]


def test_that_accepting_goes_to_the_next_that_is_not_done_and_from_the_last_to_the_first(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures[:3])
    hand.wait_shown("naevus_0.png")
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    hand.do("picture.done")
    hand.wait_shown("naevus_2.png")
    hand.do("picture.done")
    hand.wait_shown("naevus_0.png")
    hand.do("picture.done")
    hand.wait(lambda: hand.window.messages.message is not None)
    message = hand.window.messages.message
    assert message is not None and message.sentence == "Every picture shown in the list is done."
    hand.wait_saved()
    assert statuses(hand) == ["done"] * 3


def test_that_the_reviewer_approves_and_goes_on_or_rejects_and_writes_why(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures[:3])
    hand.wait_shown("naevus_0.png")
    hand.bot.waitActive(hand.window)
    hand.do("picture.approve")
    hand.wait_shown("naevus_1.png")
    hand.do("picture.reject")
    note = hand.window.pictures.note
    hand.wait(note.hasFocus)
    QTest.keyClicks(note, "the left half is missing")
    QTest.keyClick(note, Qt.Key.Key_Return)
    assert hand.window.canvas.hasFocus()
    hand.wait_saved()
    assert statuses(hand) == ["approved", "rejected", "new"]
    assert hand.rows[1].note == "the left half is missing"
    hand.do("edit.undo")
    assert hand.document.note == ""


def test_that_a_note_is_kept_when_the_picture_is_left_in_the_middle_of_it(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures[:2])
    hand.wait_shown("naevus_0.png")
    hand.bot.waitActive(hand.window)
    hand.do("picture.note")
    QTest.keyClicks(hand.window.pictures.note, "blurred")
    hand.window.session.go_to(hand.rows[1].id)
    hand.wait_shown("naevus_1.png")
    hand.wait_saved()
    assert [row.note for row in hand.rows] == ["blurred", ""]
    assert hand.window.pictures.note.text() == ""


def test_that_the_list_follows_search_and_status_and_lets_go_of_what_is_done(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    model, filters = hand.window.pictures._model, hand.window.pictures.filters
    filters.words.setText("_3")
    hand.wait(lambda: len(model.ids) == 1)
    filters.words.clear()
    hand.wait(lambda: len(model.ids) == 6)
    filters.status.setCurrentText("Unfinished")
    filters.status.activated.emit(1)
    hand.do("picture.done")
    hand.wait_shown("naevus_1.png")
    hand.wait(lambda: len(model.ids) == 5)
    assert hand.window.pictures.current == hand.window.session.opening.current
    hand.wait(lambda: hand.window.pictures.count.text() == "5 of 6 pictures · 1 done")


def test_that_one_key_brings_the_least_certain_to_the_front(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.bot.waitActive(hand.window)
    from made.drafts import draft

    store = hand.window.session.staff.store
    scores = {}
    for row in hand.rows[2:5]:
        made = draft(row.id)
        scores[row.path.name] = made.spread_score
        store.set_identity(row.id, row.sha256 or f"{row.id:064x}", 320, 240)
        store.place_draft(row.id, made)
    hand.wait(lambda: statuses(hand)[2:5] == ["drafted"] * 3)
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_U, Qt.KeyboardModifier.ShiftModifier)
    hand.wait(lambda: hand.window.session.opening.row(hand.window.session.opening.current) is not None)
    most = max(scores, key=lambda name: scores[name])
    hand.wait(lambda: hand.window.windowTitle().startswith(most))


def test_that_the_next_picture_is_ready_before_it_is_asked_for(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    session = hand.window.session
    second = hand.rows[1].id
    hand.wait(lambda: session.ahead.is_ready(second))
    hand.do("picture.next")
    assert session.shown is not None and session.shown.row.id == second, "at once, without a round of events"
    assert session.editing.is_exact
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    with Store.open_to_read(session.opening.project, "") as store:
        assert store.picture(second).is_edited


def test_that_who_accepts_finds_the_next_one_drafted(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures[:4])
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.do("picture.done")
    hand.wait_shown("naevus_1.png")
    hand.wait(lambda: statuses(hand)[2] == "drafted")
    assert statuses(hand) == ["done", "new", "drafted", "new"]


def test_that_drafting_all_leaves_every_status_beyond_drafted_alone(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    beyond = [status for status in Status if status not in (Status.NEW, Status.DRAFTED)]
    paths = [
        write_picture(tmp_path / "all" / f"{status.value}.png", seed=n) for n, status in enumerate(Status)
    ]
    hand = open_with(paths)
    hand.wait_shown("approved.png")
    for row in hand.rows:
        hand.window.session.go_to(row.id)
        hand.wait_shown(row.path.name)
        if Status(row.path.stem) in beyond:
            hand.window.session.editing.set_status(Status(row.path.stem))
    hand.wait_saved()
    before = {row.path.stem: row.changed for row in hand.rows}
    hand.do("draft.all")
    hand.choose_model()
    batch = hand.window.session.batch
    hand.wait(lambda: not batch.is_running and batch._drafted == 2)
    hand.wait(lambda: sum(row.has_draft for row in hand.rows) == 2)
    hand.window.session.draft_selected([row.id for row in hand.rows])
    hand.wait(lambda: not batch.is_running and batch._drafted == 2)
    hand.wait_saved()
    for row in hand.rows:
        if Status(row.path.stem) in beyond:
            assert (row.status.value, row.has_draft, row.changed) == (
                row.path.stem,
                False,
                before[row.path.stem],
            )


def test_that_a_stroke_under_way_is_not_drafted_beneath(open_with: Open, pictures: list[Path]) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures[:1], segmenter)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.all")
    hand.choose_model()
    segmenter.let(3)
    canvas = hand.window.canvas
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas, left, none, hand.at(20, 20))
    QTest.mouseMove(canvas, hand.at(60, 20))
    assert hand.document.edit_is_open
    segmenter.let(1)
    hand.wait(lambda: not hand.window.session.batch.is_running)
    QTest.mouseRelease(canvas, left, none, hand.at(60, 20))
    hand.wait_saved()
    assert hand.document.base.kind == "empty"
    assert hand.rows[0].status is Status.IN_PROGRESS


def test_that_a_pause_holds_the_batch_while_editing_goes_on(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.all")
    hand.choose_model()
    batch = hand.window.session.batch
    hand.wait(lambda: batch.is_running)
    hand.do("draft.pause")
    assert batch.is_paused
    hand.wait(lambda: not batch._sent)
    assert hand.window.pictures.batch.words.text().startswith("Paused: ")
    hand.paint((20, 20), (60, 20))
    hand.do("draft.pause")
    hand.wait(lambda: not batch.is_running)
    hand.wait(lambda: [row.status for row in hand.rows].count(Status.DRAFTED) >= 5)


def test_that_pictures_that_were_not_drafted_are_listed_and_tried_again(
    open_with: Open, pictures: list[Path]
) -> None:
    bad = pictures[1].with_name("naevus_9.png")
    bad.write_text("no picture")
    hand = open_with([pictures[0], bad])
    hand.wait_shown("naevus_0.png")
    hand.do("draft.all")
    hand.choose_model()
    batch = hand.window.session.batch
    hand.wait(lambda: not batch.is_running and bool(batch.failures))
    panel = hand.window.pictures.batch
    hand.wait(panel.failures.isVisible)
    panel.failures.click()
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, FailuresDialog)
    item = dialog.list.topLevelItem(0)
    assert item is not None
    assert item.text(0) == "naevus_9.png" and "naevus_9.png" in item.text(1)
    write_picture(bad, seed=9)
    dialog.accept()
    hand.wait(lambda: not batch.is_running and not batch.failures)
    hand.wait(lambda: statuses(hand) == ["drafted"] * 2)
    assert not panel.isVisible()


def test_that_new_files_are_looked_into_in_the_background(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.wait(lambda: all(row.sha256 and row.width == 320 for row in hand.rows))


def test_that_the_statistics_show_the_work_and_its_time(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures[:2])
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.paint((20, 20), (60, 20))
    hand.do("picture.done")
    hand.wait_shown("naevus_1.png")
    hand.wait_saved()
    hand.do("file.statistics")
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, StatisticsDialog)
    hand.wait(lambda: "Done: 1" in dialog.plots[0].accessibleDescription())
    assert "1–2: 1" in dialog.plots[2].accessibleDescription()
    assert "of 1 picture" in dialog.plots[3].accessibleDescription()
    dialog.reject()


def test_that_a_draft_is_kept_out_of_sight_until_done_is_said_and_the_mask_stays_as_drawn(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures[:2], blind=True)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.run")
    hand.choose_model()
    first = hand.rows[0].id
    hand.wait(lambda: bool((row := hand.window.session.opening.row(first)) and row.has_draft))
    assert hand.document.base.kind == "empty"
    assert not hand.final.any()
    assert hand.window.strips.film._steps == 0
    assert "presence" not in hand.window.panels.draft_panel.about.text()
    hand.paint((20, 20), (60, 20))
    drawn = hand.final
    hand.do("picture.done")
    display = hand.window.panels.display_panel
    hand.wait(lambda: display.overlay.compare is Compare.DIFFERENCE)
    assert hand.window.windowTitle().startswith("naevus_0.png")
    assert np.array_equal(hand.final, drawn)
    assert hand.document.base.kind == "empty"
    hand.wait(lambda: hand.rows[0].is_revealed)
    with Store.open_to_read(hand.window.session.opening.project, "") as store:
        origin = store.origin(hand.rows[0].id)
        assert store.load_draft(hand.rows[0].id) is not None
    assert origin.blind_until and origin.to_attributes()["blind_until"] == origin.blind_until
    hand.do("picture.done")
    hand.wait_shown("naevus_1.png")
    assert statuses(hand) == ["done", "new"]


def test_that_drafting_all_blind_hides_every_draft_and_does_not_make_it_twice(
    open_with: Open, pictures: list[Path]
) -> None:
    segmenter = MadeSegmenter()
    hand = open_with(pictures[:3], segmenter, blind=True)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.all")
    hand.choose_model()
    hand.wait(lambda: all(row.has_draft for row in hand.rows))
    assert statuses(hand) == ["new"] * 3
    assert len(segmenter.encoded) == 3
    hand.wait(lambda: not hand.window.session.batch.is_running)
    hand.do("draft.all")
    hand.wait(lambda: "drafted already" in str(hand.window.messages.message))
    assert len(segmenter.encoded) == 3


def test_that_a_project_of_ten_thousand_is_opened_without_looking_at_them(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    project = tmp_path / "many.lsegdiff"
    with Store.open(project) as store:
        store.list_paths([*pictures, *(tmp_path / f"never read {n}.png" for n in range(9_994))])
        store.set_value("shown", "4")
    hand = open_with([project])
    hand.wait_shown("naevus_3.png")
    model, rows = hand.window.pictures._model, hand.window.session.rows
    hand.wait(lambda: len(model.ids) == 10_000)
    hand.wait(lambda: model.entry(4) is not None)
    assert len(rows._rows) < 300
    bar = hand.window.pictures.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    hand.wait(lambda: model.entry(10_000) is not None)
    assert len(rows._rows) < 600
    hand.window.pictures.filters.words.setText("naevus 3")
    hand.wait(lambda: list(model.ids) == [4])
