"""Annotated pictures for training: folders of `images/` and `masks/`, and lists that keep their parts apart."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.imaging.read import PICTURE_SUFFIXES, read, read_mask
from lsegdiff_gui.model.grid import GRID, mask_to_grid, picture_to_grid

SELECT_SHARE = 0.1  # of a folder without lists: held back for choosing checkpoints
GROUP_POWER = 0.75  # below 1 large centres do not drown small ones


class DataError(LSegDiffError):
    """Training or evaluation data cannot be used; the text says which and why."""


@dataclass(frozen=True)
class Pair:
    """One annotated picture: its stem, the two files, and the group (data set and centre) it was drawn from."""

    stem: str
    image: Path
    mask: Path
    group: str


def _files_by_stem(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise DataError(f"“{folder}” is not a folder: training data are folders with images/ and masks/.")
    try:
        return {p.stem: p for p in sorted(folder.iterdir()) if p.suffix.lower() in PICTURE_SUFFIXES}
    except OSError as error:
        raise DataError(f"“{folder}” cannot be read: {error.strerror}.") from error


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")  # some editors begin a text with the mark of its encoding
    except OSError as error:
        raise DataError(f"“{path}” cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"“{path}” is not a text in UTF-8. Save it as one.") from error


def _lines(names: Path) -> list[str]:
    lines = [line.strip() for line in _text(names).splitlines() if line.strip()]
    if not lines:
        raise DataError(f"“{names}” lists no picture: it needs one name a line, without suffix.")
    return lines


def pair_files(images: Path, masks: Path, names: Path | None = None) -> list[Pair]:
    """Pair the pictures of two folders by stem, in order; `names` limits them to the stems it lists, one a line.

    Raises DataError where a folder or `names` cannot be read, a listed picture has no file, or no pair is found.
    """
    image_files, mask_files = _files_by_stem(images), _files_by_stem(masks)
    stems = _lines(names) if names else sorted(image_files.keys() & mask_files.keys())
    missing = [stem for stem in stems if stem not in image_files or stem not in mask_files]
    if missing:
        raise DataError(
            f"“{names}” lists “{missing[0]}”, which has no picture in “{images}” or no mask in “{masks}”."
        )
    if not stems:
        raise DataError(f"No picture in “{images}” has a mask of the same name in “{masks}”.")
    return [Pair(stem, image_files[stem], mask_files[stem], images.parent.name) for stem in stems]


def split_pairs(folder: Path, part: str) -> list[Pair]:
    """The `train` or `select` pairs of a data folder.

    `folder` holds images/, masks/ and, if it has them, train.txt and select.txt (one stem a line) and index.csv
    with a `centre` column. Without lists a tenth is held back by a hash of the name, the same in every run.
    """
    names = folder / f"{part}.txt"
    pairs = pair_files(folder / "images", folder / "masks", names if names.is_file() else None)
    if not names.is_file():
        pairs = [pair for pair in pairs if _is_held_back(pair.stem) == (part == "select")]
    centres = _centres(folder / "index.csv")
    return [Pair(p.stem, p.image, p.mask, f"{folder.name}/{centres.get(p.stem, '')}") for p in pairs]


def _is_held_back(stem: str) -> bool:
    return sha256(stem.encode()).digest()[0] < 256 * SELECT_SHARE


def _centres(index: Path) -> dict[str, str]:
    if not index.is_file():
        return {}
    rows = csv.DictReader(io.StringIO(_text(index), newline=""))
    return {row["stem"]: row.get("centre") or "" for row in rows if "stem" in row}


def read_pair(pair: Pair) -> tuple[Picture, npt.NDArray[np.uint8]]:
    """The picture and its mask (H, W) 0/1 at the picture's size. Raises DataError where the sizes differ."""
    picture, mask = read(pair.image), read_mask(pair.mask)
    if mask.shape != picture.rgb8.shape[:2]:
        raise DataError(f"“{pair.mask.name}” is {mask.shape[1]}×{mask.shape[0]}, its picture is not.")
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


def load_set(pairs: Sequence[Pair], side: int, *, balance: float = GROUP_POWER) -> PictureSet:
    """Read all pairs on to the model's grid, pictures of `side`² pixels.

    A group of n pictures (a centre's; those without a lesion apart) is drawn in proportion to n^balance. Raises
    ImageError or DataError at the first that cannot be used.
    """
    if not pairs:
        raise DataError("There is no annotated picture to work on.")
    pictures = np.empty((len(pairs), 3, side, side), np.uint8)
    masks = np.empty((len(pairs), 1, GRID, GRID), np.uint8)
    for i, pair in enumerate(pairs):
        picture, mask = read_pair(pair)
        pictures[i] = picture_to_grid(picture.rgb8, side).transpose(2, 0, 1)
        masks[i, 0] = mask_to_grid(mask)
    groups = [(pair.group, bool(mask.any())) for pair, mask in zip(pairs, masks, strict=True)]
    sizes = Counter(groups)
    weights = np.array([sizes[group] ** (balance - 1.0) for group in groups])
    return PictureSet(pictures, masks, weights / weights.sum())
