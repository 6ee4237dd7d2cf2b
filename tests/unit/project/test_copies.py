"""Copies of a project: saved elsewhere, laid aside as backups, put back, and made by hand while it is open."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from made import recorded_work, version_2
from made.recorded_work import HEIGHT, WIDTH

from lsegdiff_gui.annotation.commands import StatusChange
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.project import backups, copying
from lsegdiff_gui.project.backups import Backup
from lsegdiff_gui.project.errors import DamagedError, ReadOnlyError
from lsegdiff_gui.project.store import ProjectError, Store

_TESTS = Path(__file__).resolve().parents[2]


def status_of(project: Path) -> Status:
    with Store.open(project, must_exist=True) as store:
        return store.pictures()[0].status


def flag(store: Store, note: str = "") -> None:
    before = store.pictures()[0]
    store.record(before.id, StatusChange(before.status, Status.FLAGGED, note))


def damage(project: Path) -> None:
    """Zeros in the middle of the file, as a bad disk leaves them."""
    content = bytearray(project.read_bytes())
    content[4096 : 4096 * 6] = bytes(4096 * 5)
    project.write_bytes(content)


# Elsewhere


def test_that_a_copy_finds_the_pictures_where_they_are(store: Store, picture_id: int, tmp_path: Path) -> None:
    flag(store)
    near, far = tmp_path / "study" / "copy.lsegdiff", tmp_path / "a" / "b" / "c" / "d" / "copy.lsegdiff"
    for target in (near, far):
        store.copy_to(target)
        with Store.open(target, must_exist=True) as copy:
            (row,) = copy.pictures()
        assert (row.path, row.status, row.id) == (tmp_path / "skin.jpg", Status.FLAGGED, picture_id)
        assert [path.name for path in target.parent.iterdir()] == ["copy.lsegdiff"]


def test_that_a_folder_with_project_and_pictures_may_move(tmp_path: Path) -> None:
    study = tmp_path / "study"
    (study / "project").mkdir(parents=True)
    with Store.open(study / "project" / "project.lsegdiff") as store:
        store.add_pictures(
            [study / "pictures" / "a.png", study / "project" / "b.png", Path("/elsewhere/far/c.png")]
        )
    moved = tmp_path / "moved"
    study.rename(moved)
    with Store.open(moved / "project" / "project.lsegdiff") as store:
        assert [row.path for row in store.pictures()] == [
            moved / "pictures" / "a.png",
            moved / "project" / "b.png",
            Path("/elsewhere/far/c.png"),
        ]
        # Under whatever name it was written down: it is the same picture.
        (again,) = store.add_pictures([moved / "pictures" / ".." / "pictures" / "a.png"])
        assert again.id == 1


def test_that_a_copy_that_fails_leaves_what_was_there(store: Store, picture_id: int, tmp_path: Path) -> None:
    target = tmp_path / "copy.lsegdiff"
    target.mkdir()
    with pytest.raises(ProjectError, match=r"was not copied to .*copy\.lsegdiff: .*Choose another place"):
        store.copy_to(target)
    assert target.is_dir()
    assert not list(tmp_path.glob("*.part"))


# Only to read


def test_that_a_project_opened_to_read_shows_what_is_written_and_writes_nothing(
    store: Store, picture_id: int, project_file: Path
) -> None:
    with Store.open_to_read(project_file, "It is open elsewhere.") as other:
        flag(store)
        content = project_file.read_bytes()
        assert other.picture(picture_id).status is Status.FLAGGED
        with pytest.raises(ReadOnlyError, match="It is open elsewhere"):
            other.undo(picture_id)
        with pytest.raises(ReadOnlyError, match="It is open elsewhere"):
            other.set_value("model", "skin")
    assert project_file.read_bytes() == content


def test_that_an_older_project_can_be_read_without_being_touched(project_file: Path) -> None:
    version_2.write_project(project_file)
    content = project_file.read_bytes()
    with Store.open_to_read(project_file, "read-only") as store:
        document = store.load_document(1, 96, 64)
    assert (document.final == version_2.final()).all()
    assert project_file.read_bytes() == content
    assert list(project_file.parent.iterdir()) == [project_file]


# Backups


def test_that_the_last_three_states_are_kept(store: Store, picture_id: int, project_file: Path) -> None:
    made = []
    for number in range(5):
        flag(store, f"state {number}")
        made.append(backups.back_up(project_file))
    found = backups.backups(project_file)
    assert [each.path.stem for each in found] == ["000005", "000004", "000003"]
    notes = []
    for each in found:
        with Store.open_to_read(each.path, "a backup") as kept:
            notes.append(kept.picture(picture_id).note)
    assert notes == ["state 4", "state 3", "state 2"]
    assert made[-1] == found[0]


def test_that_a_state_is_kept_once(store: Store, picture_id: int, project_file: Path) -> None:
    assert backups.back_up(project_file) is not None
    assert backups.back_up(project_file) is None
    flag(store)
    assert backups.back_up(project_file) is not None


def test_that_a_clock_that_goes_back_does_not_change_which_backup_is_the_newest(
    store: Store, picture_id: int, project_file: Path
) -> None:
    backups.back_up(project_file)
    flag(store, "later, by an earlier clock")
    os.utime(project_file, (1000, 1000))
    made = backups.back_up(project_file)
    assert made is not None
    assert made.time.year == 1970
    assert backups.backups(project_file)[0] == made


def test_that_without_room_there_is_a_sentence_and_no_backup(
    store: Store, picture_id: int, project_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(project_file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(
        backups.NoRoomError, match=r"no room for a backup of 'project\.lsegdiff'. Your work is saved"
    ):
        backups.back_up(project_file)
    assert not backups.folder_of(project_file).exists()


def test_that_a_damaged_project_replaces_no_backup_and_can_be_restored(
    store: Store, picture_id: int, project_file: Path
) -> None:
    flag(store)
    backups.back_up(project_file)
    store.close()
    damage(project_file)
    spoilt = project_file.read_bytes()
    with pytest.raises(DamagedError, match=r"'project\.lsegdiff'"):
        backups.back_up(project_file)
    (backup,) = backups.backups(project_file)
    kept = backups.restore(project_file, backup)
    assert kept.name == "project.replaced-1.lsegdiff"
    assert kept.read_bytes() == spoilt
    assert status_of(project_file) is Status.FLAGGED


def test_that_references_to_rows_that_are_gone_are_damage(
    store: Store, picture_id: int, project_file: Path
) -> None:
    flag(store)
    with contextlib.closing(sqlite3.connect(project_file)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("DELETE FROM commands")
        connection.commit()
    with pytest.raises(DamagedError, match="rows are missing that others refer to"):
        backups.check(project_file, project_file)


def test_that_a_backup_in_a_folder_that_refuses_it_is_told(
    store: Store, picture_id: int, project_file: Path
) -> None:
    backups.folder_of(project_file).write_text("in the way")
    with pytest.raises(ProjectError, match=r"was not copied to .*: File exists"):
        backups.back_up(project_file)


def test_that_a_project_set_aside_takes_its_journal_along(project_file: Path) -> None:
    project_file.write_text("first")
    project_file.with_name("project.lsegdiff-journal").write_text("its journal")
    kept = copying.set_aside(project_file)
    assert kept.with_name(f"{kept.name}-journal").read_text() == "its journal"
    project_file.write_text("second")
    assert copying.set_aside(project_file).read_text() == "second"
    assert not project_file.exists()


def test_that_the_newest_of_no_backups_is_none(project_file: Path) -> None:
    found: list[Backup] = backups.backups(project_file)
    assert found == []


# By hand


def test_that_a_copy_by_hand_between_two_steps_is_whole(
    store: Store, picture_id: int, project_file: Path, tmp_path: Path
) -> None:
    for number in range(10):
        flag(store, f"{number}")
        copy = tmp_path / "by hand" / f"{number}" / "project.lsegdiff"
        copy.parent.mkdir(parents=True)
        # The file alone: between two steps there is no journal that somebody could forget.
        shutil.copyfile(project_file, copy)
        backups.check(copy, copy)
        with Store.open(copy, must_exist=True) as copied:
            assert copied.picture(picture_id).note == f"{number}"


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is written to cannot be copied there")
def test_that_a_copy_by_hand_while_steps_are_saved_is_whole_or_said_to_be_damaged(tmp_path: Path) -> None:
    project = tmp_path / "p.lsegdiff"
    path = os.pathsep.join([str(_TESTS), str(_TESTS.parent)])
    copies = []
    with subprocess.Popen(
        [sys.executable, recorded_work.__file__, str(project)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as program:
        assert program.stdout is not None
        program.stdout.readline()
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            copy = tmp_path / f"copy {len(copies)}" / "p.lsegdiff"
            copy.parent.mkdir()
            shutil.copyfile(project, copy)
            copies.append(copy)
            program.stdout.readline()
        program.kill()
    whole = 0
    for copy in copies:
        try:
            backups.check(copy, copy)
        except DamagedError:
            continue
        whole += 1
        with Store.open(copy, must_exist=True) as store:
            (row,) = store.pictures()
            document = store.load_document(row.id, WIDTH, HEIGHT)
            while document.undo():
                pass
        assert not document.override.any()
    assert whole > 0
