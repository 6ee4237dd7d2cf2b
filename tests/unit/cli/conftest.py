from pathlib import Path

import pytest
from made.finds_dark import Models, lesion

from lsegdiff_gui.imaging.write import write_png


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> Models:
    """Whatever weights a command asks for, it gets the stand-in that finds what is dark."""
    models = Models()
    monkeypatch.setattr("lsegdiff_gui.model.segmenter.Segmenter", models)
    return models


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures of different sizes in images/ and their masks in masks/."""
    for name, size in {"one": (320, 240), "two": (200, 300), "three": (64, 64)}.items():
        rgb8, mask = lesion(*size)
        for kind, pixels in {"images": rgb8, "masks": mask * 255}.items():
            (tmp_path / kind).mkdir(exist_ok=True)
            write_png(tmp_path / kind / f"{name}.png", pixels)
    return tmp_path
