import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.hint_planes import BELONGS, DOES_NOT, no_planes
from lsegdiff_gui.training.corrections import Click, correct, next_click

U8 = npt.NDArray[np.uint8]


def box(top: int, left: int, height: int, width: int) -> U8:
    plane = np.zeros((256, 256), np.uint8)
    plane[top : top + height, left : left + width] = 1
    return plane


def test_that_the_middle_of_the_largest_error_is_clicked() -> None:
    truth = box(100, 100, 41, 41)
    assert next_click(box(0, 0, 0, 0), truth) == Click(120, 120, belongs=True)
    assert next_click(truth | box(10, 10, 61, 61), truth) == Click(40, 40, belongs=False)


def test_that_nothing_is_clicked_where_nothing_is_wrong() -> None:
    truth = box(100, 100, 40, 40)
    assert next_click(truth, truth) is None
    planes = no_planes(256)
    correct(planes, truth, truth, np.random.default_rng(0))
    assert not planes.any()


def test_that_an_error_at_the_rim_is_clicked_inside_the_picture() -> None:
    click = next_click(box(0, 0, 0, 0), box(0, 0, 256, 11))
    assert click is not None
    assert click.x == 5


def test_that_each_kind_of_correction_says_something_true() -> None:
    found, truth = box(60, 60, 60, 60), box(80, 80, 60, 60)
    seen = set()
    for seed in range(60):
        planes = no_planes(256)
        correct(planes, found, truth, np.random.default_rng(seed))
        told = planes[BELONGS] | planes[DOES_NOT]
        assert told.any()
        # A disc may reach over the edge; its middle does not.
        rows, columns = np.nonzero(told)
        y, x = int(np.median(rows)), int(np.median(columns))
        seen.add(int(told.sum()))
        if planes[BELONGS].any() and planes[BELONGS].sum() < 100:
            assert truth[max(0, y - 6) : y + 7, max(0, x - 6) : x + 7].any()
    assert len(seen) > 5
