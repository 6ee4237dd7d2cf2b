from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made.drafts import draft
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import BaseChange, Command, StatusChange
from lsegdiff_gui.annotation.document import Document, Status
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.project.store import NotSavedError, PictureRow, Store
from lsegdiff_gui.workers import store_worker as workers_store
from lsegdiff_gui.workers.store import Added, OpenedProject, StoreThread

WIDTH, HEIGHT = 300, 200


@pytest.fixture
def thread(qapp: object) -> Iterator[StoreThread]:
    made = StoreThread()
    yield made
    assert made.stop(5000)


@pytest.fixture
def failures(thread: StoreThread) -> list[str]:
    seen: list[str] = []
    thread.failed.connect(seen.append)
    return seen


@pytest.fixture
def picture_id(qtbot: QtBot, thread: StoreThread, tmp_path: Path) -> int:
    """A picture in an open project."""
    with qtbot.waitSignal(thread.opened):
        thread.open(tmp_path / "p.lsegdiff")
    with qtbot.waitSignal(thread.added) as added:
        thread.add([tmp_path / "a.png"])
    assert added.args is not None
    return int(added.args[0].first.id)


def dab(document: Document, x: float, y: float) -> Command:
    stroke = Stroke(document, label=1, radius=12, tool="brush")
    stroke.move_to(x, y)
    edit = stroke.finish()
    assert edit is not None
    return edit


def failing() -> Callable[[], None]:
    """Let the disk refuse all further steps; returns what makes it well again."""
    patch = pytest.MonkeyPatch()

    def refuse(*_: object) -> None:
        raise NotSavedError("The project 'p.lsegdiff' could not be saved: the disk is full.")

    patch.setattr(Store, "record", refuse)
    patch.setattr(Store, "undo", refuse)
    return patch.undo


def test_that_opening_tells_what_is_in_the_project(qtbot: QtBot, thread: StoreThread, tmp_path: Path) -> None:
    with Store.open(tmp_path / "p.lsegdiff") as store:
        rows = store.add_pictures([tmp_path / "a.png", tmp_path / "b.png"])
        store.set_value("model", "skin")
    with qtbot.waitSignal(thread.opened):
        thread.opened.connect(lambda project: seen.append(project))
        seen: list[OpenedProject] = []
        thread.open(tmp_path / "p.lsegdiff")
    (project,) = seen
    assert project.path == tmp_path / "p.lsegdiff"
    assert (project.listed, project.current) == (2, rows[0])
    assert project.values == {"model": "skin"}


def test_that_a_step_is_on_the_disk_when_saved_is_said(
    qtbot: QtBot, thread: StoreThread, picture_id: int, tmp_path: Path
) -> None:
    document = Document(WIDTH, HEIGHT)
    on_disk: list[tuple[int, int, int]] = []

    def look(number: int, revision: int) -> None:
        with Store.open(tmp_path / "p.lsegdiff") as other:
            loaded = other.load_document(number, WIDTH, HEIGHT)
        on_disk.append((number, revision, loaded.history.cursor))

    thread.saved.connect(look)
    for x in (30, 90):
        command = dab(document, x, 50)
        with qtbot.waitSignal(thread.saved):
            thread.record(picture_id, command, document.revision)
    document.undo()
    with qtbot.waitSignal(thread.saved):
        thread.undo(picture_id, document.revision)
    document.redo()
    with qtbot.waitSignal(thread.saved):
        thread.redo(picture_id, document.revision)
    assert on_disk == [(picture_id, 1, 1), (picture_id, 2, 2), (picture_id, 3, 1), (picture_id, 4, 2)]


def test_that_a_loaded_document_belongs_to_the_window(
    qtbot: QtBot, thread: StoreThread, picture_id: int
) -> None:
    document = Document(WIDTH, HEIGHT)
    change = BaseChange(document.base, Base.of_draft(draft()))
    document.apply(change)
    thread.record(picture_id, change, document.revision)
    thread.record(picture_id, dab(document, 50, 60), document.revision)
    received: list[Document] = []
    for _ in range(2):
        with qtbot.waitSignal(thread.document_ready) as ready:
            thread.load(picture_id, WIDTH, HEIGHT)
        assert ready.args is not None
        assert ready.args[0] == picture_id
        received.append(ready.args[1])
    assert received[0] is not received[1]
    dab(received[0], 150, 150)
    np.testing.assert_array_equal(received[1].override, document.override)
    assert received[1].base == document.base
    assert received[1].can_undo


def test_that_the_list_hears_of_every_change(qtbot: QtBot, thread: StoreThread, picture_id: int) -> None:
    rows: list[PictureRow] = []
    thread.pictures_changed.connect(rows.extend)
    thread.set_identity(picture_id, "ab" * 32, WIDTH, HEIGHT, 1)
    thread.save_draft(picture_id, draft())
    with qtbot.waitSignal(thread.saved):
        thread.record(picture_id, StatusChange(Status.NEW, Status.FLAGGED, "blurred"), 1)
    assert [(row.width, row.has_draft, row.status, row.note) for row in rows] == [
        (WIDTH, False, Status.NEW, ""),
        (WIDTH, True, Status.NEW, ""),
        (WIDTH, True, Status.FLAGGED, "blurred"),
    ]


def test_that_values_are_kept_and_asked_for(qtbot: QtBot, thread: StoreThread, picture_id: int) -> None:
    answers: list[tuple[str, Any]] = []
    thread.value_ready.connect(lambda key, value: answers.append((key, value)))
    thread.value("model")
    thread.set_value("model", "polyp")
    thread.value("model")
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers == [("model", None), ("model", "polyp")]


def test_that_the_annotator_is_written_beside_the_steps(
    qtbot: QtBot, thread: StoreThread, picture_id: int, tmp_path: Path
) -> None:
    thread.set_annotator("B. Reader")
    with qtbot.waitSignal(thread.saved):
        thread.record(picture_id, StatusChange(Status.NEW, Status.DONE), 1)
    with Store.open(tmp_path / "p.lsegdiff") as store:
        assert store._connection.execute("SELECT annotator FROM events").fetchall() == [("B. Reader",)]


def test_that_a_refused_file_leaves_the_open_project_open(
    qtbot: QtBot, thread: StoreThread, picture_id: int, failures: list[str], tmp_path: Path
) -> None:
    (tmp_path / "other.lsegdiff").write_text("not a project")
    with qtbot.waitSignal(thread.open_failed):
        thread.open(tmp_path / "other.lsegdiff")
    with qtbot.waitSignal(thread.saved):
        thread.record(picture_id, StatusChange(Status.NEW, Status.DONE), 1)
    assert len(failures) == 1
    assert "'other.lsegdiff' is not an LSegDiff project" in failures[0]


def test_that_work_without_a_project_is_answered_with_a_sentence(
    qtbot: QtBot, thread: StoreThread, failures: list[str]
) -> None:
    thread.record(1, StatusChange(Status.NEW, Status.DONE), 1)
    with qtbot.waitSignal(thread.load_failed):
        thread.load(1, 10, 10)
    qtbot.waitUntil(lambda: len(failures) == 2)
    assert all("No project is open" in sentence for sentence in failures)


def test_that_steps_the_disk_refuses_wait_and_are_saved_in_order(
    qtbot: QtBot,
    thread: StoreThread,
    picture_id: int,
    failures: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers_store, "RETRY_MS", 50)
    heal = failing()
    document = Document(WIDTH, HEIGHT)
    saved: list[int] = []
    thread.saved.connect(lambda _, revision: saved.append(revision))
    try:
        for x in (30, 90, 150):
            thread.record(picture_id, dab(document, x, 50), document.revision)
        document.undo()
        thread.undo(picture_id, document.revision)
        qtbot.waitUntil(lambda: thread.unsaved == 4)
        qtbot.wait(200)
        assert saved == []
        assert failures == ["The project 'p.lsegdiff' could not be saved: the disk is full."]
    finally:
        heal()
    qtbot.waitUntil(lambda: saved == [1, 2, 3, 4])
    qtbot.waitUntil(lambda: thread.unsaved == 0)
    with qtbot.waitSignal(thread.document_ready) as ready:
        thread.load(picture_id, WIDTH, HEIGHT)
    assert ready.args is not None
    np.testing.assert_array_equal(ready.args[1].override, document.override)
    assert ready.args[1].can_redo


def test_that_a_picture_with_unsaved_steps_is_not_loaded_over_and_no_other_project_opened(
    qtbot: QtBot,
    thread: StoreThread,
    picture_id: int,
    failures: list[str],
    tmp_path: Path,
) -> None:
    heal = failing()
    try:
        thread.record(picture_id, StatusChange(Status.NEW, Status.DONE), 1)
        with qtbot.waitSignal(thread.load_failed):
            thread.load(picture_id, WIDTH, HEIGHT)
        with qtbot.waitSignal(thread.open_failed):
            thread.open(tmp_path / "other.lsegdiff")
        qtbot.waitUntil(lambda: len(failures) == 3)
        assert "not saved yet" in failures[1]
        assert "'other.lsegdiff' was not opened: 1 steps of 'p.lsegdiff' are not saved yet" in failures[2]
        assert not (tmp_path / "other.lsegdiff").exists()
    finally:
        heal()
    assert thread.stop(5000)
    with Store.open(tmp_path / "p.lsegdiff") as store:
        assert store.picture(picture_id).status == Status.DONE


def test_that_a_fault_of_the_program_does_not_hold_up_what_follows(
    qtbot: QtBot,
    thread: StoreThread,
    picture_id: int,
    failures: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    thread.record(picture_id, object(), 1)  # type: ignore[arg-type]
    with qtbot.waitSignal(thread.saved) as saved:
        thread.record(picture_id, StatusChange(Status.NEW, Status.DONE), 2)
    assert saved.args == [picture_id, 2]
    assert len(failures) == 1
    assert "fault of this program" in failures[0]
    assert "a write to the project failed" in caplog.text
    caplog.clear()


def test_that_stopping_saves_what_was_handed_over(qtbot: QtBot, tmp_path: Path) -> None:
    thread = StoreThread()
    thread.open(tmp_path / "p.lsegdiff")
    thread.add([tmp_path / "a.png"])
    document = Document(WIDTH, HEIGHT)
    for x in range(10, 210, 20):
        thread.record(1, dab(document, x, 50), document.revision)
    assert thread.stop(5000)
    assert thread.stop(0)
    with Store.open(tmp_path / "p.lsegdiff") as store:
        loaded = store.load_document(1, WIDTH, HEIGHT)
    np.testing.assert_array_equal(loaded.override, document.override)


def test_that_many_pictures_are_listed_part_by_part_and_the_first_is_told_once(
    qtbot: QtBot, thread: StoreThread, tmp_path: Path
) -> None:
    with qtbot.waitSignal(thread.opened):
        thread.open(tmp_path / "p.lsegdiff")
    told: list[Added] = []
    thread.added.connect(told.append)
    paths = [tmp_path / f"{number}.png" for number in range(2_500)]
    thread.add(paths)
    thread.set_value("between", "yes")
    qtbot.waitUntil(lambda: bool(told) and told[-1].listed == 2_500, timeout=20_000)
    assert [added.first.path if added.first else None for added in told] == [paths[0], None, None, None]
    assert told[0].listed == 100
    with Store.open_to_read(tmp_path / "p.lsegdiff", "") as store:
        assert [row.path for row in store.pictures()] == paths
