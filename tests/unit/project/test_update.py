"""A project of an earlier version of the format is brought up to this one, and nothing of it is lost."""

import contextlib
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from made import version_2, version_3
from made.drafts import draft
from made.version_1 import write_project

from lsegdiff_gui.annotation.commands import StatusChange
from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, Status
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.project import migrations, schema
from lsegdiff_gui.project.catalogue import Catalogue
from lsegdiff_gui.project.names import order_of
from lsegdiff_gui.project.store import ProjectError, Store


@pytest.fixture
def old(project_file: Path) -> Path:
    """A project of version 1 with one drafted picture."""
    write_project(project_file, draft(3))
    return project_file


@pytest.fixture
def second(project_file: Path) -> Path:
    """A project of version 2 with one picture that was worked on."""
    version_2.write_project(project_file)
    return project_file


@pytest.fixture
def third(project_file: Path) -> Path:
    """A project of version 3: a picture that is done, and a new one."""
    version_3.write_project(project_file, draft(5))
    return project_file


def columns(path: Path) -> dict[str, set[tuple[object, ...]]]:
    """Name, type, whether it may be empty, default and key of each table's columns."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: {row[1:] for row in connection.execute(f"PRAGMA table_info({name})")} for (name,) in tables
        }


def version(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return schema.version_of(connection)


def test_that_the_work_of_an_old_project_is_there_and_its_draft_keeps_its_id(old: Path) -> None:
    with Store.open(old) as store:
        (row,) = store.pictures()
        assert (row.status, row.has_draft, row.findings) == (Status.DRAFTED, True, Findings())
        document = store.load_document(row.id, 96, 64)
        assert store.value("model") == "polyp"
    kept = document.base.draft
    assert kept is not None
    assert kept == draft(3)
    assert (kept.presence, kept.strangeness, kept.no_lesion, kept.is_strange) == (1.0, 0.0, False, False)
    assert document.can_undo
    assert version(old) == schema.VERSION == 5


def test_that_an_old_project_gets_the_columns_of_a_new_one(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.lsegdiff"
    for path in (old, new):
        Store.open(path).close()
    assert columns(old) == columns(new)


def test_that_the_work_of_a_second_version_is_there_with_all_its_steps(second: Path) -> None:
    with Store.open(second) as store:
        document = store.load_document(1, 96, 64)
    assert (document.status, document.base.kind, document.is_edited) == (Status.IN_PROGRESS, "imported", True)
    np.testing.assert_array_equal(document.final, version_2.final())
    assert document.redo() is not None
    assert document.recipe == Recipe(kernel=9, grow=0, smooth=0)
    for _ in range(3):
        assert document.undo() is not None
    assert not document.final.any()
    assert not document.can_undo
    assert (document.labels, document.partition) == (DEFAULT_LABELS, Partition())
    assert version(second) == schema.VERSION
    assert version(second.with_name("project.version-2.lsegdiff")) == 2


def test_that_the_work_of_a_second_version_goes_on_in_the_project(second: Path) -> None:
    with Store.open(second) as store:
        document = store.load_document(1, 96, 64)
        baked = document.bake()
        assert baked is not None
        store.record(1, baked)
        assert store.load_document(1, 96, 64).base == baked.after
        for _ in range(2):
            store.undo(1)
        np.testing.assert_array_equal(
            store.load_document(1, 96, 64).final, version_2.imported() * np.uint8(2)
        )


def test_that_a_second_version_gets_the_columns_of_a_new_one(second: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.lsegdiff"
    for path in (second, new):
        Store.open(path).close()
    assert columns(second) == columns(new)


def test_that_a_fourth_version_goes_on_as_it_is_and_is_kept_beside(project_file: Path) -> None:
    with Store.open(project_file) as store:
        (row,) = store.add_pictures([project_file.parent / "a.png"])
        store.place_draft(row.id, draft(2))
    with contextlib.closing(sqlite3.connect(project_file)) as connection:
        connection.execute("ALTER TABLE drafts DROP COLUMN fine")
        connection.execute("PRAGMA user_version = 4")
    with Store.open(project_file) as store:
        document = store.load_document(row.id, 96, 64)
        assert document.base.draft == draft(2)
    assert version(project_file) == schema.VERSION
    assert version(project_file.with_name("project.version-4.lsegdiff")) == 4


@pytest.mark.parametrize(
    ("listed", "current", "names", "shown"),
    [
        ("[2, 1]", "2", ["b.png", "a.png"], "b.png"),
        ("[1]", "[1]", ["a.png"], "a.png"),
        ("[]", "", [], None),
        ("[2, 7, 1]", "9", ["b.png", "a.png"], "b.png"),
        ("not a list", "1", ["a.png", "b.png"], "a.png"),
        (None, None, ["a.png", "b.png"], "a.png"),
    ],
)
def test_that_the_list_of_a_third_version_stands_in_its_order(
    third: Path, listed: str | None, current: str | None, names: list[str], shown: str | None
) -> None:
    with contextlib.closing(sqlite3.connect(third)) as connection, connection:
        values = [
            (key, value) for key, value in (("listed", listed), ("current", current)) if value is not None
        ]
        connection.executemany("INSERT INTO project (key, value) VALUES (?, ?)", values)
    with Store.open(third) as store:
        last = store.last_shown()
        assert (last.path.name if last is not None else None) == shown
    with contextlib.closing(Catalogue(third)) as catalogue:
        assert [row.path.name for row in catalogue.all()] == names


def test_that_what_a_third_version_did_not_keep_is_found_from_its_steps(third: Path) -> None:
    with contextlib.closing(sqlite3.connect(third)) as connection, connection:
        connection.execute("UPDATE pictures SET path = 'Ümlaut 10.png' WHERE id = 2")
    with Store.open(third) as store:
        done, new = store.pictures()
    assert (done.annotator, done.changed, done.spread) == ("Ada", version_3.LATER, draft(5).spread_score)
    assert (new.annotator, new.changed, new.spread, new.is_revealed) == ("", "", None, False)
    with contextlib.closing(sqlite3.connect(third)) as connection:
        found = connection.execute(
            "SELECT name, strokes, seconds, place FROM pictures ORDER BY id"
        ).fetchall()
    assert found == [(order_of("a.png"), 1, 0.0, 1), (order_of("Ümlaut 10.png"), 0, 0.0, 2)]


def indices(path: Path) -> set[tuple[object, ...]]:
    """Indices and triggers, word by word."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"
        )
        return set(found.fetchall())


def test_that_the_work_of_a_third_version_is_there_with_all_its_steps(third: Path) -> None:
    with Store.open(third) as store:
        done, new = store.pictures()
        document = store.load_document(done.id, 96, 64)
        assert (done.status, new.status, new.path.name) == (Status.DONE, Status.NEW, "b.png")
        document.rebuild_base()
        assert document.base.draft == draft(5)
        assert (document.final[10:20, 10:20] == 1).all()
        reopened = StatusChange(Status.DONE, Status.IN_PROGRESS)
        document.apply(reopened)
        store.record(done.id, reopened)
        assert store.picture(done.id).status is Status.IN_PROGRESS
    with contextlib.closing(sqlite3.connect(third)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_that_the_list_of_a_third_version_can_be_sorted_by_score_and_annotator(third: Path) -> None:
    Store.open(third).close()
    with contextlib.closing(sqlite3.connect(third)) as connection:
        found = connection.execute(
            "SELECT spread_score, annotator, changed, seconds FROM pictures"
        ).fetchall()
    assert found == [(draft(5).spread_score, "Ada", version_3.LATER, 0.0), (None, "", "", 0.0)]


def test_that_a_third_version_gets_the_tables_of_a_new_one(third: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.lsegdiff"
    for path in (third, new):
        Store.open(path).close()
    assert columns(third) == columns(new)
    assert indices(third) == indices(new)


def test_that_a_label_which_has_the_number_of_ignore_stays_what_it_is(second: Path) -> None:
    with contextlib.closing(sqlite3.connect(second)) as connection:
        connection.execute("INSERT INTO labels VALUES (254, 'Ruler', '#000000', '', 1, 1)")
        connection.commit()
    with Store.open(second) as store:
        assert [label.name for label in store.labels()] == ["Lesion", "Ruler"]


def test_that_an_old_project_keeps_what_is_found_from_now_on(old: Path) -> None:
    found = draft(4, presence=0.1, strangeness=2.0)
    with Store.open(old) as store:
        store.place_draft(1, found)
    with Store.open(old) as store:
        assert store.load_draft(1) == found
        assert store.picture(1).findings == Findings(0.1, 2.0)


def test_that_a_copy_of_the_old_project_is_left_beside_it(old: Path) -> None:
    with contextlib.closing(sqlite3.connect(old)) as connection:
        before = list(connection.iterdump())
    Store.open(old).close()
    copy = old.with_name("project.version-1.lsegdiff")
    assert sorted(path.name for path in old.parent.iterdir()) == [old.name, copy.name]
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        assert list(connection.iterdump()) == before
    assert version(copy) == 1
    # It is a project like any other; its own copy takes a name that is free.
    with Store.open(copy) as store:
        assert store.load_draft(1) == draft(3)


def test_that_no_copy_takes_the_place_of_an_earlier_one(old: Path) -> None:
    content = old.read_bytes()
    earlier = old.with_name("project.version-1.lsegdiff")
    earlier.write_bytes(b"an earlier copy")
    Store.open(old).close()
    assert earlier.read_bytes() == b"an earlier copy"
    assert version(old.with_name("project.version-1-2.lsegdiff")) == 1
    assert content != old.read_bytes()


def test_that_a_project_is_brought_up_once(old: Path) -> None:
    Store.open(old).close()
    content = old.read_bytes()
    Store.open(old).close()
    assert old.read_bytes() == content
    assert len(list(old.parent.iterdir())) == 2


def test_that_without_a_copy_nothing_is_changed(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = old.read_bytes()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        with pytest.raises(
            ProjectError, match="was left as it is, for no copy could be kept beside it: Perm"
        ):
            Store.open(old)
    assert old.read_bytes() == content
    assert version(old) == 1
    with Store.open(old) as store:
        assert store.load_draft(1) == draft(3)


def test_that_an_update_that_fails_half_way_changes_nothing(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = old.read_bytes()
    with monkeypatch.context() as patched:
        patched.setitem(
            migrations.UPDATES, 2, migrations.UPDATES[2] + "ALTER TABLE gone ADD COLUMN more TEXT;"
        )
        with pytest.raises(ProjectError, match="could not be opened: no such table: gone"):
            Store.open(old)
    assert old.read_bytes() == content
    with Store.open(old) as store:
        assert store.load_draft(1) == draft(3)


def test_that_a_project_somebody_writes_to_is_not_touched(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsegdiff_gui.project.opening._PATIENCE", 0.05)
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProjectError, match="another program is using it"):
            Store.open(old)
        other.execute("ROLLBACK")
    assert version(old) == 1
