"""COCO's run lengths, plain and compressed: lossless, and the same as those of pycocotools.

Counts run column by column, background first. Plain: a list of numbers. Compressed: a string of ASCII
characters, each with six bits of a number; from the fourth on a count is stored as what it differs by from the
one two before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.imaging.geometry import Box

Mask = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]

MOST_PIXELS = 2**30
"""A mask of more is refused before memory is asked for: seven times the largest picture that is opened."""

# Of a compressed string: five bits of the number, one that says "more follows", all from the character "0" on.
_BITS, _MORE, _SIGN, _FIRST = 5, 0x20, 0x10, ord("0")
# 35 bits: more than any count of MOST_PIXELS needs, and sums of them stay below 2**63.
_MOST_CHARACTERS = 7


class Rle(TypedDict):
    """size: [height, width]; counts: lengths of the runs, column by column, background first."""

    size: list[int]
    counts: list[int]


class CompressedRle(TypedDict):
    """size: [height, width]; counts: the same numbers as a string of ASCII characters."""

    size: list[int]
    counts: str


def encode_rle(mask: Mask) -> Rle:
    """Encode (H, W) uint8, zero and not zero, as plain run lengths."""
    height, width = mask.shape
    box = Box.of(mask)
    return encode_part(mask[box.slices] != 0, box, width, height)


def encode_part(inside: Bools, box: Box, width: int, height: int) -> Rle:
    """Encode what lies in a box only: most of a large picture is background.

    inside: (box.height, box.width); width, height: of the whole picture.
    """
    if box.is_empty:
        return {"size": [height, width], "counts": [height * width]}
    # OpenCV transposes eight times as fast as numpy, which matters at 8192 x 8192. The borders end each column's runs.
    columns = cv2.copyMakeBorder(
        cv2.transpose(inside.view(np.uint8)), 0, 0, 1, 1, cv2.BORDER_CONSTANT, value=0
    )
    changes = 1 + np.flatnonzero(columns.ravel()[1:] != columns.ravel()[:-1])
    column, row = np.divmod(changes, box.height + 2)
    edges = (box.x0 + column) * height + box.y0 + row - 1
    # A run that goes on from the foot of a column at the head of the next is one run.
    goes_on = edges[1:] == edges[:-1]
    edges = edges[~(np.append(goes_on, False) | np.append(False, goes_on))]
    counts: list[int] = np.diff(edges, prepend=0, append=height * width).tolist()
    if counts[-1] == 0:
        counts.pop()  # the lesion reaches the last pixel: no background run of length 0 behind it
    return {"size": [height, width], "counts": counts}


def compress(rle: Rle) -> CompressedRle:
    """The same mask with its counts as a string."""
    return {"size": rle["size"], "counts": compressed(rle["counts"])}


def decode_rle(rle: Mapping[str, Any], *, most_pixels: int = MOST_PIXELS) -> Mask:
    """Decode run lengths, plain or compressed, to (H, W) uint8, 0 and 1.

    Raises:
        FormatError: the counts are no run lengths, do not add up to the size, or make more than `most_pixels`.
    """
    height, width = size_of(rle)
    if height * width > most_pixels:
        raise FormatError(
            f"A mask has {width} × {height} pixels, more than can be opened. Is its file damaged?"
        )
    counts = counts_of(rle)
    # Each is checked before their sum is taken: hostile counts must not wrap around.
    is_sound = bool(((counts >= 0) & (counts <= height * width)).all())
    if not is_sound or int(counts.sum()) != height * width:
        raise FormatError(
            f"A mask's run lengths do not add up to its size of {width} × {height} pixels. "
            "Export it again from its source."
        )
    runs = np.repeat(np.arange(counts.size, dtype=np.uint8) & 1, counts)
    return np.asarray(cv2.transpose(runs.reshape(width, height)), np.uint8)


def size_of(rle: Mapping[str, Any]) -> tuple[int, int]:
    """Height and width of the mask in pixels, each at least 1. Raises FormatError for anything else."""
    try:
        height, width = rle["size"]
    except (KeyError, TypeError, ValueError) as problem:
        raise _no_rle() from problem
    if not all(type(side) is int and side >= 1 for side in (height, width)):
        raise _no_rle()
    return height, width


def counts_of(rle: Mapping[str, Any]) -> Counts:
    """The run lengths, (N,) int64, plain or compressed in the file; not checked against the size.

    Raises FormatError where they are no whole numbers.
    """
    counts = rle.get("counts")
    if isinstance(counts, str | bytes):
        return decompressed(counts)
    if not isinstance(counts, list):
        raise _no_rle()
    try:
        numbers = np.array(counts if counts else [], dtype=None if counts else np.int64)
        if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
            raise _no_rle()
        return numbers.astype(np.int64, casting="safe")
    except (TypeError, ValueError, OverflowError) as problem:
        raise _no_rle() from problem


def compressed(counts: list[int]) -> str:
    """Counts as the string that pycocotools makes of them."""
    numbers = np.array(counts, np.int64)
    numbers[3:] -= np.array(counts[1:-2], np.int64)
    # As many characters as hold the number with its sign.
    lengths = np.ones(numbers.size, np.int64)
    for bits in range(_BITS, _BITS * _MOST_CHARACTERS, _BITS):
        lengths += (numbers >= 1 << (bits - 1)) | (numbers < -(1 << (bits - 1)))
    starts = np.cumsum(lengths) - lengths
    text = np.empty(int(lengths.sum()), np.uint8)
    for place in range(int(lengths.max(initial=0))):
        has = lengths > place
        more = np.where(lengths[has] > place + 1, _MORE, 0)
        text[starts[has] + place] = ((numbers[has] >> _BITS * place) & (_MORE - 1)) + more + _FIRST
    return text.tobytes().decode("ascii")


def decompressed(text: str | bytes) -> Counts:
    """The counts of a compressed string: (N,) int64, not checked. Raises FormatError where it is none."""
    try:
        raw = text.encode("ascii") if isinstance(text, str) else text
    except UnicodeEncodeError as problem:
        raise _no_rle() from problem
    pieces = np.frombuffer(raw, np.uint8).astype(np.int64) - _FIRST
    ends = np.flatnonzero(pieces & _MORE == 0)
    is_whole = ends.size > 0 and ends[-1] == pieces.size - 1
    if not is_whole or ((pieces < 0) | (pieces >= 2 * _MORE)).any():
        raise _no_rle()
    starts = np.append(0, ends[:-1] + 1)
    lengths = ends - starts + 1
    if lengths.max() > _MOST_CHARACTERS:
        raise _no_rle()
    place = np.arange(pieces.size) - np.repeat(starts, lengths)
    numbers = np.add.reduceat((pieces & (_MORE - 1)) << (_BITS * place), starts)
    numbers -= np.where(pieces[ends] & _SIGN, np.int64(1) << (_BITS * lengths), 0)
    numbers[1::2] = np.cumsum(numbers[1::2])
    numbers[2::2] = np.cumsum(numbers[2::2])
    return np.asarray(numbers, np.int64)


def _no_rle() -> FormatError:
    return FormatError("A mask is not stored as run lengths (RLE). Export it again from its source.")
