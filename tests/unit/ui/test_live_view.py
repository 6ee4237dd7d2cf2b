"""Strip, player and canvas joined."""

from dataclasses import replace

import numpy as np
import pytest
from made.drafts import draft
from made.segmenters import MadeStep
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.live_view import LiveView
from lsegdiff_gui.ui.panels.film_strip import FilmStrip
from lsegdiff_gui.ui.panels.player import StepPlayer


class Desk:
    def __init__(self, qtbot: QtBot) -> None:
        self.canvas, self.strip = Canvas(), FilmStrip()
        for widget in (self.canvas, self.strip):
            qtbot.addWidget(widget)
        self.player = StepPlayer(1000, self.canvas)
        self.live = LiveView(self.canvas, self.strip, self.player)
        self.canvas.show_picture(np.zeros((60, 80, 3), np.uint8))

    @property
    def preview(self) -> object:
        return self.canvas._scene.preview


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def steps(count: int, of: int = 4) -> list[MadeStep]:
    film = draft(5).film
    return [MadeStep(index, of, film[(index - 1) % 4]) for index in range(1, count + 1)]


def test_that_a_step_is_shown_and_filed_when_it_comes(desk: Desk) -> None:
    desk.live.begin(4)
    (first,) = steps(1)
    desk.live.add(first)
    assert desk.preview is first.preview
    assert desk.strip._current == 1


def test_that_keys_are_listened_to_only_while_steps_are_played(desk: Desk, qtbot: QtBot) -> None:
    desk.live.begin(4)
    for step in steps(4):
        desk.live.add(step)
    assert desk.live._listens
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Shift)
    assert desk.preview is None
    assert not desk.live._listens


def test_that_a_stopped_film_gives_way_at_once_and_a_whole_one_is_played(desk: Desk) -> None:
    desk.live.begin(4)
    for step in steps(2):
        desk.live.add(step)
    desk.live.end()
    assert desk.preview is None
    desk.live.begin(4)
    for step in steps(4):
        desk.live.add(step)
    desk.live.end()
    assert desk.preview is not None


def test_that_an_earlier_drafts_film_is_filed_without_being_played(desk: Desk) -> None:
    desk.live.show_film(draft())
    assert sorted(desk.strip._previews) == [1, 2, 3, 4]
    assert desk.preview is None


def test_that_the_film_of_the_draft_that_is_played_is_not_begun_anew(desk: Desk) -> None:
    made = draft()
    desk.live.begin(4)
    for index, preview in enumerate(made.film, start=1):
        desk.live.add(MadeStep(index, 4, preview))
    desk.live.show_film(made)
    assert desk.player.is_playing


def test_that_a_stopped_drafts_film_has_room_for_what_was_not_made(desk: Desk) -> None:
    whole = draft()
    desk.live.show_film(replace(whole, film=np.ascontiguousarray(whole.film[:2])))
    assert desk.strip._steps == 4
    assert sorted(desk.strip._previews) == [1, 2]


def test_that_a_step_that_was_looked_at_is_left_by_esc_once(desk: Desk) -> None:
    desk.live.show_film(draft())
    desk.strip.picked.emit(2)
    assert desk.preview is not None
    assert desk.live.dismiss()
    assert desk.preview is None
    assert not desk.live.dismiss()


def test_that_no_draft_empties_the_strip(desk: Desk) -> None:
    desk.live.show_film(draft())
    desk.live.show_film(None)
    assert desk.strip._steps == 0
