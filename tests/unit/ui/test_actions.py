"""The table of commands and what is made of it."""

import re

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.action_table import ACTIONS, MENUS, SECTIONS, TOOLBAR, ActionSpec, Scope, collisions
from lsegdiff_gui.ui.actions import Actions


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def test_that_no_two_commands_claim_one_key() -> None:
    assert collisions(ACTIONS) == []


def test_that_a_claimed_key_is_found_however_it_is_written() -> None:
    first = ActionSpec("a", "A", "", ("Ctrl+Shift+Z",), Scope.ALWAYS, "")
    second = ActionSpec("b", "B", "", ("Shift+Ctrl+z",), Scope.ALWAYS, "")
    assert collisions([first, second]) == [("Ctrl+Shift+Z", "a", "b")]


def test_that_no_press_of_a_key_means_two_of_the_keys_of_one_command() -> None:
    # Shift+[ types {: Qt finds both, calls the press ambiguous, and the command is not given.
    typed = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))
    for spec in ACTIONS:
        pressed = [typed[key[-1]] if key[:-1] == "Shift+" and key[-1] in typed else key for key in spec.keys]
        assert len(set(pressed)) == len(pressed), spec.keys


def test_that_ids_are_unique_and_every_command_explains_itself() -> None:
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)
    for spec in ACTIONS:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", spec.id)
        assert spec.help
        assert spec.name
        assert not spec.help.endswith(".")


def test_that_every_key_is_one_that_a_keyboard_can_send() -> None:
    for spec in ACTIONS:
        for key in spec.keys:
            assert QKeySequence(key).count() == 1, key


def test_that_menus_and_tool_bar_name_only_known_commands() -> None:
    known = {spec.id for spec in ACTIONS} | {"recent", "theme", "tool options", "stretch", None}
    for _, entries in MENUS:
        assert set(entries) <= known
    assert set(TOOLBAR) <= known


def test_that_every_command_without_a_key_is_in_a_menu() -> None:
    in_menus = {entry for _, entries in MENUS for entry in entries}
    assert [spec.id for spec in ACTIONS if not spec.keys and spec.id not in in_menus] == []


def test_that_menus_and_tool_bar_are_filled_from_the_table(window: QMainWindow) -> None:
    actions = Actions(window)
    recent, theme = QMenu("Recent", window), QMenu("Theme", window)
    actions.fill_menu_bar(window.menuBar(), {"recent": recent, "theme": theme})
    bar = QToolBar()
    window.addToolBar(bar)
    actions.fill_tool_bar(bar, {"tool options": QWidget(), "stretch": QWidget()})
    titles = [action.text() for action in window.menuBar().actions()]
    assert titles == [title for title, _ in MENUS]
    assert actions["draft.run"] in bar.actions()


def test_that_every_button_of_the_tool_bar_has_a_name(window: QMainWindow) -> None:
    actions = Actions(window)
    bar = QToolBar()
    window.addToolBar(bar)
    actions.fill_tool_bar(bar, {"tool options": QWidget(), "stretch": QWidget()})
    for entry in TOOLBAR:
        if entry in actions.specs:
            button = bar.widgetForAction(actions[entry])
            assert isinstance(button, QToolButton)
            assert button.text() or button.accessibleName()


def test_that_a_slot_is_called_without_the_checked_flag(window: QMainWindow) -> None:
    actions = Actions(window)
    calls: list[str] = []
    actions.connect({"draft.run": lambda: calls.append("run"), "tool.brush": lambda: calls.append("brush")})
    actions["draft.run"].trigger()
    actions["tool.brush"].trigger()
    assert calls == ["run", "brush"]


def test_that_a_scope_is_switched_as_a_whole(window: QMainWindow) -> None:
    actions = Actions(window)
    actions.set_enabled(Scope.PICTURE, False)
    assert not actions["draft.run"].isEnabled()
    assert actions["file.open"].isEnabled()
    assert actions["picture.next"].isEnabled()


def test_that_every_group_has_a_heading() -> None:
    assert {spec.group for spec in ACTIONS} == set(SECTIONS)
    assert all(spec.section for spec in ACTIONS)


def test_that_other_keys_are_taken_at_once_and_unknown_ids_passed_over(window: QMainWindow) -> None:
    actions = Actions(window)
    actions.bind({"draft.run": ("F5", "J"), "tool.brush": (), "tool.laser": ("L",)})
    assert [key.toString() for key in actions["draft.run"].shortcuts()] == ["F5", "J"]
    assert "(F5)" in actions["draft.run"].toolTip()
    assert actions["tool.brush"].shortcuts() == []
    assert "(" not in actions["tool.brush"].toolTip().splitlines()[0]
    assert [key.toString() for key in actions["tool.eraser"].shortcuts()] == ["E"]


def test_that_tool_tips_name_the_key(window: QMainWindow) -> None:
    assert "(R)" in Actions(window)["draft.run"].toolTip()
