"""What a picture file says about itself before anything is decoded: format, size and orientation."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from lsegdiff_gui.imaging import dicom, tiff
from lsegdiff_gui.imaging.broken import BrokenFile, cut_off, damaged, no_such_page
from lsegdiff_gui.imaging.kinds import Format, kind_names

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EXIF_MARK = b"Exif\0\0"
# Start-of-frame markers; C4, C8 and CC in their midst mean something else (ITU T.81, table B.1).
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_DEEP = (12, 16)  # bits per channel the standard knows beside 8; decoders mostly do not
_JPEG_SCAN, _JPEG_END, _JPEG_APP1 = 0xDA, 0xD9, 0xE1
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length

# Files people try that this program does not read: where the mark stands, the mark, what it is.
_FOREIGN = (
    (0, b"GIF8", "a GIF file"),
    (4, b"ftypheic", "a HEIC file"),
    (4, b"ftypmif1", "a HEIF file"),
    (4, b"ftypavif", "an AVIF file"),
    (4, b"jP  \r\n", "a JPEG 2000 file"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 file"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
)


@dataclass(frozen=True, slots=True)
class Header:
    """What the file says of one of its pages, counted from 1. Only TIFF and DICOM files have more than one.

    width, height: pixels as stored, before `orientation` (EXIF, 1 to 8) is applied.
    """

    format: Format
    width: int
    height: int
    orientation: int = 1
    page: int = 1
    pages: int = 1


def read_header(data: bytes, page: int = 1) -> Header:
    """Read format, stored size and orientation without decoding a pixel. data: the file's bytes.

    Raises:
        BrokenFile: empty, not a picture, a picture of a kind that is not read, cut inside its header, or
            without such a page.
    """
    if not data:
        raise BrokenFile("the file is empty (0 bytes)", "Copy it again from its source.")
    try:
        header = _parse(data, page)
    except (struct.error, IndexError, tiff.TiffError) as problem:
        raise cut_off() from problem
    if not 1 <= page <= header.pages:
        raise no_such_page(page, header.pages)
    if header.width < 1 or header.height < 1:
        raise damaged()
    return header


def _parse(data: bytes, page: int) -> Header:
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith(PNG_SIGNATURE):
        return _png(data)
    if data[:4] in tiff.MARKS:
        return _tiff(data, page)
    if data.startswith(dicom.MARK, dicom.MARK_AT):
        facts = dicom.facts(data)
        return Header("dicom", facts.width, facts.height, 1, page, facts.frames)
    if data.startswith(b"BM"):
        return _bmp(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    for start, mark, name in _FOREIGN:
        if data[start : start + len(mark)] == mark:
            raise BrokenFile(f"it is {name}", "Save it as PNG, JPEG or TIFF and open that.")
    if any(mark.startswith(data) for mark in (PNG_SIGNATURE, b"\xff\xd8", b"II*\0", b"MM\0*", b"RIFF")):
        raise cut_off()
    raise BrokenFile("it is not a picture", f"Choose a {kind_names()} file.")


def _tiff(data: bytes, page: int) -> Header:
    pages = tiff.pages(data)
    if not 1 <= page <= len(pages):
        raise no_such_page(page, len(pages))
    directory = pages[page - 1]
    width, height = directory.value(tiff.WIDTH), directory.value(tiff.HEIGHT)
    return Header("tiff", width, height, directory.orientation, page, len(pages))


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The segments of a JPEG up to and with its first scan: (marker, start, end) of each one's content.

    Raises IndexError or struct.error where the file ends before a scan, BrokenFile where no marker stands.
    """
    at = 2
    while True:
        if data[at] != 0xFF:
            raise damaged()
        while data[at] == 0xFF:  # markers may be preceded by any number of fill bytes
            at += 1
        marker = data[at]
        at += 1
        if marker == _JPEG_END:
            raise damaged()
        if marker in _JPEG_BARE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        yield marker, at + 2, at + length
        if marker == _JPEG_SCAN:
            return
        at += length


def _jpeg(data: bytes) -> Header:
    orientation: int | None = None
    for marker, start, end in jpeg_segments(data):
        if marker == _JPEG_APP1 and orientation is None and data.startswith(_EXIF_MARK, start):
            orientation = tiff.orientation_of(data[start + len(_EXIF_MARK) : end])
        elif marker in _JPEG_FRAMES:
            depth, height, width = struct.unpack_from(">BHH", data, start)
            if depth in _JPEG_DEEP:
                raise BrokenFile(f"it is a {depth}-bit JPEG", "Save it as 8-bit JPEG or 16-bit PNG.")
            if depth != 8:
                raise damaged()
            return Header("jpeg", width, height, orientation or 1)
    raise damaged()


def _png(data: bytes) -> Header:
    if data[12:16] != b"IHDR":
        raise cut_off() if len(data) < 16 else damaged()
    width, height = struct.unpack_from(">II", data, 16)
    orientation = 1
    for kind, start, end in png_chunks(data):
        if kind == b"eXIf":
            orientation = tiff.orientation_of(data[start:end])
    return Header("png", width, height, orientation)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The chunks of a PNG that lie wholly in the file: (kind, start, end) of each one's content."""
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        start, end = at + 8, at + 8 + length
        if end + 4 > len(data):
            return
        yield kind, start, end
        at = end + 4


def _bmp(data: bytes) -> Header:
    (size,) = struct.unpack_from("<I", data, 14)
    if size == 12:  # OS/2 1.x
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    return Header("bmp", width, abs(height))  # a negative height: rows from top to bottom


def bmp_bits(data: bytes) -> int:
    """The bits of a pixel of a BMP file. Raises struct.error where the file ends before."""
    (size,) = struct.unpack_from("<I", data, 14)
    (bits,) = struct.unpack_from("<H", data, 24 if size == 12 else 28)
    return int(bits)


def _webp(data: bytes) -> Header:
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = (value & 0x3FFF for value in struct.unpack_from("<HH", data, 26))
        return Header("webp", width, height)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Header("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        if len(data) < 30:
            raise cut_off()
        return Header("webp", width, height, _webp_orientation(data))
    raise cut_off() if len(data) < 16 else damaged()


def _webp_orientation(data: bytes) -> int:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"EXIF":
            exif = data[at + 8 : at + 8 + length]
            return tiff.orientation_of(exif.removeprefix(_EXIF_MARK))
        at += 8 + length + length % 2
    return 1
