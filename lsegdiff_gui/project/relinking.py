"""Finds pictures that were moved or renamed, by their content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

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
    return [row for row in rows if not row.path.is_file()]


def search(
    rows: Sequence[PictureRow], folder: Path, is_cancelled: Callable[[], bool] = lambda: False
) -> Search:
    """Look for these pictures below a folder: first by name and content, then by content alone.

    A picture that was never read is known by its name only. Raises ProjectError if the folder cannot be read.
    """
    by_name: dict[str, list[Path]] = {}
    for path in _files(folder):
        by_name.setdefault(path.name.casefold(), []).append(path)
    hashes: dict[Path, str] = {}

    def hash_of(path: Path) -> str:
        if path not in hashes:
            hashes[path] = _sha256(path)
        return hashes[path]

    found: dict[int, Path] = {}
    changed: list[Path] = []
    others: list[PictureRow] = []
    for row in rows:
        if is_cancelled():
            return Search()
        named = by_name.get(row.path.name.casefold(), [])
        same = next((path for path in named if not row.sha256 or hash_of(path) == row.sha256), None)
        if same is not None:
            found[row.id] = same
        else:
            others.append(row)
            changed.extend(named)
    if any(row.sha256 for row in others):
        suffixes = {row.path.suffix.casefold() for row in others}
        by_hash: dict[str, Path] = {}
        for paths in by_name.values():
            for path in paths:
                if is_cancelled():
                    return Search()
                if path.suffix.casefold() in suffixes:
                    by_hash.setdefault(hash_of(path), path)
        for row in others:
            if row.sha256 in by_hash:
                found[row.id] = by_hash[row.sha256]
    taken = set(found.values())
    left = tuple(path for path in dict.fromkeys(changed) if path not in taken)
    return Search(found, left, len(rows) - len(found))


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise ProjectError(f"The folder {folder} is not there.")
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names))


def _sha256(path: Path) -> str:
    """The hash of a file; "" of one that cannot be read, which is then none of those that are looked for."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()
