"""Who reads the broken files. Another reader is one more line of `TARGETS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fuzzing.annotation_seeds import coco_seeds, labelme_seeds, read_and_draw
from fuzzing.picture_seeds import mask_seeds, paged_seeds, picture_seeds
from lsegdiff_gui.imaging.facts import read_facts
from lsegdiff_gui.imaging.pages import count_pages, page_path
from lsegdiff_gui.imaging.read import read, read_mask, read_thumbnail

_SMALL = 64


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


def _read_last_page(path: Path) -> object:
    return read(page_path(path, count_pages(path)))


TARGETS: tuple[Target, ...] = (
    Target("picture", picture_seeds, read),
    Target("thumbnail", picture_seeds, lambda path: read_thumbnail(path, _SMALL)),
    Target("last page", paged_seeds, _read_last_page),
    Target("facts", picture_seeds, read_facts),
    Target("mask picture", mask_seeds, read_mask),
    Target("imported mask", mask_seeds, read_and_draw),
    Target("COCO", coco_seeds, read_and_draw, is_text=True),
    Target("labelme", labelme_seeds, read_and_draw, is_text=True),
)
