"""The directory of a TIFF file, which is also how EXIF is stored (TIFF 6.0; BigTIFF; EXIF 2.32)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Protocol

KIND_OF_PAGE, WIDTH, HEIGHT, ORIENTATION = 254, 256, 257, 274
STRIP_OFFSETS, STRIP_BYTE_COUNTS = 273, 279
TILE_OFFSETS, TILE_BYTE_COUNTS = 324, 325

MARKS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How TIFF and BigTIFF files begin."""

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
_MOST_PAGES = 10_000
# Bits of tag 254 that make a directory no page of its own: a smaller copy of another, or its transparency.
_SMALLER_COPY, _TRANSPARENCY = 1, 4


class TiffError(ValueError):
    """The bytes hold no readable TIFF directory."""


class Data(Protocol):
    """The bytes of a file, in memory or on the disk: what lies behind the end is cut off from a slice."""

    def __getitem__(self, part: slice, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag: its integers start at `offset` of the data, `count` of them, each as `letter` of struct."""

    letter: str
    count: int
    offset: int


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory of a TIFF structure: a page. Tags whose values are not unsigned integers are left out.

    order: of bytes, as struct writes it. start: where the directory lies. following: where the next one lies, 0
    behind the last. end: where the last byte that it and the values of its standard tags need lies, exclusive.
    """

    data: Data
    order: str
    entries: dict[int, Entry]
    start: int
    following: int
    end: int

    def values(self, tag: int) -> tuple[int, ...]:
        """The integers of a tag; empty where it is absent. Raises TiffError when they lie behind the end."""
        entry = self.entries.get(tag)
        return () if entry is None else self._read(tag, entry, entry.count)

    def value(self, tag: int, default: int = 0) -> int:
        """The first integer of a tag. Raises TiffError as `values` does."""
        entry = self.entries.get(tag)
        return default if entry is None or entry.count < 1 else self._read(tag, entry, 1)[0]

    def _read(self, tag: int, entry: Entry, count: int) -> tuple[int, ...]:
        try:
            return _unpack(f"{self.order}{count}{entry.letter}", self.data, entry.offset)
        except (struct.error, MemoryError, OverflowError) as problem:
            raise TiffError(f"the values of tag {tag} lie behind the end") from problem

    @property
    def orientation(self) -> int:
        """The EXIF orientation, 1 to 8; 1 where it is absent, damaged or out of range."""
        try:
            stored = self.value(ORIENTATION, 1)
        except TiffError:
            return 1
        return stored if 1 <= stored <= 8 else 1


def read_directory(data: Data, start: int | None = None) -> Directory:
    """Read the directory at `start`, or the first one, of `data`, which starts with the TIFF byte order mark.

    Raises:
        TiffError: no byte order mark, or the directory lies behind the end.
    """
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        raise TiffError("no byte order mark")
    try:
        (version,) = _unpack(f"{order}H", data, 2)
        is_big = version == 43
        if not is_big and version != 42:
            raise TiffError(f"unknown version {version}")
        pointer, size = ("Q", 8) if is_big else ("I", 4)
        if start is None:
            (start,) = _unpack(f"{order}{pointer}", data, size)
        number_letter = "Q" if is_big else "H"
        (number,) = _unpack(f"{order}{number_letter}", data, start)
        if number > _MOST_ENTRIES:
            raise TiffError(f"{number} entries")
        head = struct.calcsize(f"{order}{number_letter}")
        shape = f"{order}HH{pointer}"
        step = struct.calcsize(shape) + size
        entries = {}
        end = start + head + number * step
        for index in range(number):
            at = start + head + index * step
            tag, kind, count = _unpack(shape, data, at)
            offset = at + struct.calcsize(shape)
            length = count * _SIZES.get(kind, 0)
            if length > size:  # the values do not fit into the entry, which then says where they are
                (offset,) = _unpack(f"{order}{pointer}", data, offset)
                end = max(end, offset + length) if tag < _PRIVATE_TAGS else end
            if kind in _INTEGERS:
                entries[tag] = Entry(_INTEGERS[kind], count, offset)
        behind = start + head + number * step
        following = data[behind : behind + size]
    except struct.error as problem:
        raise TiffError("the directory lies behind the end") from problem
    # EXIF written by some cameras ends before the place of the next directory.
    onward = int.from_bytes(following, "little" if order == "<" else "big") if len(following) == size else 0
    return Directory(data, order, entries, start, onward, end)


def pages(data: Data) -> list[Directory]:
    """The pages of a TIFF file: its directories, without smaller copies of others and masks of transparency.

    A chain that is broken or bites its tail ends there. Raises TiffError if not even the first can be read.
    """
    directory = read_directory(data)
    chain, seen = [directory], {directory.start}
    while directory.following and directory.following not in seen and len(chain) < _MOST_PAGES:
        try:
            directory = read_directory(data, directory.following)
        except TiffError:
            break
        seen.add(directory.start)
        chain.append(directory)
    return [page for page in chain if _is_page(page)] or chain[:1]


def _is_page(directory: Directory) -> bool:
    try:
        kind = directory.value(KIND_OF_PAGE)
    except TiffError:
        return False
    return not kind & (_SMALLER_COPY | _TRANSPARENCY)


def _unpack(shape: str, data: Data, at: int) -> tuple[Any, ...]:
    return struct.unpack(shape, data[at : at + struct.calcsize(shape)])


def orientation_of(data: bytes) -> int:
    """The EXIF orientation, 1 to 8, in a TIFF structure; 1 where it is absent, damaged or out of range."""
    try:
        return read_directory(data).orientation
    except TiffError:
        return 1


def with_first_page(data: bytes, page: Directory) -> bytes:
    """The same file with `page` in front and its orientation tag 1, for decoders that know the first page only and
    would turn it themselves."""
    changed = bytearray(data)
    pointer, at = ("Q", 8) if data[2:4] in (b"+\0", b"\0+") else ("I", 4)
    struct.pack_into(f"{page.order}{pointer}", changed, at, page.start)
    entry = page.entries.get(ORIENTATION)
    if entry is not None:
        struct.pack_into(f"{page.order}{entry.letter}", changed, entry.offset, 1)
    return bytes(changed)
