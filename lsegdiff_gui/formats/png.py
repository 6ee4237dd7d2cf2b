"""PNG files of masks and drafts, without any metadata: binary, numbered classes, 16-bit maps."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import IGNORE, NONE, Label, Labels
from lsegdiff_gui.annotation.resample import upsampled
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.header import PNG_SIGNATURE
from lsegdiff_gui.imaging.write import encode_png, write_atomically

Mask = npt.NDArray[np.uint8]

DEEP_PER_LEVEL = 257
"""From 255 steps to 65535: the ends stay the ends, and division by it gives the model's own values back."""

_PALETTE_TYPE = 3
# Of the header chunk: where the colour type stands in its 13 bytes, and in the file.
_TYPE_AT, _HEADER_BYTES = 9, 13
_HEADER_END = len(PNG_SIGNATURE) + 12 + _HEADER_BYTES
# Rows that are brought to full size at a time: 16 MB of numbers at a width of 8192.
_ROWS = 512


def mask_png(mask: Mask) -> bytes:
    """Encode labels, (H, W) uint8: all but background and Ignore become 255, as two values cannot tell a third."""
    return encode_png(np.where((mask != NONE) & (mask != IGNORE), np.uint8(255), np.uint8(0)))


def write_mask(path: Path, mask: Mask) -> None:
    """Write `mask_png` atomically. Raises ImageError where the file cannot be written."""
    write_atomically(path, mask_png(mask))


def index_png(mask: Mask, labels: Iterable[Label]) -> bytes:
    """Encode labels, (H, W) uint8, as they are: each pixel's value is its label's number, shown in its colour."""
    palette = np.zeros((256, 3), np.uint8)
    for label in labels:
        palette[label.id] = rgb_of(label)
    # OpenCV writes no palettes, but a grey picture's pixels are stored like those of a palette's.
    grey = encode_png(mask)
    header = grey[len(PNG_SIGNATURE) + 8 : len(PNG_SIGNATURE) + 8 + _HEADER_BYTES]
    header = header[:_TYPE_AT] + bytes([_PALETTE_TYPE]) + header[_TYPE_AT + 1 :]
    return PNG_SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"PLTE", palette.tobytes()) + grey[_HEADER_END:]


def label_map(labels: Labels) -> bytes:
    """The table of numbered classes as CVAT and others read it: name:red,green,blue:: on each line."""
    lines = ["# label:color_rgb:parts:actions", "background:0,0,0::"]
    for label in labels:
        red, green, blue = rgb_of(label)
        name = label.name.replace(":", " ").replace("\n", " ")
        lines.append(f"{name}:{red},{green},{blue}::")
    return ("\n".join(lines) + "\n").encode(errors="backslashreplace")


def deep(plane: Mask, width: int, height: int) -> npt.NDArray[np.uint16]:
    """A plane on the model's grid, (G, G) uint8, at the picture's size: (height, width) uint16, linear between cells.

    0 to 65535 stands for 0 to 255.
    """
    whole = np.empty((height, width), np.uint16)
    for top in range(0, height, _ROWS):
        box = Box(0, top, width, min(top + _ROWS, height))
        whole[box.slices] = np.rint(upsampled(plane, box, width, height) * DEEP_PER_LEVEL)
    return whole


def rgb_of(label: Label) -> tuple[int, int, int]:
    """A label's colour as red, green and blue, 0 to 255."""
    value = int(label.colour.lstrip("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
