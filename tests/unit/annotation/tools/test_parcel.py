import json
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.slow_regions import random_plane

from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, Label
from lsegdiff_gui.annotation.patch import Piece, pack
from lsegdiff_gui.annotation.tools import clipping
from lsegdiff_gui.annotation.tools.parcel import Parcel, delivered
from lsegdiff_gui.imaging.geometry import Box

NAEVUS = Label(2, "Naevus", "#e69f00")


def made(height: int = 30, width: int = 40) -> Parcel:
    plane = np.zeros((height, width), np.uint8)
    plane[5:20, 10:30] = 1
    plane[7:9, 12:20] = 2
    taken = clipping.copy(plane)
    assert taken is not None
    return Parcel.of(taken, (*DEFAULT_LABELS, NAEVUS))


def written(head: object, data: bytes) -> bytes:
    text = json.dumps(head).encode()
    return b"LSegDiff mask 1\n" + struct.pack("<I", len(text)) + text + data


def test_that_a_parcel_comes_back_equal() -> None:
    generator = np.random.default_rng(3)
    for _ in range(40):
        taken = clipping.copy(random_plane(generator, longest=40))
        if taken is not None:
            parcel = Parcel.of(taken, (*DEFAULT_LABELS, Label(7, "ä “b”", "#000000")))
            assert Parcel.from_bytes(parcel.to_bytes()) == parcel


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_that_damaged_bytes_are_refused_or_still_a_parcel(place: int, value: int) -> None:
    data = bytearray(made().to_bytes())
    data[place % len(data)] = value
    try:
        parcel = Parcel.from_bytes(bytes(data))
    except ValueError:
        return
    assert clipping.plane(parcel.clipping).shape == (parcel.clipping.box.height, parcel.clipping.box.width)


@pytest.mark.parametrize("length", [0, 3, 18, 40, 120])
def test_that_broken_off_bytes_are_refused(length: int) -> None:
    with pytest.raises(ValueError):
        Parcel.from_bytes(made().to_bytes()[:length])
    with pytest.raises(ValueError):
        Parcel.from_bytes(made().to_bytes()[:-1])


@pytest.mark.parametrize(
    "head",
    [
        [],
        {"size": [40, 30], "box": [0, 0, 5, 5]},
        {"size": [40, 30], "box": [0, 0, 41, 5], "names": []},
        {"size": [40, 30], "box": [0, 0, 0, 5], "names": []},
        {"size": [10**6, 10**6], "box": [0, 0, 5, 5], "names": []},
        {"size": [-40, -30], "box": [0, 0, 5, 5], "names": []},
        {"size": [float("inf"), 30], "box": [0, 0, 5, 5], "names": []},
        {"size": [40, 30], "box": [0, 0, 5, 5], "names": [[1]]},
        {"size": [40, 30], "box": [0, 0, 5, 5], "names": [[1, "x" * 70_000]]},
    ],
)
def test_that_a_head_that_no_mask_has_is_refused(head: object) -> None:
    with pytest.raises(ValueError):
        Parcel.from_bytes(written(head, made().clipping.data))


def test_that_bytes_that_unfold_beyond_the_picture_are_refused() -> None:
    head = {"size": [40, 30], "box": [0, 0, 40, 30], "names": []}
    with pytest.raises(ValueError, match="unfold to too much"):
        Parcel.from_bytes(written(head, zlib.compress(bytes(10**7))))
    outside = pack([Piece(Box(39, 0, 41, 2), np.ones((2, 2), np.uint8))])
    with pytest.raises(ValueError, match="outside"):
        Parcel.from_bytes(written(head, outside))


def test_that_labels_are_found_by_name_and_not_by_number() -> None:
    parcel = made()
    pasted = clipping.paste(parcel.clipping, 40, 30)
    other = (Label(1, "Scar", "#111111"), Label(5, "lesion", "#222222"))
    delivery = delivered(parcel, pasted, other)
    assert [number for _, number in delivery.changes] == [5]
    assert delivery.missing == ("Naevus",)
    same = delivered(parcel, pasted, (*DEFAULT_LABELS, NAEVUS))
    assert [number for _, number in same.changes] == [1, 2] and not same.missing
