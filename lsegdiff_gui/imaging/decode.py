"""Bytes of a picture file to upright pixels, RGB or grey, 8 or 16 bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging import tiff
from lsegdiff_gui.imaging.broken import BrokenFile, damaged, too_large_for_memory
from lsegdiff_gui.imaging.dicom_pixels import read_frame
from lsegdiff_gui.imaging.header import Header, bmp_bits, png_chunks
from lsegdiff_gui.imaging.opencv import decoded
from lsegdiff_gui.imaging.picture import NativePixels
from lsegdiff_gui.imaging.tiff_pixels import Layout, over_black, read_values

_JPEG_REDUCTIONS = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)
# What libjpeg puts where data are missing, and how many rows its blocks have.
_JPEG_FILLING, _JPEG_BLOCK_ROWS = 128, 8
_PNG_DEPTH_AT = 24  # the bits of a value, in the IHDR chunk
# Orientation to OpenCV's flip (1 left-right, 0 top-bottom, -1 both), for 5 to 8 after transposing.
_FLIPS = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}


@dataclass(frozen=True, eq=False, slots=True)
class Pixels:
    """The values of a picture, and how the file itself wants them shown.

    native: (H, W) grey or (H, W, 3) RGB, uint8 or uint16, upright. tones: (256,) or (65536,) uint8, what each value
    is shown as; None where the file does not say.
    """

    native: NativePixels
    tones: npt.NDArray[np.uint8] | None = None

    @property
    def rgb8(self) -> npt.NDArray[np.uint8]:
        """(H, W, 3) uint8 RGB, to be looked at."""
        return to_rgb8(self.native if self.tones is None else self.tones[self.native])


def decode(data: bytes, header: Header) -> Pixels:
    """Decode the page of a file. data, header: of the same file.

    Transparent pixels are laid over black, the colour around the field of endoscopes and dermatoscopes.

    Raises:
        BrokenFile: the content is damaged, of a kind that is not read, or does not fit into memory.
    """
    try:
        match header.format:
            case "dicom":
                native, tones = read_frame(data, header.page)
            case "tiff":
                native, tones = _tiff(data, header), None
            case _:
                native, tones = _by_opencv(data, header), None
        return Pixels(upright(_checked(native, header), header.orientation), tones)
    except MemoryError as problem:
        raise too_large_for_memory() from problem


def _tiff(data: bytes, header: Header) -> NativePixels:
    try:
        page = tiff.pages(data)[header.page - 1]
        layout = Layout.of(page)
        if layout.is_laid_out_here:
            return read_values(data, page, layout)
    except tiff.TiffError as problem:
        raise damaged() from problem
    # libtiff and OpenCV each turn some orientations and not others; here exactly one place does.
    pixels = decoded(tiff.with_first_page(data, page), cv2.IMREAD_UNCHANGED)
    # Where there is transparency, libtiff has laid the colours over black already.
    return _native(pixels) if pixels.ndim == 2 else _rgb(pixels[..., :3])


def _by_opencv(data: bytes, header: Header) -> NativePixels:
    if header.format == "bmp":
        return _bmp(data)
    pixels = decoded(data, cv2.IMREAD_UNCHANGED)
    if header.format == "jpeg" and _is_filled(pixels, data):
        raise BrokenFile("it is incomplete, a part of it is missing", "Copy it again from its source.")
    if header.format == "png" and pixels.ndim == 2:
        return _without_key(_native(pixels), data)
    return _without_alpha(_native(pixels))


def _bmp(data: bytes) -> NativePixels:
    bits = bmp_bits(data)
    # UNCHANGED makes some pictures in colour grey; the fourth byte of a pixel is mostly unused and never alpha here.
    try:
        pixels = decoded(data, cv2.IMREAD_UNCHANGED if bits <= 8 else cv2.IMREAD_COLOR)
    except BrokenFile as problem:
        if bits == 16:
            raise BrokenFile(
                "it is a BMP with 16 bits a pixel", "Save it with 24 bits, or as PNG."
            ) from problem
        raise
    return _native(pixels) if pixels.ndim == 2 else _rgb(pixels[..., :3])


def decode_reduced(data: bytes, header: Header, side: int) -> npt.NDArray[np.uint8]:
    """Decode to (h, w, 3) RGB uint8, upright, perhaps smaller, but its longer side at least `side` if it was.

    JPEG pictures are decoded at a half, quarter or eighth of the size, which is several times as fast.
    Raises BrokenFile as `decode` does.
    """
    longer = max(header.width, header.height)
    for factor, flag in _JPEG_REDUCTIONS:
        if header.format == "jpeg" and longer >= factor * side:
            pixels = decoded(data, flag | cv2.IMREAD_IGNORE_ORIENTATION)
            return to_rgb8(upright(_rgb(pixels), header.orientation))
    return decode(data, header).rgb8


def to_rgb8(native: NativePixels) -> npt.NDArray[np.uint8]:
    """Bring (H, W) grey or (H, W, 3) RGB of 8 or 16 bit to (H, W, 3) RGB uint8.

    16-bit values are divided by the full scale of the fewest bits (8 to 16) that hold the picture's largest
    value: sensors of 10, 12 and 14 bit store into 16 without scaling and would be black otherwise.
    """
    if native.dtype == np.uint16:
        bits = max(8, int(native.max()).bit_length())
        scale = np.arange(2**bits, dtype=np.float64) * (255 / (2**bits - 1))
        native = np.rint(scale).astype(np.uint8)[native]
    rgb8 = cv2.cvtColor(native, cv2.COLOR_GRAY2RGB) if native.ndim == 2 else native
    return cast("npt.NDArray[np.uint8]", rgb8)


def upright(pixels: NativePixels, orientation: int) -> NativePixels:
    """Apply an EXIF orientation (1 to 8, EXIF 2.32 section 4.6.4 A) to stored pixels (H, W, …)."""
    if orientation >= 5:  # the stored rows are the columns of the scene
        pixels = _native(cv2.transpose(pixels))
    flip = _FLIPS.get(orientation)
    return pixels if flip is None else _native(cv2.flip(pixels, flip))


def _checked(pixels: NativePixels, header: Header) -> NativePixels:
    if pixels.shape[:2] != (header.height, header.width) or pixels.dtype not in (np.uint8, np.uint16):
        raise damaged()
    return pixels


def _native(pixels: object) -> NativePixels:
    return cast(NativePixels, pixels)


def _rgb(pixels: object) -> NativePixels:
    return _native(cv2.cvtColor(cast(npt.NDArray[np.uint8], pixels), cv2.COLOR_BGR2RGB))


def _without_alpha(pixels: NativePixels) -> NativePixels:
    """Decoder's order (grey, BGR or BGRA) to grey or RGB, transparent pixels over black."""
    if pixels.ndim == 2:
        return pixels
    colour = _rgb(pixels[..., :3])
    if pixels.shape[2] == 3:
        return colour
    alpha = _native(pixels[..., 3])
    return over_black(colour, alpha, int(np.iinfo(alpha.dtype).max))


def _without_key(grey: NativePixels, data: bytes) -> NativePixels:
    """A grey PNG, black where it has the one value that its tRNS chunk calls transparent: OpenCV leaves that out."""
    depth = data[_PNG_DEPTH_AT]
    for kind, start, end in png_chunks(data):
        if kind == b"tRNS" and end - start == 2:
            key = int.from_bytes(data[start:end], "big") & (2**depth - 1)
            grey[grey == (key if depth >= 8 else key * 255 // (2**depth - 1))] = 0
    return grey


def _is_filled(pixels: npt.NDArray[np.generic], data: bytes) -> bool:
    """Whether libjpeg filled the end of a picture whose data stop early although an end marker follows.

    Such an end is grey 128 over the whole width. A picture can be so by itself; then, and only then, it is
    decoded again with further data before its end marker: these show up only where data were missing.
    """
    if not (pixels[-_JPEG_BLOCK_ROWS:] == _JPEG_FILLING).all():
        return False
    end = data.rindex(b"\xff\xd9")
    probe = decoded(data[:end] + b"\x5a" * 4096 + data[end:], cv2.IMREAD_UNCHANGED)
    return not np.array_equal(probe, pixels)
