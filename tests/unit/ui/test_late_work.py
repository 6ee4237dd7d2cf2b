"""Long random work whose steps are done elsewhere and come late ends as if each had taken no time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from made.late_work import HEIGHT, WIDTH, LateWork
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.history import History
from lsegdiff_gui.ui import carrying
from lsegdiff_gui.ui import editing as editing_module
from lsegdiff_gui.workers.masks import MaskThread

STEPS = 200
KINDS = ["stroke"] * 5 + ["fill"] * 3 + ["edge"] * 2 + ["parts"] * 2 + ["back"] * 5 + ["forward"] * 3
KINDS += ["slide"] * 2 + [
    "clear",
    "revert",
    "revert",
    "bake",
    "draft",
    "draft",
    "lock",
    "say",
    "go",
    "go",
    "esc",
]


@pytest.fixture
def masks(qapp: object) -> Iterator[MaskThread]:
    thread = MaskThread()
    yield thread
    assert thread.stop(5000)


def same(one: Document, other: Document) -> None:
    np.testing.assert_array_equal(one.override, other.override)
    np.testing.assert_array_equal(one.final, other.final)
    assert one.history.commands == other.history.commands
    assert one.history.cursor == other.history.cursor
    assert (one.base, one.recipe, one.status, one.note) == (
        other.base,
        other.recipe,
        other.status,
        other.note,
    )


@pytest.mark.parametrize("seed", range(3))
def test_that_late_steps_end_as_those_that_take_no_time_and_a_reopened_project_has_them(
    seed: int, masks: MaskThread, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By the clock two moves of a slider might become one step here and not there.
    monkeypatch.setattr(editing_module, "GOES_ON_WITHIN", -1.0)
    rng = np.random.default_rng(seed)
    monkeypatch.setattr(carrying, "AT_ONCE_PIXELS", 0)
    late = LateWork(masks, tmp_path / "late.lsegdiff")
    meant: list[tuple[str, int]] = []
    for number in range(STEPS):
        name = str(rng.choice(KINDS))
        before = late.called_off
        late.do(name, number)
        if late.called_off > before:
            # It was under way and nothing had been asked for since: as if it had never been.
            meant.pop()
        elif name != "esc":
            meant.append((name, number))
        for _ in range(int(rng.integers(0, 4))):
            QApplication.processEvents()
        if rng.random() < 0.1:
            qtbot.waitUntil(lambda: late.editing.is_exact)
    qtbot.waitUntil(lambda: late.editing.is_exact and not late.editing.turns.waiting)

    monkeypatch.setattr(carrying, "AT_ONCE_PIXELS", WIDTH * HEIGHT * 4)
    instant = LateWork(masks, tmp_path / "instant.lsegdiff")
    for name, number in meant:
        instant.do(name, number)
        if not instant.editing.is_exact:
            qtbot.waitUntil(lambda: instant.editing.is_exact)

    assert late.editing.document is not None and instant.editing.document is not None
    assert late.editing.picture_id == instant.editing.picture_id
    same(late.editing.document, instant.editing.document)
    for picture in late.pictures:
        loaded = late.loaded(picture)
        same(loaded, instant.loaded(picture))
        if picture == late.editing.picture_id:
            same(loaded, late.editing.document)
        again = Document(WIDTH, HEIGHT, log=History(loaded.history.commands, 0))
        while again.history.cursor < loaded.history.cursor:
            assert again.redo() is not None
        if again.needs_base:
            again.rebuild_base()
        np.testing.assert_array_equal(again.final, loaded.final)
    late.store.close()
    instant.store.close()
