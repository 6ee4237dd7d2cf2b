"""The Display panel alone."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.imaging.decode import to_rgb8
from lsegdiff_gui.imaging.look import PictureLook, Window
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.ui.canvas.comparison import Compare
from lsegdiff_gui.ui.panels.display_panel import DisplayPanel, OverlayLook


def deep() -> Picture:
    """A 16-bit picture whose values lie between 1000 and 3000, in twelve bits."""
    native = np.random.default_rng(0).integers(1000, 3001, (60, 80)).astype(np.uint16)
    return Picture(to_rgb8(native), native, "0" * 64)


def shallow() -> Picture:
    rgb8 = np.zeros((60, 80, 3), np.uint8)
    return Picture(rgb8, rgb8, "0" * 64)


@pytest.fixture
def panel(qtbot: QtBot) -> DisplayPanel:
    panel = DisplayPanel()
    qtbot.addWidget(panel)
    return panel


def test_that_showing_a_look_tells_nobody(panel: DisplayPanel) -> None:
    heard: list[object] = []
    panel.overlay_changed.connect(heard.append)
    panel.picture_changed.connect(heard.append)
    overlay = OverlayLook(False, 0.2, True, Compare.SWIPE)
    picture = PictureLook(10, -10, 2.0, 40, Window(300, 200))
    panel.show_overlay(overlay)
    panel.show_picture_look(picture)
    panel.show_picture(deep())
    assert heard == []
    assert panel.overlay == overlay
    assert panel.picture_look == picture


def test_that_changes_are_told(panel: DisplayPanel) -> None:
    overlays: list[OverlayLook] = []
    pictures: list[PictureLook] = []
    panel.overlay_changed.connect(overlays.append)
    panel.picture_changed.connect(pictures.append)
    panel.visible.click()
    panel.change_overlay(outline=True)
    panel.brightness.slider.setValue(30)
    panel.gamma.slider.setValue(100)
    panel.local.slider.setValue(60)
    assert overlays == [OverlayLook(False), OverlayLook(False, outline=True)]
    assert pictures == [PictureLook(30), PictureLook(30, gamma=5.0), PictureLook(30, 0, 5.0, 60)]


def test_that_reset_shows_the_picture_as_it_is(panel: DisplayPanel, qtbot: QtBot) -> None:
    panel.show_picture_look(PictureLook(10, 20, 2.0, 30, Window(9, 9)))
    with qtbot.waitSignal(panel.picture_changed) as changed:
        panel._reset.click()
    assert changed.args == [PictureLook()]


def test_that_equal_ways_on_the_gamma_slider_are_each_others_inverse(panel: DisplayPanel) -> None:
    for place in range(0, 101, 10):
        panel.gamma.slider.setValue(place)
        lighter = panel.picture_look.gamma
        panel.gamma.slider.setValue(-place)
        assert lighter * panel.picture_look.gamma == pytest.approx(1, abs=0.01)
        assert panel.gamma.value == -place


def test_that_only_a_16_bit_picture_has_a_window(panel: DisplayPanel) -> None:
    for picture, has in ((None, False), (shallow(), False), (deep(), True), (shallow(), False)):
        panel.show_picture(picture)
        shown = [not control.isHidden() for control in (panel.centre, panel.width_slider, panel.auto)]
        assert shown == [has] * 3


def test_that_the_window_begins_with_what_is_seen(panel: DisplayPanel) -> None:
    panel.show_picture(deep())
    assert (panel.centre.value, panel.width_slider.value) == (2048, 4095)
    panel.width_slider.slider.setValue(1000)
    assert panel.picture_look.window == Window(2048, 1000)
    panel.centre.slider.setValue(1500)
    assert panel.picture_look.window == Window(1500, 1000)


def test_that_the_window_can_be_fitted_to_the_picture(panel: DisplayPanel, qtbot: QtBot) -> None:
    panel.show_picture(deep())
    with qtbot.waitSignal(panel.picture_changed):
        panel.auto.click()
    window = panel.picture_look.window
    assert window is not None
    assert window.centre == pytest.approx(2000, abs=30) and window.width == pytest.approx(1980, abs=40)


def test_that_a_comparison_is_chosen_and_given_up_by_the_same_command(panel: DisplayPanel) -> None:
    heard: list[OverlayLook] = []
    panel.overlay_changed.connect(heard.append)
    panel.toggle_comparison(Compare.SWIPE)
    panel.toggle_comparison(Compare.DIFFERENCE)
    assert panel.compare_box.currentText() == "Draft, differences"
    panel.toggle_comparison(Compare.DIFFERENCE)
    panel.compare_box.setCurrentIndex(1)
    panel.compare_box.activated.emit(1)
    assert [look.compare for look in heard] == ["swipe", "difference", "off", "swipe"]
    assert all(isinstance(look.compare, Compare) for look in heard)
