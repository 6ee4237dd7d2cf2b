import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.label_pyramid import LabelPyramid


def slowly_halved(plane: npt.NDArray[np.uint8], times: int) -> npt.NDArray[np.uint8]:
    step = 2**times
    height, width = -(-plane.shape[0] // step), -(-plane.shape[1] // step)
    return np.array(
        [
            [plane[step * y : step * y + step, step * x : step * x + step].max() for x in range(width)]
            for y in range(height)
        ],
        np.uint8,
    )


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_that_a_level_keeps_the_highest_label_of_its_pixels(width: int, height: int, seed: int) -> None:
    plane = np.random.default_rng(seed).integers(0, 4, (height, width), np.uint8)
    pyramid = LabelPyramid(plane)
    for times, scale in ((0, 1.0), (1, 0.5), (2, 0.25), (3, 0.13)):
        assert np.array_equal(pyramid.level_for(scale), slowly_halved(plane, times if scale != 0.13 else 2))


@given(st.integers(0, 2**32 - 1), st.lists(st.sampled_from([1.0, 0.5, 0.24, 0.1]), min_size=1, max_size=6))
def test_that_changed_boxes_bring_every_level_up_to_date(seed: int, looks: list[float]) -> None:
    generator = np.random.default_rng(seed)
    plane = np.zeros((37, 53), np.uint8)
    pyramid = LabelPyramid(plane)
    for scale in looks:
        x0, y0 = int(generator.integers(0, 53)), int(generator.integers(0, 37))
        box = Box(x0, y0, x0 + int(generator.integers(1, 20)), y0 + int(generator.integers(1, 20)))
        inside = box.clip(53, 37)
        plane[inside.slices] = generator.integers(0, 4, (inside.height, inside.width), np.uint8)
        pyramid.changed(box)
        assert np.array_equal(pyramid.level_for(scale), LabelPyramid(plane).level_for(scale))


def test_that_a_line_of_one_pixel_is_in_every_level() -> None:
    plane = np.zeros((512, 512), np.uint8)
    plane[:, 301] = 1
    pyramid = LabelPyramid(plane)
    for scale in (1.0, 0.5, 0.25, 0.05, 0.01):
        assert pyramid.level_for(scale).any(axis=1).all()


def test_that_levels_that_are_known_are_taken_as_they_are() -> None:
    plane = np.random.default_rng(1).integers(0, 4, (37, 53), np.uint8)
    known = [slowly_halved(plane, times) for times in (1, 2)]
    pyramid = LabelPyramid(plane, known)
    assert pyramid.level_for(0.5) is known[0] and pyramid.level_for(0.25) is known[1]
    plane[10:20, 10:20] = 3
    pyramid.changed(Box(10, 10, 20, 20))
    assert np.array_equal(pyramid.level_for(0.25), slowly_halved(plane, 2))
