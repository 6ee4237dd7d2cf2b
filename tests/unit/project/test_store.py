import os
import sqlite3
import sys
from pathlib import Path

import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.document import DEFAULT_LABELS, Status
from lsegdiff_gui.project.pictures import Identity
from lsegdiff_gui.project.store import ProjectError, Store


def test_that_pictures_are_added_once_and_keep_their_order(store: Store, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("c.png", "a.png", "b.png")]
    first = store.add_pictures(paths)
    assert [row.path for row in first] == paths
    again = store.add_pictures([tmp_path / "d.png", paths[1], tmp_path / "x" / ".." / "c.png", paths[1]])
    assert [row.path.name for row in again] == ["d.png", "a.png", "c.png"]
    assert again[1] == first[1]
    assert [row.path.name for row in store.pictures()] == ["c.png", "a.png", "b.png", "d.png"]


def test_that_a_new_picture_is_new(store: Store, tmp_path: Path) -> None:
    (row,) = store.add_pictures([tmp_path / "a.png"])
    assert (row.status, row.has_draft, row.is_edited, row.note) == (Status.NEW, False, False, "")
    assert (row.sha256, row.width, row.height) == ("", 0, 0)
    assert store.picture(row.id) == row


def test_that_pictures_below_the_project_move_with_it(tmp_path: Path) -> None:
    old, outside = tmp_path / "old", tmp_path / "elsewhere" / "b.png"
    old.mkdir()
    with Store.open(old / "p.lsegdiff") as store:
        store.add_pictures([old / "in" / "a.png", outside])
    new = old.rename(tmp_path / "new")
    with Store.open(new / "p.lsegdiff") as store:
        assert [row.path for row in store.pictures()] == [new / "in" / "a.png", outside]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes only there")
def test_that_names_which_are_not_text_come_back(store: Store, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"l\xe4sion \xff.png")
    (row,) = store.add_pictures([path])
    assert row.path == path
    assert store.add_pictures([path]) == [row]


def test_that_the_identity_is_kept(store: Store, tmp_path: Path) -> None:
    (row,) = store.add_pictures([tmp_path / "a.png"])
    known = store.set_identity(row.id, "cd" * 32, 640, 480, 6)
    assert (known.sha256, known.width, known.height) == ("cd" * 32, 640, 480)
    assert store.pictures() == [known]


def test_that_a_picture_nobody_worked_on_may_change(store: Store, picture_id: int) -> None:
    assert store.set_identity(picture_id, "cd" * 32, 640, 480).width == 640


def test_that_a_draft_comes_back_byte_for_byte(project_file: Path, store: Store, picture_id: int) -> None:
    assert store.load_draft(picture_id) is None
    made = draft(5)
    assert store.save_draft(picture_id, made).has_draft
    store.close()
    with Store.open(project_file) as again:
        loaded = again.load_draft(picture_id)
        assert again.picture(picture_id).has_draft
    assert loaded is not None
    assert loaded.provenance == made.provenance
    for name in ("probability", "spread", "samples", "film"):
        assert getattr(loaded, name).shape == getattr(made, name).shape
        assert getattr(loaded, name).tobytes() == getattr(made, name).tobytes()
    assert loaded == made


def test_that_saving_a_draft_twice_keeps_one_and_the_newest_counts(store: Store, picture_id: int) -> None:
    for seed in (1, 2, 1):
        store.save_draft(picture_id, draft(seed))
    assert store.load_draft(picture_id) == draft(1)
    (count,) = store._connection.execute("SELECT count(*) FROM drafts").fetchone()
    assert count == 2


def test_that_a_damaged_draft_is_told_from_a_sound_one(store: Store, picture_id: int) -> None:
    store.save_draft(picture_id, draft(1))
    store._connection.execute(
        "UPDATE drafts SET spread_score = 2, provenance = replace(provenance, 'cpu', 'gpu')"
    )
    with pytest.raises(ProjectError, match="content has changed"):
        store.load_draft(picture_id)
    store._connection.execute("UPDATE drafts SET planes = x'00'")
    with pytest.raises(ProjectError, match="damaged"):
        store.load_draft(picture_id)


def test_that_a_changed_file_is_accepted_where_its_size_is_the_same(store: Store, picture_id: int) -> None:
    store.set_identity(picture_id, "aa" * 32, 96, 64)
    store.place_draft(picture_id, draft(1))
    with pytest.raises(ProjectError, match="Keep the mask for the changed file"):
        store.set_identity(picture_id, "bb" * 32, 96, 64)
    with pytest.raises(ProjectError, match="97 × 64 now, and the mask was made for 96 × 64"):
        store.accept_content(Identity(picture_id, "bb" * 32, 97, 64, 1))
    assert store.picture(picture_id).sha256 == "aa" * 32
    assert store.accept_content(Identity(picture_id, "bb" * 32, 96, 64, 1)).sha256 == "bb" * 32
    assert store.set_identity(picture_id, "bb" * 32, 96, 64).sha256 == "bb" * 32


def test_that_what_is_left_of_the_doubt_is_what_the_list_sorts_by(store: Store, picture_id: int) -> None:
    store.place_draft(picture_id, draft(1))
    assert store.picture(picture_id).spread == draft(1).spread_score
    assert store.note_doubt(picture_id, 0.01).spread == 0.01
    assert store.load_draft(picture_id) == draft(1)


def test_that_values_are_kept_for_the_project(project_file: Path, store: Store) -> None:
    assert store.value("model") is None
    store.set_value("model", "skin")
    store.set_value("model", "polyp")
    store.close()
    with Store.open(project_file) as again:
        assert again.value("model") == "polyp"
        assert again.values() == {"model": "polyp"}


def test_that_a_project_starts_with_the_default_labels(store: Store) -> None:
    assert store.labels() == DEFAULT_LABELS


@pytest.mark.parametrize("call", ["picture", "undo", "redo", "load_draft"])
def test_that_a_picture_the_project_does_not_hold_is_named(store: Store, call: str) -> None:
    if call == "load_draft":
        assert store.load_draft(99) is None
        return
    with pytest.raises(ProjectError, match="no picture number 99"):
        getattr(store, call)(99)


def test_that_events_are_never_changed_or_removed(store: Store, picture_id: int) -> None:
    from lsegdiff_gui.annotation.commands import StatusChange

    store.record(picture_id, StatusChange(Status.NEW, Status.DONE))
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        store._connection.execute("UPDATE events SET time = ''")
    with pytest.raises(sqlite3.IntegrityError, match="never removed"):
        store._connection.execute("DELETE FROM events")


def test_that_ten_thousand_pictures_are_added_in_one_transaction(store: Store, tmp_path: Path) -> None:
    paths = [tmp_path / f"picture {number:05}.jpg" for number in range(10_000)]
    commits: list[str] = []
    store._connection.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    assert [row.path for row in store.add_pictures(paths)] == paths
    store._connection.set_trace_callback(None)
    assert commits == ["COMMIT"]
    assert len(store.pictures()) == 10_000
