import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.panels.player import StepPlayer


class Diary:
    """What a player said and when."""

    def __init__(self, player: StepPlayer) -> None:
        self.shown: list[int] = []
        self.times: list[float] = []
        self.endings = 0
        player.shown.connect(self._note)
        player.finished.connect(self._end)

    def _note(self, step: SimpleNamespace) -> None:
        self.shown.append(step.index)
        self.times.append(time.monotonic())

    def _end(self) -> None:
        self.endings += 1
        self.times.append(time.monotonic())


@pytest.fixture
def player(qtbot: QtBot) -> Iterator[StepPlayer]:
    player = StepPlayer(step_ms=40)
    yield player
    player.begin()


def steps(*indices: int, of: int = 4) -> list[SimpleNamespace]:
    return [SimpleNamespace(index=index, steps=of) for index in indices]


def feed(player: StepPlayer, *indices: int) -> None:
    for step in steps(*indices):
        player.add(step)  # type: ignore[arg-type]


def test_that_steps_that_come_at_once_are_each_seen_for_their_time(player: StepPlayer, qtbot: QtBot) -> None:
    diary = Diary(player)
    feed(player, 1, 2, 3, 4)
    assert diary.shown == [1] and player.is_playing
    qtbot.waitUntil(lambda: diary.endings == 1)
    assert diary.shown == [1, 2, 3, 4]
    gaps = [later - earlier for earlier, later in zip(diary.times, diary.times[1:], strict=False)]
    assert len(gaps) == 4 and min(gaps) > 0.036
    assert not player.is_playing


def test_that_a_step_that_comes_late_is_shown_at_once(player: StepPlayer, qtbot: QtBot) -> None:
    diary = Diary(player)
    feed(player, 1)
    qtbot.wait(80)
    assert diary.endings == 0 and not player.is_playing
    feed(player, 2)
    assert diary.shown == [1, 2]


def test_that_skipping_jumps_to_the_last_step_and_ends(player: StepPlayer) -> None:
    diary = Diary(player)
    feed(player, 1, 2, 3, 4)
    player.skip()
    assert diary.shown == [1, 4] and diary.endings == 1 and not player.is_playing
    player.skip()
    assert diary.endings == 1


def test_that_after_skipping_steps_are_shown_as_they_come(player: StepPlayer) -> None:
    diary = Diary(player)
    feed(player, 1, 2)
    player.skip()
    assert diary.shown == [1, 2] and diary.endings == 0
    feed(player, 3, 4)
    assert diary.shown == [1, 2, 3, 4] and diary.endings == 1


def test_that_a_new_drafting_forgets_the_waiting_steps_and_is_played_again(
    player: StepPlayer, qtbot: QtBot
) -> None:
    diary = Diary(player)
    feed(player, 1, 2)
    player.skip()
    player.begin()
    feed(player, 1, 2)
    assert diary.shown == [1, 2, 1]
    qtbot.waitUntil(lambda: diary.shown == [1, 2, 1, 2])
    assert diary.endings == 0


def test_that_beginning_anew_within_a_step_shows_nothing_of_the_old(player: StepPlayer, qtbot: QtBot) -> None:
    diary = Diary(player)
    player.shown.connect(lambda step: player.begin())
    feed(player, 1, 2)
    qtbot.wait(100)
    assert diary.shown == [1, 2] and diary.endings == 0
