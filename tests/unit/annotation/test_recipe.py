import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.annotation.recipe import OPERATIONS, SHAPES, Recipe, distance_in_pixels, kernel_in_pixels

kernels = st.sampled_from([0, *range(1, 52, 2)])
sides = st.integers(1, 8192)
recipes = st.builds(
    Recipe,
    threshold=st.floats(0, 1),
    operation=st.sampled_from(OPERATIONS),
    kernel=kernels,
    shape=st.sampled_from(SHAPES),
    fill_holes=st.booleans(),
    smallest_percent=st.floats(0, 100),
    largest_only=st.booleans(),
    grow=st.integers(-51, 51),
    smooth=kernels,
)


@given(recipes)
def test_that_a_recipe_comes_back_from_its_dictionary(recipe: Recipe) -> None:
    assert Recipe.from_dict({**recipe.to_dict(), "a later parameter": 3}) == recipe


def test_that_parameters_which_are_missing_take_their_defaults() -> None:
    assert Recipe.from_dict({"kernel": 9}) == Recipe(kernel=9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"threshold": 1.1},
        {"threshold": float("nan")},
        {"kernel": 4},
        {"kernel": 53},
        {"kernel": -1},
        {"operation": "dilate"},
        {"shape": "star"},
        {"smallest_percent": -1.0},
        {"grow": 52},
        {"grow": -52},
        {"smooth": 4},
        {"smooth": 53},
    ],
)
def test_that_values_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        Recipe(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("kernel", [3, 5, 51])
def test_that_the_kernel_is_meant_for_a_short_side_of_512(kernel: int) -> None:
    assert kernel_in_pixels(kernel, 512, 700) == kernel
    assert kernel_in_pixels(kernel, 2000, 512) == kernel


@given(kernels, sides, sides)
def test_that_the_kernel_in_pixels_is_odd_or_off_and_true_to_scale(
    kernel: int, width: int, height: int
) -> None:
    pixels = kernel_in_pixels(kernel, width, height)
    assert pixels == 0 or (pixels % 2 == 1 and pixels >= 3)
    if kernel > 1:
        assert abs(max(pixels, 1) - kernel * min(width, height) / 512) <= 1 or pixels == 0


@given(sides, sides)
def test_that_a_larger_kernel_is_never_smaller_in_pixels(width: int, height: int) -> None:
    pixels = [kernel_in_pixels(kernel, width, height) for kernel in (0, *range(1, 52, 2))]
    assert pixels == sorted(pixels)


@given(st.integers(-51, 51), sides, sides)
def test_that_growing_and_shrinking_are_true_to_scale_and_alike(
    distance: int, width: int, height: int
) -> None:
    pixels = distance_in_pixels(distance, width, height)
    assert abs(pixels - distance * min(width, height) / 512) <= 0.5
    assert distance_in_pixels(-distance, width, height) == -pixels
