import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.drafts import blob

from lsegdiff_gui.annotation.resample import reached_box, reaches, upsampled
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


def bilinear(plane: U8, width: int, height: int) -> npt.NDArray[np.float64]:
    """The plain definition, one pixel at a time: the pixel's centre on the grid, and its four cells."""
    grid_height, grid_width = plane.shape
    result = np.zeros((height, width))
    for row in range(height):
        y = min(max((row + 0.5) / height * grid_height - 0.5, 0.0), grid_height - 1.0)
        for column in range(width):
            x = min(max((column + 0.5) / width * grid_width - 0.5, 0.0), grid_width - 1.0)
            i, j = int(y), int(x)
            below, right = min(i + 1, grid_height - 1), min(j + 1, grid_width - 1)
            top = plane[i, j] * (1 - (x - j)) + plane[i, right] * (x - j)
            bottom = plane[below, j] * (1 - (x - j)) + plane[below, right] * (x - j)
            result[row, column] = top * (1 - (y - i)) + bottom * (y - i)
    return result


planes = st.integers(1, 9).flatmap(
    lambda grid: st.binary(min_size=grid * grid, max_size=grid * grid).map(
        lambda data: np.frombuffer(data, np.uint8).reshape(grid, grid)
    )
)


@given(planes, st.integers(1, 40), st.integers(1, 40))
def test_that_upsampling_is_linear_between_the_centres_of_the_cells(
    plane: U8, width: int, height: int
) -> None:
    values = upsampled(plane, Box.whole(width, height), width, height)
    assert values.shape == (height, width)
    np.testing.assert_allclose(values, bilinear(plane, width, height), atol=1e-3)


@given(planes, st.data())
def test_that_a_box_holds_the_very_values_of_the_whole(plane: U8, data: st.DataObject) -> None:
    width, height = data.draw(st.integers(1, 60)), data.draw(st.integers(1, 60))
    x0, y0 = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    box = Box(x0, y0, data.draw(st.integers(x0 + 1, width)), data.draw(st.integers(y0 + 1, height)))
    whole = upsampled(plane, Box.whole(width, height), width, height)
    np.testing.assert_array_equal(upsampled(plane, box, width, height), whole[box.slices])


@given(planes, st.floats(0.5, 255), st.integers(1, 60), st.integers(1, 60))
def test_that_nothing_is_reached_outside_the_reached_box(
    plane: U8, level: float, width: int, height: int
) -> None:
    whole = upsampled(plane, Box.whole(width, height), width, height) >= np.float32(level)
    box = reached_box(plane, level, width, height)
    assert box.clip(width, height) == box
    inside = np.zeros_like(whole)
    inside[box.slices] = reaches(plane, level, box, width, height) == 1
    np.testing.assert_array_equal(inside, whole)


def test_that_a_symmetric_plane_gives_a_symmetric_picture() -> None:
    half = blob(32)
    plane = np.concatenate([half, half[:, ::-1]], axis=1)
    values = upsampled(plane, Box.whole(301, 200), 301, 200)
    np.testing.assert_allclose(values, values[:, ::-1], atol=1e-3)


@pytest.mark.parametrize(("width", "height"), [(16, 16), (8192, 16), (16, 8192)])
def test_that_extreme_sizes_keep_their_shape(width: int, height: int) -> None:
    assert upsampled(blob(256), Box.whole(width, height), width, height).shape == (height, width)
