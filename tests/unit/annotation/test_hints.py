import json

import numpy as np
import pytest

from lsegdiff_gui.annotation.hint_planes import BELONGS, CLICK_RADIUS, DOES_NOT, PREVIOUS
from lsegdiff_gui.annotation.hints import Hint, told_by_hints, told_by_work

SIZE = (640, 320)
NOTHING = np.zeros((256, 256), np.uint8)


def test_that_a_hint_comes_back_from_its_dictionary() -> None:
    stroke = Hint(((1.5, 2.0), (30.0, 40.0)), belongs=False, radius=12.0)
    assert Hint.from_dict(json.loads(json.dumps(stroke.to_dict()))) == stroke
    assert not stroke.is_click


def test_that_a_hint_without_a_point_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        Hint((), belongs=True)


def test_that_a_click_is_a_disc_on_the_grid_where_the_picture_was_clicked() -> None:
    told = told_by_hints([Hint(((319.5, 79.5),), belongs=True)], SIZE, NOTHING)
    rows, columns = np.nonzero(told.planes[BELONGS])
    assert (rows.mean(), columns.mean()) == pytest.approx((63.5, 127.5), abs=0.5)
    assert np.ptp(rows) == pytest.approx(2 * CLICK_RADIUS, abs=1)
    assert not told.planes[DOES_NOT].any()


def test_that_of_two_hints_at_one_place_the_later_holds() -> None:
    here = ((100.0, 100.0),)
    told = told_by_hints([Hint(here, belongs=True), Hint(here, belongs=False)], SIZE, NOTHING)
    assert not told.planes[BELONGS].any()
    assert told.planes[DOES_NOT].any()


def test_that_only_the_newest_hints_are_near() -> None:
    old, new = Hint(((50.0, 50.0),), belongs=True), Hint(((600.0, 300.0),), belongs=False)
    told = told_by_hints([old, new], SIZE, NOTHING)
    assert told.near is not None
    assert told.near[240, 240]
    assert not told.near[40, 20]
    both = told_by_hints([old, new], SIZE, NOTHING, newest=2)
    assert both.near is not None
    assert both.near[40, 20]


def test_that_the_mask_before_is_told_and_a_stroke_has_its_width() -> None:
    before = NOTHING.copy()
    before[10:20, 10:20] = 200
    told = told_by_hints([Hint(((0.0, 160.0), (639.0, 160.0)), belongs=True, radius=25.0)], SIZE, before)
    assert told.planes[PREVIOUS].sum() == 100
    assert 15 <= told.planes[BELONGS][:, 128].sum() <= 41


def test_that_work_is_told_where_it_covers_half_of_a_cell() -> None:
    painted = np.zeros((512, 512), np.uint8)
    painted[0:100, 0:101] = 1
    told = told_by_work(painted, np.zeros_like(painted), painted, 256)
    assert told.planes[BELONGS].sum() == 50 * 51
    assert told.before is None
