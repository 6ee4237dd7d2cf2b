import struct
import zlib

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.annotation.patch import TILE, Piece, pack, pack_plane, tiles, unpack, unpack_plane
from lsegdiff_gui.imaging.geometry import Box

sides = st.integers(1, 3 * TILE)


@given(sides, sides, st.integers(-300, 900), st.integers(-300, 900), st.integers(1, 600), st.integers(1, 600))
def test_that_tiles_cover_the_box_once_and_stay_in_the_plane(
    width: int, height: int, x: int, y: int, box_width: int, box_height: int
) -> None:
    box = Box(x, y, x + box_width, y + box_height)
    covered = np.zeros((height, width), np.uint8)
    for tile in tiles(box, width, height):
        assert tile.clip(width, height) == tile
        assert not tile.intersect(box).is_empty
        covered[tile.slices] += 1
    assert covered.max(initial=0) <= 1
    assert covered[box.clip(width, height).slices].all()


@given(
    st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 9000), st.integers(1, 40), st.integers(1, 40)))
)
def test_that_pieces_come_back_equal(places: list[tuple[int, int, int, int]]) -> None:
    rng = np.random.default_rng(len(places))
    pieces = [
        Piece(Box(x, y, x + w, y + h), rng.integers(0, 256, (h, w), dtype=np.uint8)) for x, y, w, h in places
    ]
    back = unpack(pack(pieces))
    assert [piece.box for piece in back] == [piece.box for piece in pieces]
    for piece, original in zip(back, pieces, strict=True):
        np.testing.assert_array_equal(piece.values, original.values)


@given(sides, sides, st.integers(0, 2**32 - 1), st.integers(0, 12))
def test_that_a_plane_comes_back_equal(width: int, height: int, seed: int, dots: int) -> None:
    rng = np.random.default_rng(seed)
    plane: npt.NDArray[np.uint8] = np.zeros((height, width), np.uint8)
    for _ in range(dots):
        plane[rng.integers(height), rng.integers(width)] = rng.integers(1, 256)
    np.testing.assert_array_equal(unpack_plane(pack_plane(plane), width, height), plane)


def test_that_a_nearly_empty_large_plane_takes_few_bytes() -> None:
    plane = np.zeros((4000, 4000), np.uint8)
    plane[1000:1100, 1000:1100] = 1
    assert len(pack_plane(plane)) < 2000


@pytest.mark.parametrize("data", [b"", b"not compressed", pack([])[:-3]])
def test_that_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        unpack(data)


def test_that_bytes_which_end_too_early_are_refused() -> None:
    packed = pack([Piece(Box(0, 0, 9, 9), np.eye(9, dtype=np.uint8))])
    plain = zlib.decompress(packed[1:])
    with pytest.raises(ValueError, match="buffer"):
        unpack(packed[:1] + zlib.compress(plain[:-1]))


def test_that_pieces_of_one_value_take_no_bytes_and_come_back_equal() -> None:
    plane = np.full((20 * TILE, 20 * TILE), 255, np.uint8)
    plane[5, 5] = 3
    packed = pack_plane(plane)
    assert len(packed) < 4000
    np.testing.assert_array_equal(unpack_plane(packed, *plane.shape), plane)
    assert pack(unpack(packed)) == packed


def test_that_bytes_of_earlier_projects_are_read() -> None:
    values = np.arange(12, dtype=np.uint8).reshape(3, 4)
    plain = struct.pack("<I", 2) + struct.pack("<8I", 1, 2, 5, 5, 7, 7, 8, 8) + values.tobytes() + b"\xff"
    first, second = unpack(zlib.compress(plain))
    assert (first.box, second.box) == (Box(1, 2, 5, 5), Box(7, 7, 8, 8))
    np.testing.assert_array_equal(first.values, values)
    assert second.values.tolist() == [[255]]


def test_that_bytes_unfold_to_no_more_than_they_may() -> None:
    packed = pack([Piece(Box(0, 0, 9, 9), np.eye(9, dtype=np.uint8))])
    assert len(unpack(packed, 4 + 18 + 81)) == 1
    with pytest.raises(ValueError, match="too much"):
        unpack(packed, 4 + 18 + 80)


def test_that_a_plane_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        unpack_plane(pack_plane(np.ones((20, 20), np.uint8)), 10, 20)
