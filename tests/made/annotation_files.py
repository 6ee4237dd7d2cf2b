"""Annotation files as other programs write them, and a project of pictures they are for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, Labels
from lsegdiff_gui.formats.import_plan import Choices, ImportPlan
from lsegdiff_gui.formats.importing import ImportReport, Placement, import_masks
from lsegdiff_gui.formats.matching import KnownPicture
from lsegdiff_gui.formats.planning import Project, plan
from lsegdiff_gui.imaging.write import write_png

WIDTH, HEIGHT = 40, 30


def picture(path: Path, width: int = WIDTH, height: int = HEIGHT) -> Path:
    """A grey picture that says no more than its size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_png(path, np.full((height, width, 3), 90, np.uint8))
    return path


def coco(
    path: Path, images: Iterable[Mapping[str, Any]], annotations: Iterable[Any], *categories: str
) -> Path:
    """A COCO file; categories are numbered from 1."""
    data = {
        "info": {"description": "made by a test"},
        "images": list(images),
        "annotations": list(annotations),
        "categories": [{"id": number, "name": name} for number, name in enumerate(categories, start=1)],
    }
    path.write_text(json.dumps(data), "utf-8")
    return path


def image(number: int, name: str, width: int = WIDTH, height: int = HEIGHT) -> dict[str, Any]:
    """A COCO file's description of a picture."""
    return {"id": number, "file_name": name, "width": width, "height": height}


def annotation(
    number: int, image_id: int, segmentation: Any, category: int = 1, **more: Any
) -> dict[str, Any]:
    """A COCO file's annotation."""
    return {"id": number, "image_id": image_id, "category_id": category, "segmentation": segmentation, **more}


def rectangle(x0: float, y0: float, x1: float, y1: float) -> list[float]:
    """Its corners along the edges of pixels, as COCO lists them."""
    return [x0, y0, x1, y0, x1, y1, x0, y1]


def planned(
    paths: Iterable[Path],
    pictures: Iterable[Path | KnownPicture],
    labels: Labels = DEFAULT_LABELS,
    **more: Any,
) -> ImportPlan:
    """The plan for a project of these pictures, numbered from 1."""
    known = tuple(
        each if isinstance(each, KnownPicture) else KnownPicture(number, each)
        for number, each in enumerate(pictures, start=1)
    )
    return plan(list(paths), Project(known, labels), **more)


def imported(made: ImportPlan, choices: Choices | None = None) -> tuple[dict[str, Placement], ImportReport]:
    """Everything that would be placed, by the names of the pictures, and the report."""
    placed: dict[str, Placement] = {}

    def place(placement: Placement) -> bool:
        placed[placement.picture.path.name] = placement
        return True

    return placed, import_masks(made, choices or Choices(), place, annotator="Ada")
