"""Masks that are pictures: 0 and 1, 0 and 255, numbers of classes, palettes, colours, and the noise of JPEG."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.found import U8, Drawn, Entry, Source
from lsegdiff_gui.imaging.broken import BrokenFile
from lsegdiff_gui.imaging.decode import decode
from lsegdiff_gui.imaging.header import PNG_SIGNATURE, png_chunks, read_header
from lsegdiff_gui.imaging.picture import ImageError, Picture
from lsegdiff_gui.imaging.read import read

Colours = Mapping[tuple[int, int, int], str]
"""What colours (red, green, blue) mean; the name "background" is that of no label."""

LABEL_MAP = "labelmap.txt"
"""The table of colours that CVAT and others lay beside coloured masks."""

IGNORE_NAME = "Ignore"

_BINARY = 1
# More classes than this nobody tells apart: it is a photograph.
_MOST_CLASSES = 64
_MOST_COLOURS = 200
# Values this near to black or white are one of both, blurred or compressed; a mask has hardly any others.
_NEAR, _SHARE_NEAR = 48, 0.95
# No class has a number up there, but for those below that mean "ignore": such values are white with noise.
_WHITISH = range(240, 254)
_IGNORED, _LARGEST_BESIDE_IGNORED = (254, 255), 63
_PALETTE_TYPE, _GREY_TYPE = 3, 0


@dataclass(frozen=True, eq=False)
class Coded:
    """A mask file read. plane: (H, W) uint8, 0 background; names: for each other value in it the category's name."""

    plane: U8
    names: Mapping[int, str]
    sha256: str
    remark: str = ""


@dataclass(frozen=True)
class Pixels:
    """The content of a mask file that is read again when it is drawn: planes of ten thousand do not fit into memory."""

    path: Path
    sha256: str
    names: Mapping[int, str]
    colours: Colours

    @property
    def categories(self) -> Sequence[str]:
        """The names of its classes by number."""
        return tuple(dict.fromkeys(self.names.values()))

    def drawn(self, numbers: Mapping[str, int], width: int, height: int, *, by_shape: bool = True) -> Drawn:
        """Read the file again; its parts that hang together are lesions, whatever `by_shape` says."""
        coded = read_coded(self.path, self.colours)
        if coded.sha256 != self.sha256:
            raise FormatError(f"“{self.path.name}” was replaced after it was looked at. Choose it again.")
        table = np.zeros(256, np.uint8)
        for code, name in self.names.items():
            table[code] = numbers.get(name, 0)
        return Drawn(table[coded.plane])


def read_mask_file(path: Path, colours: Colours) -> Entry:
    """What a mask file holds; its picture follows from its name. A file that is no mask is an entry with a refusal."""
    try:
        coded = read_coded(path, colours)
    except (FormatError, ImageError) as problem:
        return Entry(Source(path, "png", ""), path.name, 0, 0, None, refusal=str(problem))
    height, width = coded.plane.shape
    content = Pixels(path, coded.sha256, coded.names, colours)
    remarks = (coded.remark,) if coded.remark else ()
    return Entry(Source(path, "png", coded.sha256), path.name, width, height, content, remarks=remarks)


def read_coded(path: Path, colours: Colours) -> Coded:
    """Read a mask file, upright. Raises ImageError for no picture, FormatError, as a sentence, for no mask."""
    picture = read(path)
    indexed = _indexed(path)
    palette: Sequence[tuple[int, int, int]] = ()
    if indexed is not None:
        values, palette = indexed
    elif picture.native.ndim == 2:
        values = _in_8_bit(picture.native)
    elif _is_grey(picture.rgb8):
        values = np.ascontiguousarray(picture.rgb8[..., 0])
    elif _is_lossy(path):
        values = np.asarray(cv2.cvtColor(picture.rgb8, cv2.COLOR_RGB2GRAY), np.uint8)
    else:
        return _by_colours(picture, colours)
    counts = np.bincount(values.ravel(), minlength=256)
    found = np.flatnonzero(counts)
    is_exact = not _is_lossy(path)
    if is_exact and (set(found.tolist()) <= {0, 1} or set(found.tolist()) <= {0, 255}):
        return Coded((values != 0).view(np.uint8), {_BINARY: ""}, picture.sha256)
    if is_exact and found.size <= _MOST_CLASSES and not counts[list(_WHITISH)].any():
        names = _class_names(found[found > 0].tolist())
        # A table beside the masks says what the palette's colours stand for.
        names |= {value: colours[palette[value]] for value in names if colours.get(_at(palette, value))}
        return Coded(values, names, picture.sha256)
    near = counts[:_NEAR].sum() + counts[256 - _NEAR :].sum()
    if near < _SHARE_NEAR * values.size:
        raise FormatError(
            "it is a picture of many shades, not a mask: a mask has few values, or black and white."
        )
    remark = "" if not is_exact else "It has shades between black and white: from half on is inside."
    return Coded((values > 127).view(np.uint8), {_BINARY: ""}, picture.sha256, remark)


def read_label_map(path: Path) -> dict[tuple[int, int, int], str]:
    """The colours of a labelmap.txt, lines of name:red,green,blue and more behind; other lines are skipped."""
    try:
        lines = path.read_text("utf-8-sig", errors="replace").splitlines()
    except OSError:
        return {}
    colours = {}
    for line in lines[:1000]:
        name, _, rest = line.partition(":")
        values = rest.partition(":")[0].split(",")
        if (
            len(values) == 3
            and not line.startswith("#")
            and all(value.strip().isdecimal() for value in values)
        ):
            red, green, blue = (min(int(value), 255) for value in values)
            colours[red, green, blue] = name.strip()
    return colours


def _class_names(values: Sequence[int]) -> dict[int, str]:
    largest = max((value for value in values if value not in _IGNORED), default=0)
    ignores = largest <= _LARGEST_BESIDE_IGNORED
    return {value: IGNORE_NAME if value in _IGNORED and ignores else str(value) for value in values}


def _by_colours(picture: Picture, colours: Colours) -> Coded:
    rgb = picture.rgb8.astype(np.uint32)
    packed = (rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2]
    # A photograph is known by a part of it, before all of it is sorted.
    if np.unique(packed[::16, ::16]).size > _MOST_COLOURS:
        raise FormatError("it is a photograph, not a mask: a mask has few colours.")
    found, places = np.unique(packed, return_inverse=True)
    if found.size > _MOST_COLOURS:
        raise FormatError("it is a photograph, not a mask: a mask has few colours.")
    codes = np.zeros(found.size, np.uint8)
    names: dict[int, str] = {}
    for place, colour in enumerate(found.tolist()):
        red, green, blue = colour >> 16, colour >> 8 & 255, colour & 255
        name = colours.get((red, green, blue), f"#{colour:06x}" if colour else "background")
        if name.casefold() != "background":
            codes[place] = len(names) + 1
            names[len(names) + 1] = name
    return Coded(codes[places].reshape(packed.shape), names, picture.sha256)


def _in_8_bit(native: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]) -> U8:
    if native.dtype == np.uint8:
        return np.asarray(native, np.uint8)
    largest = int(native.max(initial=0))
    if largest <= 255:
        return native.astype(np.uint8)
    if bool(((native == 0) | (native == largest)).all()):
        return np.where(native != 0, np.uint8(255), np.uint8(0))
    raise FormatError("it holds 16-bit values, as maps of probability do, not a mask.")


def _is_grey(rgb8: U8) -> bool:
    return bool((rgb8[..., 0] == rgb8[..., 1]).all() and (rgb8[..., 1] == rgb8[..., 2]).all())


def _is_lossy(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\xff\xd8"


def _at(palette: Sequence[tuple[int, int, int]], value: int) -> tuple[int, int, int]:
    """A colour of the palette; one that no table has where it holds none of that number."""
    return palette[value] if value < len(palette) else (-1, -1, -1)


def _indexed(path: Path) -> tuple[U8, list[tuple[int, int, int]]] | None:
    """The numbers of a PNG with a palette, upright: (H, W) uint8, and its colours; None for other files.

    Two of its colours may be equal, so that the decoded colours do not tell the numbers: the same file without its
    palette is decoded, as grey of as many bits, whose pixels are stored alike.
    """
    with path.open("rb") as file:
        head = file.read(26)
        if not head.startswith(PNG_SIGNATURE) or head[25] != _PALETTE_TYPE:
            return None
        data = head + file.read()
    bits = head[24]
    chunks = [PNG_SIGNATURE]
    palette: list[tuple[int, int, int]] = []
    for kind, start, end in png_chunks(data):
        body = data[start:end]
        if kind == b"PLTE":
            palette = [(body[at], body[at + 1], body[at + 2]) for at in range(0, len(body) - 2, 3)]
        if kind == b"IHDR":
            body = body[:9] + bytes([_GREY_TYPE]) + body[10:]
        if kind in (b"IHDR", b"IDAT", b"IEND", b"eXIf"):
            chunks.append(
                struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            )
    grey = b"".join(chunks)
    try:
        pixels = decode(grey, read_header(grey)).native
    except BrokenFile as problem:
        raise FormatError(f"its palette cannot be read: {problem.cause}.") from problem
    scale = 255 // (2**bits - 1) if bits < 8 else 1
    return np.asarray(pixels // scale, np.uint8), palette
