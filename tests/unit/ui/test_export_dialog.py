from pathlib import Path

import pytest
from made.dialogs import box, button, listed, row, texts
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QLineEdit,
    QRadioButton,
)
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.formats.export import ExportReport
from lsegdiff_gui.ui.dialogs.export import ExportDialog


def test_that_the_picture_on_the_canvas_is_exported_by_enter_alone(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1), row(2)], 2, tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.requested) as asked:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert asked.args == [[row(2)], dialog.request]
    assert dialog.request.folder == tmp_path


def test_that_only_pictures_somebody_worked_on_are_ticked_at_first(qtbot: QtBot, tmp_path: Path) -> None:
    rows = [row(number, status) for number, status in enumerate(Status)]
    dialog = ExportDialog(rows, None, tmp_path)
    qtbot.addWidget(dialog)
    assert {picture.status for picture in dialog.rows} == {
        Status.IN_PROGRESS,
        Status.DONE,
        Status.NO_LESION,
        Status.APPROVED,
    }


def test_that_drafts_are_ticked_where_nobody_has_worked_yet(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1, Status.NEW), row(2, Status.DRAFTED)], None, tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.rows == [row(2, Status.DRAFTED)]


def test_that_the_preview_follows_the_answers(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1), row(2, Status.NEW)], 1, tmp_path)
    qtbot.addWidget(dialog)
    files = listed(dialog, "Files that will be written")
    assert files.lines == ["p1_mask.png", "annotations.json"]
    dialog.findChildren(QRadioButton)[1].setChecked(True)
    box(dialog, "New").setChecked(True)
    box(dialog, "COCO").setChecked(False)
    qtbot.waitUntil(lambda: files.lines == ["p1_mask.png", "p2_mask.png"])
    assert "written as empty" in texts(dialog)
    assert button(dialog, "Export").text() == "Export 2 files"


def test_that_files_that_would_be_replaced_are_warned_of(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "p1_mask.png").touch()
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    assert "replaces" in listed(dialog, "Files that will be written").lines[0]
    assert "will be replaced" in texts(dialog)
    assert button(dialog, "Export").isEnabled()


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [
        ("", "No folder is named"),
        ("relative/folder", "in full"),
        ("FILE", "is a file"),
        ("FILE/sub", "cannot be made"),
    ],
)
def test_that_a_folder_that_cannot_be_used_is_said_before_it_is_tried(
    folder: str, sentence: str, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    line = next(
        line for line in dialog.findChildren(QLineEdit) if line.accessibleName() == "Folder to write to"
    )
    line.setText(folder.replace("FILE", str(tmp_path / "file")))
    qtbot.waitUntil(lambda: sentence in texts(dialog))
    assert not button(dialog, "Export").isEnabled()


def test_that_no_format_or_no_picture_cannot_be_exported(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1)], None, tmp_path)
    qtbot.addWidget(dialog)
    box(dialog, "PNG").setChecked(False)
    box(dialog, "COCO").setChecked(False)
    qtbot.waitUntil(lambda: "No format is chosen" in texts(dialog))
    box(dialog, "PNG").setChecked(True)
    box(dialog, "Done").setChecked(False)
    qtbot.waitUntil(lambda: "No picture is chosen" in texts(dialog))
    assert not button(dialog, "Export").isEnabled()


def test_that_the_export_acts_on_the_answers_not_on_an_older_preview(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    asked: list[object] = []
    dialog.requested.connect(lambda *what: asked.append(what))
    line = next(
        line for line in dialog.findChildren(QLineEdit) if line.accessibleName() == "Folder to write to"
    )
    line.setText("")
    button(dialog, "Export").click()
    assert asked == []


def test_that_a_running_export_is_stopped_before_the_dialog_closes(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    button(dialog, "Export").click()
    dialog.show_progress(0, 1)
    with qtbot.waitSignal(dialog.cancel_requested):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    dialog.show_report(ExportReport([], [], cancelled=True))
    assert "Stopped" in texts(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_that_the_summary_names_what_was_written_and_what_failed(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1), row(2)], 1, tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    button(dialog, "Export").click()
    sentence = "“p2.jpg” is cut off."
    dialog.show_report(ExportReport([tmp_path / "p1_mask.png"], [("p2.jpg", sentence)]))
    assert "1 file written; 1 could not be written." in texts(dialog)
    assert listed(dialog, "Files that were written").lines == ["p1_mask.png"]
    assert button(dialog, "Open the folder").isVisible()
    assert button(dialog, "Close").isDefault()


def test_that_an_export_that_could_not_start_can_be_tried_elsewhere(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    button(dialog, "Export").click()
    dialog.show_failure("The disk is full.")
    assert "The disk is full." in texts(dialog)
    assert button(dialog, "Export").isVisibleTo(dialog) and button(dialog, "Export").isEnabled()


def test_that_instances_are_annotated_by_themselves_unless_it_is_unticked(
    qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.request.by_instance
    box(dialog, "Each instance").setChecked(False)
    assert not dialog.request.by_instance
    box(dialog, "COCO").setChecked(False)
    assert not box(dialog, "Each instance").isEnabled()
