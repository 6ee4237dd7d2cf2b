"""What a run learns from: pictures of folders and COCO files, parted and read, and those left out, with reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.grid import GRID, mask_to_grid, picture_to_grid
from lsegdiff_gui.training.coco_data import read_coco
from lsegdiff_gui.training.data import (
    GROUP_POWER,
    DataError,
    LeftOut,
    Pair,
    PictureSet,
    balanced,
    centres_in,
    files_in,
    is_picture,
    masks_by_stem,
    names_in,
    read_pair,
)

PARTS = ("train", "select")
SELECT_SHARE = 0.1  # of pictures without lists: held back for choosing weights
FEWEST = {"train": 8, "select": 2}


@dataclass
class Found:
    """Pairs by part ("train", "select"), not yet read, and what was left out so far."""

    pairs: dict[str, list[Pair]] = field(default_factory=lambda: {part: [] for part in PARTS})
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True)
class Material:
    """What could be read: the pictures in memory and their pairs, by part, and all that was left out."""

    sets: dict[str, PictureSet]
    pairs: dict[str, list[Pair]]
    left_out: tuple[LeftOut, ...]

    def fingerprint(self) -> str:
        """The SHA-256 of all pictures and masks as they are trained on, in their parts and order."""
        digest = sha256()
        for part in PARTS:
            for array in (self.sets[part].pictures, self.sets[part].masks):
                digest.update(repr((part, array.shape)).encode())
                digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def require_enough(self) -> None:
        """Raises DataError where too few pictures are left to learn from or to choose by."""
        for part, purpose in (("train", "train on"), ("select", "choose weights by")):
            if (count := len(self.pairs[part])) < FEWEST[part]:
                raise DataError(
                    f"{count} pictures are left to {purpose}, and at least {FEWEST[part]} are needed; "
                    f"{len(self.left_out)} were left out. Mend or add pictures with masks."
                )


def find(data: Iterable[Path]) -> Found:
    """The pairs of data folders and COCO files, each parted by the lists beside it: train.txt, select.txt, test.txt.

    A list holds one stem a line. Without select.txt a tenth is held back by a hash of the name, the same in every run;
    without train.txt the rest is trained on; what test.txt lists is left alone. index.csv may name centres.
    Raises DataError where a folder, a COCO file or a list cannot be read.
    """
    found = Found()
    for source in data:
        folder = source.parent if source.is_file() else source
        pairs, left_out = read_coco(source) if source.is_file() else _in_folder(folder)
        centres = centres_in(folder / "index.csv")
        pairs = [replace(p, group=f"{folder.name}/{centres.get(p.stem, '')}") for p in pairs]
        _part(found, folder, pairs, left_out)
    return found


def _in_folder(folder: Path) -> tuple[list[Pair], list[LeftOut]]:
    """The pairs of images/ and masks/, and the files there that are in none."""
    images, masks = files_in(folder / "images"), files_in(folder / "masks")
    by_stem = masks_by_stem(masks)
    pairs: dict[str, Pair] = {}
    left_out = []
    for path in images:
        if not is_picture(path):
            left_out.append(LeftOut(path, "its suffix is none of a picture's that can be read."))
        elif path.stem in pairs:
            left_out.append(LeftOut(path, f"“{pairs[path.stem].image.name}” has the same name and is used."))
        elif path.stem not in by_stem:
            left_out.append(LeftOut(path, "it has no mask of the same name in masks/."))
        else:
            pairs[path.stem] = Pair(path.stem, path, by_stem[path.stem], "")
    used = {pair.mask for pair in pairs.values()}
    unused = [path for path in masks if path not in used]
    return list(pairs.values()), left_out + [LeftOut(p, "it is a mask without a picture.") for p in unused]


def _part(found: Found, folder: Path, pairs: list[Pair], left_out: list[LeftOut]) -> None:
    """Sort one source's pairs into their parts; where there are lists, only what they name is missed."""
    files = {part: folder / f"{part}.txt" for part in (*PARTS, "test")}
    lists = {part: names_in(file) for part, file in files.items() if file.is_file()}
    stems: dict[str, list[Pair]] = {}
    for pair in pairs:
        stems.setdefault(pair.stem, []).append(pair)
    apart = {name for part in ("select", "test") for name in lists.get(part, ())}
    pool = [stem for stem in lists.get("train", stems) if stem not in apart]
    select = lists.get("select") or _held_back(stem for stem in pool if stem in stems)
    held = set(select)
    wanted = {"train": [stem for stem in pool if stem not in held], "select": select}
    for part, names in wanted.items():
        found.pairs[part] += [pair for name in dict.fromkeys(names) for pair in stems.get(name, ())]
    named = {name for names in wanted.values() for name in names} if "train" in lists else None
    found.left_out += [item for item in left_out if named is None or item.path.stem in named]
    known = {*stems, *(item.path.stem for item in left_out)}
    found.left_out += [
        LeftOut(Path(name), f"“{files[part]}” lists it, but there is no such picture.")
        for part in PARTS
        for name in lists.get(part, ())
        if name not in known
    ]


def _held_back(stems: Iterable[str]) -> list[str]:
    """A tenth of the stems by their hashes, two at least: the same whatever else is there."""
    hashes = {stem: sha256(stem.encode(errors="surrogateescape")).digest() for stem in stems}
    ranked = sorted(hashes, key=lambda stem: hashes[stem])
    count = sum(digest[0] < 256 * SELECT_SHARE for digest in hashes.values())
    return ranked[: max(count, FEWEST["select"])]


def load(
    found: Found,
    side: int,
    *,
    balance: float = GROUP_POWER,
    on_read: Callable[[int, int], None] = lambda count, of: None,
) -> Material:
    """Read all pairs on to the model's grid, pictures of `side`² pixels; what cannot be used is left out.

    Of pictures that are equal pixel for pixel the first stays, one of `select` before one of `train`. A group of n
    pictures (a centre's; those without a lesion apart) is drawn in proportion to n^balance.
    """
    reader = _Reader(side, list(found.left_out), on_read, sum(map(len, found.pairs.values())))
    read = {part: reader.read(found.pairs[part], balance) for part in reversed(PARTS)}
    return Material(
        sets={part: pictures for part, (pictures, _) in read.items()},
        pairs={part: pairs for part, (_, pairs) in read.items()},
        left_out=tuple(reader.left_out),
    )


@dataclass
class _Reader:
    """Reads pairs one after the other, and remembers what it has seen."""

    side: int
    left_out: list[LeftOut]
    on_read: Callable[[int, int], None]
    of: int
    count: int = 0
    seen: dict[bytes, Pair] = field(default_factory=dict)

    def read(self, pairs: Sequence[Pair], balance: float) -> tuple[PictureSet, list[Pair]]:
        pictures = np.empty((len(pairs), 3, self.side, self.side), np.uint8)
        masks = np.empty((len(pairs), 1, GRID, GRID), np.uint8)
        kept: list[Pair] = []
        for pair in pairs:
            try:
                picture, mask = read_pair(pair)
                self._refuse_twice(pair, picture)
            except LSegDiffError as error:
                self.left_out.append(LeftOut(pair.image, str(error)))
            else:
                pictures[len(kept)] = picture_to_grid(picture.rgb8, self.side).transpose(2, 0, 1)
                masks[len(kept), 0] = mask_to_grid(mask)
                kept.append(pair)
            self.count += 1
            self.on_read(self.count, self.of)
        pictures, masks = pictures[: len(kept)], masks[: len(kept)]
        groups = [(pair.group, bool(mask.any())) for pair, mask in zip(kept, masks, strict=True)]
        return PictureSet(pictures, masks, balanced(groups, balance)), kept

    def _refuse_twice(self, pair: Pair, picture: Picture) -> None:
        pixels = sha256(repr(picture.rgb8.shape).encode() + picture.rgb8.tobytes()).digest()
        first = self.seen.setdefault(pixels, pair)
        if first is not pair:
            raise DataError(f"It is the same picture as “{first.image}”, which is used.")
