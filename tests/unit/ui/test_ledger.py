"""How long somebody has worked: the hand's rests do not count."""

import pytest

from lsegdiff_gui.ui.ledger import IDLE_AFTER_S, Activity


def test_that_time_between_movements_counts_and_a_long_rest_does_not() -> None:
    activity = Activity()
    for moment in (100.0, 101.0, 105.0, 105.0 + IDLE_AFTER_S + 1, 140.0):
        activity.touch(moment)
    assert activity.take() == pytest.approx(5.0 + 140.0 - 106.0 - IDLE_AFTER_S)


def test_that_the_next_picture_begins_with_nothing() -> None:
    activity = Activity()
    activity.touch(1.0)
    activity.touch(3.0)
    assert activity.take() == pytest.approx(2.0)
    activity.touch(4.0)
    assert activity.take() == 0.0
