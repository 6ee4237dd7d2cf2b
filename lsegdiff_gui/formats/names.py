"""What the files of an export are called: one stem for each picture, never one file over another."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from lsegdiff_gui.formats.inside import DEVICES, folded
from lsegdiff_gui.formats.request import ExportRequest, Format, Naming
from lsegdiff_gui.imaging.read import MASK_SUFFIX
from lsegdiff_gui.places import absolute

ANNOTATIONS = "annotations.json"
MEASUREMENTS = "measurements.csv"
LABEL_MAP = "labelmap.txt"

PICTURES_FOLDER = "images"
MASKS_FOLDER = "masks"

MASK_ENDINGS = {
    Naming.MASK: MASK_SUFFIX,
    Naming.SAME: ".png",
    Naming.ISIC: "_segmentation.png",
    Naming.KVASIR: ".png",
}
ENDINGS = {
    Format.INDEX: "_index.png",
    Format.PROBABILITY: "_probability.png",
    Format.SPREAD: "_spread.png",
    Format.OVERLAY: "_overlay.jpg",
    Format.LABELME: ".json",
}

_LOSSY_SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif"})
# 255 bytes are the most on common disks: room for the longest ending and a number.
_LONGEST_STEM = 220
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def is_lossy(path: Path) -> bool:
    """Whether a copy of the picture is a JPEG again; others are copied without loss, as PNG."""
    return path.suffix.lower() in _LOSSY_SUFFIXES


def common_files(request: ExportRequest) -> dict[Format, Path]:
    """The files that an export writes for all pictures together; the label map goes with numbered classes."""
    names = {Format.INDEX: LABEL_MAP, Format.COCO: ANNOTATIONS, Format.CSV: MEASUREMENTS}
    return {kind: request.folder / name for kind, name in names.items() if kind in request.formats}


def plan(paths: Iterable[Path], request: ExportRequest) -> list[Path]:
    """The files an export of these pictures writes, in the order of the pictures; those for all come last."""
    own = [file for files in picture_files(paths, request).values() for file in files.values()]
    return own + list(common_files(request).values())


def picture_files(paths: Iterable[Path], request: ExportRequest) -> dict[Path, dict[Format, Path]]:
    """For each picture its files.

    Pictures of the same stem get their folder's name in front, and numbers where that is not enough; nothing
    depends on the order of the paths. No file takes the place of one of the pictures, nor has a name that another
    system cannot hold.
    """
    paths = list(dict.fromkeys(paths))
    own = [kind for kind in Format if kind in request.formats and kind not in (Format.COCO, Format.CSV)]
    taken = {folded(file.name) for file in common_files(request).values()} | _lying(paths, request)
    stems: dict[str, list[tuple[str, Path]]] = {}
    for path in sorted(paths, key=os.fspath):
        stem = portable(path.stem)
        stems.setdefault(folded(stem), []).append((stem, path))
    # Within the export's folder, as strings: a Path for each of ten thousand names would be felt.
    names: dict[Path, dict[Format, str]] = {}
    # Stems of their own first: they keep the plain name whatever the others are called.
    for group in sorted(stems.values(), key=len):
        for stem, path in group:
            if len(group) > 1:
                stem = portable(f"{absolute(path).parent.name}_{path.stem}")
            names[path] = _free(stem, is_lossy(path), own, request.naming, taken)
            taken.update(map(folded, names[path].values()))
    return {path: {kind: request.folder / name for kind, name in names[path].items()} for path in paths}


def _lying(paths: Sequence[Path], request: ExportRequest) -> set[str]:
    """The names of those pictures that lie where files will be written, within the export's folder."""
    # Resolved, because what counts is where the files really lie, however the folder is spelt.
    real = {
        (request.folder / inside).resolve(): f"{inside}/" if inside else ""
        for inside in ("", PICTURES_FOLDER, MASKS_FOLDER)
    }
    parents = {parent: parent.resolve() for parent in {path.parent for path in paths}}
    return {folded(real[parents[path.parent]] + path.name) for path in paths if parents[path.parent] in real}


def file_names(paths: Sequence[Path]) -> dict[Path, str]:
    """For each picture its name in files for all: relative to the folder they share, with forward slashes.

    So the file tells nothing of the machine, and pictures of the same name in different folders differ.
    """
    parents = [absolute(path).parent for path in paths]
    try:
        shared = os.path.commonpath(parents) if parents else ""
    except ValueError:  # Windows: on different drives
        return {path: "/".join(absolute(path).parts[1:]) for path in paths}
    return {path: absolute(path).relative_to(shared).as_posix() for path in paths}


def names_inside(paths: Sequence[Path], request: ExportRequest) -> dict[Path, str]:
    """For each picture the name that annotations call it by: that of its copy, where copies are written too."""
    if Format.PICTURE not in request.formats:
        return file_names(paths)
    files = picture_files(paths, request)
    return {path: str(PurePosixPath(PICTURES_FOLDER, files[path][Format.PICTURE].name)) for path in paths}


def portable(stem: str) -> str:
    """The stem of a file that Windows, macOS and Linux can hold: signs replaced, no device's name, not too long."""
    safe = _FORBIDDEN.sub("_", stem)
    if safe.partition(".")[0].strip().casefold() in DEVICES:
        safe = f"_{safe}"
    if len(os.fsencode(safe)) <= _LONGEST_STEM:
        return safe
    # What is cut off still tells two names apart.
    mark = f"~{hashlib.sha256(os.fsencode(safe)).hexdigest()[:8]}"
    while len(os.fsencode(safe)) > _LONGEST_STEM - len(mark):
        safe = safe[:-1]
    return safe + mark


def _free(
    stem: str, lossy: bool, own: Sequence[Format], naming: Naming, taken: set[str]
) -> dict[Format, str]:
    """The names of a picture's files, by the first stem with which none is another's."""
    wanted, number = stem, 2
    while True:
        names = {kind: _name(kind, wanted, lossy, naming) for kind in own}
        if taken.isdisjoint(map(folded, names.values())):
            return names
        wanted, number = f"{stem}_{number}", number + 1


def _name(kind: Format, stem: str, lossy: bool, naming: Naming) -> str:
    if kind is Format.PICTURE:
        return f"{PICTURES_FOLDER}/{stem}{'.jpg' if lossy else '.png'}"
    if kind is Format.MASK:
        return f"{MASKS_FOLDER + '/' if naming is Naming.KVASIR else ''}{stem}{MASK_ENDINGS[naming]}"
    return f"{stem}{ENDINGS[kind]}"
