import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.imaging.decode import to_rgb8
from lsegdiff_gui.imaging.look import LevelsNeed, PictureLook, Window, display_levels, with_local_contrast
from lsegdiff_gui.imaging.picture import Picture


def picture(native: np.ndarray) -> Picture:
    return Picture(to_rgb8(native), native, "0" * 64)


def ramp_16() -> np.ndarray:
    return np.linspace(0, 65535, 300 * 200).astype(np.uint16).reshape(200, 300)


def test_that_a_plain_look_changes_no_value() -> None:
    np.testing.assert_array_equal(PictureLook().table(), np.arange(256))


@given(st.integers(-100, 100), st.integers(-100, 100), st.floats(0.2, 5))
def test_that_brighter_values_never_become_darker_than_others(
    brightness: int, contrast: int, gamma: float
) -> None:
    table = PictureLook(brightness, contrast, gamma).table().astype(int)
    assert (np.diff(table) >= 0).all()


def test_that_brightness_lightens_and_contrast_spreads() -> None:
    assert PictureLook(brightness=50).table()[100] > 100
    spread = PictureLook(contrast=50).table()
    assert spread[60] < 60
    assert spread[200] > 200


def test_that_gamma_lightens_what_lies_between_and_leaves_black_and_white() -> None:
    table = PictureLook(gamma=2.0).table()
    assert (table[0], table[255]) == (0, 255)
    assert table[64] == 128
    assert PictureLook(gamma=0.5).table()[128] == 64


@given(st.integers(0, 65535), st.integers(1, 65535))
def test_that_a_window_shows_its_ends_black_and_white_and_its_centre_grey(centre: int, width: int) -> None:
    values = np.arange(65536, dtype=np.uint16)
    shown = Window(centre, width).shown(values).astype(int)
    exact = np.clip((values.astype(float) - (centre - width / 2)) * 255 / width, 0, 255)
    assert shown.shape == values.shape
    assert np.abs(shown - exact).max() <= 0.51


def test_that_colours_go_through_the_same_window() -> None:
    values = np.random.default_rng(0).integers(0, 65535, (20, 30, 3)).astype(np.uint16)
    window = Window(30_000, 9_000)
    shown = window.shown(values)
    assert np.array_equal(shown[..., 1], window.shown(np.ascontiguousarray(values[..., 1])))


@pytest.mark.parametrize(("centre", "width"), [(-1, 10), (65536, 10), (10, 0), (10, 65536)])
def test_that_a_window_that_is_none_is_refused(centre: int, width: int) -> None:
    with pytest.raises(ValueError, match="window"):
        Window(centre, width)


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_that_the_window_a_picture_is_read_with_gives_its_rgb8(bits: int) -> None:
    native = (ramp_16() >> (16 - bits)).astype(np.uint16)
    shown = Window.as_read(native).shown(native).astype(int)
    assert np.abs(shown - to_rgb8(native)[..., 0]).max() <= 1


def test_that_the_automatic_window_leaves_out_glare_and_the_black_around_a_field() -> None:
    native = np.random.default_rng(1).integers(3000, 5000, (400, 500)).astype(np.uint16)
    native[:2, :300] = 65535
    native[-2:, :300] = 0
    window = Window.auto(native)
    low, high = window.centre - window.width / 2, window.centre + window.width / 2
    assert 2900 < low < 3100 and 4900 < high < 5100


def test_that_the_automatic_window_of_one_value_is_one_wide() -> None:
    assert Window.auto(np.full((30, 30, 3), 700, np.uint16)) == Window(700, 1)


def test_that_nothing_is_computed_for_tones_alone() -> None:
    assert LevelsNeed.of(PictureLook(10, 20, 2.0)) == LevelsNeed()
    levels = display_levels(picture(ramp_16()), LevelsNeed())
    assert levels.native is None and levels.local is None


def test_that_what_was_computed_serves_a_lesser_need_and_no_other_window() -> None:
    window = Window(100, 200)
    made = LevelsNeed.of(PictureLook(local_contrast=50, window=window))
    assert LevelsNeed.of(PictureLook(local_contrast=10, window=window)).within(made)
    assert LevelsNeed.of(PictureLook(window=Window(7, 9))).within(made)
    assert not LevelsNeed.of(PictureLook(local_contrast=50, window=Window(7, 9))).within(made)
    assert not LevelsNeed.of(PictureLook(local_contrast=50)).within(LevelsNeed(native=True))


def test_that_the_levels_of_a_16_bit_picture_keep_its_values() -> None:
    native = np.repeat(ramp_16(), 4, axis=0)
    levels = display_levels(picture(native), LevelsNeed(native=True)).native
    assert levels is not None and levels[0] is native
    assert levels[1].dtype == np.uint16 and levels[1].shape == (400, 150)


def test_that_an_8_bit_picture_has_no_levels_of_16_bit() -> None:
    made = picture(np.full((9, 9, 3), 7, np.uint8))
    assert display_levels(made, LevelsNeed(native=True)).native is None


def test_that_local_contrast_brings_out_a_faint_pattern_and_never_touches_the_picture() -> None:
    rgb8 = np.full((256, 256, 3), (180, 120, 100), np.uint8)
    rgb8[::8] += 4
    made = picture(rgb8)
    before = rgb8.copy()
    local = display_levels(made, LevelsNeed(local=True)).local
    assert local is not None
    raised = with_local_contrast(rgb8[..., ::-1].copy(), local[0], 1.0)
    assert raised.std() > rgb8.astype(float).std()
    assert np.ptp(raised[100:140, :, 2].astype(int)) > 1.5 * 4
    assert np.array_equal(rgb8, before)


def test_that_local_contrast_of_no_strength_changes_nothing_and_hues_stay() -> None:
    bgra = np.random.default_rng(2).integers(60, 190, (40, 50, 4)).astype(np.uint8)
    local = np.full((40, 50), 128, np.uint8)
    same = with_local_contrast(bgra, local, 0.0)
    assert np.array_equal(same[..., :3], bgra[..., :3]) and (same[..., 3] == 255).all()
    moved = with_local_contrast(bgra, local, 1.0)
    assert (moved[..., 3] == 255).all()
    assert np.array_equal(with_local_contrast(bgra[..., :3].copy(), local, 1.0), moved[..., :3])
    assert np.abs(cv2.cvtColor(moved, cv2.COLOR_BGRA2GRAY).astype(int) - 128).max() <= 1
    change = moved[..., :3].astype(int) - bgra[..., :3]
    assert np.array_equal(change.min(axis=2), change.max(axis=2))
