"""What new files are, found out before anybody opens them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.read import Limits, identify
from lsegdiff_gui.project.pictures import Identity
from lsegdiff_gui.workers.thumbnails import THUMBNAIL_SIDE, cached_thumbnail


@dataclass(frozen=True)
class Survey:
    """What files were found to be, and a sentence for each that is none: (picture id, sentence)."""

    found: tuple[Identity, ...]
    failures: tuple[tuple[int, str], ...]


def survey(
    files: Sequence[tuple[int, Path]], limits: Limits, is_cancelled: Callable[[], bool]
) -> Survey | None:
    """Look into files, each with its picture's id, and leave their thumbnails in the cache; None if cancelled."""
    found, failures = [], []
    for picture_id, path in files:
        if is_cancelled():
            return None
        try:
            sha256, width, height, orientation = identify(path, limits=limits)
            cached_thumbnail(path, THUMBNAIL_SIDE, limits)
        except LSegDiffError as problem:
            failures.append((picture_id, str(problem)))
        else:
            found.append(Identity(picture_id, sha256, width, height, orientation))
    return Survey(tuple(found), tuple(failures))
