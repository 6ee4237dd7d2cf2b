import sqlite3
from pathlib import Path

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.commands import PaintEdit, StatusChange
from lsegdiff_gui.annotation.document import Document, Status
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.project.store import NotSavedError, ProjectError, Store


def large_edit() -> PaintEdit:
    noise = np.random.default_rng(0).integers(1, 255, (290, 330), dtype=np.uint8)
    edit = PaintEdit.of([(Box.whole(330, 290), np.zeros_like(noise), noise)], "paste")
    assert edit is not None
    return edit


def test_that_a_full_disk_keeps_the_project_as_it_was_and_the_work_can_be_saved_later(
    store: Store, picture_id: int
) -> None:
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    before = store.picture(picture_id)
    with pytest.raises(NotSavedError, match=r"is full\. Your work is kept in memory"):
        store.record(picture_id, large_edit())
    assert store.picture(picture_id) == before
    assert store.load_document(picture_id, 330, 290).can_undo is False
    store._connection.execute("PRAGMA max_page_count = 1073741823")
    assert store.record(picture_id, large_edit()).is_edited


def test_that_a_read_only_project_can_be_read_and_says_why_it_is_not_saved(
    store: Store, picture_id: int
) -> None:
    store._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(NotSavedError, match=r"read-only\. Your work is kept in memory"):
        store.save_draft(picture_id, draft())
    assert len(store.pictures()) == 1
    store._connection.execute("PRAGMA query_only = OFF")
    assert store.save_draft(picture_id, draft()).has_draft


def test_that_a_project_locked_by_another_program_says_so(
    store: Store, picture_id: int, project_file: Path
) -> None:
    other = sqlite3.connect(project_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store._connection.execute("PRAGMA busy_timeout = 10")
    with pytest.raises(NotSavedError, match="another program is using it"):
        store.set_value("model", "skin")
    other.execute("ROLLBACK")
    other.close()
    store.set_value("model", "skin")


def test_that_a_folder_removed_under_the_project_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    with Store.open(folder / "p.lsegdiff") as store:
        (row,) = store.add_pictures([folder / "a.png"])
        folder.rename(tmp_path / "renamed")
        with pytest.raises(NotSavedError, match=r"could not be saved: .* kept in memory"):
            store.record(row.id, StatusChange(Status.NEW, Status.DONE))
        (tmp_path / "renamed").rename(folder)
        assert store.record(row.id, StatusChange(Status.NEW, Status.DONE)).status == Status.DONE


def test_that_a_failure_halfway_writes_nothing(
    store: Store, picture_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = Document(330, 290)
    stroke = Stroke(document, label=1, radius=20, tool="brush")
    stroke.move_to(100, 100)
    edit = stroke.finish()
    assert edit is not None

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("halfway")

    with monkeypatch.context() as patch:
        patch.setattr(store._log, "_move", fail)
        with pytest.raises(RuntimeError, match="halfway"):
            store.record(picture_id, edit)
    assert store._connection.execute("SELECT count(*) FROM commands").fetchone() == (0,)
    assert store.record(picture_id, edit).is_edited


def test_that_a_fault_of_the_program_is_not_taken_for_one_of_the_disk(store: Store) -> None:
    with pytest.raises(ProjectError) as raised:
        store._write(lambda: store._connection.execute("INSERT INTO labels (id) VALUES (900)"))
    assert not isinstance(raised.value, NotSavedError)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_BUSY, "another program"),
        (sqlite3.SQLITE_CANTOPEN, "missing, or the file may not be read"),
        (sqlite3.SQLITE_FULL, "is full"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_IOERR, "could not be opened"),
    ],
)
def test_that_a_failed_reading_names_the_project_and_the_cause(store: Store, code: int, words: str) -> None:
    def fail() -> None:
        error = sqlite3.OperationalError("low level words")
        error.sqlite_errorcode = code
        raise error

    with pytest.raises(ProjectError, match=words) as raised:
        store._read(fail)
    assert "'project.lsegdiff'" in str(raised.value)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT])
def test_that_a_failed_write_says_that_the_work_is_kept(store: Store, code: int) -> None:
    def fail() -> None:
        error = sqlite3.OperationalError("low level words")
        error.sqlite_errorcode = code | (3 << 8)
        raise error

    with pytest.raises(NotSavedError, match="kept in memory"):
        store._write(fail)
