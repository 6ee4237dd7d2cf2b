import numpy as np
import pytest

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.contour import CONTOUR
from lsegdiff_gui.ui.canvas.preview import RAMP_COLOURS, preview_codes, tinted
from lsegdiff_gui.ui.canvas.view import View


def disc(grid: int = 64) -> np.ndarray:
    y, x = np.mgrid[:grid, :grid] + 0.5
    return np.clip(255 * (1.5 - np.hypot(x - grid / 2, y - grid / 2) / (grid / 4)), 0, 255).astype(np.uint8)


def test_that_the_codes_follow_the_probability_between_the_cells() -> None:
    probability = np.repeat(np.linspace(0, 255, 64).astype(np.uint8)[None], 64, axis=0)
    view = View.fit(640, 480, 900, 700)
    codes = preview_codes(probability, view, view.shown) & ~np.uint8(CONTOUR)
    middle = codes[codes.shape[0] // 2].astype(int)
    assert np.all(np.diff(middle) >= 0) and np.diff(middle).max() <= 1
    assert middle[0] == 0 and middle[-1] == 127


def test_that_the_contour_lies_where_a_half_is_crossed() -> None:
    probability = np.zeros((64, 64), np.uint8)
    probability[:, 32:] = 255
    view = View.fit(640, 480, 664, 504)
    row = preview_codes(probability, view, view.shown)[240]
    where = np.flatnonzero(row & CONTOUR)
    assert where.min() >= 317 and where.max() <= 323


@pytest.mark.parametrize("scale", [0.3, 1.0, 3.7])
def test_that_a_part_has_the_codes_of_the_whole_to_one_level(scale: float) -> None:
    view = View.fit(700, 500, 300, 200).zoomed(scale)
    shown = view.shown
    whole = preview_codes(disc(), view, shown)
    part = Box(shown.x0 + 17, shown.y0 + 11, shown.x1 - 9, shown.y1 - 30)
    codes = preview_codes(disc(), view, part)
    expected = whole[11 : 11 + part.height, 17 : 17 + part.width]
    assert np.abs((codes & 127).astype(int) - (expected & 127)).max() <= 1


def test_that_what_is_certainly_no_lesion_shows_the_picture_alone() -> None:
    alphas = [colour >> 24 for colour in RAMP_COLOURS[:CONTOUR]]
    assert alphas[0] == 0 and alphas == sorted(alphas) and 110 <= alphas[-1] <= 170


def test_that_a_frame_of_the_film_is_tinted_where_the_lesion_is_and_nowhere_else() -> None:
    picture = np.full((60, 80, 3), 200, np.uint8)
    frame = tinted(picture, disc())
    assert frame.shape == picture.shape
    assert (frame[0, 0] == 200).all()
    assert np.abs(frame[30, 40].astype(int) - 200).max() > 20
