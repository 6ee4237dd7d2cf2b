"""Settings while the program runs."""

import pytest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui import settings
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.settings import Settings


def test_that_changes_are_written_when_they_rest(qtbot: QtBot) -> None:
    preferences = Preferences(Settings())
    for radius in (5.0, 6.0, 7.0):
        preferences.change(brush_radius=radius)
    assert not settings.settings_file().exists()
    qtbot.waitUntil(settings.settings_file().exists)
    assert settings.load().settings.brush_radius == 7.0


def test_that_nothing_changed_writes_nothing() -> None:
    preferences = Preferences(Settings())
    preferences.put(Settings())
    preferences.write()
    assert not settings.settings_file().exists()


def test_that_settings_that_cannot_be_written_are_a_sentence(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lsegdiff_gui.imaging.picture import ImageError

    def refuse(*_: object) -> None:
        raise ImageError("The folder is read-only.")

    monkeypatch.setattr(settings, "save", refuse)
    preferences = Preferences(Settings())
    with qtbot.waitSignal(preferences.message) as told:
        preferences.change(steps=9)
        preferences.write()
    assert told.args is not None
    assert told.args[0].sentence == "The folder is read-only."
    assert preferences.settings.steps == 9
