"""Annotated pictures: pairs of a picture and its mask, in folders of `images/` and `masks/`."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.kinds import PICTURE_SUFFIXES
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.imaging.read import MASK_SUFFIX, read, read_mask

Mask = npt.NDArray[np.uint8]

GROUP_POWER = 0.75  # below 1 large centres do not drown small ones
_MASK_ENDING = Path(MASK_SUFFIX).stem  # of the stems of exported masks


class DataError(LSegDiffError):
    """Training or evaluation data cannot be used; the text says which and why."""


class Outlines(Protocol):
    """A mask without a file of its own, as COCO files hold them."""

    def drawn(self, height: int, width: int) -> Mask:
        """The mask (H, W) 0/1 of a picture of that size. Raises DataError where it is of another, or broken."""


@dataclass(frozen=True)
class Pair:
    """One annotated picture: its stem, file and mask, and the group (data set and centre) it was drawn from."""

    stem: str
    image: Path
    mask: Path | Outlines
    group: str


@dataclass(frozen=True)
class LeftOut:
    """A picture that cannot be used, and the reason as a sentence."""

    path: Path
    reason: str


def files_in(folder: Path) -> list[Path]:
    """All that lies in a data folder's images/ or masks/ but hidden files, in order. Raises DataError."""
    if not folder.is_dir():
        raise DataError(f"“{folder}” is not a folder: training data are folders with images/ and masks/.")
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise DataError(f"“{folder}” cannot be read: {error.strerror}.") from error


def is_picture(path: Path) -> bool:
    """Whether a file's suffix is one of a picture's."""
    return path.suffix.lower() in PICTURE_SUFFIXES


def masks_by_stem(files: Iterable[Path]) -> dict[str, Path]:
    """Mask files by the stems of their pictures: X.png, or X_mask.png as this program exports it."""
    masks = [path for path in files if is_picture(path)]
    exported = {p.stem.removesuffix(_MASK_ENDING): p for p in masks if p.stem.endswith(_MASK_ENDING)}
    return exported | {path.stem: path for path in masks}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")  # some editors begin a text with the mark of its encoding
    except OSError as error:
        raise DataError(f"“{path}” cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"“{path}” is not a text in UTF-8. Save it as one.") from error


def names_in(names: Path) -> list[str]:
    """The stems that a list names, one a line. Raises DataError where it cannot be read or names none."""
    lines = [line.strip() for line in _text(names).splitlines() if line.strip()]
    if not lines:
        raise DataError(f"“{names}” lists no picture: it needs one name a line, without suffix.")
    return lines


def centres_in(index: Path) -> dict[str, str]:
    """Centres by stem from a table with the columns `stem` and `centre`; empty where it tells none.

    Raises DataError where the file is no text.
    """
    if not index.is_file():
        return {}
    rows = csv.DictReader(io.StringIO(_text(index), newline=""))
    return {row["stem"]: row["centre"] for row in rows if row.get("stem") and row.get("centre")}


def pair_files(images: Path, masks: Path, names: Path | None = None) -> list[Pair]:
    """Pair the pictures of two folders by stem, in order; `names` limits them to the stems it lists, one a line.

    Raises DataError where a folder or `names` cannot be read, a listed picture has no file, or no pair is found.
    """
    image_files = {path.stem: path for path in files_in(images) if is_picture(path)}
    mask_files = masks_by_stem(files_in(masks))
    stems = names_in(names) if names else sorted(image_files.keys() & mask_files.keys())
    missing = [stem for stem in stems if stem not in image_files or stem not in mask_files]
    if missing:
        raise DataError(
            f"“{names}” lists “{missing[0]}”, which has no picture in “{images}” or no mask in “{masks}”."
        )
    if not stems:
        raise DataError(f"No picture in “{images}” has a mask of the same name in “{masks}”.")
    return [Pair(stem, image_files[stem], mask_files[stem], images.parent.name) for stem in stems]


def read_pair(pair: Pair) -> tuple[Picture, Mask]:
    """The picture and its mask (H, W) 0/1 at the picture's size. Raises ImageError, or DataError: other sizes."""
    picture = read(pair.image)
    height, width = picture.rgb8.shape[:2]
    if not isinstance(pair.mask, Path):
        return picture, pair.mask.drawn(height, width)
    mask = read_mask(pair.mask)
    if mask.shape != (height, width):
        raise DataError(
            f"The mask “{pair.mask.name}” is {mask.shape[1]}×{mask.shape[0]}, its picture {width}×{height}."
        )
    return picture, mask


@dataclass(frozen=True)
class PictureSet:
    """Pictures and masks on the model's grid, in memory.

    pictures: (N, 3, S, S) uint8 RGB, S the network's picture side; masks: (N, 1, 256, 256) uint8 0/1; weights: (N,)
    float64, the chances of being drawn, summing to 1.
    """

    pictures: npt.NDArray[np.uint8]
    masks: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.pictures)


def balanced(groups: Sequence[Hashable], power: float) -> npt.NDArray[np.float64]:
    """The chance of each picture to be drawn, by its group: a group of n is drawn in proportion to n^power."""
    sizes = Counter(groups)
    weights: npt.NDArray[np.float64] = np.array([sizes[group] ** (power - 1.0) for group in groups])
    weights /= weights.sum()
    return weights
