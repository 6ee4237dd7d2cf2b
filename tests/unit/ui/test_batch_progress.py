"""How long drafting many pictures will take, in words."""

import pytest

from lsegdiff_gui.ui.batch_progress import BatchProgress, Pace, time_words


def test_that_nobody_says_how_long_before_a_few_are_done() -> None:
    pace = Pace()
    pace.start(0.0)
    for moment in (2.0, 4.0):
        pace.one_done(moment)
        assert pace.left(10) is None
    pace.one_done(6.0)
    assert pace.left(10) == pytest.approx(20.0)


def test_that_a_pause_is_not_taken_for_slowness() -> None:
    pace = Pace()
    pace.start(0.0)
    for moment in (1.0, 2.0, 3.0):
        pace.one_done(moment)
    pace.pause()
    pace.one_done(4.0)  # the one under way
    pace.start(1000.0)
    pace.one_done(1001.0)
    assert pace.left(10) == pytest.approx(10.0, rel=0.3)


def test_that_the_pace_is_that_of_the_last_pictures() -> None:
    pace = Pace()
    pace.start(0.0)
    moment = 0.0
    for _ in range(30):
        moment += 10.0
        pace.one_done(moment)
    for _ in range(20):
        moment += 1.0
        pace.one_done(moment)
    assert pace.left(7) == pytest.approx(7.0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "less than a minute"),
        (70, "1 minute"),
        (1500, "25 minutes"),
        (3599, "1 h 00 min"),
        (9000, "2 h 30 min"),
    ],
)
def test_that_times_are_rounded_to_what_anybody_plans_with(seconds: float, words: str) -> None:
    assert time_words(seconds) == words


def test_that_progress_says_how_far_and_how_long() -> None:
    assert BatchProgress(0, 10_000).words == "Drafting 0 of 10,000"
    assert BatchProgress(1, 3, 65.0).words == "Drafting 1 of 3\n1 minute left"
    assert BatchProgress(1, 3, None, is_paused=True).words == "Paused: 1 of 3"
