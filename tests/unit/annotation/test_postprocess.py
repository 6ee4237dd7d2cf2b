import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.drafts import blob

from lsegdiff_gui.annotation import postprocess
from lsegdiff_gui.annotation.morphology import smoothed
from lsegdiff_gui.annotation.postprocess import base_mask, preview_mask
from lsegdiff_gui.annotation.recipe import OPERATIONS, SHAPES, Recipe, distance_in_pixels, kernel_in_pixels
from lsegdiff_gui.annotation.resample import upsampled
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]

BARE = Recipe(operation="none", kernel=0, fill_holes=False, smallest_percent=0.0)
"""Threshold only."""

sides = st.integers(16, 300)
recipes = st.builds(
    Recipe,
    threshold=st.floats(0.05, 0.95),
    operation=st.sampled_from(OPERATIONS),
    kernel=st.sampled_from([0, 3, 5, 15, 31, 51]),
    shape=st.sampled_from(SHAPES),
    fill_holes=st.booleans(),
    smallest_percent=st.sampled_from([0.0, 0.05, 1.0, 20.0]),
    largest_only=st.booleans(),
    grow=st.sampled_from([0, 0, 1, 7, 51, -1, -7, -51]),
    smooth=st.sampled_from([0, 0, 3, 9, 51]),
)
probabilities = st.one_of(
    st.builds(blob, st.just(32), seed=st.integers(0, 99), noise=st.floats(0, 120)),
    st.integers(0, 99).map(
        lambda seed: (np.random.default_rng(seed).random((24, 24)) * 255).astype(np.uint8)
    ),
)


def slow_growth(mask: U8, distance: int) -> U8:
    """By distances between pixels: in reach of one that is foreground, or out of reach of all background."""
    kind = 1 if distance > 0 else 0
    if distance == 0 or not (mask == kind).any():
        return mask
    far = cv2.distanceTransform((mask != kind).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    near = far <= abs(distance) + 0.5
    return (near if kind else ~near).astype(np.uint8)


def slow_majority(mask: U8, smooth: int) -> U8:
    """By the mean over the pixels there are, from running totals of the whole picture."""
    height, width = mask.shape
    half = kernel_in_pixels(smooth, width, height) // 2
    totals = np.pad(mask.astype(np.int64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    y, x = np.arange(height)[:, None], np.arange(width)[None, :]
    top, bottom = np.maximum(y - half, 0), np.minimum(y + half + 1, height)
    left, right = np.maximum(x - half, 0), np.minimum(x + half + 1, width)
    ones = totals[bottom, right] - totals[top, right] - totals[bottom, left] + totals[top, left]
    mean = ones / ((bottom - top) * (right - left))
    return np.where(mean == 0.5, mask, mean > 0.5).astype(np.uint8)


def slow_base_mask(probability: U8, recipe: Recipe, width: int, height: int) -> U8:
    """The recipe on the whole picture, step by step, with other means."""
    values = upsampled(probability, Box.whole(width, height), width, height)
    mask = (values >= np.float32(recipe.threshold * 255)).astype(np.uint8)
    kernel = kernel_in_pixels(recipe.kernel, width, height)
    mask = smoothed(mask, recipe.operation, kernel, recipe.shape)
    mask = slow_majority(slow_growth(mask, distance_in_pixels(recipe.grow, width, height)), recipe.smooth)
    if recipe.fill_holes:
        _, labels = cv2.connectedComponents(1 - mask, connectivity=4)
        border = set(labels[0]) | set(labels[-1]) | set(labels[:, 0]) | set(labels[:, -1])
        mask = mask | (~np.isin(labels, list(border))).astype(np.uint8)
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    areas = {label: int((labels == label).sum()) for label in range(1, count)}
    kept = [label for label, area in areas.items() if area >= recipe.smallest_percent / 100 * width * height]
    if recipe.largest_only and kept:
        largest = max(areas[label] for label in kept)
        first = [np.argwhere(labels == label) for label in kept if areas[label] == largest]
        corner = min((int(where[:, 0].min()), int(where[:, 1].min())) for where in first)
        kept = [
            label
            for label in kept
            if areas[label] == largest
            and corner == tuple(int(v) for v in np.argwhere(labels == label).min(axis=0))
        ]
    return np.isin(labels, kept).astype(np.uint8) if kept else np.zeros_like(mask)


@settings(max_examples=150)
@given(probabilities, recipes, sides, sides)
def test_that_working_in_the_foregrounds_box_gives_what_the_whole_picture_gives(
    probability: U8, recipe: Recipe, width: int, height: int
) -> None:
    mask = base_mask(probability, recipe, width, height)
    assert mask.dtype == np.uint8
    np.testing.assert_array_equal(mask, slow_base_mask(probability, recipe, width, height))


@pytest.mark.parametrize(
    ("width", "height"),
    [(16, 16), (17, 16), (16, 8192), (8192, 16), (640, 480), (1023, 767), (5000, 4001), (8192, 8192)],
)
def test_that_every_size_gets_a_mask_of_exactly_its_own_size(width: int, height: int) -> None:
    mask = base_mask(blob(256, noise=0.0), Recipe(kernel=51), width, height)
    assert mask.shape == (height, width)
    assert mask.max() == 1
    assert mask.mean() == pytest.approx((blob(256, noise=0.0) >= 128).mean(), abs=0.02)


def test_that_an_empty_probability_gives_an_empty_mask_without_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("there is nothing to sample")

    monkeypatch.setattr(postprocess, "reaches", fail)
    mask = base_mask(np.full((256, 256), 100, np.uint8), Recipe(kernel=51), 8192, 8192)
    assert mask.shape == (8192, 8192)
    assert not mask.any()


def test_that_the_work_keeps_to_the_surroundings_of_the_lesion(monkeypatch: pytest.MonkeyPatch) -> None:
    areas = []
    sample = postprocess.reaches

    def watch(plane: U8, level: float, box: Box, width: int, height: int) -> U8:
        areas.append(box.area)
        return sample(plane, level, box, width, height)

    monkeypatch.setattr(postprocess, "reaches", watch)
    probability = np.zeros((256, 256), np.uint8)
    probability[100:130, 100:130] = 255
    assert base_mask(probability, Recipe(), 4000, 3000).any()
    assert areas[0] < 0.03 * 4000 * 3000


def test_that_a_full_probability_fills_the_picture_to_its_corners() -> None:
    assert base_mask(np.full((64, 64), 255, np.uint8), Recipe(kernel=31), 333, 200).all()


def test_that_a_lesion_cut_by_the_border_keeps_its_pixels_there() -> None:
    probability = np.zeros((64, 64), np.uint8)
    probability[20:44, :30] = 255
    mask = base_mask(probability, Recipe(kernel=15, shape="square"), 1024, 1024)
    assert mask[330:700, 0].all()


def test_that_threshold_zero_takes_what_is_not_nothing_and_one_what_is_certain() -> None:
    probability = np.zeros((16, 16), np.uint8)
    probability[4:12, 4:12] = 100
    probability[6:10, 6:10] = 255
    low = base_mask(probability, Recipe(**{**BARE.to_dict(), "threshold": 0.0}), 16, 16)
    high = base_mask(probability, Recipe(**{**BARE.to_dict(), "threshold": 1.0}), 16, 16)
    np.testing.assert_array_equal(low, probability > 0)
    np.testing.assert_array_equal(high, probability == 255)


def test_that_a_ring_is_filled_only_when_asked() -> None:
    probability = np.zeros((64, 64), np.uint8)
    cv2.circle(probability, (32, 32), 20, 255, 4)
    filled = Recipe(**{**BARE.to_dict(), "fill_holes": True})
    assert base_mask(probability, BARE, 64, 64)[32, 32] == 0
    assert base_mask(probability, filled, 64, 64)[32, 32] == 1


def test_that_only_the_largest_component_stays_when_asked() -> None:
    probability = np.zeros((64, 64), np.uint8)
    probability[5:10, 5:10] = 255
    probability[30:50, 30:50] = 255
    only = base_mask(probability, Recipe(**{**BARE.to_dict(), "largest_only": True}), 64, 64)
    assert only[7, 7] == 0
    assert only[40, 40] == 1


@pytest.mark.parametrize("count", [3, 40])
def test_that_components_below_the_smallest_share_are_left_out(count: int) -> None:
    probability = np.zeros((256, 256), np.uint8)
    for index in range(count):
        x, y = 4 + 30 * (index % 8), 4 + 30 * (index // 8)
        probability[y : y + 10, x : x + 10] = 255
    probability[200:203, 100:103] = 255
    recipe = Recipe(**{**BARE.to_dict(), "smallest_percent": 0.1})
    mask = base_mask(probability, recipe, 256, 256)
    expected = (probability > 0).astype(np.uint8)
    expected[200:203, 100:103] = 0
    np.testing.assert_array_equal(mask, expected)


def test_that_the_preview_has_the_pictures_size_and_nearly_its_mask() -> None:
    recipe = Recipe(kernel=9)
    exact = base_mask(blob(256), recipe, 3000, 2000)
    preview = preview_mask(blob(256), recipe, 3000, 2000, 1024)
    assert preview.shape == exact.shape
    overlap = 2 * int((exact & preview).sum()) / int(exact.sum() + preview.sum())
    assert overlap > 0.98


def test_that_the_preview_of_a_small_picture_is_exact() -> None:
    np.testing.assert_array_equal(
        preview_mask(blob(64), Recipe(), 300, 200, 1024), base_mask(blob(64), Recipe(), 300, 200)
    )


@pytest.mark.parametrize(("width", "height"), [(8192, 16), (16, 8192), (8192, 1500)])
def test_that_previews_of_extreme_sizes_keep_their_size(width: int, height: int) -> None:
    assert preview_mask(blob(64), Recipe(), width, height, 1024).shape == (height, width)


def square_blob() -> U8:
    probability = np.zeros((64, 64), np.uint8)
    probability[20:40, 20:40] = 255
    return probability


@pytest.mark.parametrize(("grow", "side"), [(0, 160), (8, 176), (-8, 144)])
def test_that_the_mask_grows_and_shrinks_by_pixels_of_a_short_side_of_512(grow: int, side: int) -> None:
    mask = base_mask(square_blob(), Recipe(**{**BARE.to_dict(), "grow": grow}), 512, 512)
    for size in (Box.of(mask).width, Box.of(mask).height):
        assert size == side


def test_that_a_mask_which_shrinks_keeps_to_the_picture_s_border() -> None:
    probability = np.zeros((64, 64), np.uint8)
    probability[:, :30] = 255
    mask = base_mask(probability, Recipe(**{**BARE.to_dict(), "grow": -10}), 512, 512)
    assert mask[:, 0].all()
    assert Box.of(mask).x1 == 240 - 10


def test_that_smoothing_takes_a_spike_and_fills_a_notch() -> None:
    probability = square_blob()
    probability[30, 40:50] = 255
    probability[30, 20:24] = 0
    ragged = base_mask(probability, BARE, 64, 64)
    smooth = base_mask(probability, Recipe(**{**BARE.to_dict(), "smooth": 51}), 64, 64)
    assert ragged[30, 44] == 1
    assert ragged[30, 21] == 0
    assert smooth[30, 44] == 0
    assert smooth[30, 21] == 1
