"""The directory of a TIFF file, which is also how EXIF is stored (TIFF 6.0; BigTIFF; EXIF 2.32)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

WIDTH, HEIGHT, ORIENTATION = 256, 257, 274
STRIP_OFFSETS, STRIP_BYTE_COUNTS = 273, 279
TILE_OFFSETS, TILE_BYTE_COUNTS = 324, 325

# The unsigned integer types a tag above may have: type number to struct letter.
_INTEGERS = {1: "B", 3: "H", 4: "I", 16: "Q"}
# Bytes of one value of each type.
_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
# Tags from here on belong to single makers; a decoder does not need them.
_PRIVATE_TAGS = 32768
# No camera writes more; a larger number is a damaged file, not worth a second of looping.
_MOST_ENTRIES = 4096


class TiffError(ValueError):
    """The bytes hold no readable TIFF directory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag: its integers start at `offset` of the data, `count` of them, each as `letter` of struct."""

    letter: str
    count: int
    offset: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The first directory of a TIFF structure. Tags whose values are not unsigned integers are left out.

    end: where the last byte that it and the values of its standard tags need lies, exclusive.
    """

    data: bytes
    order: str
    entries: dict[int, Entry]
    end: int

    def values(self, tag: int) -> tuple[int, ...]:
        """The integers of a tag; empty where it is absent. Raises TiffError when they lie behind the end."""
        entry = self.entries.get(tag)
        if entry is None:
            return ()
        try:
            return struct.unpack_from(f"{self.order}{entry.count}{entry.letter}", self.data, entry.offset)
        except (struct.error, MemoryError) as problem:
            raise TiffError(f"the values of tag {tag} lie behind the end") from problem

    def value(self, tag: int, default: int = 0) -> int:
        """The first integer of a tag."""
        values = self.values(tag)
        return values[0] if values else default


def read_directory(data: bytes) -> Directory:
    """Read the first directory of `data`, which starts with the TIFF byte order mark.

    Raises:
        TiffError: no byte order mark, or the directory lies behind the end.
    """
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        raise TiffError("no byte order mark")
    try:
        (version,) = struct.unpack_from(f"{order}H", data, 2)
        is_big = version == 43
        if not is_big and version != 42:
            raise TiffError(f"unknown version {version}")
        pointer, size = ("Q", 8) if is_big else ("I", 4)
        (start,) = struct.unpack_from(f"{order}{pointer}", data, size)
        number_letter = "Q" if is_big else "H"
        (number,) = struct.unpack_from(f"{order}{number_letter}", data, start)
        if number > _MOST_ENTRIES:
            raise TiffError(f"{number} entries")
        head = struct.calcsize(f"{order}{number_letter}")
        shape = f"{order}HH{pointer}"
        step = struct.calcsize(shape) + size
        entries = {}
        end = start + head + number * step
        for index in range(number):
            at = start + head + index * step
            tag, kind, count = struct.unpack_from(shape, data, at)
            offset = at + struct.calcsize(shape)
            length = count * _SIZES.get(kind, 0)
            if length > size:  # the values do not fit into the entry, which then says where they are
                (offset,) = struct.unpack_from(f"{order}{pointer}", data, offset)
                end = max(end, offset + length) if tag < _PRIVATE_TAGS else end
            if kind in _INTEGERS:
                entries[tag] = Entry(_INTEGERS[kind], count, offset)
    except struct.error as problem:
        raise TiffError("the directory lies behind the end") from problem
    return Directory(data, order, entries, end)


def orientation_of(data: bytes) -> int:
    """The EXIF orientation, 1 to 8, in a TIFF structure; 1 where it is absent, damaged or out of range."""
    try:
        stored = read_directory(data).value(ORIENTATION, 1)
    except TiffError:
        return 1
    return stored if 1 <= stored <= 8 else 1


def with_orientation_normal(data: bytes) -> bytes:
    """The same file with its orientation tag set to 1, for decoders that would turn the picture themselves.

    Raises TiffError as `read_directory` does.
    """
    directory = read_directory(data)
    entry = directory.entries.get(ORIENTATION)
    if entry is None or directory.value(ORIENTATION) == 1:
        return data
    changed = bytearray(data)
    struct.pack_into(f"{directory.order}{entry.letter}", changed, entry.offset, 1)
    return bytes(changed)
