"""From the strips and tiles of a TIFF page to its values (TIFF 6.0), where OpenCV would lose or change some.

OpenCV gives other values than the file's for planes stored one after the other, for white as zero in 16 bit and for
transparency, and refuses few bits and some tiles: docs/decisions/0018. It unpacks LZW and PackBits here.
"""

from __future__ import annotations

import lzma
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging import tiff
from lsegdiff_gui.imaging.broken import BrokenFile, cut_off, damaged
from lsegdiff_gui.imaging.opencv import decoded
from lsegdiff_gui.imaging.picture import NativePixels

U8 = npt.NDArray[np.uint8]

_BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _SAMPLES, _ROWS = 258, 259, 262, 266, 277, 278
_PLANAR, _PREDICTOR, _PALETTE, _TILE_WIDTH, _TILE_HEIGHT, _EXTRA, _FORMAT = 284, 317, 320, 322, 323, 338, 339

_PLAIN, _LZW, _DEFLATE, _OLD_DEFLATE, _PACKBITS, _LZMA = 1, 5, 8, 32946, 32773, 34925
_UNPACKED_HERE = frozenset({_PLAIN, _LZW, _DEFLATE, _OLD_DEFLATE, _PACKBITS, _LZMA})
# Fax and JPEG, which OpenCV decodes with all that belongs to them.
_UNPACKED_BY_OPENCV = frozenset({2, 3, 4, 7})
_NAMES = {
    6: "the old JPEG",
    34712: "JPEG 2000",
    34887: "LERC",
    50000: "Zstandard",
    50001: "WebP",
    50002: "JPEG XL",
}

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _COLOUR_MAP, _INKS, _YCBCR, _CIE_LAB = 0, 1, 2, 3, 5, 6, 8
_COLOURS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _COLOUR_MAP: 1, _INKS: 4}
_STRAIGHT_ALPHA = 2  # of tag 338; 1: the colours are multiplied by it already
_UNSIGNED, _SIGNED, _FLOAT, _ANYTHING = 1, 2, 3, 4  # of tag 339
_MOST_BITS = 16
# A tile may be larger than its picture, but not by much.
_MOST_TILE_BYTES = 64 * 2**20
# What an LZMA stream may ask for; xz -9 needs 65 MB.
_LZMA_MEMORY = 256 * 2**20
_REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


@dataclass(frozen=True)
class Layout:
    """How a page is stored. planes: 1 for samples beside each other, else as many as samples."""

    width: int
    height: int
    bits: int
    samples: int
    planes: int
    compression: int
    photometric: int
    predictor: int
    alpha: int
    across: int
    down: int
    is_tiled: bool

    @classmethod
    def of(cls, page: tiff.Directory) -> Layout:
        """What a page's tags say. Raises BrokenFile for values that are no pixels, TiffError for damage."""
        bits = page.values(_BITS) or (1,)
        form = page.value(_FORMAT, _UNSIGNED)
        if form not in (_UNSIGNED, _ANYTHING) or max(bits) > _MOST_BITS:
            name = {_SIGNED: "int", _FLOAT: "float"}.get(form, "uint")
            raise BrokenFile(
                f"its values are {name}{max(bits)} numbers", "Save it with 8 or 16 bits per channel."
            )
        width, height = page.value(tiff.WIDTH), page.value(tiff.HEIGHT)
        samples = page.value(_SAMPLES, 1)
        photometric = page.value(_PHOTOMETRIC, _BLACK_IS_ZERO)
        is_tiled = tiff.TILE_OFFSETS in page.entries
        across = page.value(_TILE_WIDTH) if is_tiled else width
        down = page.value(_TILE_HEIGHT) if is_tiled else min(height, page.value(_ROWS, height))
        extra = page.value(_EXTRA) if samples == _COLOURS.get(photometric, samples) + 1 else 0
        layout = cls(
            width=width,
            height=height,
            bits=bits[0],
            samples=samples,
            planes=samples if page.value(_PLANAR, 1) == 2 else 1,
            compression=page.value(_COMPRESSION, _PLAIN),
            photometric=photometric,
            predictor=page.value(_PREDICTOR, 1),
            alpha=extra,
            across=across,
            down=down,
            is_tiled=is_tiled,
        )
        layout.check(bits)
        return layout

    def check(self, bits: tuple[int, ...]) -> None:
        """Raises BrokenFile where the tags contradict each other or say what nobody here can read."""
        if self.compression not in _UNPACKED_HERE | _UNPACKED_BY_OPENCV:
            name = _NAMES.get(self.compression, f"method {self.compression}")
            raise BrokenFile(
                f"it is a TIFF compressed by {name}", "Save it with LZW, Deflate or no compression."
            )
        if self.photometric not in _COLOURS and self.photometric != _YCBCR:
            name = "CIE L*a*b*" if self.photometric == _CIE_LAB else f"of kind {self.photometric}"
            raise BrokenFile(f"its colours are {name}", "Save it in RGB or grey.")
        has_colours = _COLOURS.get(self.photometric, 3) <= self.samples <= 16
        if len(set(bits)) > 1 or not has_colours or self.bits < 1 or self.across < 1 or self.down < 1:
            raise damaged()
        if self.predictor not in (1, 2) or (self.predictor == 2 and self.bits not in (8, 16)):
            raise damaged()

    @property
    def is_laid_out_here(self) -> bool:
        """Whether `read_values` reads it; else OpenCV does."""
        return self.compression in _UNPACKED_HERE and self.photometric in _COLOURS

    @property
    def beside(self) -> int:
        """Samples of a pixel that lie beside each other."""
        return 1 if self.planes > 1 else self.samples

    @property
    def row_bytes(self) -> int:
        """Bytes of a row of a strip or tile."""
        return (self.across * self.beside * self.bits + 7) // 8


def read_values(data: bytes, page: tiff.Directory, layout: Layout) -> NativePixels:
    """The page as (H, W) grey or (H, W, 3) RGB, uint8 or uint16, as stored, transparent pixels over black.

    Fewer than 8 bits are scaled to 8; 9 to 15 bits keep their values. Raises BrokenFile and TiffError.
    """
    dtype = np.dtype(np.uint8 if layout.bits <= 8 else np.uint16)
    values = np.zeros((layout.height, layout.width, layout.samples), dtype)
    for plane, rows, columns, part in _parts(data, page, layout):
        values[rows, columns, plane] = part
    return _coloured(values, page, layout)


def _parts(
    data: bytes, page: tiff.Directory, layout: Layout
) -> Iterator[tuple[slice, slice, slice, npt.NDArray[np.generic]]]:
    """Each strip or tile: its samples, rows, columns and values (h, w, samples)."""
    tags = (
        (tiff.TILE_OFFSETS, tiff.TILE_BYTE_COUNTS)
        if layout.is_tiled
        else (tiff.STRIP_OFFSETS, tiff.STRIP_BYTE_COUNTS)
    )
    offsets, lengths = page.values(tags[0]), page.values(tags[1])
    whole = layout.row_bytes * layout.down
    if layout.is_tiled and whole > max(_MOST_TILE_BYTES, 4 * layout.width * layout.height * layout.samples):
        raise damaged()
    if not lengths and layout.compression == _PLAIN:  # left out by old programs
        lengths = (whole,) * len(offsets)
    tops, lefts = range(0, layout.height, layout.down), range(0, layout.width, layout.across)
    if min(len(offsets), len(lengths)) < len(tops) * len(lefts) * layout.planes:
        raise damaged()
    is_reversed = page.value(_FILL_ORDER, 1) == 2
    stored = iter(zip(offsets, lengths, strict=False))
    for plane in range(layout.planes):
        samples = slice(plane, plane + 1) if layout.planes > 1 else slice(None)
        for top in tops:
            # The last strip ends with the picture, the last tile does not.
            rows = layout.down if layout.is_tiled else min(layout.down, layout.height - top)
            for left in lefts:
                offset, length = next(stored)
                packed = data[offset : offset + length]
                packed = packed.translate(_REVERSED) if is_reversed else packed
                part = _values(_unpacked(packed, rows, layout), rows, page.order, layout)
                height, width = min(rows, layout.height - top), min(layout.across, layout.width - left)
                yield samples, slice(top, top + height), slice(left, left + width), part[:height, :width]


def _unpacked(packed: bytes, rows: int, layout: Layout) -> bytes:
    """The bytes of `rows` rows. Raises BrokenFile where there are fewer."""
    wanted = layout.row_bytes * rows
    try:
        match layout.compression:
            case 8 | 32946:
                plain = zlib.decompressobj().decompress(packed, wanted)
            case 34925:
                plain = lzma.LZMADecompressor(memlimit=_LZMA_MEMORY).decompress(packed, wanted)
            case 5 | 32773:
                plain = _by_libtiff(packed, layout.row_bytes, rows, layout.compression)
            case _:
                plain = packed
    except (zlib.error, lzma.LZMAError) as problem:
        raise damaged() from problem
    if len(plain) < wanted:
        raise cut_off()
    return plain[:wanted]


def _by_libtiff(packed: bytes, row_bytes: int, rows: int, compression: int) -> bytes:
    """Unpack by way of a TIFF around the very bytes: a grey picture of 16 bit, or 8 where that does not go in two."""
    width, bits = (row_bytes // 2, 16) if row_bytes % 2 == 0 else (row_bytes, 8)
    tags = (
        (tiff.WIDTH, width), (tiff.HEIGHT, rows), (_BITS, bits), (_COMPRESSION, compression),
        (_PHOTOMETRIC, _BLACK_IS_ZERO), (tiff.STRIP_OFFSETS, 8), (_SAMPLES, 1), (_ROWS, rows),
        (tiff.STRIP_BYTE_COUNTS, len(packed)),
    )  # fmt: skip
    directory = struct.pack("<H", len(tags)) + b"".join(
        struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags
    )
    start = 8 + len(packed) + len(packed) % 2
    file = struct.pack("<2sHI", b"II", 42, start) + packed.ljust(start - 8, b"\0") + directory + bytes(4)
    pixels = decoded(file, cv2.IMREAD_UNCHANGED)
    if pixels.shape != (rows, width) or pixels.dtype.itemsize * 8 != bits:
        raise damaged()
    return pixels.astype("<u2").tobytes() if bits == 16 else pixels.tobytes()


def _values(plain: bytes, rows: int, order: str, layout: Layout) -> npt.NDArray[np.generic]:
    """(rows, across, samples beside each other) of the stored numbers, uint8 or uint16."""
    shape = (rows, layout.across, layout.beside)
    if layout.bits in (8, 16):
        kind = np.dtype(f"{order}u{layout.bits // 8}")
        values = np.frombuffer(plain, kind).reshape(shape).astype(kind.newbyteorder("="))
        if layout.predictor == 2:
            # Sums that wrap around, as the differences did.
            np.cumsum(values, axis=1, dtype=values.dtype, out=values)
        return values
    bits = np.unpackbits(np.frombuffer(plain, np.uint8).reshape(rows, -1), axis=1)
    per_row = layout.across * layout.beside
    bits = bits[:, : per_row * layout.bits].reshape(rows, per_row, layout.bits)
    weights = 1 << np.arange(layout.bits - 1, -1, -1, dtype=np.uint16)
    numbers = (bits * weights).sum(axis=2, dtype=np.uint16).reshape(shape)
    dtype = np.dtype(np.uint8 if layout.bits <= 8 else np.uint16)
    return cast("npt.NDArray[np.generic]", numbers.astype(dtype))


def _coloured(values: NativePixels, page: tiff.Directory, layout: Layout) -> NativePixels:
    """Stored numbers (H, W, samples) to grey or RGB."""
    largest = 2**layout.bits - 1
    if layout.photometric == _COLOUR_MAP:
        return _mapped(values[..., 0], page, layout)
    if layout.bits < 8:
        values = cast(U8, np.rint(np.arange(256) % (largest + 1) * (255 / largest)).astype(np.uint8)[values])
        largest = 255
    colours = values[..., : _COLOURS[layout.photometric]]
    if layout.photometric == _WHITE_IS_ZERO:
        colours = largest - colours
    elif layout.photometric == _INKS:
        paper = largest - colours.astype(np.uint32)
        colours = ((paper[..., :3] * paper[..., 3:] + largest // 2) // largest).astype(values.dtype)
    if layout.alpha == _STRAIGHT_ALPHA:
        colours = over_black(
            colours, values[..., colours.shape[2] if layout.photometric != _INKS else 4], largest
        )
    grey_or_rgb = colours[..., 0] if colours.shape[2] == 1 else colours
    return cast(NativePixels, np.ascontiguousarray(grey_or_rgb))


def _mapped(numbers: npt.NDArray[np.generic], page: tiff.Directory, layout: Layout) -> NativePixels:
    entries = np.array(page.values(_PALETTE), np.uint16)
    if layout.bits > 8 or entries.size != 3 * 2**layout.bits:
        raise damaged()
    # The standard has 16 bit; some programs write 8 all the same.
    shift = 8 if entries.max() > 255 else 0
    table = (entries >> shift).astype(np.uint8).reshape(3, -1).T
    return cast(NativePixels, np.ascontiguousarray(table[numbers]))


def over_black(colours: NativePixels, alpha: NativePixels, opaque: int) -> NativePixels:
    """Lay (H, W, C) colours over black by (H, W) alpha, 0 to opaque. One that hides all is taken for a mistake."""
    if alpha.min() == opaque or alpha.max() == 0:
        return colours
    laid = np.empty_like(colours)
    for channel in range(colours.shape[2]):
        # In whole numbers: floats would be off by one in 16 bit.
        weighted = colours[..., channel].astype(np.uint32) * alpha
        laid[..., channel] = (weighted + opaque // 2) // opaque
    return laid
