import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QImage

from lsegdiff_gui.imaging.display import pyramid
from lsegdiff_gui.ui.canvas.picture_layer import BACKGROUND, PictureLayer
from lsegdiff_gui.ui.canvas.view import View


def pixels(image: QImage) -> npt.NDArray[np.uint8]:
    bgra = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return bgra[..., 2::-1].copy()


def noise(width: int, height: int) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 255, (height, width, 3), np.uint8)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("scale", [1.0, 2.0, 3.7, 16.0, 64.0])
def test_that_pixels_are_shown_unblended_at_a_hundred_and_from_two_hundred_percent(
    scale: float, ratio: float
) -> None:
    picture = noise(301, 203)
    view = View.fit(301, 203, 211, 157, ratio).zoomed(scale).panned(13, -7)
    shown = view.shown
    seen = pixels(PictureLayer([picture]).image(view))
    rows, columns = view.rows(shown.y0, shown.y1, 203), view.columns(shown.x0, shown.x1, 301)
    assert np.array_equal(seen[shown.slices], picture[np.ix_(rows, columns)])


def test_that_pixels_are_blended_below_two_hundred_percent() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[:, 50:] = 200
    view = View.fit(100, 100, 300, 300).zoomed(1.5)
    row = pixels(PictureLayer([picture]).image(view))[150, :, 0].astype(int)
    assert ((row > 20) & (row < 180)).any()


@pytest.mark.parametrize("size", [(1024, 768), (1001, 777)])
def test_that_a_picture_seen_from_afar_is_averaged_and_in_its_place(size: tuple[int, int]) -> None:
    width, height = size
    y, x = np.mgrid[:height, :width]
    checks = np.where((x + y) % 2, 255, 0)
    ramp = x * 255 // width
    picture = np.stack([checks, ramp, ramp], axis=-1).astype(np.uint8)
    view = View.fit(width, height, 200, 160)
    shown = view.shown
    seen = pixels(PictureLayer(pyramid(picture)).image(view))[shown.slices].astype(int)
    assert np.abs(seen[4:-4, 4:-4, 0] - 127).max() <= 4
    expected = ((np.arange(shown.x0, shown.x1) + 0.5 - view.origin[0]) / view.scale) * 255 / width
    assert np.abs(seen[60, :, 1] - expected).max() <= 2.5


def test_that_around_the_picture_is_the_neutral_background() -> None:
    view = View.fit(100, 50, 200, 200)
    shown = view.shown
    seen = pixels(PictureLayer([noise(100, 50)]).image(view))
    outside = np.ones(seen.shape[:2], bool)
    outside[shown.slices] = False
    assert (seen[outside] == BACKGROUND).all()


@pytest.mark.parametrize("scale", [0.4, 1.0, 1.3, 3.0])
@pytest.mark.parametrize("step", [(5, -9), (-40, 0), (0, 33), (400, 300)])
def test_that_a_moved_picture_equals_one_drawn_there_at_once(scale: float, step: tuple[int, int]) -> None:
    levels = pyramid(noise(1100, 900))
    start = View.fit(1100, 900, 320, 240).zoomed(scale)
    layer = PictureLayer(levels)
    layer.image(start)
    moved = pixels(layer.image(start.panned(*step))).astype(int)
    assert np.abs(moved - pixels(PictureLayer(levels).image(start.panned(*step)))).max() <= 1


def test_that_a_larger_viewport_is_filled() -> None:
    layer = PictureLayer([noise(100, 100)])
    view = View.fit(100, 100, 100, 100).zoomed(1.0)
    layer.image(view)
    larger = view.resized(200, 150, 1.0)
    assert np.array_equal(pixels(layer.image(larger)), pixels(PictureLayer([noise(100, 100)]).image(larger)))
