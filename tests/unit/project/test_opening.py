import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lsegdiff_gui.project import schema
from lsegdiff_gui.project.store import ProjectError, Store


def pragma(path: Path, name: str) -> object:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]
    finally:
        connection.close()


def another_sqlite_file(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.commit()
    connection.close()


def test_that_a_new_project_carries_its_format_and_is_one_sound_file(project_file: Path) -> None:
    with Store.open(project_file) as store:
        store.set_value("model", "skin")
    assert pragma(project_file, "user_version") == schema.VERSION
    assert pragma(project_file, "application_id") == schema.APPLICATION_ID
    assert pragma(project_file, "journal_mode") == "delete"
    assert pragma(project_file, "integrity_check") == "ok"
    assert [path.name for path in project_file.parent.iterdir()] == [project_file.name]


def test_that_every_commit_is_synced_to_the_disk(project_file: Path) -> None:
    with Store.open(project_file) as store:
        assert store._connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert store._connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
        assert store._connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_that_a_project_of_a_newer_version_is_refused_and_left_as_it_is(project_file: Path) -> None:
    Store.open(project_file).close()
    connection = sqlite3.connect(project_file)
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    before = project_file.read_bytes()
    with pytest.raises(
        ProjectError, match=r"'project.lsegdiff' was written by a newer version .* Update LSegDiff"
    ):
        Store.open(project_file)
    assert project_file.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"\xff\xd8\xff\xe0 a picture", b"just text", b"SQLite format 3\x00 but no more", bytes(4096)],
)
def test_that_a_file_of_another_kind_is_refused_and_left_as_it_is(project_file: Path, content: bytes) -> None:
    project_file.write_bytes(content)
    with pytest.raises(ProjectError, match=r"'project\.lsegdiff' is not an LSegDiff project\."):
        Store.open(project_file)
    assert project_file.read_bytes() == content
    assert list(project_file.parent.iterdir()) == [project_file]


def test_that_the_database_of_another_program_is_refused_and_left_as_it_is(project_file: Path) -> None:
    another_sqlite_file(project_file)
    before = project_file.read_bytes()
    with pytest.raises(ProjectError, match="belongs to another program"):
        Store.open(project_file)
    assert project_file.read_bytes() == before


def test_that_a_damaged_project_is_refused_with_a_sentence(project_file: Path) -> None:
    Store.open(project_file).close()
    content = project_file.read_bytes()
    project_file.write_bytes(content[:100] + b"\xee" * (len(content) - 100))
    with pytest.raises(ProjectError, match="damaged"), Store.open(project_file) as store:
        store.pictures()


def test_that_an_empty_file_becomes_a_project(project_file: Path) -> None:
    project_file.touch()
    with Store.open(project_file) as store:
        assert store.pictures() == []


def test_that_a_project_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is not there"):
        Store.open(tmp_path / "gone" / "project.lsegdiff")


def test_that_a_project_which_must_exist_is_not_made(project_file: Path) -> None:
    with pytest.raises(ProjectError, match="does not exist"):
        Store.open(project_file, must_exist=True)
    assert not project_file.exists()


def test_that_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is a folder"):
        Store.open(tmp_path)


def test_that_a_file_that_may_not_be_read_is_refused(
    project_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(ProjectError, match="could not be opened: Permission denied"):
        Store.open(project_file)


def test_that_opening_once_more_in_the_same_program_lets_go_of_no_lock(project_file: Path) -> None:
    write = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    with Store.open(project_file) as store, store._transaction():
        Store.open_to_read(project_file, "only read").close()
        other = subprocess.run([sys.executable, "-c", write, project_file], capture_output=True, check=False)
    assert b"database is locked" in other.stderr
