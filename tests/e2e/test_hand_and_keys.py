"""Keys, drops and the theme, as a hand meets them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from made.windows import Hand
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lsegdiff_gui.formats.export import ExportRequest
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.model_choice import ModelChoiceDialog

Open = Callable[..., Hand]


def test_that_letters_are_commands_on_the_canvas_and_text_in_a_field(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.bot.waitActive(hand.window)
    field = hand.window.pictures.filters.words
    field.setFocus()
    QTest.keyClicks(field, "rbe")
    assert field.text() == "rbe"
    assert hand.window.asking.dialog is None
    field.clear()
    hand.window.canvas.setFocus()
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_E)
    assert hand.window.actions_by_id["tool.eraser"].isChecked()
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_R)
    assert isinstance(hand.window.asking.dialog, ModelChoiceDialog)


def test_that_enter_in_a_number_gives_the_keys_back_to_the_canvas(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.bot.waitActive(hand.window)
    steps = hand.window.panels.draft_panel.steps
    steps.setFocus()
    steps.selectAll()
    QTest.keyClicks(steps, "7")
    QTest.keyClick(steps, Qt.Key.Key_Return)
    assert steps.value() == 7
    assert hand.window.canvas.hasFocus()


def test_that_keys_go_from_picture_to_picture_and_the_list_follows(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.bot.waitActive(hand.window)
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_D)
    hand.wait_shown("naevus_1.png")
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_PageDown)
    hand.wait_shown("naevus_2.png")
    assert hand.window.pictures.current == hand.window.session.opening.current
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_D)
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_A)
    hand.wait_shown("naevus_1.png")


def test_that_dropped_files_are_opened_and_remembered(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with([])
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pictures[1])), QUrl("https://example.org/x.png")])
    drop = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    hand.window.dropEvent(drop)
    hand.wait_shown("naevus_1.png")
    assert hand.window.preferences.settings.recent == (str(pictures[1]),)
    hand.window._fill_recent()
    assert [action.text() for action in hand.window._recent.actions()] == ["naevus_1.png"]


def test_that_the_mask_can_be_hidden_and_outlined_by_key(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.bot.waitActive(hand.window)
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_M)
    assert not hand.window.panels.display_panel.visible.isChecked()
    assert not hand.window.actions_by_id["view.overlay"].isChecked()
    assert not hand.window.canvas._scene.masks.style.visible
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_O)
    assert hand.window.canvas._scene.masks.style.outline
    QTest.keyClick(hand.window.canvas, Qt.Key.Key_Comma)
    assert hand.window.canvas._scene.masks.style.opacity == pytest.approx(0.40)


def test_that_brightness_changes_what_is_shown_and_nothing_else(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.do("view.double")
    before = hand.window.canvas.grab().toImage()
    hand.window.panels.display_panel.brightness.slider.setValue(60)
    hand.wait(lambda: hand.window.canvas.grab().toImage() != before)
    assert hand.window.canvas.zoom == 2.0
    picture = hand.window.session.picture
    assert picture is not None
    assert picture.rgb8[0, 0, 0] <= 224
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    assert hand.window.panels.display_panel.picture_look.brightness == 60


def test_that_the_theme_changes_at_once(open_with: Open, pictures: list[Path], qapp: QApplication) -> None:
    look = (qapp.palette(), qapp.styleSheet())
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    for scheme, dark in (("dark", True), ("light", False)):
        action = next(action for action in hand.window._themes.actions() if action.data() == scheme)
        action.trigger()
        assert theme.tones().dark is dark
        assert hand.window.preferences.settings.theme == scheme
    qapp.setPalette(look[0])
    qapp.setStyleSheet(look[1])


def test_that_an_export_that_is_impossible_as_a_whole_is_a_sentence(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    (tmp_path / "file").write_text("in the way")
    session = hand.window.session
    with hand.bot.waitSignal(session.exporting.failed) as failed:
        session.exporting.start(ExportRequest(tmp_path / "file" / "masks"), hand.rows)
    assert failed.args is not None
    assert "file" in failed.args[0]
    assert not session.exporting.is_running


def test_that_the_sample_pictures_are_a_command_away(open_with: Open) -> None:
    hand = open_with([])
    hand.do("file.samples")
    hand.wait(lambda: hand.window.session.shown is not None)
    assert len(hand.rows) == 6


def test_that_what_the_program_was_started_with_is_among_the_recent_files(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures[:1])
    hand.wait_shown("naevus_0.png")
    assert hand.window.preferences.settings.recent == (str(pictures[0]),)
