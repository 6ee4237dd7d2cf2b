"""The Mask panel alone: it shows a recipe and hands on what the user tries and means."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.recipe import LARGEST_KERNEL, Recipe
from lsegdiff_gui.ui.panels.mask_panel import MaskPanel, kernel_of, position_of


class Listener:
    def __init__(self, panel: MaskPanel) -> None:
        self.tried: list[Recipe] = []
        self.settled: list[Recipe] = []
        panel.tried.connect(self.tried.append)
        panel.settled.connect(self.settled.append)


@pytest.fixture
def panel(qtbot: QtBot) -> MaskPanel:
    panel = MaskPanel(Recipe())
    qtbot.addWidget(panel)
    return panel


@pytest.mark.parametrize("kernel", [0, *range(3, LARGEST_KERNEL + 1, 2)])
def test_that_every_kernel_has_its_place_on_the_slider(kernel: int) -> None:
    assert kernel_of(position_of(kernel)) == kernel


def test_that_showing_a_recipe_tells_nobody(panel: MaskPanel) -> None:
    heard = Listener(panel)
    other = Recipe(0.3, "closing", 11, "square", False, 1.5, True)
    panel.show_recipe(other)
    assert panel.recipe == other
    assert heard.tried == heard.settled == []
    assert panel.fill_holes.isChecked() is False
    assert panel.smallest.value() == 1.5


def test_that_a_drag_is_tried_at_each_move_and_settled_once(panel: MaskPanel) -> None:
    heard = Listener(panel)
    slider = panel.kernel.slider
    slider.setSliderDown(True)
    for position in (3, 4, 5):
        slider.setValue(position)
    assert [recipe.kernel for recipe in heard.tried] == [7, 9, 11]
    assert heard.settled == []
    slider.setSliderDown(False)
    assert [recipe.kernel for recipe in heard.settled] == [11]


def test_that_keys_settle_after_a_pause(panel: MaskPanel, qtbot: QtBot) -> None:
    heard = Listener(panel)
    for _ in range(3):
        QTest.keyClick(panel.threshold.slider, Qt.Key.Key_Right)
    assert [round(recipe.threshold, 2) for recipe in heard.tried] == [0.51, 0.52, 0.53]
    qtbot.waitUntil(lambda: len(heard.settled) == 1)
    assert heard.settled[0].threshold == 0.53


def test_that_boxes_settle_at_once(panel: MaskPanel) -> None:
    heard = Listener(panel)
    panel.fill_holes.click()
    panel.largest_only.click()
    assert heard.settled == [Recipe(fill_holes=False), Recipe(fill_holes=False, largest_only=True)]


def test_that_the_kernel_is_shown_in_both_sizes(panel: MaskPanel) -> None:
    panel.show_size(2048, 1024)
    assert panel.kernel.words.text() == "5 → 9 px"
    panel.show_size(0, 0)
    assert panel.kernel.words.text() == "5"
    panel.show_recipe(Recipe(kernel=0))
    assert panel.kernel.words.text() == "off"


def test_that_the_kernel_keys_stay_within_the_slider(panel: MaskPanel, qtbot: QtBot) -> None:
    heard = Listener(panel)
    panel.change_kernel(+1)
    assert panel.recipe.kernel == 7
    panel.change_kernel(-10)
    assert panel.recipe.kernel == 0
    qtbot.waitUntil(lambda: heard.settled == [Recipe(kernel=0)])


def test_that_no_operation_leaves_the_kernel_out_of_reach(panel: MaskPanel) -> None:
    panel.show_recipe(Recipe(operation="none"))
    assert not panel.kernel.isEnabled()
    panel.change_kernel(+1)
    assert panel.recipe.kernel == 5


def test_that_reset_goes_back_to_the_defaults_it_was_made_with(qtbot: QtBot) -> None:
    mine = Recipe(kernel=9)
    panel = MaskPanel(mine)
    qtbot.addWidget(panel)
    panel.show_recipe(Recipe(kernel=21))
    heard = Listener(panel)
    panel.reset()
    assert heard.settled == [mine]


def test_that_growing_and_smoothing_are_tried_and_settled(panel: MaskPanel) -> None:
    heard = Listener(panel)
    for slider, position in ((panel.grow.slider, -8), (panel.smooth.slider, 4)):
        slider.setSliderDown(True)
        slider.setValue(position)
        slider.setSliderDown(False)
    assert [(recipe.grow, recipe.smooth) for recipe in heard.tried] == [(-8, 0), (-8, 9)]
    assert heard.settled[-1] == Recipe(grow=-8, smooth=9)


def test_that_growing_and_smoothing_say_their_size_on_this_picture(panel: MaskPanel) -> None:
    panel.show_recipe(Recipe(grow=-10, smooth=9))
    assert (panel.grow.words.text(), panel.smooth.words.text()) == ("-10", "9")
    panel.show_size(2048, 1024)
    assert (panel.grow.words.text(), panel.smooth.words.text()) == ("-10 → -20 px", "9 → 17 px")
    panel.show_recipe(Recipe())
    assert (panel.grow.words.text(), panel.smooth.words.text()) == ("off", "off")


def test_that_no_key_changes_a_panel_that_is_switched_off(panel: MaskPanel) -> None:
    heard = Listener(panel)
    panel.show_recipe(Recipe(kernel=9))
    panel.setEnabled(False)
    panel.change_kernel(1)
    panel.toggle_holes()
    panel.reset()
    assert heard.tried == heard.settled == []


def test_that_edges_can_be_followed_only_where_they_are_known(panel: MaskPanel) -> None:
    heard = Listener(panel)
    panel.show_edges(known=False)
    assert not panel.follow_edges.isEnabled()
    assert "No edges to follow" in panel.follow_edges.toolTip()
    assert panel.recipe.follow_edges  # the next picture's draft may know them
    panel.show_edges(known=True)
    assert panel.follow_edges.isEnabled()
    assert heard.settled == []
