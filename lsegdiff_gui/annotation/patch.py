"""Parts of a plane as compact bytes: what edits and checkpoints are made of.

A stroke across a large picture has a large box but few pixels. It is therefore kept as pieces, none larger
than a tile, so that work and bytes follow what was painted instead of the box around it.
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


class Piece(NamedTuple):
    """A box of a plane and the values in it: (box.height, box.width) uint8."""

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
    kept = list(pieces)
    head = [struct.pack("<I", len(kept))]
    head += [struct.pack("<4I", piece.box.x0, piece.box.y0, piece.box.x1, piece.box.y1) for piece in kept]
    # Piece by piece: an edit of a whole large picture does not lie in memory a second time.
    stream = zlib.compressobj(_COMPRESSION)
    parts = [stream.compress(b"".join(head))]
    parts += [stream.compress(piece.values.tobytes()) for piece in kept]
    return b"".join((*parts, stream.flush()))


def unpack(data: bytes) -> list[Piece]:
    """The pieces that `pack` was given. Raises ValueError for other bytes."""
    try:
        plain = zlib.decompress(data)
        (count,) = struct.unpack_from("<I", plain)
        boxes = [Box(*struct.unpack_from("<4I", plain, 4 + 16 * index)) for index in range(count)]
    except (zlib.error, struct.error) as error:
        raise ValueError(f"The bytes of an edit are damaged: {error}.") from error
    pieces = []
    offset = 4 + 16 * count
    for box in boxes:
        values = np.frombuffer(plain, np.uint8, box.area, offset).reshape(box.height, box.width)
        pieces.append(Piece(box, values))
        offset += box.area
    return pieces


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
