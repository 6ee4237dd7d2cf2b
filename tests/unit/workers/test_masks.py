import threading
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from made.drafts import draft
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.workers import masks
from lsegdiff_gui.workers.masks import MaskThread

Answer = tuple[int, npt.NDArray[np.uint8], bool]
BASE = Base.of_draft(draft())


@pytest.fixture
def thread(qapp: object) -> Iterator[MaskThread]:
    made = MaskThread()
    yield made
    assert made.stop(5000)


@pytest.fixture
def answers(thread: MaskThread) -> list[Answer]:
    seen: list[Answer] = []
    thread.ready.connect(lambda token, mask, exact: seen.append((token, mask, exact)))
    return seen


def test_that_a_request_is_answered_with_the_exact_mask(
    qtbot: QtBot, thread: MaskThread, answers: list[Answer]
) -> None:
    with qtbot.waitSignal(thread.ready):
        thread.request(7, BASE, Recipe(kernel=9), 1500, 1200)
    ((token, mask, exact),) = answers
    assert (token, exact) == (7, True)
    np.testing.assert_array_equal(mask, BASE.foreground(Recipe(kernel=9), 1500, 1200))


def test_that_a_dragged_slider_gets_a_preview_and_at_rest_the_exact_mask(
    qtbot: QtBot, thread: MaskThread, answers: list[Answer]
) -> None:
    thread.request(1, BASE, Recipe(), 2400, 1800, draft_quality=True)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert [(token, exact) for token, _, exact in answers] == [(1, False), (1, True)]
    expected = BASE.foreground(Recipe(), 2400, 1800)
    np.testing.assert_array_equal(answers[1][1], expected)
    preview = answers[0][1]
    assert preview.shape == expected.shape
    assert 2 * int((preview & expected).sum()) / int(preview.sum() + expected.sum()) > 0.98


def test_that_a_small_picture_needs_no_preview(
    qtbot: QtBot, thread: MaskThread, answers: list[Answer]
) -> None:
    with qtbot.waitSignal(thread.ready):
        thread.request(1, BASE, Recipe(), 640, 480, draft_quality=True)
    qtbot.wait(2 * masks.EXACT_AFTER_MS)
    assert [exact for _, _, exact in answers] == [True]


def test_that_the_newest_request_wins(
    qtbot: QtBot, thread: MaskThread, answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, go = threading.Event(), threading.Event()
    compute = Base.foreground

    def slow(*args: object, **how: object) -> object:
        busy.set()
        assert go.wait(5)
        return compute(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Base, "foreground", slow)
    thread.request(1, BASE, Recipe(), 300, 200)
    assert busy.wait(5)
    for token in range(2, 30):
        thread.request(token, BASE, Recipe(), 300, 200)
    go.set()
    qtbot.waitUntil(lambda: bool(answers) and answers[-1][0] == 29)
    assert [token for token, _, _ in answers] == [1, 29]


def test_that_a_moving_slider_gets_previews_only(
    qtbot: QtBot, thread: MaskThread, answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masks, "EXACT_AFTER_MS", 400)
    for token in range(1, 6):
        with qtbot.waitSignal(thread.ready):
            thread.request(token, BASE, Recipe(kernel=2 * token + 1), 1600, 900, draft_quality=True)
    assert [(token, exact) for token, _, exact in answers] == [(token, False) for token in range(1, 6)]
    qtbot.waitUntil(lambda: len(answers) == 6)
    assert (answers[5][0], answers[5][2]) == (5, True)


def test_that_cancel_drops_the_exact_mask_to_come(
    qtbot: QtBot, thread: MaskThread, answers: list[Answer]
) -> None:
    with qtbot.waitSignal(thread.ready):
        thread.request(1, BASE, Recipe(), 1600, 900, draft_quality=True)
    thread.cancel()
    qtbot.wait(3 * masks.EXACT_AFTER_MS)
    assert [exact for _, _, exact in answers] == [False]


def test_that_a_fault_becomes_a_sentence_and_the_thread_goes_on(
    qtbot: QtBot, thread: MaskThread, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = Base.of_mask(np.ones((5, 5), np.uint8))
    with qtbot.waitSignal(thread.failed) as failed:
        thread.request(3, wrong, Recipe(), 300, 200)
    assert failed.args is not None
    assert failed.args[0] == 3
    assert "could not be computed" in failed.args[1]
    caplog.clear()
    with qtbot.waitSignal(thread.ready):
        thread.request(4, BASE, Recipe(), 300, 200)


def test_that_stopping_during_a_drag_leaves_nothing_behind(qtbot: QtBot) -> None:
    thread = MaskThread()
    with qtbot.waitSignal(thread.ready):
        thread.request(1, BASE, Recipe(), 1600, 900, draft_quality=True)
    assert thread.stop(5000)
    assert thread.stop(0)


def test_that_a_mask_in_the_making_can_outlast_the_patience_of_the_end(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, go = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> npt.NDArray[np.uint8]:
        busy.set()
        assert go.wait(5)
        return np.zeros((2, 2), np.uint8)

    monkeypatch.setattr(Base, "foreground", slow)
    thread = MaskThread()
    thread.request(1, BASE, Recipe(), 300, 200)
    assert busy.wait(5)
    assert not thread.stop(20)
    go.set()
    assert thread.stop(5000)
