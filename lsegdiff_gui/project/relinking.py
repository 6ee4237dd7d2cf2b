"""Finds pictures that were moved or renamed, by their content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lsegdiff_gui.imaging.pages import hash_page, is_there, page_path, parted
from lsegdiff_gui.project.errors import ProjectError
from lsegdiff_gui.project.pictures import PictureRow

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Search:
    """What a search came to. found: where pictures lie now, by their ids; changed: files of the same name that hold
    something else; missing: how many were not found."""

    found: Mapping[int, Path] = field(default_factory=dict)
    changed: tuple[Path, ...] = ()
    missing: int = 0


def missing_pictures(rows: Sequence[PictureRow]) -> list[PictureRow]:
    """Those whose file is not where the project says."""
    return [row for row in rows if not is_there(row.path)]


def search(
    rows: Sequence[PictureRow], folder: Path, is_cancelled: Callable[[], bool] = lambda: False
) -> Search:
    """Look for these pictures below a folder: first by name and content, then by content alone.

    A picture that was never read is known by its name only. Raises ProjectError if the folder cannot be read.
    """
    by_name: dict[str, list[Path]] = {}
    for path in _files(folder):
        by_name.setdefault(path.name.casefold(), []).append(path)
    contents = _Contents()
    found: dict[int, Path] = {}
    changed: list[Path] = []
    others: list[PictureRow] = []
    for row in rows:
        if is_cancelled():
            return Search()
        file, page = parted(row.path)
        places: list[tuple[Path, int | None]] = [
            (path, None) for path in by_name.get(row.path.name.casefold(), [])
        ]
        if page is not None:
            places += [(path, page) for path in by_name.get(file.name.casefold(), [])]
        same = next(
            (place for place in places if not row.sha256 or contents.hash(*place) == row.sha256), None
        )
        if same is not None:
            found[row.id] = _named(*same)
        else:
            others.append(row)
            changed.extend(path for path, _ in places)
    suffixes = {row.path.suffix.casefold() for row in others if row.sha256}
    for page in {parted(row.path)[1] for row in others if row.sha256}:
        by_hash: dict[str, Path] = {}
        for path in (path for paths in by_name.values() for path in paths):
            if is_cancelled():
                return Search()
            if path.suffix.casefold() in suffixes:
                by_hash.setdefault(contents.hash(path, page), path)
        for row in others:
            if parted(row.path)[1] == page and row.sha256 in by_hash:
                found[row.id] = _named(by_hash[row.sha256], page)
    taken = set(found.values())
    left = tuple(path for path in dict.fromkeys(changed) if path not in taken)
    return Search(found, left, len(rows) - len(found))


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise ProjectError(f"The folder {folder} is not there.")
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names))


def _named(file: Path, page: int | None) -> Path:
    return file if page is None else page_path(file, page)


class _Contents:
    """Hashes of pictures; each file is read once, however many pages of it are looked for."""

    def __init__(self) -> None:
        self._digests: dict[Path, hashlib._Hash | None] = {}

    def hash(self, file: Path, page: int | None) -> str:
        """The hash of a picture; "" of one that cannot be read, which is then none of those that are looked for."""
        if file not in self._digests:
            self._digests[file] = _digest(file)
        digest = self._digests[file]
        return "" if digest is None else hash_page(digest.copy(), page)


def _digest(path: Path) -> hashlib._Hash | None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest
