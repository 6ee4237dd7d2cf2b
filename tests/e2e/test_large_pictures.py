"""A large picture's whole mask is worked on while the window goes on: what a hand does meanwhile comes after it."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made.slow_find import SlowFind
from made.windows import Hand, write_picture
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lsegdiff_gui.annotation.document import ERASED, Status
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.annotation.tools import components
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.project.store import Store

WIDTH, HEIGHT = 1200, 1000
WIPED = Box(300, 100, 900, 900)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def large(tmp_path: Path) -> list[Path]:
    """One picture on which commands take a while, and a small one."""
    folder = tmp_path / "pictures"
    return [write_picture(folder / "large.png", WIDTH, HEIGHT), write_picture(folder / "small.png")]


@pytest.fixture
def hand(open_with: Callable[..., Hand], large: list[Path]) -> Hand:
    """On the large one, with a stroke across it."""
    hand = open_with(large)
    hand.wait_shown("large.png")
    hand.bot.waitActive(hand.window)
    hand.window.canvas.setFocus()
    hand.paint((200, 500), (1000, 500))
    return hand


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowFind:
    """“Largest only” takes as long as the test wants, and wipes the middle."""
    slow = SlowFind(WIPED, ERASED)

    def find(final: np.ndarray, _label: int) -> Changes:
        return slow(final)

    monkeypatch.setattr("lsegdiff_gui.ui.mask_commands._largest", find)
    return slow


def begin(hand: Hand, slow: SlowFind) -> None:
    hand.do("mask.largest")
    hand.wait(slow.began.is_set)


def end(hand: Hand, slow: SlowFind) -> None:
    slow.let_go()
    hand.wait(lambda: hand.window.session.editing.is_exact)


def test_that_a_command_does_not_run_on_the_thread_of_the_window(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    find = components.holes
    monkeypatch.setattr(
        components, "holes", lambda *given: threads.append(threading.get_ident()) or find(*given)
    )
    ring = [(500.0, 200.0), (700.0, 200.0), (700.0, 400.0), (500.0, 400.0), (500.0, 200.0)]
    hand.paint(*ring)
    assert not hand.final[300, 600]
    hand.do("mask.close_holes")
    hand.wait(lambda: bool(hand.document.final[300, 600]))
    assert len(threads) == 1 and threads[0] != threading.get_ident()


def test_that_the_window_goes_on_and_says_what_it_works_at(hand: Hand, slow: SlowFind) -> None:
    begin(hand, slow)
    sign = hand.window.status._working
    hand.wait(sign.isVisible)
    assert sign.text() == "Largest only…"
    hand.do("view.double")
    assert hand.window.canvas.zoom == 2.0
    end(hand, slow)
    assert not sign.isVisible()


def test_that_strokes_painted_meanwhile_lie_above_and_are_taken_back_first(
    hand: Hand, slow: SlowFind
) -> None:
    begin(hand, slow)
    before = hand.document.final.copy()
    hand.paint((400, 300), (800, 300))
    hand.paint((400, 700), (800, 700))
    assert np.array_equal(hand.document.final, before)
    assert hand.window.canvas._scene.proposal is not None
    end(hand, slow)
    assert hand.document.final[300, 600] and hand.document.final[700, 600]
    assert not hand.document.final[500, 600]
    assert hand.window.canvas._scene.proposal is None
    tools = [getattr(command, "tool", "") for command in hand.document.history.commands]
    assert tools == ["brush", "largest only", "brush", "brush"]
    hand.do("edit.undo")
    assert not hand.document.final[700, 600]
    hand.do("edit.undo")
    hand.do("edit.undo")
    assert hand.document.final[500, 600] and not hand.document.final[300, 600]


def test_that_a_stroke_begun_meanwhile_goes_on_under_the_hand_once_it_is_done(
    hand: Hand, slow: SlowFind
) -> None:
    canvas = hand.window.canvas
    begin(hand, slow)
    QTest.mousePress(canvas, LEFT, NONE, hand.at(400, 300))
    QTest.mouseMove(canvas, hand.at(600, 300))
    # Where the points lie is the picture's: it may be moved meanwhile.
    canvas.set_view(canvas.view.panned(-30, 10))
    end(hand, slow)
    assert hand.document.final[300, 500] and not hand.document.final[300, 750]
    QTest.mouseMove(canvas, hand.at(800, 300))
    assert hand.document.final[300, 750]
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not hand.document.final[300, 500]
    assert len(hand.document.history.commands) == 2


def test_that_escape_leaves_the_command_and_keeps_the_stroke_after_it(hand: Hand, slow: SlowFind) -> None:
    begin(hand, slow)
    hand.paint((400, 300), (800, 300))
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_Escape)
    assert hand.document.final[300, 600] and hand.document.final[500, 600]
    slow.let_go()
    hand.do("mask.clear")
    hand.wait(lambda: hand.window.session.editing.is_exact)
    tools = [getattr(command, "tool", "") for command in hand.document.history.commands]
    assert tools == ["brush", "brush", "clear"]


def test_that_saying_done_and_going_on_waits_for_the_command_and_keeps_both(
    hand: Hand, slow: SlowFind, large: list[Path]
) -> None:
    begin(hand, slow)
    hand.do("picture.done")
    hand.do("picture.next")
    assert hand.window.windowTitle().startswith("large.png")
    slow.let_go()
    hand.wait_shown("small.png")
    hand.wait_saved()
    row = hand.rows[0]
    assert row.status is Status.DONE
    with Store.open(hand.window.session.opening.project, must_exist=True) as store:
        document = store.load_document(row.id, WIDTH, HEIGHT)
    assert (document.override[WIPED.slices] == ERASED).all()
    hand.do("picture.previous")
    hand.wait_shown("large.png")
    assert np.array_equal(hand.document.final, document.final)


def test_that_closing_the_window_waits_for_the_command(hand: Hand, slow: SlowFind) -> None:
    project, row = hand.window.session.opening.project, hand.rows[0]
    begin(hand, slow)
    hand.window.close()
    assert hand.window.isVisible()
    slow.let_go()
    hand.wait(lambda: not hand.window.isVisible())
    assert hand.window.still_running == []
    with Store.open(project, must_exist=True) as store:
        document = store.load_document(row.id, WIDTH, HEIGHT)
    assert (document.override[WIPED.slices] == ERASED).all()


def test_that_another_project_is_opened_once_the_command_is_kept_in_this_one(
    hand: Hand, slow: SlowFind, tmp_path: Path
) -> None:
    project, row = hand.window.session.opening.project, hand.window.session.shown
    assert row is not None
    begin(hand, slow)
    hand.window.projects.open_project(tmp_path / "other.lsegdiff")
    assert hand.window.session.opening.project == project
    slow.let_go()
    hand.wait(lambda: hand.window.session.opening.project != project)
    with Store.open(project, must_exist=True) as store:
        document = store.load_document(row.row.id, WIDTH, HEIGHT)
    assert (document.override[WIPED.slices] == ERASED).all()


def test_that_a_mask_is_copied_from_a_large_picture_to_a_small_one(hand: Hand) -> None:
    hand.do("edit.copy")
    hand.do("picture.next")
    hand.wait_shown("small.png")
    hand.do("edit.paste")
    hand.wait(lambda: bool(hand.document.final.any()))
    box = Box.of(hand.document.final)
    assert box.height < 30 and box.width > 200
