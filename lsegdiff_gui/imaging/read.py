"""The only reader of pictures: every room that needs pixels from a file comes through here."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging import dicom, display
from lsegdiff_gui.imaging.broken import BrokenFile
from lsegdiff_gui.imaging.decode import decode, decode_reduced
from lsegdiff_gui.imaging.header import Header, read_header
from lsegdiff_gui.imaging.integrity import check_complete
from lsegdiff_gui.imaging.kinds import PICTURE_SUFFIXES, kind_names
from lsegdiff_gui.imaging.pages import file_stem, hash_page, locate
from lsegdiff_gui.imaging.picture import ImageError, Picture

MASK_SUFFIX = "_mask.png"  # of an exported mask, behind the stem of its picture

EXPORTED_ENDINGS = (
    MASK_SUFFIX,
    "_segmentation.png",
    "_index.png",
    "_probability.png",
    "_spread.png",
    "_overlay.jpg",
)
"""Of all files that an export may write beside the pictures, and that are no pictures to work on."""


GLIMPSE_SIDE = 1000
"""Pixels that the longer side of a glimpse has at least: about what a window shows."""

GLIMPSE_FROM = 6.0
"""Megapixels from which a glimpse comes so much sooner than the picture that it is worth its time."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A picture before it is read whole: rgb8 (h, w, 3) uint8 RGB, upright and smaller; its true size in pixels."""

    rgb8: npt.NDArray[np.uint8]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before it is decoded. 150 megapixels need about 1 GB while they are edited.

    raised_in: where the user can allow more; "" where that is nowhere.
    """

    megapixels: float = 150.0
    file_megabytes: float = 1024.0
    raised_in: str = ""

    def advice(self, what: str) -> str:
        """What to do about a picture beyond them, `what` or raising them."""
        return f"{what}, or allow more in {self.raised_in}." if self.raised_in else f"{what}."


def read(
    path: Path, *, limits: Limits = Limits(), on_glimpse: Callable[[Glimpse], None] | None = None
) -> Picture:
    """Read a JPEG, PNG, TIFF, BMP, WebP or DICOM file upright; the content decides, not the suffix.

    path: of the file, or of a page of it, as `imaging.pages` names it; else the first page is read.
    on_glimpse: told what a large JPEG looks like before it is decoded whole, some three times as early.

    Raises:
        ImageError: missing, unreadable, not a picture, too large, incomplete or damaged.
    """
    path = Path(path)
    file, page = locate(path)
    data = _load(file, limits)
    try:
        header = _sound_header(data, limits, page)
        if on_glimpse is not None and header.format == "jpeg":
            _give_glimpse(data, header, on_glimpse)
        pixels = decode(data, header)
        return Picture(
            rgb8=pixels.rgb8,
            native=pixels.native,
            sha256=hash_page(hashlib.sha256(data), page),
            path=path,
            orientation=header.orientation,
            tones=pixels.tones,
        )
    except BrokenFile as problem:
        raise _unreadable(path, problem) from problem


def read_thumbnail(path: Path, side: int, *, limits: Limits = Limits()) -> npt.NDArray[np.uint8]:
    """Read a picture as (h, w, 3) RGB uint8, upright, its longer side at most `side` pixels.

    Raises ImageError as `read` does.
    """
    path = Path(path)
    file, page = locate(path)
    data = _load(file, limits)
    try:
        return display.thumbnail(decode_reduced(data, _sound_header(data, limits, page), side), side)
    except BrokenFile as problem:
        raise _unreadable(path, problem) from problem


def identify(path: Path, *, limits: Limits = Limits()) -> tuple[str, int, int, int]:
    """What `read` would find without decoding: SHA-256, upright width and height, stored orientation 1 to 8.

    Raises ImageError as `read` does, for what the header and the file's end tell.
    """
    path = Path(path)
    file, page = locate(path)
    data = _load(file, limits)
    try:
        header = _sound_header(data, limits, page)
    except BrokenFile as problem:
        raise _unreadable(path, problem) from problem
    width, height = header.width, header.height
    if header.orientation >= 5:  # the stored rows are the columns of the scene
        width, height = height, width
    return hash_page(hashlib.sha256(data), page), width, height, header.orientation


def read_mask(path: Path) -> npt.NDArray[np.uint8]:
    """Read a mask file, upright: (H, W) uint8, 1 where it is brighter than 127 of 255, else 0.

    The threshold takes the noise of masks stored as JPEG. Raises ImageError as `read` does.
    """
    grey = cv2.cvtColor(read(path).rgb8, cv2.COLOR_RGB2GRAY)
    return np.asarray(grey > 127, dtype=np.uint8)


def list_pictures(paths: Iterable[Path], recursive: bool = False) -> list[Path]:
    """The pictures that files and folders stand for, each once, in natural order (2 before 10).

    A file counts whatever its suffix; of a folder the files with a suffix of PICTURE_SUFFIXES count, and DICOM files
    without one, but neither hidden ones nor the masks exported beside their pictures (X_mask.png where there is an X).

    Raises:
        ImageError: a file or folder is missing or unreadable, or a folder holds no picture.
    """
    found: set[Path] = set()
    for path in map(Path, paths):
        try:
            if path.is_dir():
                pictures = set(_pictures_in(path, recursive))
                if not pictures:
                    raise ImageError(
                        f"The folder {path} holds no pictures ({kind_names()}). Choose another folder."
                    )
                found |= pictures
            else:
                locate(path)[0].stat()
                found.add(path)
        except OSError as problem:
            raise _unreachable(path, problem) from problem
        except ValueError as problem:
            raise _no_path(path) from problem
    return sorted(found, key=_natural)


def _pictures_in(folder: Path, recursive: bool) -> Iterator[Path]:
    pictures = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if recursive:
                    yield from _pictures_in(Path(entry.path), recursive)
            elif _counts(Path(entry.path)):
                pictures.append(Path(entry.path))
    stems = {path.stem for path in pictures}
    for path in pictures:
        ending = next((ending for ending in EXPORTED_ENDINGS if path.name.endswith(ending)), "")
        owner = path.name.removesuffix(ending)
        if not ending or not {owner, file_stem(owner)} & stems:
            yield path


def _counts(path: Path) -> bool:
    suffix = path.suffix.lower()
    # Devices write DICOM files without a suffix, beside a DICOMDIR that lists them.
    return suffix in PICTURE_SUFFIXES or (not suffix and path.name != "DICOMDIR" and _begins_like_dicom(path))


def _begins_like_dicom(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            return file.read(dicom.MARK_AT + len(dicom.MARK)).endswith(dicom.MARK)
    except OSError:
        return False


def _natural(path: Path) -> tuple[list[list[tuple[int, int, str]]], str]:
    """Sorts by numbers inside names as numbers, upper and lower case alike; the plain path breaks ties."""
    parts = [
        [
            (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
            for piece in re.split(r"(\d+)", part)
            if piece
        ]
        for part in map(str.casefold, path.parts)
    ]
    return parts, str(path)


def _load(path: Path, limits: Limits) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            # A pipe or device may never end; a folder fails below with the sentence of the system's error.
            raise ImageError(f"{path} is not a file. Choose a picture.")
        size = status.st_size / 1e6
        if size > limits.file_megabytes:
            raise ImageError(
                f"“{path.name}” cannot be opened: it is a file of {size:.0f} MB and at most "
                f"{limits.file_megabytes:.0f} MB can be opened. "
                + limits.advice("Save the picture smaller or compressed")
            )
        return path.read_bytes()
    except OSError as problem:
        raise _unreachable(path, problem) from problem
    except ValueError as problem:  # a zero byte in the name
        raise _no_path(path) from problem
    except MemoryError as problem:
        raise ImageError(f"“{path.name}” does not fit into the memory. Close other programs.") from problem


def _sound_header(data: bytes, limits: Limits, page: int | None) -> Header:
    """The header of a file that is worth decoding: not too large and all there."""
    header = read_header(data, 1 if page is None else page)
    megapixels = header.width * header.height / 1e6
    if megapixels > limits.megapixels:
        raise BrokenFile(
            f"it has {header.width} × {header.height} pixels ({megapixels:.0f} megapixels) "
            f"and at most {limits.megapixels:g} megapixels can be opened",
            limits.advice("Reduce it or cut it into parts"),
        )
    check_complete(data, header)
    return header


def _give_glimpse(data: bytes, header: Header, on_glimpse: Callable[[Glimpse], None]) -> None:
    if header.width * header.height / 1e6 < GLIMPSE_FROM:
        return
    width, height = header.width, header.height
    if header.orientation >= 5:  # the stored rows are the columns of the scene
        width, height = height, width
    on_glimpse(Glimpse(decode_reduced(data, header, GLIMPSE_SIDE), width, height))


def _unreadable(path: Path, problem: BrokenFile) -> ImageError:
    return ImageError(f"“{path.name}” cannot be opened: {problem.cause}. {problem.advice}")


def _no_path(path: Path) -> ImageError:
    return ImageError(f"{str(path)!r} is not the name of a file. Choose a picture.")


def _unreachable(path: Path, problem: OSError) -> ImageError:
    # The place where it failed may lie below the one that was asked for.
    where = problem.filename or path
    if problem.errno in (errno.ENOENT, errno.ENOTDIR):
        return ImageError(f"{where} does not exist. Was it moved or renamed?")
    if problem.errno in (errno.EACCES, errno.EPERM):
        return ImageError(f"{where} cannot be read: permission denied. Change its permissions or copy it.")
    if problem.errno == errno.EISDIR:
        return ImageError(f"{where} is a folder, not a picture. Open it as a folder.")
    if problem.errno == errno.ELOOP:
        return ImageError(f"{where} is a link that leads to itself. Open the picture it was made for.")
    if problem.errno == errno.ENAMETOOLONG:
        return ImageError(
            f"{where} cannot be read: its name is too long. Rename it, or move it to another folder."
        )
    return ImageError(
        f"{where} cannot be read: {problem.strerror or 'unknown reason'}. Is its disk connected?"
    )
