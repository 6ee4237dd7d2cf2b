import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lsegdiff_gui.annotation import morphology
from lsegdiff_gui.annotation.morphology import dilated, disc, eroded, grown, smoothed, with_majority
from lsegdiff_gui.annotation.recipe import SHAPES, Operation, Shape

U8 = npt.NDArray[np.uint8]

masks = st.tuples(st.integers(1, 24), st.integers(1, 24), st.integers(0, 2**32 - 1), st.floats(0.0, 1.0)).map(
    lambda drawn: (np.random.default_rng(drawn[2]).random(drawn[:2]) < drawn[3]).astype(np.uint8)
)
small_kernels = st.sampled_from([3, 5, 7, 9])
shapes = st.sampled_from(SHAPES)


def offsets(kernel: int, shape: Shape) -> list[tuple[int, int]]:
    half = kernel // 2
    square = [(dy, dx) for dy in range(-half, half + 1) for dx in range(-half, half + 1)]
    if shape == "cross":
        return [(dy, dx) for dy, dx in square if dy == 0 or dx == 0]
    if shape == "ellipse":
        return [(dy, dx) for dy, dx in square if dy * dy + dx * dx <= (kernel / 2) ** 2]
    return square


def slow(mask: U8, kernel: int, shape: Shape, *, erode: bool) -> U8:
    """By the definition, counting only neighbours that exist."""
    height, width = mask.shape
    result = np.zeros_like(mask)
    for y in range(height):
        for x in range(width):
            values = [
                mask[y + dy, x + dx]
                for dy, dx in offsets(kernel, shape)
                if 0 <= y + dy < height and 0 <= x + dx < width
            ]
            result[y, x] = min(values) if erode else max(values)
    return result


@settings(max_examples=40)
@given(masks, small_kernels, shapes)
def test_that_dilation_and_erosion_follow_their_definition(mask: U8, kernel: int, shape: Shape) -> None:
    np.testing.assert_array_equal(dilated(mask, kernel, shape), slow(mask, kernel, shape, erode=False))
    np.testing.assert_array_equal(eroded(mask, kernel, shape), slow(mask, kernel, shape, erode=True))


@given(masks, st.sampled_from([3, 5, 9, 15, 21]))
def test_that_distances_and_the_disc_give_the_same_dilation(mask: U8, kernel: int) -> None:
    by_distance = morphology._dilated_by_distance(mask, kernel)
    np.testing.assert_array_equal(by_distance, dilated(mask, kernel, "ellipse"))


def test_that_a_large_disc_is_exact_too() -> None:
    mask = np.zeros((301, 301), np.uint8)
    mask[150, 150] = 1
    kernel = 201
    assert kernel >= morphology.DISTANCES_FROM
    np.testing.assert_array_equal(dilated(mask, kernel, "ellipse")[50:251, 50:251], disc(kernel))


@given(masks, small_kernels, shapes)
def test_that_opening_only_takes_and_closing_only_adds(mask: U8, kernel: int, shape: Shape) -> None:
    assert (smoothed(mask, "opening", kernel, shape) <= mask).all()
    assert (smoothed(mask, "closing", kernel, shape) >= mask).all()


@given(masks, small_kernels, shapes, st.sampled_from(["opening", "closing"]))
def test_that_doing_it_twice_changes_nothing_more(
    mask: U8, kernel: int, shape: Shape, operation: Operation
) -> None:
    once = smoothed(mask, operation, kernel, shape)
    np.testing.assert_array_equal(smoothed(once, operation, kernel, shape), once)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("operation", ["opening", "closing", "both"])
@pytest.mark.parametrize("kernel", [5, 61])
def test_that_the_border_does_not_eat_a_mask_that_touches_it(
    shape: Shape, operation: Operation, kernel: int
) -> None:
    mask = np.zeros((150, 150), np.uint8)
    mask[:90] = 1
    np.testing.assert_array_equal(smoothed(mask, operation, kernel, shape), mask)
    full = np.ones((150, 150), np.uint8)
    np.testing.assert_array_equal(smoothed(full, operation, kernel, shape), full)


def test_that_opening_removes_a_speck_and_closing_fills_a_pinhole() -> None:
    mask = np.zeros((40, 40), np.uint8)
    mask[10:30, 10:30] = 1
    mask[20, 20] = 0
    mask[3, 3] = 1
    result = smoothed(mask, "both", 3, "square")
    assert result[3, 3] == 0
    assert smoothed(mask, "closing", 3, "square")[20, 20] == 1


def test_that_kernel_zero_is_off() -> None:
    mask = np.eye(9, dtype=np.uint8)
    np.testing.assert_array_equal(smoothed(mask, "both", 0, "ellipse"), mask)


@settings(max_examples=40)
@given(masks, st.sampled_from([3, 5, 9, 31]))
def test_that_a_pixel_goes_with_most_of_its_neighbours_that_exist(mask: U8, side: int) -> None:
    expected = np.zeros_like(mask)
    height, width = mask.shape
    for y in range(height):
        for x in range(width):
            half = side // 2
            around = mask[max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1]
            ones, zeros = int(around.sum()), int((1 - around).sum())
            expected[y, x] = mask[y, x] if ones == zeros else ones > zeros
    np.testing.assert_array_equal(with_majority(mask, side), expected)


@given(masks, st.integers(1, 6))
def test_that_shrinking_is_growing_of_the_rest(mask: U8, distance: int) -> None:
    np.testing.assert_array_equal(grown(mask, -distance), 1 - grown(1 - mask, distance))
    assert (grown(mask, distance) >= mask).all()


def test_that_nothing_moves_by_no_distance_and_no_window() -> None:
    mask = np.eye(9, dtype=np.uint8)
    np.testing.assert_array_equal(grown(mask, 0), mask)
    np.testing.assert_array_equal(with_majority(mask, 0), mask)
