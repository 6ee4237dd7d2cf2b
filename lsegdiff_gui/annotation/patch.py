"""Parts of a plane as compact bytes: what edits and checkpoints are made of.

A stroke across a large picture has a large box but few pixels. It is therefore kept as pieces, none larger
than a tile, so that work and bytes follow what was painted instead of the box around it. Most tiles of what concerns
a whole picture hold one value: that alone is kept of them.

The bytes: `_MARK`, then compressed how many pieces there are, their boxes, for each whether it holds one value, and
which, and the values of the others. Up to version 3 of a project there was no mark, and the values of all pieces.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]

TILE = 256
"""Side of a tile: 64 KiB, small enough to copy within a mouse move, large enough that few are touched."""

_COMPRESSION = (
    1  # Label planes are runs of equal bytes: higher levels gain little and take their time on a release.
)


_MARK = b"\x01"
"""No stream of zlib begins with it: earlier bytes are told from these."""


class Piece(NamedTuple):
    """A box of a plane and the values in it: (box.height, box.width) uint8, not to be written to."""

    box: Box
    values: U8


def tiles(box: Box, width: int, height: int) -> Iterator[Box]:
    """The tiles of a plane of this size that share pixels with the box, row by row."""
    inside = box.clip(width, height)
    for y in range(inside.y0 // TILE * TILE, inside.y1, TILE):
        for x in range(inside.x0 // TILE * TILE, inside.x1, TILE):
            yield Box(x, y, x + TILE, y + TILE).clip(width, height)


def pack(pieces: Iterable[Piece]) -> bytes:
    """Pieces as bytes; `unpack` gives them back equal."""
    given = list(pieces)
    ones = [_one_value(piece.values) for piece in given]
    head = [struct.pack("<I", len(given))]
    head += [struct.pack("<4I", piece.box.x0, piece.box.y0, piece.box.x1, piece.box.y1) for piece in given]
    head += [struct.pack("<2B", one is not None, one or 0) for one in ones]
    # Piece by piece: an edit of a whole large picture does not lie in memory a second time.
    stream = zlib.compressobj(_COMPRESSION)
    parts = [_MARK, stream.compress(b"".join(head))]
    parts += [
        stream.compress(piece.values.tobytes()) for piece, one in zip(given, ones, strict=True) if one is None
    ]
    return b"".join((*parts, stream.flush()))


def unpack(data: bytes, most: int | None = None) -> list[Piece]:
    """The pieces that `pack` was given, now or in an earlier version.

    most: how many bytes they may unfold to; for what comes from elsewhere. Raises ValueError for other bytes.
    """
    is_marked = data.startswith(_MARK)
    plain = _unfolded(data[len(_MARK) :] if is_marked else data, most)
    try:
        (count,) = struct.unpack_from("<I", plain)
        boxes = [Box(*struct.unpack_from("<4I", plain, 4 + 16 * index)) for index in range(count)]
        offset = 4 + 16 * count
        ones = [(0, 0)] * count
        if is_marked:
            ones = [struct.unpack_from("<2B", plain, offset + 2 * index) for index in range(count)]
            offset += 2 * count
    except struct.error as error:
        raise ValueError(f"The bytes of an edit are damaged: {error}.") from error
    pieces = []
    for box, (is_one, value) in zip(boxes, ones, strict=True):
        if is_one:
            pieces.append(Piece(box, np.broadcast_to(np.uint8(value), (box.height, box.width))))
        else:
            values = np.frombuffer(plain, np.uint8, box.area, offset).reshape(box.height, box.width)
            pieces.append(Piece(box, values))
            offset += box.area
    return pieces


def _unfolded(data: bytes, most: int | None) -> bytes:
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(data, 0 if most is None else most + 1)
    except zlib.error as error:
        raise ValueError(f"The bytes of an edit are damaged: {error}.") from error
    if not stream.eof or (most is not None and len(plain) > most):
        raise ValueError("The bytes of an edit are damaged: they are broken off, or unfold to too much.")
    return plain


def _one_value(values: U8) -> int | None:
    """The value that all are; None where they differ, or there are none."""
    if not values.size:
        return None
    first = int(values[0, 0])
    if values.strides == (0, 0):
        return first
    is_one = not np.count_nonzero(values) if first == 0 else bool((values == first).all())
    return first if is_one else None


def kept(values: U8) -> U8:
    """A copy of values that will change, not to be written to; where they are all 0, as most are, it takes no room."""
    return values.copy() if np.count_nonzero(values) else np.broadcast_to(np.uint8(0), values.shape)


def values_in(data: bytes) -> frozenset[int]:
    """The values that the pieces hold. Raises ValueError for other bytes than `pack` makes."""
    found: set[int] = set()
    for piece in unpack(data):
        if piece.values.strides == (0, 0):
            found.add(int(piece.values[0, 0]))
        else:
            found.update(np.flatnonzero(np.bincount(piece.values.ravel(), minlength=1)).tolist())
    return frozenset(found)


def pack_plane(plane: U8) -> bytes:
    """A whole plane as the pieces of it that are not zero."""
    height, width = plane.shape
    used = (
        Piece(tile, plane[tile.slices])
        for tile in tiles(Box.whole(width, height), width, height)
        if plane[tile.slices].any()
    )
    return pack(used)


def unpack_plane(data: bytes, width: int, height: int) -> U8:
    """The plane that `pack_plane` was given: (height, width) uint8. Raises ValueError if it does not fit."""
    plane = np.zeros((height, width), np.uint8)
    for piece in unpack(data):
        if piece.box.clip(width, height) != piece.box:
            raise ValueError(f"A piece at {piece.box} lies outside a plane of {width} x {height}.")
        plane[piece.box.slices] = piece.values
    return plane


@dataclass(frozen=True)
class PackedPlane:
    """A whole plane that is kept for long: as `pack_plane` writes it, and its size."""

    width: int
    height: int
    data: bytes

    @classmethod
    def of(cls, plane: U8) -> PackedPlane:
        """Pack a plane: (height, width) uint8."""
        height, width = plane.shape
        return cls(width, height, pack_plane(plane))

    def plane(self) -> U8:
        """The plane, a new array: (height, width) uint8. Raises ValueError for damaged bytes."""
        return unpack_plane(self.data, self.width, self.height)
