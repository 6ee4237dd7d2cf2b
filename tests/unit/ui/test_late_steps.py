"""Steps on a large picture: done on the mask thread, in the order they were asked for, whatever comes meanwhile."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from made.drafts import draft
from made.slow_find import SlowFind
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation import steps
from lsegdiff_gui.annotation.document import ERASED, Document, Status
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui import carrying
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.workers.masks import MaskThread

WIDTH, HEIGHT = 200, 150
HERE, THERE = Box(20, 30, 60, 70), Box(100, 30, 140, 70)


class Log:
    """Stands in for Keeping: the steps by name, in the order they were handed over."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def record(self, picture_id: int, command: object, _revision: int) -> None:
        self.heard.append(f"{picture_id} {getattr(command, 'tool', type(command).__name__)}")

    def undo(self, picture_id: int, _revision: int) -> None:
        self.heard.append(f"{picture_id} undo")

    def redo(self, picture_id: int, _revision: int) -> None:
        self.heard.append(f"{picture_id} redo")


@pytest.fixture
def masks(qapp: object) -> Iterator[MaskThread]:
    thread = MaskThread()
    yield thread
    assert thread.stop(5000)


@pytest.fixture
def keeping() -> Log:
    return Log()


@pytest.fixture
def editing(masks: MaskThread, keeping: Log, monkeypatch: pytest.MonkeyPatch) -> Editing:
    """On a picture that counts as large."""
    monkeypatch.setattr(carrying, "AT_ONCE_PIXELS", 0)
    editing = Editing(masks, keeping)  # type: ignore[arg-type]
    editing.take(7, Document(WIDTH, HEIGHT))
    return editing


def document_of(editing: Editing) -> Document:
    assert editing.document is not None
    return editing.document


def begin(editing: Editing, qtbot: QtBot, box: Box = HERE, value: int = 1) -> SlowFind:
    """A command that is under way."""
    slow = SlowFind(box, value)
    editing.change(slow, "slow")
    qtbot.waitUntil(slow.began.is_set)
    return slow


def end(editing: Editing, qtbot: QtBot, slow: SlowFind) -> None:
    with qtbot.waitSignal(editing.turns.freed):
        slow.let_go()


def stroke(editing: Editing, x: float, y: float, label: int = 2) -> None:
    painted = Stroke(document_of(editing), label=label, radius=6, tool="brush")
    painted.move_to(x, y)
    edit = painted.finish()
    assert edit is not None
    editing.stroke_finished(edit)


def fill(editing: Editing, box: Box, label: int) -> None:
    region = Region.of_mask(np.ones((box.height, box.width)), box)
    editing.change(lambda _final: [(region, label)], "fill")


def test_that_a_command_runs_on_another_thread_and_is_kept_and_told_when_it_is_done(
    editing: Editing, keeping: Log, qtbot: QtBot
) -> None:
    told: list[Box] = []
    editing.changed.connect(told.append)
    slow = begin(editing, qtbot)
    assert slow.thread != threading.get_ident()
    assert keeping.heard == [] and told == []
    assert not editing.is_exact
    end(editing, qtbot, slow)
    assert keeping.heard == ["7 slow"]
    assert told == [HERE]
    assert Box.of(document_of(editing).final) == HERE
    assert editing.is_exact


def test_that_whole_steps_and_their_undo_are_not_done_on_the_thread_of_the_window(
    editing: Editing, keeping: Log, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()
    for name in ("clear", "revert", "bake", "undo", "redo", "place_base"):
        method = getattr(Document, name)

        def noted(*given: object, method=method, **how: object) -> object:  # type: ignore[no-untyped-def]
            threads.add(threading.get_ident())
            return method(*given, **how)

        monkeypatch.setattr(Document, name, noted)
    editing.place_draft(draft(1), replace=False)
    whole_steps = (editing.clear, editing.undo, editing.redo, editing.revert, editing.bake, editing.undo)
    for step in whole_steps:
        step()
        qtbot.waitUntil(lambda: editing.is_exact)
    assert keeping.heard == [
        "7 BaseChange",
        "7 clear",
        "7 undo",
        "7 redo",
        "7 revert",
        "7 Bake",
        "7 undo",
    ]
    assert threading.get_ident() not in threads and threads


def test_that_a_stroke_that_waits_lies_above_the_command_and_undo_takes_it_first(
    editing: Editing, keeping: Log, qtbot: QtBot
) -> None:
    slow = begin(editing, qtbot, value=ERASED)
    editing.turns.take(lambda: stroke(editing, 40, 50))
    editing.undo()
    editing.redo()
    end(editing, qtbot, slow)
    qtbot.waitUntil(lambda: len(keeping.heard) == 4)
    assert keeping.heard == ["7 slow", "7 brush", "7 undo", "7 redo"]
    assert document_of(editing).override[50, 40] == 2
    assert document_of(editing).override[31, 21] == ERASED


def test_that_commands_that_are_asked_for_quickly_build_on_each_other(
    editing: Editing, keeping: Log, qtbot: QtBot
) -> None:
    seen: list[Box] = []

    def look(final: np.ndarray) -> Changes:
        seen.append(Box.of(final))
        return []

    slow = begin(editing, qtbot)
    fill(editing, THERE, 3)
    editing.change(look, "look")
    editing.set_status(Status.DONE)
    end(editing, qtbot, slow)
    qtbot.waitUntil(lambda: len(keeping.heard) == 3)
    assert keeping.heard == ["7 slow", "7 fill", "7 StatusChange"]
    assert seen == [HERE.union(THERE)]
    assert document_of(editing).status is Status.DONE


def test_that_undo_leaves_a_command_that_is_under_way(editing: Editing, keeping: Log, qtbot: QtBot) -> None:
    slow = begin(editing, qtbot)
    editing.undo()
    assert not editing.turns.is_busy
    slow.let_go()
    fill(editing, THERE, 3)
    qtbot.waitUntil(lambda: keeping.heard == ["7 fill"])
    assert Box.of(document_of(editing).final) == THERE
    assert len(document_of(editing).history.commands) == 1


def test_that_a_command_that_is_left_keeps_what_was_asked_for_after_it(
    editing: Editing, keeping: Log, qtbot: QtBot
) -> None:
    slow = begin(editing, qtbot)
    editing.turns.take(lambda: stroke(editing, 150, 100))
    assert editing.turns.call_off()
    assert keeping.heard == ["7 brush"]
    slow.let_go()
    editing.clear()
    qtbot.waitUntil(lambda: keeping.heard == ["7 brush", "7 clear"])


def test_that_a_draft_that_comes_meanwhile_goes_beneath_what_the_command_does(
    editing: Editing, keeping: Log, qtbot: QtBot
) -> None:
    slow = begin(editing, qtbot, value=3)
    editing.place_draft(draft(1), replace=False)
    assert document_of(editing).base.draft is None
    end(editing, qtbot, slow)
    qtbot.waitUntil(lambda: editing.is_exact and not editing.turns.waiting)
    assert keeping.heard == ["7 slow", "7 BaseChange"]
    assert (document_of(editing).final[HERE.slices] == 3).all()


def test_that_a_command_right_after_a_slider_sees_the_mask_of_the_new_recipe(
    editing: Editing, qtbot: QtBot
) -> None:
    editing.place_draft(draft(1), replace=False)
    qtbot.waitUntil(lambda: editing.is_exact)
    seen: list[np.ndarray] = []
    editing.settle_recipe(Recipe(threshold=0.9))
    editing.change(lambda final: seen.append(final.copy()) or [], "look")  # type: ignore[func-returns-value]
    qtbot.waitUntil(lambda: bool(seen) and editing.is_exact)
    expected = document_of(editing).base.foreground(Recipe(threshold=0.9), WIDTH, HEIGHT)
    np.testing.assert_array_equal(seen[0], expected)
    np.testing.assert_array_equal(document_of(editing).final, expected)


def test_that_what_is_done_when_its_picture_was_dropped_is_kept_with_that_picture(
    editing: Editing, keeping: Log, qtbot: QtBot
) -> None:
    told: list[Box] = []
    slow = begin(editing, qtbot)
    first = document_of(editing)
    editing.take(8, Document(WIDTH, HEIGHT))
    editing.changed.connect(told.append)
    end(editing, qtbot, slow)
    assert keeping.heard == ["7 slow"]
    assert Box.of(first.final) == HERE
    assert not document_of(editing).final.any()
    assert told == []


def test_that_a_failed_command_leaves_the_document_as_it_was(
    editing: Editing, keeping: Log, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    fill(editing, HERE, 1)
    qtbot.waitUntil(lambda: not editing.turns.is_busy)
    before = document_of(editing).override.copy()
    whole = Region.of_mask(np.ones((HEIGHT, WIDTH)))
    broken = Region(Box(0, 0, WIDTH, HEIGHT), np.ones((HEIGHT // 2, WIDTH), np.bool_))
    with qtbot.waitSignal(editing.turns.failed):
        editing.change(lambda _final: [(whole, 2), (broken, 3)], "broken")
    caplog.clear()
    np.testing.assert_array_equal(document_of(editing).override, before)
    assert not document_of(editing).edit_is_open
    assert keeping.heard == ["7 fill"]
    editing.clear()
    qtbot.waitUntil(lambda: keeping.heard == ["7 fill", "7 clear"])


def test_that_what_is_found_is_told_without_a_step(editing: Editing, keeping: Log, qtbot: QtBot) -> None:
    fill(editing, HERE, 1)
    found: list[Box] = []
    editing.look(Box.of, "Look", found.append)
    qtbot.waitUntil(lambda: found == [HERE])
    assert keeping.heard == ["7 fill"]


def test_that_both_steps_of_a_replacing_draft_are_taken_back_at_once(
    editing: Editing, keeping: Log, qtbot: QtBot
) -> None:
    fill(editing, HERE, 3)
    editing.place_draft(draft(1), replace=True)
    editing.undo()
    editing.redo()
    qtbot.waitUntil(lambda: len(keeping.heard) == 7 and editing.is_exact)
    assert keeping.heard == [
        "7 fill",
        f"7 {steps.CLEARING}",
        "7 BaseChange",
        "7 undo",
        "7 undo",
        "7 redo",
        "7 redo",
    ]
