"""Thumbnails kept in the program's cache, so that ten thousand pictures are decoded for the list only once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lsegdiff_gui import places
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.pages import locate
from lsegdiff_gui.imaging.read import Limits, read, read_thumbnail
from lsegdiff_gui.imaging.write import encode_jpeg

THUMBNAIL_SIDE = 160
"""Pixels of the longer side: three times what the list shows, for dense screens."""

KEPT = 40_000
"""Thumbnails in the cache, some 6 KB each: four large projects in a quarter of a gigabyte."""

_FOLDER = "thumbnails"
_QUALITY = 88
_MADE_BY = b"1"  # to be raised when thumbnails are made in another way
# One file in this many brings the cache back into its bounds: listing it takes a moment.
_PRUNED_EVERY = 512


def cached_thumbnail(path: Path, side: int, limits: Limits) -> npt.NDArray[np.uint8]:
    """The picture as (h, w, 3) RGB uint8, its longer side at most `side`; from the cache if the file is as it was.

    Raises ImageError as `imaging.read` does. A cache that cannot be read or written to is done without.
    """
    kept = _place(path, side)
    if kept is not None:
        # The time of the last look, by which the cache forgets.
        with contextlib.suppress(OSError):
            os.utime(kept)
            with contextlib.suppress(LSegDiffError):
                return read(kept).rgb8
    pixels = read_thumbnail(path, side, limits=limits)
    if kept is not None:
        _keep(kept, encode_jpeg(pixels, _QUALITY))
    return pixels


def prune(folder: Path, most: int = KEPT) -> int:
    """Forget the thumbnails that were looked at longest ago until at most `most` are left; how many went."""
    ages: list[tuple[int, str]] = []
    for shelf in folder.iterdir():
        with contextlib.suppress(OSError), os.scandir(shelf) as entries:
            ages.extend((entry.stat().st_mtime_ns, entry.path) for entry in entries)
    surplus = sorted(ages)[: max(0, len(ages) - most)]
    for _, gone in surplus:
        with contextlib.suppress(OSError):
            Path(gone).unlink()
    return len(surplus)


def _place(path: Path, side: int) -> Path | None:
    """Where the thumbnail of the file as it is now lies; None where nobody can say."""
    try:
        found = locate(path)[0].stat()
        folder = places.cache_folder() / _FOLDER
    except OSError:
        return None
    told = f"{side} {found.st_size} {found.st_mtime_ns} ".encode() + os.fsencode(path)
    name = hashlib.sha256(_MADE_BY + told).hexdigest()
    return folder / name[:2] / f"{name[2:40]}.jpg"


def _keep(kept: Path, data: bytes) -> None:
    # Renamed into place, but not synced: what a power cut takes is made again, and a sync would cost more than
    # the thumbnail.
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_name(f".{secrets.token_hex(6)}")
        unfinished.write_bytes(data)
        unfinished.replace(kept)
        if secrets.randbelow(_PRUNED_EVERY) == 0:
            prune(kept.parent.parent)
