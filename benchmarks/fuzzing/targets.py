"""Who reads the broken files. Another reader is one more line of `TARGETS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fuzzing.picture_seeds import mask_seeds, picture_seeds
from lsegdiff_gui.imaging.read import Limits, read, read_mask, read_thumbnail

_SMALL = 64
# A large picture takes the time of its size, which is no hang: the bombs and blown up sizes are beyond this limit,
# and what is within it is decoded in a fraction of a second.
_LIMITS = Limits(megapixels=8)


@dataclass(frozen=True)
class Target:
    """One reader of files.

    seeds: makes files by name that are whole, or bad by design; each is tried as it is, then broken again and again.
    read: reads a file. It may raise LSegDiffError and nothing else, write nothing, and take its time within limits.
    is_text: JSON and the like, which is also broken by its values.
    """

    name: str
    seeds: Callable[[], dict[str, bytes]]
    read: Callable[[Path], object]
    is_text: bool = False


TARGETS: tuple[Target, ...] = (
    Target("picture", picture_seeds, lambda path: read(path, limits=_LIMITS)),
    Target("thumbnail", picture_seeds, lambda path: read_thumbnail(path, _SMALL, limits=_LIMITS)),
    Target("mask picture", mask_seeds, read_mask),
)
