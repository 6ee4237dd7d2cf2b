from pathlib import Path
from typing import Any

import pytest
from made.dialogs import box, button, listed, row, texts
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QRadioButton,
)
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.formats.polygons import Loss
from lsegdiff_gui.formats.request import ExportReport, ExportRequest, Format, Naming, Shape
from lsegdiff_gui.ui.dialogs.export import ExportDialog


def test_that_the_picture_on_the_canvas_is_exported_by_enter_alone(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1), row(2)], 2, tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.requested) as asked:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert asked.args == [[row(2)], dialog.request]
    assert dialog.request.folder == tmp_path


def choice(dialog: ExportDialog, name: str) -> QComboBox:
    return next(found for found in dialog.findChildren(QComboBox) if found.accessibleName() == name)


def choose(dialog: ExportDialog, name: str, text: str) -> None:
    found = choice(dialog, name)
    found.setCurrentIndex(found.findText(text, Qt.MatchFlag.MatchStartsWith))


def test_that_only_what_somebody_has_finished_is_ticked_at_first(qtbot: QtBot, tmp_path: Path) -> None:
    rows = [row(number, status) for number, status in enumerate(Status)]
    dialog = ExportDialog(rows, None, tmp_path)
    qtbot.addWidget(dialog)
    assert {picture.status for picture in dialog.rows} == {Status.DONE, Status.NO_LESION, Status.APPROVED}


def test_that_the_preview_says_how_many_are_written_and_what_is_left_out_and_why(
    qtbot: QtBot, tmp_path: Path
) -> None:
    statuses = [Status.DONE, Status.DONE, Status.NO_LESION, Status.DRAFTED, Status.NEW]
    dialog = ExportDialog([row(number, status) for number, status in enumerate(statuses)], None, tmp_path)
    qtbot.addWidget(dialog)
    said = texts(dialog)
    assert "3 pictures will be written: 2 done, 1 confirmed without lesion." in said
    assert "Left out, because their status is not chosen: 1 new, 1 drafted." in said


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


def test_that_nothing_is_replaced_without_a_yes_and_a_yes_is_for_these_files_only(
    qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "p1_mask.png").touch()
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    assert not button(dialog, "Export").isEnabled()
    box(dialog, "Replace").setChecked(True)
    assert button(dialog, "Export").isEnabled()
    box(dialog, "Overlays").setChecked(True)
    qtbot.waitUntil(lambda: not button(dialog, "Export").isEnabled())
    box(dialog, "PNG masks").setChecked(False)
    qtbot.waitUntil(lambda: button(dialog, "Export").isEnabled())
    assert not box(dialog, "Replace").isVisibleTo(dialog)


def test_that_a_coco_file_that_is_added_to_is_not_replaced(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "annotations.json").touch()
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    assert not button(dialog, "Export").isEnabled()
    choose(dialog, "COCO file", "Add to")
    qtbot.waitUntil(lambda: button(dialog, "Export").isEnabled())
    assert (dialog.request.append, dialog.request.replace) == (True, False)
    choose(dialog, "COCO file", "Add, and renew")
    assert (dialog.request.append, dialog.request.replace) == (True, True)


def test_that_every_answer_reaches_the_request(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    for kind in Format:
        dialog.findChild(QCheckBox, f"format_{kind}").setChecked(True)
    choose(dialog, "Names of PNG masks", "masks/")
    choose(dialog, "Orientation", "As the sensor")
    choose(dialog, "Masks in COCO and labelme files", "Polygons")
    dialog.findChild(QDoubleSpinBox).setValue(1.5)
    box(dialog, "Tie holes").setChecked(True)
    box(dialog, "Name the labels").setChecked(True)
    request = dialog.request
    assert request.formats == frozenset(Format)
    assert (request.naming, request.shape) == (Naming.KVASIR, Shape.POLYGONS)
    assert request.as_stored and request.bridge_holes and request.legend and request.by_instance
    assert request.tolerance == 1.5


def test_that_an_option_without_use_is_disabled_and_not_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    assert not box(dialog, "Tie holes").isEnabled() and not box(dialog, "Name the labels").isEnabled()
    choose(dialog, "Masks in COCO and labelme files", "Polygons")
    box(dialog, "Tie holes").setChecked(True)
    choose(dialog, "Masks in COCO and labelme files", "Run")
    assert not dialog.request.bridge_holes


def test_that_pictures_without_a_draft_are_told_before_their_probability_is_missed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = ExportDialog([row(1, Status.NEW)], 1, tmp_path)
    qtbot.addWidget(dialog)
    box(dialog, "Probability").setChecked(True)
    qtbot.waitUntil(lambda: "has no draft" in texts(dialog))


def test_that_what_polygons_lose_is_reported(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([row(1)], 1, tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    button(dialog, "Export").click()
    loss = Loss(area=900, added=100, missing=0, holes=2)
    dialog.show_report(ExportReport([tmp_path / "annotations.json"], [], losses=((Path("p1.jpg"), loss),)))
    said = texts(dialog)
    assert "2 holes are filled, 100 pixels added" in said
    assert "“p1.jpg” with an IoU of 0.9000" in said


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


def test_that_what_polygons_would_lose_of_this_picture_is_shown_before(qtbot: QtBot, tmp_path: Path) -> None:
    asked: list[float] = []

    def measure(request: ExportRequest) -> Loss:
        asked.append(request.tolerance)
        return Loss(area=1000, added=20, missing=0)

    dialog = ExportDialog([row(1)], 1, tmp_path, measure=measure)
    qtbot.addWidget(dialog)
    assert asked == []
    choose(dialog, "Masks in COCO and labelme files", "Polygons")
    dialog.findChild(QDoubleSpinBox).setValue(1.5)
    qtbot.waitUntil(lambda: asked == [1.5])
    assert "“p1.jpg”: Its polygons have an IoU of 0.9804 with the mask: 20 pixels added." in texts(dialog)


def test_that_a_press_before_the_preview_is_there_exports_when_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    waiting: list[tuple[Any, Any]] = []
    dialog = ExportDialog([row(1)], 1, tmp_path, background=lambda work, then: waiting.append((work, then)))
    qtbot.addWidget(dialog)
    dialog.show()
    work, then = waiting.pop()
    then(work())
    box(dialog, "Overlays").setChecked(True)
    button(dialog, "Export").click()
    work, then = waiting.pop()
    assert not button(dialog, "Export").isEnabled()
    with qtbot.waitSignal(dialog.requested) as asked:
        then(work())
    assert Format.OVERLAY in asked.args[1].formats
