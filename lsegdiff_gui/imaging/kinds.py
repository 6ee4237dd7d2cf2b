"""The kinds of picture files: their names and suffixes, what of them is read, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["jpeg", "png", "tiff", "bmp", "webp", "dicom"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of picture file. refused: what is not read, each with a sentence that names it."""

    format: Format
    name: str
    suffixes: tuple[str, ...]
    read: str
    refused: str


KINDS = (
    Kind(
        "jpeg",
        "JPEG",
        (".jpg", ".jpeg", ".jpe", ".jfif"),
        "8 bit: colour, grey, inks (CMYK and YCCK, as Photoshop writes them); progressive; EXIF orientation 1 to 8",
        "12 and 16 bit, lossless JPEG, JPEG 2000, files that lack a part",
    ),
    Kind(
        "png",
        "PNG",
        (".png",),
        "1 to 16 bit: grey, colour, palette, with transparency (alpha or tRNS); interlaced; orientation in eXIf; "
        "of moving pictures the first",
        "files whose checksums are wrong, files that lack a part",
    ),
    Kind(
        "tiff",
        "TIFF",
        (".tif", ".tiff"),
        "1 to 16 bit: grey, black or white as zero, colour, palette, inks, with transparency; strips and tiles, planes "
        "beside or behind each other; BigTIFF; both byte orders; pages; orientation tag; no compression, LZW, Deflate, "
        "PackBits, LZMA, JPEG, fax",
        "signed and floating values, CIE L*a*b*, Zstandard, WebP, JPEG 2000, the old JPEG",
    ),
    Kind(
        "bmp",
        "BMP",
        (".bmp", ".dib"),
        "1, 4, 8, 24 and 32 bits a pixel, with run lengths, of Windows and OS/2",
        "16 bits a pixel",
    ),
    Kind(
        "webp",
        "WebP",
        (".webp",),
        "lossy and lossless, with transparency; EXIF orientation 1 to 8; of moving pictures the first",
        "files that lack a part",
    ),
    Kind(
        "dicom",
        "DICOM",
        (".dcm", ".dicom"),
        "with pydicom: grey of 1 to 16 bit (MONOCHROME1 and 2, window, rescaling), RGB, YBR, palettes; frames; "
        "ordinary JPEG, run lengths, and what else an installed decoder reads; files without a suffix in folders; "
        "overlays and curves are left out",
        "reports and other files without a picture, video, whole slides, compressions without a decoder",
    ),
)

PICTURE_SUFFIXES = frozenset(suffix for kind in KINDS for suffix in kind.suffixes)
"""What names of picture files end with, in small letters."""


def kind_names() -> str:
    """“JPEG, PNG, … or DICOM”."""
    *most, last = (kind.name for kind in KINDS)
    return f"{', '.join(most)} or {last}"
