import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QImage

from lsegdiff_gui.imaging.decode import to_rgb8
from lsegdiff_gui.imaging.display import pyramid
from lsegdiff_gui.imaging.look import DisplayLevels, LevelsNeed, PictureLook, Window, display_levels
from lsegdiff_gui.imaging.picture import Picture
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


@pytest.mark.parametrize("scale", [0.1, 0.4, 1.0, 1.5, 4.0])
def test_that_a_smaller_copy_lies_where_the_picture_will(scale: float) -> None:
    y, x = np.mgrid[:900, :1200]
    rgb8 = np.stack([x * 255 // 1200, y * 255 // 900, (x + y) * 255 // 2100], axis=-1).astype(np.uint8)
    small = np.asarray(cv2.resize(rgb8, (300, 225), interpolation=cv2.INTER_AREA))
    view = View.fit(1200, 900, 320, 240).zoomed(scale)
    layer = PictureLayer(pyramid(small), (1200, 900))
    assert (layer.width, layer.height) == (1200, 900)
    whole = pixels(PictureLayer(pyramid(rgb8)).image(view)).astype(int)
    assert np.abs(pixels(layer.image(view)) - whole).max() <= 3


TONES = PictureLook(brightness=12, contrast=30, gamma=1.4)


def reading(native: npt.NDArray[np.uint16]) -> tuple[PictureLayer, Picture]:
    picture = Picture(to_rgb8(native), native, "0" * 64)
    return PictureLayer(pyramid(picture.rgb8)), picture


@pytest.mark.parametrize("scale", [1.0, 2.0, 5.3])
def test_that_tones_are_applied_to_what_is_seen(scale: float) -> None:
    picture = noise(301, 203)
    view = View.fit(301, 203, 211, 157).zoomed(scale)
    layer = PictureLayer([picture])
    plain = pixels(layer.image(view))
    layer.dress(TONES, DisplayLevels())
    shown = view.shown
    assert np.array_equal(pixels(layer.image(view))[shown.slices], TONES.table()[plain[shown.slices]])
    layer.dress(PictureLook(), DisplayLevels())
    assert np.array_equal(pixels(layer.image(view)), plain)


def test_that_tones_leave_what_is_around_the_picture() -> None:
    view = View.fit(100, 50, 200, 200)
    layer = PictureLayer([noise(100, 50)])
    layer.dress(TONES, DisplayLevels())
    seen = pixels(layer.image(view))
    assert (seen[:40] == BACKGROUND).all()


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("scale", [0.3, 1.0, 1.5, 4.0])
def test_that_a_window_shows_what_16_bits_hold(scale: float, colour: bool) -> None:
    # 1000 values in the dark: eight bits show four of them.
    native = np.linspace(500, 1500, 900 * 700).astype(np.uint16).reshape(700, 900)
    native[0, 0] = 65535
    if colour:
        native = np.repeat(native[..., np.newaxis], 3, axis=2)
    layer, picture = reading(native)
    view = View.fit(900, 700, 300, 240).zoomed(scale, (150, 120))
    assert len(np.unique(pixels(layer.image(view))[100:140, 100:200])) <= 5
    window = Window(1000, 1000)
    prepared = display_levels(picture, LevelsNeed(native=True))
    layer.dress(PictureLook(window=window), prepared)
    seen = pixels(layer.image(view))[120, 20:280, 0].astype(int)
    rows, columns = view.rows(120, 121, 700), view.columns(20, 280, 900)
    reference = native if native.ndim == 2 else native[..., 0]
    assert np.abs(seen - window.shown(reference[np.ix_(rows, columns)])[0]).max() <= 2


def test_that_a_window_waits_for_its_levels() -> None:
    native = np.linspace(0, 65535, 300 * 200).astype(np.uint16).reshape(200, 300)
    layer, _ = reading(native)
    view = View.fit(300, 200, 324, 224)
    plain = pixels(layer.image(view))
    layer.dress(PictureLook(window=Window(100, 100), local_contrast=50), DisplayLevels())
    assert np.array_equal(pixels(layer.image(view)), plain)


@pytest.mark.parametrize("scale", [0.4, 1.0, 1.6, 3.0, 16.0])
def test_that_local_contrast_is_the_same_when_the_picture_moves(scale: float) -> None:
    rgb8 = np.asarray(cv2.GaussianBlur(noise(1100, 900), (0, 0), 3))
    picture = Picture(rgb8, rgb8, "0" * 64)
    prepared = display_levels(picture, LevelsNeed(local=True))
    look = PictureLook(local_contrast=80, contrast=10)
    levels = pyramid(rgb8)
    start = View.fit(1100, 900, 320, 240).zoomed(scale)
    layer, fresh = PictureLayer(levels), PictureLayer(levels)
    plain = pixels(layer.image(start))
    for one in (layer, fresh):
        one.dress(look, prepared)
    assert pixels(layer.image(start)).std() > plain.std()
    moved = pixels(layer.image(start.panned(31, -17))).astype(int)
    assert np.abs(moved - pixels(fresh.image(start.panned(31, -17)))).max() <= 4


def test_that_the_image_is_opaque_in_every_look() -> None:
    rgb8 = noise(300, 200)
    picture = Picture(rgb8, rgb8, "0" * 64)
    layer = PictureLayer([rgb8])
    for look in (PictureLook(), TONES, PictureLook(local_contrast=100)):
        layer.dress(look, display_levels(picture, LevelsNeed.of(look)))
        for scale in (0.7, 1.0, 3.0):
            image = layer.image(View.fit(300, 200, 200, 150).zoomed(scale))
            assert (np.frombuffer(image.constBits(), np.uint8)[3::4] == 255).all()
