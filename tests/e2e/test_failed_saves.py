"""Disks that are full, gone or read-only: the work is kept, the window says so as long as it is so, with ways out."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from made.windows import Hand
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton

from lsegdiff_gui.project.lock import NoLockError, ProjectLock
from lsegdiff_gui.project.store import Store
from lsegdiff_gui.ui.keeping import LEAVING, UNSAVED
from lsegdiff_gui.workers import store_worker

Open = Callable[..., Hand]


def lose_it(box: QMessageBox) -> None:
    """Answer the question whether unsaved work may be lost with yes."""
    destructive = QMessageBox.ButtonRole.DestructiveRole
    next(each for each in box.buttons() if box.buttonRole(each) is destructive).click()


@pytest.fixture(autouse=True)
def soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again soon; a window that is left with unsaved work at the end of a test may lose it."""
    monkeypatch.setattr(store_worker, "RETRY_MS", 50)
    monkeypatch.setattr(QMessageBox, "exec", lose_it)


@pytest.fixture
def project(tmp_path: Path, pictures: list[Path]) -> Path:
    """A project with three pictures in a folder of its own."""
    path = tmp_path / "study" / "project.lsegdiff"
    path.parent.mkdir()
    with Store.open(path) as store:
        store.add_pictures(pictures)
    return path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for one megabyte."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def sentence(hand: Hand) -> str:
    message = hand.window.messages.message
    return "" if message is None else message.sentence


def press(hand: Hand, words: str) -> None:
    buttons = hand.window.messages.findChildren(QPushButton)
    (button,) = [each for each in buttons if each.text() == words and each.isVisible()]
    button.click()


def choose_folder(hand: Hand, folder: Path) -> None:
    folder.mkdir(parents=True)
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, QFileDialog)
    dialog.setDirectory(str(folder.parent))
    dialog.selectFile(str(folder))
    dialog.accept()


def paint_until_refused(hand: Hand) -> None:
    """Strokes of noise, so that each takes room."""
    rng = np.random.default_rng(0)
    for _ in range(200):
        points = [(float(x), float(y)) for x, y in rng.uniform(20, 220, (12, 2))]
        hand.paint(*points)
        hand.wait(lambda: hand.window.session.keeping.is_idle or hand.window.session.keeping.unsaved > 0)
        if hand.window.session.keeping.unsaved:
            return
    raise AssertionError("the disk was never full")


def test_that_a_full_disk_keeps_the_work_and_the_bar_stays_until_there_is_room(
    open_with: Open, small_disk: Path, pictures: list[Path]
) -> None:
    project = small_disk / "project.lsegdiff"
    with Store.open(project) as store:
        store.add_pictures(pictures)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - 50_000))
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    paint_until_refused(hand)
    painted = hand.final
    assert f"the disk of {small_disk} is full. Your work is kept in memory" in sentence(hand)
    assert not hand.window.messages._close.isVisible()
    hand.do("picture.next")
    assert "stays here until its last steps are saved" in sentence(hand)
    assert hand.window.session.shown is not None
    filler.unlink()
    hand.wait(lambda: hand.window.session.keeping.unsaved == 0)
    keys = [message.key for message, _ in hand.window.messages._messages]
    assert UNSAVED not in keys
    assert LEAVING not in keys
    hand.wait(lambda: hand.window.status._saved.text() == "All changes saved")
    with Store.open(project) as store:
        loaded = store.load_document(1, hand.document.width, hand.document.height)
    assert np.array_equal(loaded.final_mask(), painted)


def test_that_work_on_a_full_disk_can_be_saved_elsewhere(
    open_with: Open, small_disk: Path, pictures: list[Path], tmp_path: Path
) -> None:
    project = small_disk / "project.lsegdiff"
    with Store.open(project) as store:
        store.add_pictures(pictures)
    (small_disk / "filler").write_bytes(bytes(shutil.disk_usage(small_disk).free - 50_000))
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    paint_until_refused(hand)
    painted, steps = hand.final, len(hand.document.history.commands)
    press(hand, "Save elsewhere…")
    choose_folder(hand, tmp_path / "another disk")
    hand.wait(lambda: hand.window.session.keeping.unsaved == 0)
    hand.wait(lambda: hand.window.session.opening.project.parent.name == "another disk")
    hand.wait_shown("naevus_0.png")
    assert np.array_equal(hand.final, painted)
    assert len(hand.document.history.commands) == steps
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")


def test_that_a_folder_renamed_under_the_window_is_told_and_takes_the_work_once_it_is_back(
    open_with: Open, project: Path
) -> None:
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    away = project.parent.with_name("renamed")
    project.parent.rename(away)
    hand.paint((20, 20), (60, 20))
    hand.wait(lambda: hand.window.session.keeping.unsaved == 1)
    assert "is gone or cannot be written to" in sentence(hand) or "was moved away or renamed" in sentence(
        hand
    )
    assert "bring" in sentence(hand)
    away.rename(project.parent)
    press(hand, "Try again")
    hand.wait(lambda: sentence(hand) == "")
    hand.wait_saved()


def test_that_work_of_a_renamed_folder_can_be_saved_elsewhere(
    open_with: Open, project: Path, tmp_path: Path
) -> None:
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    project.parent.rename(project.parent.with_name("renamed"))
    hand.paint((20, 60), (60, 60))
    hand.wait(lambda: hand.window.session.keeping.unsaved == 1)
    painted = hand.final
    press(hand, "Save elsewhere…")
    choose_folder(hand, tmp_path / "elsewhere")
    hand.wait(lambda: hand.window.session.opening.project.parent.name == "elsewhere")
    hand.wait_shown("naevus_0.png")
    assert np.array_equal(hand.final, painted)


def test_that_unsaved_work_is_only_given_up_by_choice(
    open_with: Open, project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    project.parent.rename(project.parent.with_name("renamed"))
    hand.paint((20, 20), (60, 20))
    hand.wait(lambda: hand.window.session.keeping.unsaved == 1)
    hand.do("picture.next")
    monkeypatch.setattr(QMessageBox, "exec", lambda box: box.defaultButton().click())
    press(hand, "Go on without them…")
    assert hand.window.session.keeping.unsaved == 1
    monkeypatch.setattr(QMessageBox, "exec", lose_it)
    press(hand, "Go on without them…")
    hand.wait(lambda: hand.window.session.keeping.unsaved == 0)
    hand.wait(lambda: sentence(hand) == "")
    assert "1 unsaved steps were given up" in caplog.text


def test_that_a_project_in_a_read_only_folder_is_opened_to_read(
    open_with: Open, project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = os.open

    def refuse(path: str | Path, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith(".lock"):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, mode)

    monkeypatch.setattr("lsegdiff_gui.project.lock.os.open", refuse)
    before = project.read_bytes()
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    assert f"The folder {project.parent} cannot be written to (Permission denied)" in sentence(hand)
    assert "what you change cannot be saved in it" in sentence(hand)
    hand.paint((20, 20), (60, 20))
    hand.wait(lambda: hand.window.session.keeping.unsaved == 1)
    assert project.read_bytes() == before
    hand.window.close()
    assert "1 steps could not be saved before the end" in caplog.text


def test_that_a_folder_on_a_network_without_locks_is_told(
    open_with: Open, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("lsegdiff_gui.project.lock._lock", refuse)
    with pytest.raises(NoLockError):
        ProjectLock.take(project)
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    assert "another computer could change the project at the same time" in sentence(hand)


def test_that_a_clock_that_goes_back_changes_no_order(
    open_with: Open, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    monkeypatch.setattr("lsegdiff_gui.project.command_log.now", lambda: "1999-12-31T23:59:59.000+00:00")
    hand.paint((20, 60), (60, 60))
    hand.wait_saved()
    last = hand.final
    hand.window.close()
    again = open_with([project])
    again.wait_shown("naevus_0.png")
    assert np.array_equal(again.final, last)
    again.do("edit.undo")
    again.wait_saved()
    assert again.document.final[20, 40] == 1
    assert again.document.final[60, 40] == 0
    with Store.open(project) as store:
        times = [deed.time[:4] for deed in store.origin(1).deeds]
    assert times[1] == times[2] == "1999"
    assert times[0] > "2000"


def test_that_a_copy_made_by_hand_while_the_window_works_holds_every_saved_stroke(
    open_with: Open, project: Path, tmp_path: Path
) -> None:
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    for place in range(3):
        hand.paint((20, 20 + 30 * place), (60, 20 + 30 * place))
        hand.wait_saved()
        copy = tmp_path / f"copy {place}" / "project.lsegdiff"
        copy.parent.mkdir()
        shutil.copyfile(project, copy)
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        with Store.open(copy) as store:
            loaded = store.load_document(1, hand.document.width, hand.document.height)
        assert np.array_equal(loaded.final_mask(), hand.final)
