import cv2
import numpy as np
import pytest

from lsegdiff_gui import places
from lsegdiff_gui.imaging.read import read
from resources.draw_samples import NAMES, draw

# JPEG's own loss, and other processors' last digits.
MEAN_LEVELS = 3.0


@pytest.mark.parametrize("name", NAMES)
def test_that_a_sample_is_what_the_script_draws(name: str) -> None:
    shipped = read(places.bundled("resources", "samples", f"{name}.jpg")).rgb8
    drawn, mask = draw(name)
    assert shipped.shape == drawn.shape == (*mask.shape, 3)
    assert np.abs(shipped.astype(int) - drawn.astype(int)).mean() < MEAN_LEVELS
    assert_one_object_that_stands_out(drawn, mask)


def assert_one_object_that_stands_out(rgb: np.ndarray, mask: np.ndarray) -> None:
    assert mask.dtype == np.uint8 and set(np.unique(mask)) == {0, 1}
    assert 0.02 < mask.mean() < 0.3
    assert cv2.connectedComponents(mask)[0] == 2
    around = cv2.dilate(mask, np.ones((61, 61), np.uint8)) - mask
    inner, outer = rgb[mask == 1].mean(0), rgb[around == 1].mean(0)
    assert np.abs(inner - outer).max() > 12


def test_that_the_same_numbers_draw_the_same_picture() -> None:
    first, second = draw("skin_02"), draw("skin_02")
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])


def test_that_samples_are_small_enough_to_ship() -> None:
    files = sorted(places.bundled("resources", "samples").iterdir())
    assert [file.stem for file in files] == sorted(NAMES)
    assert sum(file.stat().st_size for file in files) < 2_000_000
