"""Masks of many pictures to files: what the export dialog and `lsegdiff segment` both do."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import Label
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.formats.coco import LESION, Category, CocoPicture, build, write_coco
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.png import write_mask
from lsegdiff_gui.imaging.read import MASK_SUFFIX
from lsegdiff_gui.imaging.write import make_folder
from lsegdiff_gui.places import absolute

ANNOTATIONS = "annotations.json"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Where to and in which formats. The folder is made when it is missing.

    by_instance: the COCO file has an annotation for each instance, else for each label as a whole.
    """

    folder: Path
    png: bool = True
    coco: bool = True
    by_instance: bool = True


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the numbers in a label mask stand for, and which pixels of a label are one instance."""

    categories: tuple[Category, ...] = (LESION,)
    partition: Partition = field(default_factory=Partition)

    @classmethod
    def of(cls, labels: Iterable[Label], partition: Partition) -> Meaning:
        """Of a document: its labels are the categories."""
        return cls(tuple(Category(label.id, label.name) for label in labels), partition)


@dataclass(frozen=True, slots=True)
class ExportItem:
    """A picture whose mask is to be written.

    path: the picture's file. width, height: its upright size, which the mask must have; 0 where nobody has
        read the picture yet and `mask` will.
    mask: makes the label mask, (H, W) uint8, 0 background; called once, and not before its turn, so that
        thousands of pictures do not lie in memory together. It may raise LSegDiffError.
    attributes: the mask's origin as plain JSON values, read after `mask` has returned.
    meaning: what the mask's numbers stand for, called after `mask` has returned.
    """

    path: Path
    width: int
    height: int
    mask: Callable[[], npt.NDArray[np.uint8]]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    meaning: Callable[[], Meaning] = Meaning


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What came of an export. failures: (picture or COCO file, sentence). cancelled: before the last picture."""

    written: list[Path]
    failures: list[tuple[Path, str]]
    cancelled: bool = False


def plan(paths: Iterable[Path], request: ExportRequest) -> list[Path]:
    """The files an export of these pictures writes, in the order of the pictures; the COCO file comes last."""
    masks = list(mask_paths(paths, request.folder).values()) if request.png else []
    return masks + ([request.folder / ANNOTATIONS] if request.coco else [])


def mask_paths(paths: Iterable[Path], folder: Path) -> dict[Path, Path]:
    """For each picture the file of its mask, STEM_mask.png in `folder`.

    Pictures of the same stem get their folder's name in front, and numbers where that is not enough; nothing
    depends on the order of the paths. No mask takes the place of one of the pictures.
    """
    paths = list(dict.fromkeys(paths))
    # Resolved, because what counts is where the files really lie, however the folder is spelt.
    real = folder.resolve()
    taken = {_folded(path.name) for path in paths if path.parent.resolve() == real}
    stems: dict[str, list[Path]] = {}
    for path in sorted(paths):
        stems.setdefault(_folded(path.stem), []).append(path)
    names: dict[Path, str] = {}
    # Stems of their own first: they keep the plain name whatever the others are called.
    for group in sorted(stems.values(), key=len):
        for path in group:
            stem = path.stem if len(group) == 1 else f"{absolute(path).parent.name}_{path.stem}"
            names[path] = _free(stem, taken)
            taken.add(_folded(names[path]))
    return {path: folder / names[path] for path in paths}


def _free(stem: str, taken: set[str]) -> str:
    name, number = f"{stem}{MASK_SUFFIX}", 2
    while _folded(name) in taken:
        name, number = f"{stem}_{number}{MASK_SUFFIX}", number + 1
    return name


def _folded(name: str) -> str:
    """Equal for names that are one file on some systems: macOS composes accents, Windows ignores case."""
    return unicodedata.normalize("NFC", name).casefold()


def file_names(paths: Sequence[Path]) -> dict[Path, str]:
    """For each picture its name in the COCO file: relative to the folder they share, with forward slashes.

    So the file tells nothing of the machine, and pictures of the same name in different folders differ.
    """
    parents = [absolute(path).parent for path in paths]
    try:
        shared = os.path.commonpath(parents) if parents else ""
    except ValueError:  # Windows: on different drives
        return {path: "/".join(absolute(path).parts[1:]) for path in paths}
    return {path: absolute(path).relative_to(shared).as_posix() for path in paths}


def export(
    items: Iterable[ExportItem],
    request: ExportRequest,
    progress: Callable[[int, int], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    on_done: Callable[[Path], None] | None = None,
) -> ExportReport:
    """Write the masks of `items`; a picture that fails is reported and the rest is written.

    progress: called with (done, of) before the first picture and after each one.
    is_cancelled: asked before each picture. A cancelled export leaves whole masks, but no COCO file.
    on_done: called with each picture that did not fail, after its mask was written.

    Raises:
        ImageError: the folder cannot be made.
    """
    queue = list({item.path: item for item in items}.values())
    make_folder(request.folder)
    paths = [item.path for item in queue]
    masks, names = mask_paths(paths, request.folder), file_names(paths)
    written: list[Path] = []
    failures: list[tuple[Path, str]] = []
    pictures: list[CocoPicture] = []
    categories: dict[int, Category] = {}
    for done, item in enumerate(queue):
        if progress:
            progress(done, len(queue))
        if is_cancelled and is_cancelled():
            return ExportReport(written, failures, cancelled=True)
        try:
            mask = _mask_of(item)
            if request.coco:
                meaning = item.meaning()
                partition = meaning.partition if request.by_instance else None
                pictures.append(
                    CocoPicture.of_mask(
                        names[item.path], mask, item.attributes, meaning.categories, partition
                    )
                )
                categories |= {category.id: category for category in meaning.categories}
            if request.png:
                write_mask(masks[item.path], mask)
                written.append(masks[item.path])
        except LSegDiffError as problem:
            failures.append((item.path, str(problem)))
        except MemoryError:
            failures.append((item.path, f"“{item.path.name}” does not fit into the memory."))
        else:
            if on_done:
                on_done(item.path)
    if progress:
        progress(len(queue), len(queue))
    if request.coco and pictures:
        annotations = request.folder / ANNOTATIONS
        try:
            write_coco(annotations, build(pictures, [categories[number] for number in sorted(categories)]))
            written.append(annotations)
        except LSegDiffError as problem:
            failures.append((annotations, str(problem)))
    return ExportReport(written, failures)


def _mask_of(item: ExportItem) -> npt.NDArray[np.uint8]:
    mask = item.mask()
    height, width = mask.shape
    if (item.width, item.height) not in ((width, height), (0, 0)):
        raise FormatError(
            f"The mask of “{item.path.name}” has {width} × {height} pixels and the picture "
            f"{item.width} × {item.height}. Was the file replaced? Open it again."
        )
    return mask
