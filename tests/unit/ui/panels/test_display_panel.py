"""The Display panel alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.panels.display_panel import DisplayPanel, OverlayLook, PictureLook


@pytest.fixture
def panel(qtbot: QtBot) -> DisplayPanel:
    panel = DisplayPanel()
    qtbot.addWidget(panel)
    return panel


def test_that_a_plain_look_changes_no_value() -> None:
    np.testing.assert_array_equal(PictureLook().table(), np.arange(256))


@given(st.integers(-100, 100), st.integers(-100, 100))
def test_that_brighter_values_never_become_darker_than_others(brightness: int, contrast: int) -> None:
    table = PictureLook(brightness, contrast).table().astype(int)
    assert (np.diff(table) >= 0).all()


def test_that_brightness_lightens_and_contrast_spreads() -> None:
    assert PictureLook(brightness=50).table()[100] > 100
    spread = PictureLook(contrast=50).table()
    assert spread[60] < 60
    assert spread[200] > 200


def test_that_showing_a_look_tells_nobody(panel: DisplayPanel) -> None:
    heard: list[object] = []
    panel.overlay_changed.connect(heard.append)
    panel.picture_changed.connect(heard.append)
    panel.show_overlay(OverlayLook(False, 0.2, True))
    panel.show_picture_look(PictureLook(10, -10))
    assert heard == []
    assert panel.overlay == OverlayLook(False, 0.2, True)
    assert panel.picture_look == PictureLook(10, -10)


def test_that_changes_are_told(panel: DisplayPanel) -> None:
    overlays: list[OverlayLook] = []
    pictures: list[PictureLook] = []
    panel.overlay_changed.connect(overlays.append)
    panel.picture_changed.connect(pictures.append)
    panel.visible.click()
    panel.change_overlay(outline=True)
    panel.brightness.slider.setValue(30)
    assert overlays == [OverlayLook(False), OverlayLook(False, outline=True)]
    assert pictures == [PictureLook(brightness=30)]


def test_that_reset_shows_the_picture_as_it_is(panel: DisplayPanel, qtbot: QtBot) -> None:
    panel.show_picture_look(PictureLook(10, 20))
    with qtbot.waitSignal(panel.picture_changed) as changed:
        panel._reset.click()
    assert changed.args == [PictureLook()]
