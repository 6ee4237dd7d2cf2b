import numpy as np
import numpy.typing as npt
import pytest
from made.slow_regions import Pixels, pixels, random_plane, where

from lsegdiff_gui.annotation import morphology
from lsegdiff_gui.annotation.tools import margins

U8 = npt.NDArray[np.uint8]


def near(among: Pixels, plane: U8, distance: int) -> Pixels:
    """The pixels of the picture within a disc of this radius, and the half pixel of its own, of any of these."""
    height, width = plane.shape
    return {
        (x, y)
        for x in range(width)
        for y in range(height)
        if any((x - i) ** 2 + (y - j) ** 2 <= (distance + 0.5) ** 2 for i, j in among)
    }


@pytest.fixture(params=range(20))
def plane(request: pytest.FixtureRequest) -> U8:
    return random_plane(np.random.default_rng(request.param), longest=24)


@pytest.fixture(params=[4, 512], ids=["blocks", "one block"], autouse=True)
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(margins, "_BLOCK", request.param)


@pytest.mark.parametrize("distance", [1, 2, 5])
def test_that_a_label_grows_by_a_disc_over_the_background_only(plane: U8, distance: int) -> None:
    for label in (1, 2, 4):
        expected = near(where(plane == label), plane, distance) & where(plane == 0)
        assert pixels(margins.grown(plane, label, distance)) == expected


@pytest.mark.parametrize("distance", [1, 2, 5])
def test_that_a_label_shrinks_by_a_disc_but_not_at_the_border(plane: U8, distance: int) -> None:
    for label in (1, 2, 4):
        expected = near(where(plane != label), plane, distance) & where(plane == label)
        assert pixels(margins.shrunk(plane, label, distance)) == expected


@pytest.mark.parametrize("kernel", [3, 5, 9])
def test_that_smoothing_in_parts_is_smoothing_of_the_whole(plane: U8, kernel: int) -> None:
    for label in (1, 2, 4):
        mask = (plane == label).astype(np.uint8)
        after = morphology.smoothed(mask, "both", kernel, "ellipse")
        added, taken = margins.smoothed(plane, label, kernel)
        assert pixels(added) == where(after & (plane == 0))
        assert pixels(taken) == where(mask & (after == 0))


def test_that_large_planes_are_worked_through_in_parts() -> None:
    generator = np.random.default_rng(0)
    plane = np.kron(generator.integers(0, 3, (9, 8)), np.ones((97, 131))).astype(np.uint8)
    mask = (plane == 1).astype(np.uint8)
    grown, shrunk = margins.grown(plane, 1, 60), margins.shrunk(plane, 1, 30)
    height, width = plane.shape
    assert np.array_equal(grown.mask(width, height), morphology.grown(mask, 60) & (plane == 0))
    assert np.array_equal(shrunk.mask(width, height), mask & (1 - morphology.grown(mask, -30)))


@pytest.mark.parametrize("pixel_count", [0, -3])
def test_that_there_is_nothing_to_do_for_no_pixels(pixel_count: int) -> None:
    plane = np.zeros((9, 9), np.uint8)
    plane[4, 4] = 1
    assert margins.grown(plane, 1, pixel_count).is_empty
    assert margins.shrunk(plane, 1, pixel_count).is_empty
    assert all(region.is_empty for region in margins.smoothed(plane, 1, 1))


def test_that_an_even_kernel_is_refused() -> None:
    with pytest.raises(ValueError, match="odd"):
        margins.smoothed(np.ones((3, 3), np.uint8), 1, 4)
