from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from lsegdiff_gui import places
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.tones import DARK, LIGHT, Tones, palette_of


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    yield qapp
    qapp.setStyleSheet("")
    qapp.setPalette(qapp.style().standardPalette())


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.1, 0 to 1."""
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in QColor(colour).getRgbF()[:3]
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> str:
    """The colour of the icon's most opaque pixel."""
    image = icon.pixmap(QSize(32, 32), mode, state).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=QColor.alpha).name()


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("text", ["text", "muted", "accent", "danger", "warning", "success"])
@pytest.mark.parametrize("ground", ["window", "surface", "base"])
def test_that_text_is_readable_on_every_ground(colours: Tones, text: str, ground: str) -> None:
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_that_text_is_readable_on_what_is_selected_or_coloured(colours: Tones) -> None:
    assert contrast(colours.highlighted_text, colours.highlight) >= 4.5
    for ground in (
        "danger_soft",
        "warning_soft",
        "success_soft",
        "accent_soft",
        "progress",
        "raised",
        "hover",
    ):
        assert contrast(colours.text, getattr(colours, ground)) >= 4.5, ground


@pytest.mark.parametrize(("scheme", "colours"), [("dark", DARK), ("light", LIGHT)])
def test_that_a_scheme_sets_a_whole_palette_where_the_platform_has_none(
    app: QApplication, scheme: theme.Scheme, colours: Tones
) -> None:
    theme.apply(app, scheme)
    palette = app.palette()
    assert palette.color(QPalette.ColorRole.Window).name() == colours.window
    assert palette.color(QPalette.ColorRole.Base).name() == colours.base
    assert (
        palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText).name() == colours.disabled
    )
    assert theme.tones() is colours
    app.setStyleSheet("")  # a sheet stands before the style
    assert app.style().name() == "fusion"


def test_that_the_style_sheet_is_written_anew_for_each_scheme(app: QApplication) -> None:
    theme.apply(app, "dark")
    dark = app.styleSheet()
    theme.apply(app, "light")
    assert DARK.surface in dark
    assert DARK.surface not in app.styleSheet()
    assert LIGHT.surface in app.styleSheet()


def test_that_the_style_sheet_names_only_pictures_that_exist(app: QApplication) -> None:
    for colours in (DARK, LIGHT):
        parts = theme.style_sheet(colours).split('url("')[1:]
        named = {part.partition('"')[0] for part in parts}
        assert named
        shipped = {path.as_posix() for path in places.bundled("resources", "style").rglob("*.svg")}
        assert named <= shipped


def test_that_an_icon_follows_the_palette_without_being_set_again(app: QApplication, qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    button.setDefaultAction(QAction(theme.icon("mdi6.brush"), "Brush", button))
    theme.apply(app, "dark")
    assert ink(button.icon()) == DARK.text
    theme.apply(app, "light")
    assert ink(button.icon()) == LIGHT.text


def test_that_an_icon_tells_disabled_on_and_selected_apart(app: QApplication) -> None:
    theme.apply(app, "dark")
    brush = theme.icon("mdi6.brush")
    assert ink(brush, QIcon.Mode.Disabled) == DARK.disabled
    assert ink(brush, state=QIcon.State.On) == DARK.accent
    assert ink(brush, QIcon.Mode.Selected) == DARK.highlighted_text


def test_that_an_icon_can_have_a_tone_of_its_own(app: QApplication) -> None:
    alert = theme.icon("mdi6.alert", "danger")
    theme.apply(app, "dark")
    assert ink(alert) == DARK.danger
    theme.apply(app, "light")
    assert ink(alert) == LIGHT.danger


def test_that_a_widget_restyles_when_its_role_is_set_late(app: QApplication, qtbot: QtBot) -> None:
    theme.apply(app, "light")
    label = QLabel("explanation")
    qtbot.addWidget(label)
    label.show()
    theme.set_role(label, "muted")
    shown = label.grab().toImage()
    drawn = {shown.pixelColor(x, y).name() for x in range(shown.width()) for y in range(shown.height())}
    assert LIGHT.muted in drawn


def test_that_the_application_icon_comes_in_every_size(app: QApplication) -> None:
    sides = {size.width() for size in theme.application_icon().availableSizes()}
    assert sides == {16, 32, 64, 128, 256}


def test_that_tones_follow_a_palette_set_by_hand(app: QApplication) -> None:
    app.setPalette(palette_of(DARK))
    assert theme.tones() is DARK
    app.setPalette(palette_of(LIGHT))
    assert theme.tones() is LIGHT


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_a_narrow_tool_bar_shows_that_there_is_more(
    app: QApplication, qtbot: QtBot, scheme: theme.Scheme
) -> None:
    theme.apply(app, scheme)
    window = QMainWindow()
    qtbot.addWidget(window)
    bar = window.addToolBar("Tools")
    for number in range(20):
        bar.addAction(f"Command {number}")
    window.resize(200, 100)
    window.show()
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    assert more is not None
    assert more.isVisible()
    drawn = more.grab().toImage()
    inner = [
        drawn.pixelColor(x, y).lightness() for x in range(drawn.width()) for y in range(4, drawn.height() - 4)
    ]
    assert max(inner) - min(inner) > 100
