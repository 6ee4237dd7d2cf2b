import cv2
import numpy as np

from lsegdiff_gui.annotation.labels import Label
from lsegdiff_gui.formats.overlay import FILL, overlay

RED, BLUE = Label(1, "Lesion", "#ff0000"), Label(2, "Gefäß 図", "#0000ff")
GREY = np.full((60, 80, 3), 100, np.uint8)


def two() -> np.ndarray:
    mask = np.zeros((60, 80), np.uint8)
    mask[10:40, 10:40] = 1
    mask[45:55, 50:70] = 2
    return mask


def test_that_the_outline_is_solid_the_inside_tinted_and_the_outside_untouched():
    drawn = overlay(GREY, two(), (RED, BLUE))
    assert drawn.shape == GREY.shape
    assert drawn[10, 20].tolist() == [255, 0, 0]
    assert drawn[25, 25].tolist() == [round(100 * (1 - FILL) + 255 * FILL), 70, 70]
    assert drawn[45, 60].tolist() == [0, 0, 255]
    outside = two() == 0
    assert (drawn[outside] == 100).all()
    assert (GREY == 100).all()


def test_that_an_outline_grows_with_the_picture():
    large = np.kron(two(), np.ones((20, 20), np.uint8))
    drawn = overlay(np.full((1200, 1600, 3), 100, np.uint8), large, (RED,))
    assert (drawn[200:203, 400] == [255, 0, 0]).all()


def test_that_the_legend_names_what_is_seen_below_the_picture():
    drawn = overlay(GREY, two(), (RED, BLUE), legend=True)
    assert np.array_equal(drawn[:60], overlay(GREY, two(), (RED, BLUE)))
    strip = drawn[60:]
    for colour in ([255, 0, 0], [0, 0, 255]):
        assert (strip == colour).all(axis=2).sum() > 50
    alone = overlay(GREY, two() * (two() == 1), (RED, BLUE), legend=True)
    assert len(alone) < len(drawn)


def test_that_a_picture_without_lesion_says_so_in_its_legend():
    empty = overlay(GREY, np.zeros((60, 80), np.uint8), (RED,), legend=True)
    assert np.array_equal(empty[:60], GREY)
    assert cv2.cvtColor(empty[60:], cv2.COLOR_RGB2GRAY).min() < 200
