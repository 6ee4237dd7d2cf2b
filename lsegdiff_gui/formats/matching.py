"""Which picture an entry of a file is about: by its name, and where several have it, by its size."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from lsegdiff_gui.annotation.labels import UNTOUCHED, Status
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.found import Entry
from lsegdiff_gui.formats.inside import folded, folded_path, parts_of, resolved
from lsegdiff_gui.formats.names import portable
from lsegdiff_gui.imaging.kinds import PICTURE_SUFFIXES

# Where pictures lie beside a file of annotations, or beside a folder of masks.
PICTURE_FOLDERS = ("images", "image", "imgs", "img", "pictures")
MASK_FOLDERS = frozenset(
    {"masks", "mask", "labels", "label", "annotations", "gt", "ground_truth", "groundtruth", "ground truth",
     "segmentation", "segmentations", "segmentationclass"}
)  # fmt: skip

# What stands behind the picture's stem in the name of a mask: this program's, ISIC's, PH2's, and what others use.
_ENDINGS = re.compile(
    r"[ _-](mask|segmentation|lesion|seg|gt|groundtruth|label|labels|index|annotation)$", re.I
)
_MOST_FILES = 500_000


class Holding(StrEnum):
    """What a picture of the project has already."""

    NOTHING = "nothing"
    DRAFT = "draft"
    WORK = "work"


@dataclass(frozen=True)
class KnownPicture:
    """A picture of the project, or one that could be added to it: its number is 0 then.

    width, height: upright, 0 where nobody has read it yet; orientation: as stored, 1 to 8. is_identified: the project
    knows its content by its hash.
    """

    id: int
    path: Path
    width: int = 0
    height: int = 0
    orientation: int = 1
    holding: Holding = Holding.NOTHING
    is_identified: bool = False


class Row(Protocol):
    """A picture as a project tells of it."""

    @property
    def id(self) -> int:
        """Its number, from 1."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def sha256(self) -> str:
        """Of its file, "" before it was first read."""

    @property
    def width(self) -> int:
        """Upright, 0 before it was first read."""

    @property
    def height(self) -> int:
        """Upright, 0 before it was first read."""

    @property
    def status(self) -> Status:
        """How far the work is."""

    @property
    def is_edited(self) -> bool:
        """Whether something is painted on it."""


def known(row: Row) -> KnownPicture:
    """A picture of a project as an import sees it."""
    holding = Holding.NOTHING if row.status is Status.NEW else Holding.DRAFT
    if row.status not in UNTOUCHED or row.is_edited:
        holding = Holding.WORK
    return KnownPicture(
        row.id, row.path, row.width, row.height, holding=holding, is_identified=bool(row.sha256 and row.width)
    )


class Matcher:
    """Finds the picture of each entry.

    An entry's path leads strictly into the chosen folder; pictures of the project are found by their names wherever
    they lie, for they are the user's own, and nothing is opened by a path that stands in a file.
    """

    def __init__(self, pictures: Iterable[KnownPicture], root: Path) -> None:
        self._root = root
        self._by_path: dict[str, KnownPicture] = {}
        self._by_name: dict[str, list[KnownPicture]] = defaultdict(list)
        self._by_stem: dict[str, list[KnownPicture]] = defaultdict(list)
        for picture in pictures:
            self._by_path.setdefault(folded_path(picture.path), picture)
            self._by_name[folded(picture.path.name)].append(picture)
            # An export gives files names that every system can hold.
            for stem in {folded(picture.path.stem), folded(portable(picture.path.stem))}:
                self._by_stem[stem].append(picture)
        self._on_disk: dict[str, list[Path]] | None = None

    def is_picture(self, path: Path) -> bool:
        """Whether a file is a picture of the project."""
        return folded_path(path) in self._by_path

    def match(self, entry: Entry) -> KnownPicture:
        """The entry's picture. Raises FormatError, whose text follows “left out: ”, where there is not exactly one."""
        if entry.source.format == "png":
            return self._by_mask_name(entry)
        parts = parts_of(entry.name)
        inside = self._inside(parts)
        if inside is not None and folded_path(inside) in self._by_path:
            return self._by_path[folded_path(inside)]
        named = self._by_name.get(folded(parts[-1]), [])
        tail = [folded(part) for part in parts]
        nearer = [each for each in named if [folded(part) for part in each.path.parts[-len(tail) :]] == tail]
        if found := self._only(nearer or named, entry, parts[-1]):
            return found
        if inside is not None:
            return KnownPicture(0, inside)
        raise FormatError(
            f"there is no picture “{parts[-1]}” in the project, nor in the folder “{self._root}”."
        )

    def _inside(self, parts: tuple[str, ...]) -> Path | None:
        """The picture file at this place in the root, or in its folder of pictures."""
        for places in (parts, *((folder, *parts) for folder in PICTURE_FOLDERS)):
            path = resolved(self._root, places)
            if path is not None and path.suffix.lower() in PICTURE_SUFFIXES:
                return path
        return None

    def _by_mask_name(self, entry: Entry) -> KnownPicture:
        mask = entry.source.path
        for stem in stems_of(mask):
            named = [each for each in self._by_stem.get(folded(stem), []) if each.path != mask]
            if found := self._only(_nearest(named, mask), entry, stem):
                return found
        # As this program writes it where two pictures have one name.
        for stem in stems_of(mask):
            folder, _, rest = stem.partition("_")
            while rest:
                named = [
                    each for each in self._by_stem.get(folded(rest), []) if each.path.parent.name == folder
                ]
                if owner := self._only(named, entry, stem):
                    return owner
                more, _, rest = rest.partition("_")
                folder = f"{folder}_{more}"
        for stem in stems_of(mask):
            files = [path for path in self._files().get(folded(stem), ()) if path != mask]
            if other := self._only(_nearest([KnownPicture(0, path) for path in files], mask), entry, stem):
                return other
        raise FormatError("there is no picture whose name it has, neither in the project nor in the folder.")

    def _only(self, named: Sequence[KnownPicture], entry: Entry, name: str) -> KnownPicture | None:
        """The one of these, by the size where there are several; None where there is none."""
        if len(named) <= 1:
            return named[0] if named else None
        fitting = [
            each for each in named if entry.width and (each.width, each.height) == (entry.width, entry.height)
        ]
        if len(fitting) == 1:
            return fitting[0]
        raise FormatError(
            f"{len(named)} pictures are called “{name}”, and its size does not tell which is meant."
        )

    def _files(self) -> dict[str, list[Path]]:
        """Picture files inside the root, but those in folders of masks, by their stems."""
        if self._on_disk is None:
            self._on_disk = defaultdict(list)
            for path in files_in(self._root):
                is_mask = path.parent.name.casefold() in MASK_FOLDERS or _ENDINGS.search(path.stem)
                if path.suffix.lower() in PICTURE_SUFFIXES and not is_mask:
                    self._on_disk[folded(path.stem)].append(path)
        return self._on_disk


def files_in(folder: Path) -> list[Path]:
    """All files in a folder and those in it, links not followed, hidden ones left out, in order of their paths."""
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent, name) for name in sorted(names) if not name.startswith(".")]
        if len(found) > _MOST_FILES:
            break
    return found


def stems_of(mask: Path) -> list[str]:
    """The stems that the picture of a mask file may have, likeliest first."""
    shorter = _ENDINGS.sub("", mask.stem)
    return [shorter, mask.stem] if shorter and shorter != mask.stem else [mask.stem]


def is_mask_name(path: Path) -> bool:
    """Whether a file's name or folder says that it is a mask."""
    return bool(_ENDINGS.search(path.stem)) or path.parent.name.casefold() in MASK_FOLDERS


def _nearest(named: list[KnownPicture], mask: Path) -> list[KnownPicture]:
    """Those in the mask's own folder, else in a folder of pictures beside it, else all."""
    beside = mask.parent.parent
    for places in ({mask.parent}, {beside / name for name in PICTURE_FOLDERS}, {beside}):
        near = [each for each in named if each.path.parent in places]
        if near:
            return near
    return named
