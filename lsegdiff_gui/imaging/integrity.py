"""Whether a picture file is all there. Decoders may fill missing parts with grey, not to be outlined."""

from __future__ import annotations

import re
import struct
import zlib

from lsegdiff_gui.imaging import tiff
from lsegdiff_gui.imaging.broken import cut_off, damaged
from lsegdiff_gui.imaging.header import Header, bmp_bits, jpeg_segments, png_chunks

# Inside a scan FF 00 is a data byte, FF D0 … FF D7 restart it and FF FF is filling (ITU T.81, B.1.1).
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JPEG_END = b"\xff\xd9"
# Pixels of the largest unit that may take a single bit: 16 × 16 where the colours are halved both ways.
_JPEG_BLOCK = 256
_DEFLATE_AT_MOST = 1032  # how far Deflate can shrink anything
_BMP_UNCOMPRESSED = (0, 3)  # BI_RGB, BI_BITFIELDS


def check_complete(data: bytes, header: Header) -> None:
    """Check, without decoding, that nothing the file announces is missing. data: the file's bytes.

    Raises:
        BrokenFile: the file ends too early, or a checksum contradicts its content.
    """
    try:
        match header.format:
            case "jpeg":
                _check_jpeg(data, header)
            case "png":
                _check_png(data, header)
            case "tiff":
                _check_tiff(data, header)
            case "bmp":
                _check_bmp(data, header)
            case "webp":
                _check_webp(data)
            case "dicom":
                pass  # pydicom notices where the values of a frame are missing
    except (struct.error, IndexError, tiff.TiffError) as problem:
        raise cut_off() from problem


def _check_jpeg(data: bytes, header: Header) -> None:
    # Each block takes a bit at least: a few bytes that announce a huge picture would be decoded to grey for seconds.
    if header.width * header.height > len(data) * 8 * _JPEG_BLOCK:
        raise cut_off()
    at = 0
    for _marker, _start, end in jpeg_segments(data):
        at = end
    while marker := _JPEG_MARKER.search(data, at):
        if marker.group() == _JPEG_END:
            return
        # A further scan of a progressive picture, or its tables: their content may look like an end marker.
        (length,) = struct.unpack_from(">H", data, marker.end())
        at = marker.end() + length
    raise cut_off()


def _check_png(data: bytes, header: Header) -> None:
    # A row has a byte at least for its filter, and one for each eight pixels.
    if header.height * (1 + header.width // 8) > len(data) * _DEFLATE_AT_MOST:
        raise cut_off()
    has_pixels = False
    for kind, start, end in png_chunks(data):
        is_needed = kind[:1].isupper()
        if is_needed and zlib.crc32(data[start - 4 : end]) != int.from_bytes(data[end : end + 4], "big"):
            raise damaged()
        has_pixels = has_pixels or kind == b"IDAT"
        if kind == b"IEND":
            if not has_pixels:
                raise damaged()
            return
    raise cut_off()


def _check_tiff(data: bytes, header: Header) -> None:
    directory = tiff.pages(data)[header.page - 1]
    if directory.end > len(data):
        raise cut_off()
    for offsets, counts in (
        (tiff.STRIP_OFFSETS, tiff.STRIP_BYTE_COUNTS),
        (tiff.TILE_OFFSETS, tiff.TILE_BYTE_COUNTS),
    ):
        parts = zip(directory.values(offsets), directory.values(counts), strict=False)
        if any(start + length > len(data) for start, length in parts):
            raise cut_off()


def _check_bmp(data: bytes, header: Header) -> None:
    first, size = struct.unpack_from("<II", data, 10)
    bits = bmp_bits(data)
    if size > 12:  # OS/2 1.x is never compressed
        (compression,) = struct.unpack_from("<I", data, 30)
        if compression not in _BMP_UNCOMPRESSED:
            return  # the decoder notices a run-length stream without its end
    row = (header.width * bits + 31) // 32 * 4
    # Some programs leave out the padding of the last row.
    if first + row * (header.height - 1) + (header.width * bits + 7) // 8 > len(data):
        raise cut_off()


def _check_webp(data: bytes) -> None:
    (size,) = struct.unpack_from("<I", data, 4)
    if 8 + size > len(data):
        raise cut_off()
