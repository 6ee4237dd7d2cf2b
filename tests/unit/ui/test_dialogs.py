from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lsegdiff_gui import __version__
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.formats.export import ExportReport
from lsegdiff_gui.project.pictures import PictureRow
from lsegdiff_gui.ui.actions import ACTIONS
from lsegdiff_gui.ui.dialogs.about import AboutDialog
from lsegdiff_gui.ui.dialogs.export import ExportDialog
from lsegdiff_gui.ui.dialogs.file_list import FileList
from lsegdiff_gui.ui.dialogs.key_sheet import GESTURES, KeyRow, KeySheetDialog
from lsegdiff_gui.ui.dialogs.model_choice import ModelChoiceDialog
from lsegdiff_gui.ui.dialogs.notice import NoticeDialog
from lsegdiff_gui.ui.dialogs.settings_dialog import SettingsDialog
from lsegdiff_gui.ui.settings import Settings

KEYS = [KeyRow(spec.group, spec.name, spec.keys, spec.help) for spec in ACTIONS]
MODEL = SimpleNamespace(
    name="skin",
    version="1.0",
    sha256="ab" * 32,
    parameters=7_000_000,
    training="ISIC 2017",
    terms="CC0",
    metrics={"dice": 0.87},
)


def row(number: int, status: Status = Status.DONE, folder: str = "/pictures") -> PictureRow:
    return PictureRow(
        number, Path(folder) / f"p{number}.jpg", "", 0, 0, status, status is not Status.NEW, False, ""
    )


def texts(dialog: QWidget) -> str:
    """All that can be read in the dialog."""
    labels = [label.text() for label in dialog.findChildren(QLabel)]
    lines = [line.text() for line in dialog.findChildren(QLineEdit)]
    return "\n".join([*labels, *lines])


def button(dialog: QWidget, text: str) -> QPushButton:
    return next(button for button in dialog.findChildren(QPushButton) if button.text().startswith(text))


def box(dialog: QWidget, text: str) -> QCheckBox:
    return next(box for box in dialog.findChildren(QCheckBox) if box.text().startswith(text))


def listed(dialog: QWidget, name: str) -> FileList:
    return next(files for files in dialog.findChildren(FileList) if files.accessibleName() == name)


MADE: dict[str, Callable[[Path], QDialog]] = {
    "notice": lambda _: NoticeDialog(),
    "about": lambda _: AboutDialog(models=[MODEL], problems=["The weights “polyp” are not there."]),
    "choice": lambda _: ModelChoiceDialog(guess="polyp"),
    "keys": lambda _: KeySheetDialog([*KEYS, *GESTURES]),
    "settings": lambda _: SettingsDialog(Settings()),
    "export": lambda folder: ExportDialog([row(1), row(2, Status.NEW)], 1, folder),
}


@pytest.mark.parametrize("name", MADE)
def test_that_everything_that_can_be_operated_has_a_name(name: str, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = MADE[name](tmp_path)
    qtbot.addWidget(dialog)
    kinds = (
        QAbstractButton,
        QAbstractItemView,
        QAbstractSpinBox,
        QComboBox,
        QLineEdit,
        QProgressBar,
        QTabWidget,
    )
    nameless = [
        widget
        for kind in kinds
        for widget in dialog.findChildren(kind)
        if not widget.objectName().startswith("qt_")  # the line inside a spin box and such
        and widget.window() is dialog  # not the list a combo box opens
        and not isinstance(widget.parent(), QLineEdit)
        and not isinstance(widget.parent(), QTabWidget)
        and not widget.accessibleName()
        and not getattr(widget, "text", str)()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert nameless == []
    assert dialog.windowTitle() and dialog.accessibleName()


@pytest.mark.parametrize("name", MADE)
def test_that_escape_leaves_the_dialog(name: str, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = MADE[name](tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert dialog.result() == QDialog.DialogCode.Rejected


@pytest.mark.parametrize("name", MADE)
def test_that_no_text_is_cut_off(name: str, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = MADE[name](tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    cut = [
        label.text()
        for label in dialog.findChildren(QLabel)
        if label.isVisible() and label.wordWrap() and label.height() < label.heightForWidth(label.width())
    ]
    assert cut == []


def test_that_the_notice_starts_the_program_only_once_it_is_acknowledged(qtbot: QtBot) -> None:
    dialog = NoticeDialog()
    qtbot.addWidget(dialog)
    assert "not a medical device" in texts(dialog)
    start = button(dialog, "Start")
    assert not start.isEnabled()
    dialog.findChildren(QCheckBox)[0].setChecked(True)
    qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_that_about_shows_version_hash_terms_and_what_is_missing(qtbot: QtBot) -> None:
    dialog = AboutDialog(models=[MODEL], problems=["The weights “polyp” are not there."])
    qtbot.addWidget(dialog)
    shown = texts(dialog)
    for wanted in (
        __version__,
        MODEL.sha256,
        "CC0",
        "ISIC 2017",
        "The weights “polyp” are not there.",
        "LGPL",
    ):
        assert wanted in shown


def test_that_the_copied_details_name_versions_and_hashes_and_no_path(qtbot: QtBot) -> None:
    dialog = AboutDialog(models=[MODEL], device="cpu")
    qtbot.addWidget(dialog)
    qtbot.mouseClick(button(dialog, "Copy"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied == dialog.details()
    assert MODEL.sha256 in copied and __version__ in copied and "cpu" in copied
    assert str(Path.home()) not in copied and "/" not in copied.replace("x86_64/", "")


@pytest.mark.parametrize("guess", ["skin", "polyp"])
def test_that_the_guess_is_taken_by_enter_alone(guess: str, qtbot: QtBot) -> None:
    dialog = ModelChoiceDialog(guess=guess)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.choice == guess
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.choice == guess


def test_that_without_a_guess_nothing_is_chosen_for_the_user(qtbot: QtBot) -> None:
    dialog = ModelChoiceDialog()
    qtbot.addWidget(dialog)
    use = button(dialog, "Use this model")
    assert dialog.choice == ""
    assert not use.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    assert dialog.choice == "skin"
    assert use.isEnabled()


def test_that_a_guess_that_comes_late_is_taken_only_while_nothing_was_chosen(qtbot: QtBot) -> None:
    dialog = ModelChoiceDialog()
    qtbot.addWidget(dialog)
    dialog.suggest("polyp")
    assert dialog.choice == "polyp"
    qtbot.keyClick(dialog, Qt.Key.Key_Left)
    dialog.suggest("polyp")
    assert dialog.choice == "skin"


def test_that_arrows_go_around_the_choices(qtbot: QtBot) -> None:
    dialog = ModelChoiceDialog(guess="skin")
    qtbot.addWidget(dialog)
    seen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(dialog, key)
        seen.append(dialog.choice)
    assert seen == ["polyp", "skin", "polyp"]


def test_that_the_key_sheet_has_every_command_with_a_key_and_the_gestures(qtbot: QtBot) -> None:
    dialog = KeySheetDialog([*KEYS, *GESTURES])
    qtbot.addWidget(dialog)
    with_keys = [spec.name for spec in ACTIONS if spec.keys]
    assert sorted(dialog.shown) == sorted([*with_keys, *(gesture.text for gesture in GESTURES)])


@pytest.mark.parametrize(
    ("typed", "found"),
    [("export masks", ["Export masks"]), ("ctrl+shift+z", ["Redo"]), ("no such thing", [])],
)
def test_that_typing_finds_a_command_by_name_or_key(typed: str, found: list[str], qtbot: QtBot) -> None:
    dialog = KeySheetDialog(KEYS)
    qtbot.addWidget(dialog)
    dialog.findChildren(QLineEdit)[0].setText(typed)
    assert dialog.shown == found


def test_that_keys_are_written_as_the_system_writes_them(qtbot: QtBot) -> None:
    dialog = KeySheetDialog([KeyRow("Edit", "Undo", ("Ctrl+Z",)), KeyRow("Mouse", "Zoom", ("Wheel",))])
    qtbot.addWidget(dialog)
    caps = [label.text() for label in dialog.findChildren(QLabel)]
    assert QKeySequence("Ctrl+Z").toString(QKeySequence.SequenceFormat.NativeText) in caps
    assert "Wheel" in caps


def test_that_the_settings_dialog_changes_what_it_shows_and_nothing_else(qtbot: QtBot) -> None:
    before = Settings(notice_accepted=True, recent=("/a",), unknown={"later": 1})
    dialog = SettingsDialog(before)
    qtbot.addWidget(dialog)
    dialog.findChild(QSpinBox, "step_ms").setValue(300)
    theme = dialog.findChild(QComboBox, "theme")
    theme.setCurrentIndex(theme.findData("dark"))
    assert dialog.settings == replace(before, step_ms=300, theme="dark")


def test_that_a_change_is_previewed_and_taken_back_by_cancel(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    seen: list[Settings] = []
    dialog.previewed.connect(seen.append)
    theme = dialog.findChild(QComboBox, "theme")
    theme.setCurrentIndex(theme.findData("dark"))
    qtbot.mouseClick(button(dialog, "Cancel"), Qt.MouseButton.LeftButton)
    assert [settings.theme for settings in seen] == ["dark", "system"]


def test_that_the_defaults_come_back_for_what_is_shown(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings(step_ms=500, device="cpu", brush_radius=3))
    qtbot.addWidget(dialog)
    qtbot.mouseClick(button(dialog, "Restore"), Qt.MouseButton.LeftButton)
    assert dialog.settings == Settings(brush_radius=3)


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
