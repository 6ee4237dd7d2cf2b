from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from made.dialogs import button, row, texts
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
    QSpinBox,
    QTabWidget,
)
from pytestqt.qtbot import QtBot

from lsegdiff_gui import __version__
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.ui.action_table import ACTIONS
from lsegdiff_gui.ui.command_search import Command
from lsegdiff_gui.ui.dialogs.about import AboutDialog
from lsegdiff_gui.ui.dialogs.export import ExportDialog
from lsegdiff_gui.ui.dialogs.import_masks import ImportDialog
from lsegdiff_gui.ui.dialogs.key_editor import KeyEditorDialog
from lsegdiff_gui.ui.dialogs.key_sheet import GESTURES, KeyRow, KeySheetDialog
from lsegdiff_gui.ui.dialogs.model_choice import ModelChoiceDialog
from lsegdiff_gui.ui.dialogs.notice import NoticeDialog
from lsegdiff_gui.ui.dialogs.page_choice import PageChoiceDialog
from lsegdiff_gui.ui.dialogs.palette import PaletteDialog
from lsegdiff_gui.ui.dialogs.redraft import RedraftDialog
from lsegdiff_gui.ui.dialogs.settings_dialog import SettingsDialog
from lsegdiff_gui.ui.keymap import KeyMap
from lsegdiff_gui.ui.settings import Settings
from lsegdiff_gui.workers.files import Found

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


MADE: dict[str, Callable[[Path], QDialog]] = {
    "notice": lambda _: NoticeDialog(),
    "about": lambda _: AboutDialog(models=[MODEL], problems=["The weights “polyp” are not there."]),
    "choice": lambda _: ModelChoiceDialog(guess="polyp"),
    "keys": lambda _: KeySheetDialog([*KEYS, *GESTURES]),
    "redraft": lambda _: RedraftDialog(),
    "redraft of an imported mask": lambda _: RedraftDialog(imported_from="masks.json"),
    "import": ImportDialog,
    "pages": lambda folder: PageChoiceDialog(Found([folder / "a.tif"], {folder / "a.tif": 3})),
    "settings": lambda _: SettingsDialog(Settings()),
    "key editor": lambda _: KeyEditorDialog(KeyMap(ACTIONS)),
    "commands": lambda _: PaletteDialog(
        [Command(spec.id, spec.name, spec.section, spec.help, spec.keys) for spec in ACTIONS]
    ),
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


def test_that_the_name_of_the_annotator_is_asked_for_and_never_guessed(qtbot: QtBot) -> None:
    dialog = NoticeDialog()
    qtbot.addWidget(dialog)
    assert dialog.annotator == ""
    (field,) = dialog.findChildren(QLineEdit)
    field.setText("  Ada Löw ")
    assert dialog.annotator == "Ada Löw"


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
    before = Settings(notice_accepted=True, annotator_asked=True, recent=("/a",), unknown={"later": 1})
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
