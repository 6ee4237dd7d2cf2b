"""Files that hold several pictures: TIFF with several pages, DICOM with several frames.

A page is named like a file of its own: page 3 of `scan.tif` is `scan [3].tif`. So lists, masks, COCO files and projects
tell pages apart without knowing of them, and `imaging.read` finds the way back. A file that really has such a name is
that file.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from lsegdiff_gui.imaging import dicom, tiff
from lsegdiff_gui.imaging.broken import BrokenFile

PAGED_SUFFIXES = frozenset({".tif", ".tiff", ".dcm", ".dicom", ""})
"""Of the files that may hold several pictures."""

_NAMED = re.compile(r"(.+) \[([1-9][0-9]{0,5})\]")
_RANGE = r"\s*\d{1,6}\s*(?:[-–]\s*\d{1,6}\s*)?"
_RANGES = re.compile(f"{_RANGE}(?:,{_RANGE})*")
_HEAD_BYTES = dicom.MARK_AT + len(dicom.MARK)


def page_path(file: Path, page: int) -> Path:
    """The name of a page of a file, counted from 1."""
    return file.with_name(f"{file.stem} [{page}]{file.suffix}")


def parted(path: Path) -> tuple[Path, int | None]:
    """The file and the page that a name would mean, whether they are there or not; None where it names no page."""
    named = _NAMED.fullmatch(path.stem)
    return (path, None) if named is None else (path.with_name(f"{named[1]}{path.suffix}"), int(named[2]))


def locate(path: Path) -> tuple[Path, int | None]:
    """The file behind a name, and the page of it that the name means; None for the file itself."""
    file, page = parted(path)
    return (file, page) if page is not None and not _is_there(path) and _is_there(file) else (path, None)


def is_there(path: Path) -> bool:
    """Whether there is a file behind the name of a picture."""
    return locate(path)[0].is_file()


def hash_page(file: hashlib._Hash, page: int | None) -> str:
    """The hash that tells a picture from all others: of its file's bytes, and of its page behind the first one.

    file: SHA-256 of all bytes of the file.
    """
    if page is not None and page > 1:
        file.update(f"page {page}".encode())
    return file.hexdigest()


def file_stem(stem: str) -> str:
    """The stem of the file that a page's stem stands for; other stems as they are."""
    named = _NAMED.fullmatch(stem)
    return named[1] if named else stem


def count_pages(file: Path) -> int:
    """How many pictures a file holds, from its header; 1 for what cannot be read, which reading then tells why."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return 1
        with file.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
            if head[:4] in tiff.MARKS:
                return len(tiff.pages(_OnDisk(opened)))
            if head.endswith(dicom.MARK):
                opened.seek(0)
                return dicom.facts_of_file(opened).frames
    except (OSError, BrokenFile, tiff.TiffError):
        pass
    return 1


def count_all_pages(paths: Iterable[Path]) -> dict[Path, int]:
    """The numbers of pages of those of the files that hold more than one."""
    counts = {path: count_pages(path) for path in paths if path.suffix.lower() in PAGED_SUFFIXES}
    return {path: count for path, count in counts.items() if count > 1}


def with_pages(paths: Iterable[Path], chosen: Mapping[Path, Iterable[int]]) -> list[Path]:
    """The paths in their order, those of files of several pages replaced by the chosen ones. chosen: by file."""
    listed: list[Path] = []
    for path in paths:
        listed += [page_path(path, page) for page in sorted(chosen[path])] if path in chosen else [path]
    return listed


def parse_pages(text: str) -> frozenset[int] | None:
    """The numbers in “1, 3-5”; None where it is something else."""
    if not _RANGES.fullmatch(text):
        return None
    pages: set[int] = set()
    for part in text.replace("–", "-").split(","):
        first, _, last = part.partition("-")
        if not 1 <= int(first) <= int(last or first):
            return None
        pages.update(range(int(first), int(last or first) + 1))
    return frozenset(pages)


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


class _OnDisk:
    """The bytes of an open file, read where they are asked for."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file

    def __getitem__(self, part: slice, /) -> bytes:
        start = part.start or 0
        if start > sys.maxsize:  # what a damaged file says, and no file is so long
            return b""
        self._file.seek(start)
        return self._file.read(max(0, part.stop - start))
