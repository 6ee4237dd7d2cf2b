"""Annotated pictures that a test can learn from, bright discs on a dark ground: a folder, and a COCO file of it."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from lsegdiff_gui.formats.coco import CocoPicture, build
from lsegdiff_gui.imaging.read import read_mask
from lsegdiff_gui.imaging.write import write_png


def make_pairs(folder: Path, count: int, *, side: int = 64) -> Path:
    """`count` pictures in images/ and masks/; every sixth has an empty mask."""
    rng = np.random.default_rng(0)
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True)
    for i in range(count):
        mask = np.zeros((side, side + 16), np.uint8)
        if i % 6:
            x, y = (int(v) for v in rng.integers(20, side - 20, 2))
            cv2.circle(mask, (x, y), int(rng.integers(8, 18)), 1, -1)
        picture = rng.integers(0, 60, (*mask.shape, 3), np.uint8) + 150 * mask[..., None]
        write_png(folder / "images" / f"case {i:02}.png", picture)
        write_png(folder / "masks" / f"case {i:02}.png", mask * 255)
    return folder


@pytest.fixture
def discs(tmp_path: Path) -> Path:
    return make_pairs(tmp_path / "discs", 24)


@pytest.fixture
def discs_coco(discs: Path) -> Path:
    """The same pictures as this program exports them: a COCO file beside images/."""
    pictures = [
        CocoPicture.of_mask(path.name, read_mask(discs / "masks" / path.name))
        for path in sorted((discs / "images").iterdir())
    ]
    path = discs / "annotations.json"
    path.write_text(json.dumps(build(pictures)), "utf-8")
    return path
