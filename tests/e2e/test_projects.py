"""Projects: begun, named, copied, opened twice, damaged and brought back, and pictures found again."""

import json
import os
import platform
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made.segmenters import MadeSegmenter
from made.windows import Hand, open_window, write_picture
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from lsegdiff_gui import places
from lsegdiff_gui.project import backups
from lsegdiff_gui.project.lock import ProjectLock
from lsegdiff_gui.project.store import Store
from lsegdiff_gui.ui.dialogs.backup_choice import BackupChoiceDialog
from lsegdiff_gui.ui.dialogs.settings_dialog import SettingsDialog

Open = Callable[..., Hand]


def answer(hand: Hand, path: Path) -> None:
    """Choose a file or folder in the open dialog."""
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, QFileDialog)
    shown = path if path.exists() else path.parent
    dialog.setDirectory(
        str(
            shown
            if shown.is_dir() and dialog.fileMode() is not QFileDialog.FileMode.Directory
            else path.parent
        )
    )
    dialog.selectFile(str(path))
    dialog.accept()


def give(hand: Hand, command: str, path: Path) -> None:
    """Give a command that asks for a file or folder, and choose that."""
    hand.do(command)
    answer(hand, path)


def sentence(hand: Hand) -> str:
    message = hand.window.messages.message
    return "" if message is None else message.sentence


def press(hand: Hand, words: str) -> None:
    """Press a button of the message bar."""
    (button,) = [
        each
        for each in hand.window.messages.findChildren(QPushButton)
        if each.text() == words and each.isVisible()
    ]
    button.click()


def begin(hand: Hand, folder: Path) -> Path:
    """Save the unnamed project in a folder."""
    folder.mkdir(parents=True)
    give(hand, "file.project_save", folder)
    hand.wait(lambda: hand.window.session.opening.project == folder / "project.lsegdiff")
    return folder / "project.lsegdiff"


def test_that_the_unnamed_project_becomes_a_named_one_and_pictures_stay(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    painted = hand.final
    project = begin(hand, tmp_path / "study")
    hand.wait_shown("naevus_0.png")
    assert "The project lies in" in sentence(hand)
    assert (hand.final == painted).all()
    assert all(path.is_file() for path in pictures)
    assert not places.unnamed_project().exists()
    assert len(backups.backups(places.unnamed_project())) == 1
    hand.do("edit.undo")
    hand.wait_saved()
    hand.window.close()
    # The project that was open last is the one that is gone on with.
    again = open_with([], recent=(str(project),))
    again.wait_shown("naevus_0.png")
    assert [row.path for row in again.rows] == pictures
    assert not again.final.any()
    assert again.document.can_redo


def test_that_a_copy_is_written_and_the_work_goes_on_here(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    give(hand, "file.project_copy", tmp_path / "copy.lsegdiff")
    hand.wait(lambda: "A copy of the project was saved" in sentence(hand))
    assert hand.window.session.opening.project == places.unnamed_project()
    with Store.open(tmp_path / "copy.lsegdiff", must_exist=True) as copy:
        assert [row.path for row in copy.pictures()] == pictures


def test_that_a_new_project_is_empty_and_the_earlier_one_is_kept(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    first = begin(hand, tmp_path / "first")
    hand.wait_shown("naevus_0.png")
    (tmp_path / "second").mkdir()
    give(hand, "file.project_new", tmp_path / "second")
    hand.wait(lambda: hand.window.session.opening.project.parent.name == "second")
    hand.wait(lambda: hand.rows == [])
    assert hand.window.session.editing.document is None
    assert hand.window.windowTitle() == "second – LSegDiff"
    give(hand, "file.project_open", first)
    hand.wait_shown("naevus_0.png")
    assert hand.window.windowTitle() == "naevus_0.png – first – LSegDiff"
    assert str(first) in hand.window.preferences.settings.recent


def test_that_a_second_window_opens_a_project_to_read_and_names_the_holder(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    project = begin(hand, tmp_path / "study")
    hand.wait_shown("naevus_0.png")
    other = open_with([project])
    other.wait_shown("naevus_0.png")
    assert f"open elsewhere: process {os.getpid()} on this computer, since" in sentence(other)
    assert not other.window.messages._close.isVisible()
    other.paint((20, 20), (60, 20))
    other.wait(lambda: other.window.session.keeping.unsaved == 1)
    assert "open elsewhere" in sentence(other)
    # What was painted is not lost: it goes along to another place.
    (tmp_path / "mine").mkdir()
    press(other, "Save elsewhere…")
    answer(other, tmp_path / "mine")
    other.wait(lambda: other.window.session.keeping.unsaved == 0)
    other.wait_shown("naevus_0.png")
    assert other.document.final[20, 40] == 1
    assert not hand.final.any()


def test_that_the_reader_can_write_once_the_holder_is_gone(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    project = tmp_path / "study" / "project.lsegdiff"
    project.parent.mkdir()
    with Store.open(project) as store:
        store.add_pictures(pictures)
    holder = ProjectLock.take(project, "Ada")
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    assert "Ada, process" in sentence(hand)
    holder.release()
    press(hand, "Try again")
    hand.wait(lambda: sentence(hand) == "")
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    assert hand.window.session.keeping.unsaved == 0


def test_that_a_holder_on_another_computer_is_named(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    project = tmp_path / "project.lsegdiff"
    with Store.open(project) as store:
        store.add_pictures(pictures)
    lock = ProjectLock.take(project)
    said = {"host": "ward-3", "process": 7, "since": "2026-01-02T03:04:05.000+00:00", "annotator": "Bob"}
    project.with_name("project.lsegdiff.lock").write_text(json.dumps(said))
    hand = open_with([project])
    hand.wait_shown("naevus_0.png")
    assert platform.node() != "ward-3"
    assert "Bob, process 7 on the computer ward-3, since 2026-01-02 03:04 UTC" in sentence(hand)
    lock.release()


def test_that_a_second_window_without_a_project_has_one_of_its_own(
    open_with: Open, pictures: list[Path]
) -> None:
    first = open_with(pictures)
    first.wait_shown("naevus_0.png")
    second = open_with(pictures)
    second.wait_shown("naevus_0.png")
    assert second.window.session.opening.project.name == "unnamed-2.lsegdiff"


def test_that_a_damaged_project_is_brought_back_from_its_backup(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    project = tmp_path / "project.lsegdiff"
    with Store.open(project) as store:
        store.add_pictures(pictures)
    assert backups.back_up(project) is not None
    project.write_bytes(project.read_bytes()[:4096] + bytes(20000))
    hand = open_with([project])
    hand.wait(lambda: "is damaged" in sentence(hand) and "There is a backup of" in sentence(hand))
    press(hand, "Go on with the backup")
    hand.wait_shown("naevus_0.png")
    assert len(list(tmp_path.glob("project.replaced-1.lsegdiff"))) == 1
    assert sentence(hand) == ""


def test_that_backups_are_made_without_being_asked_for(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.window.session.guarding.back_up()
    hand.wait(lambda: len(backups.backups(places.unnamed_project())) == 1)
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    hand.window.session.guarding.back_up()
    hand.wait(lambda: len(backups.backups(places.unnamed_project())) == 2)


def test_that_short_space_is_a_notice_and_nothing_else(
    open_with: Open, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    usage = shutil.disk_usage(places.data_folder())
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1))
    hand.window.session.guarding.back_up()
    hand.wait(lambda: "has no room for a backup" in sentence(hand))
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()


def test_that_moved_pictures_are_found_by_their_content(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    project = tmp_path / "project" / "project.lsegdiff"
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    for name in ("naevus_1.png", "naevus_2.png"):
        hand.do("picture.next")
        hand.wait_shown(name)
    begin(hand, project.parent)
    hand.wait_shown("naevus_2.png")
    moved = tmp_path / "elsewhere" / "deep"
    moved.mkdir(parents=True)
    for number, path in enumerate(pictures):
        path.rename(moved / (f"renamed {number}.png" if number else path.name))
    hand.do("picture.previous")
    hand.wait(lambda: "is not in" in sentence(hand))
    press(hand, "Look for all missing ones…")
    answer(hand, tmp_path / "elsewhere")
    hand.wait(lambda: "3 were found" in sentence(hand))
    hand.wait_shown("renamed 1.png")
    hand.do("picture.previous")
    hand.wait_shown("naevus_0.png")
    assert hand.document.final[20, 40] == 1


def test_that_a_file_of_the_same_name_with_another_content_is_told_apart(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    pictures[0].unlink()
    write_picture(tmp_path / "others" / "naevus_0.png", seed=77)
    hand.do("picture.previous")
    hand.wait(lambda: "is not in" in sentence(hand))
    give(hand, "file.relink", tmp_path / "others")
    hand.wait(lambda: "1 is still missing" in sentence(hand))
    assert "A file of the same name holds another picture: 'naevus_0.png'" in sentence(hand)


def test_that_the_annotator_is_named_in_the_settings_and_stands_beside_each_step(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.do("file.settings")
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, SettingsDialog)
    field = dialog.findChild(object, "annotator")
    field.setText("Ada Löw")
    dialog.accept()
    hand.paint((20, 60), (60, 60))
    hand.wait_saved()
    with Store.open(places.unnamed_project(), must_exist=True) as store:
        deeds = store.origin(hand.window.session.editing.picture_id).deeds
    assert [deed.annotator for deed in deeds] == ["", "Ada Löw"]


def test_that_one_goes_back_to_any_backup(qtbot: QtBot, tmp_path: Path, pictures: list[Path]) -> None:
    hand = open_window(qtbot, lambda _model, _device: MadeSegmenter(), pictures)
    hand.wait_shown("naevus_0.png")
    hand.do("file.backup")
    assert "no backup of this project yet" in sentence(hand)
    project = hand.window.session.opening.project
    finals = []
    for row in (20, 60, 100):
        hand.paint((20, row), (60, row))
        hand.wait_saved()
        finals.append(hand.final)
        kept = backups.back_up(project)
        assert kept is not None
        os.utime(kept.path, (1e9 + row, 1e9 + row))
    hand.do("file.backup")
    hand.wait(lambda: isinstance(hand.window.asking.dialog, BackupChoiceDialog))
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, BackupChoiceDialog)
    assert len(dialog._choices) == 3
    dialog._choices[1].setChecked(True)
    dialog.accept()
    hand.wait(
        lambda: hand.window.session.shown is not None and hand.window.session.editing.document is not None
    )
    hand.wait(lambda: np.array_equal(hand.final, finals[1]))
    assert list(project.parent.glob("*replaced-1*")), "the present file is kept beside it"


def test_that_a_mask_is_kept_for_a_file_that_has_changed(qtbot: QtBot, pictures: list[Path]) -> None:
    hand = open_window(qtbot, lambda _model, _device: MadeSegmenter(), pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    hand.window.close()
    write_picture(pictures[0], seed=77)
    again = open_window(qtbot, lambda _model, _device: MadeSegmenter(), pictures)
    again.wait_shown("naevus_0.png")
    again.wait(lambda: "its content has changed" in sentence(again))
    again.do("picture.accept_file")
    again.wait_saved()
    again.window.close()
    third = open_window(qtbot, lambda _model, _device: MadeSegmenter(), pictures)
    third.wait_shown("naevus_0.png")
    third.wait_saved()
    assert "its content has changed" not in sentence(third)
    assert third.final[20, 40] == 1
