"""Bytes of a picture file to upright pixels, RGB or grey, 8 or 16 bit."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging import tiff
from lsegdiff_gui.imaging.header import BrokenFile, Header, damaged
from lsegdiff_gui.imaging.picture import NativePixels

_JPEG_REDUCTIONS = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)
# What libjpeg puts where data are missing, and how many rows its blocks have.
_JPEG_FILLING, _JPEG_BLOCK_ROWS = 128, 8
# Orientation to OpenCV's flip (1 left-right, 0 top-bottom, -1 both), for 5 to 8 after transposing.
_FLIPS = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}


def decode(data: bytes, header: Header) -> NativePixels:
    """Decode to (H, W) grey or (H, W, 3) RGB, uint8 or uint16, upright. data, header: of the same file.

    Transparent pixels are laid over black, the colour around the field of endoscopes and dermatoscopes.

    Raises:
        BrokenFile: the content is damaged, of a kind that is not read, or does not fit into memory.
    """
    if header.format == "tiff":
        # libtiff and OpenCV each turn some orientations and not others; here exactly one place does.
        data = tiff.with_orientation_normal(data)
    pixels = _checked(_decoded(data, cv2.IMREAD_UNCHANGED), header)
    if header.format == "jpeg" and _is_filled(pixels, data):
        raise BrokenFile("it is incomplete, a part of it is missing", "Copy it again from its source.")
    return upright(_without_alpha(pixels, header), header.orientation)


def decode_reduced(data: bytes, header: Header, side: int) -> npt.NDArray[np.uint8]:
    """Decode to (h, w, 3) RGB uint8, upright, perhaps smaller, but its longer side at least `side` if it was.

    JPEG pictures are decoded at a half, quarter or eighth of the size, which is several times as fast.
    Raises BrokenFile as `decode` does.
    """
    longer = max(header.width, header.height)
    for factor, flag in _JPEG_REDUCTIONS:
        if header.format == "jpeg" and longer >= factor * side:
            pixels = _decoded(data, flag | cv2.IMREAD_IGNORE_ORIENTATION)
            return to_rgb8(upright(_rgb(pixels), header.orientation))
    return to_rgb8(decode(data, header))


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


def _decoded(data: bytes, flags: int) -> npt.NDArray[np.generic]:
    # Broken files make OpenCV write to the terminal; the error raised here says it better. The level is one
    # for the process and something else may have raised it, so it is set each time.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except MemoryError as problem:
        raise _too_large() from problem
    except cv2.error as problem:
        raise (_too_large() if problem.code == cv2.Error.StsNoMem else damaged()) from problem
    if pixels is None:
        raise damaged()
    return cast("npt.NDArray[np.generic]", pixels)


def _too_large() -> BrokenFile:
    return BrokenFile("it does not fit into the memory", "Close other programs or reduce the picture.")


def _checked(pixels: npt.NDArray[np.generic], header: Header) -> NativePixels:
    if pixels.shape[:2] != (header.height, header.width):
        raise damaged()
    if pixels.dtype not in (np.uint8, np.uint16):
        raise BrokenFile(f"its values are {pixels.dtype} numbers", "Save it with 8 or 16 bits per channel.")
    return _native(pixels)


def _native(pixels: object) -> NativePixels:
    return cast(NativePixels, pixels)


def _rgb(pixels: object) -> NativePixels:
    return _native(cv2.cvtColor(cast(npt.NDArray[np.uint8], pixels), cv2.COLOR_BGR2RGB))


def _without_alpha(pixels: NativePixels, header: Header) -> NativePixels:
    """Decoder's order (grey, BGR or BGRA) to grey or RGB, transparent pixels over black."""
    if pixels.ndim == 2:
        return pixels
    colour = _rgb(pixels[..., :3])
    if pixels.shape[2] == 3 or header.format == "bmp":  # the fourth byte of a BMP pixel is mostly unused
        return colour
    alpha = pixels[..., 3]
    opaque = np.iinfo(alpha.dtype).max
    if alpha.min() == opaque or alpha.max() == 0:  # wholly transparent: the alpha is wrong, not the picture
        return colour
    return _native(cv2.multiply(colour, cv2.merge([alpha] * 3), scale=1 / opaque))


def _is_filled(pixels: NativePixels, data: bytes) -> bool:
    """Whether libjpeg filled the end of a picture whose data stop early although an end marker follows.

    Such an end is grey 128 over the whole width. A picture can be so by itself; then, and only then, it is
    decoded again with further data before its end marker: these show up only where data were missing.
    """
    if not (pixels[-_JPEG_BLOCK_ROWS:] == _JPEG_FILLING).all():
        return False
    end = data.rindex(b"\xff\xd9")
    probe = _decoded(data[:end] + b"\x5a" * 4096 + data[end:], cv2.IMREAD_UNCHANGED)
    return not np.array_equal(probe, pixels)
