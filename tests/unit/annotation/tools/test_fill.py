import cv2
import numpy as np
import numpy.typing as npt
import pytest
from made.slow_regions import FOUR, Pixels, pieces, pixels, random_plane, walk, where

from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.tools.fill import flood, wand
from lsegdiff_gui.annotation.tools.speckle import without_specks
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


def random_colours(generator: np.random.Generator) -> U8:
    """A small picture with patches of like colours and noise."""
    height, width = (int(side) for side in generator.integers(1, 20, 2))
    patches = generator.integers(0, 256, (height // 4 + 1, width // 4 + 1, 3))
    picture = patches.repeat(4, axis=0).repeat(4, axis=1)[:height, :width]
    noise = generator.integers(0, 2 + int(generator.integers(0, 60)), picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def filled(region: Pixels) -> Pixels:
    """With every hole of fewer than 4 pixels, looked for with room around all of it."""
    columns, rows = [x for x, _ in region], [y for _, y in region]
    room = {
        (x, y) for x in range(min(columns) - 4, max(columns) + 5) for y in range(min(rows) - 4, max(rows) + 5)
    }
    return region.union(*(hole for hole in pieces(room - region, FOUR) if len(hole) < 4))


def slow_wand(picture: U8, x: int, y: int, tolerance: float, within: Box) -> Pixels:
    around = picture[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].reshape(-1, 3)
    differences = np.abs(picture - around.mean(axis=0)).max(axis=2)
    alike = where(differences <= tolerance * 2.55 + 1e-9) | {(x, y)}
    return filled(
        walk(
            {(i, j) for i, j in alike if within.x0 <= i < within.x1 and within.y0 <= j < within.y1},
            (x, y),
            FOUR,
        )
    )


def test_that_a_flood_reaches_the_pixels_of_its_label_around_it() -> None:
    generator = np.random.default_rng(0)
    for _ in range(200):
        plane = random_plane(generator, labels=2)
        y, x = (int(generator.integers(0, side)) for side in plane.shape)
        before = plane.copy()
        assert pixels(flood(plane, x, y)) == walk(where(plane == plane[y, x]), (x, y), FOUR)
        assert np.array_equal(plane, before)


def test_that_a_flood_of_the_background_stops_at_a_thin_diagonal() -> None:
    plane = np.eye(40, dtype=np.uint8)
    assert flood(plane, 39, 0).pixels == 40 * 39 // 2


def test_that_the_wand_takes_what_is_alike_and_hangs_together() -> None:
    generator = np.random.default_rng(1)
    for _ in range(200):
        picture = random_colours(generator)
        height, width = picture.shape[:2]
        y, x = int(generator.integers(0, height)), int(generator.integers(0, width))
        tolerance = float(generator.choice([0, 3, 10, 20, 40, 100]))
        before = picture.copy()
        found = wand(picture, x, y, tolerance)
        assert pixels(found) == slow_wand(picture, x, y, tolerance, Box.whole(width, height))
        assert np.array_equal(picture, before)


def test_that_the_wand_stays_within_what_is_seen() -> None:
    generator = np.random.default_rng(2)
    for _ in range(100):
        picture = random_colours(generator)
        height, width = picture.shape[:2]
        within = Box(
            *(int(value) for value in (*generator.integers(-3, 8, 2), *generator.integers(8, 24, 2)))
        )
        y, x = int(generator.integers(0, height)), int(generator.integers(0, width))
        found = wand(picture, x, y, 30, within)
        clipped = within.clip(width, height)
        if clipped.x0 <= x < clipped.x1 and clipped.y0 <= y < clipped.y1:
            assert pixels(found) == slow_wand(picture, x, y, 30, clipped)
        else:
            assert found.is_empty


@pytest.mark.parametrize(("tolerance", "level"), [(0, 0), (10, 25), (20, 51), (99.9, 254), (100, 255)])
def test_that_the_tolerance_is_a_percentage_of_the_largest_difference(tolerance: float, level: int) -> None:
    picture = np.zeros((3, 3 + 256, 3), np.uint8)
    picture[:, 3:, 1] = np.arange(256)
    assert wand(picture, 1, 1, tolerance).box == Box(0, 0, 3 + level + 1, 3)


def test_that_at_full_tolerance_the_wand_takes_everything() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (30, 40, 3)).astype(np.uint8)
    assert wand(picture, 7, 9, 100).pixels == 1200


def test_that_the_pixel_clicked_belongs_even_where_its_surroundings_differ() -> None:
    picture = np.zeros((9, 9, 3), np.uint8)
    picture[4, 4] = 255
    assert pixels(wand(picture, 4, 4, 0)) == {(4, 4)}


def test_that_the_wand_is_steadied_by_the_surroundings_of_the_pixel() -> None:
    picture = np.full((30, 30, 3), 100, np.uint8)
    picture[15, 15] = 118
    assert wand(picture, 15, 15, 2).pixels == 900


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (5, 0), (0, 4)])
def test_that_nothing_lies_outside_the_picture(place: tuple[int, int]) -> None:
    assert flood(np.ones((4, 5), np.uint8), *place).is_empty
    assert wand(np.ones((4, 5, 3), np.uint8), *place, 50).is_empty


def test_that_holes_of_up_to_three_pixels_are_filled_and_no_others() -> None:
    generator = np.random.default_rng(4)
    for _ in range(300):
        plane = generator.random((int(generator.integers(1, 15)), int(generator.integers(1, 50)))) < 0.75
        if plane.any():
            assert pixels(without_specks(Region.of_mask(plane))) == filled(where(plane))


def test_that_holes_across_strips_are_filled() -> None:
    plane = np.ones((200, 20), np.uint8)
    for column, middle in enumerate((31, 32, 33, 63, 64, 96), start=1):
        plane[middle - 1 : middle + 2, 3 * column] = 0
    assert without_specks(Region.of_mask(plane)).pixels == 4000


def test_that_a_region_without_specks_is_handed_back() -> None:
    region = Region.of_mask(np.ones((5, 5), np.uint8))
    assert without_specks(region) is region
    assert without_specks(Region.empty()).is_empty


def test_that_a_speckled_disc_is_found_whole() -> None:
    generator = np.random.default_rng(5)
    disc = cv2.circle(np.zeros((300, 300), np.uint8), (150, 150), 140, 1, -1)
    picture = np.where(disc[..., None] == 1, 90, 200).repeat(3, axis=2).astype(np.uint8)
    picture[generator.random(disc.shape) < 0.01] = 255
    picture[148:153, 148:153] = 90
    found = wand(picture, 150, 150, 8).mask(300, 300)
    inner = cv2.circle(np.zeros((300, 300), np.uint8), (150, 150), 130, 1, -1)
    assert (found >= inner).all()
