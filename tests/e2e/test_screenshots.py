"""The pictures of the documentation can be taken, whatever the weights."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from made.segmenters import MadeSegmenter
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

_SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "make_screenshots.py"


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_screenshots", _SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_that_all_pictures_are_taken(script: ModuleType, qapp: QApplication, tmp_path: Path) -> None:
    look = (qapp.palette(), qapp.styleSheet())
    script.take_all(qapp, tmp_path / "screenshots", lambda model, _device: MadeSegmenter(model))
    qapp.setPalette(look[0])
    qapp.setStyleSheet(look[1])
    taken = {path.stem: QImage(str(path)) for path in (tmp_path / "screenshots").glob("*.png")}
    assert set(taken) == {"drafting", "corrected", "dark", "light", "hints", "opinions", "doubt"}
    assert {(image.width(), image.height()) for image in taken.values()} == {(1400, 880)}
    corner = {name: image.pixelColor(700, 860).lightness() for name, image in taken.items()}
    assert corner["dark"] < 80 < 180 < corner["light"]
    page = (_SCRIPT.parent / "editing.md").read_text(encoding="utf-8")
    shown = [
        QImage(str(path))
        for path in (tmp_path / "screenshots" / "editing").glob("*.jpg")
        if path.name in page
    ]
    assert len(shown) == page.count("](screenshots/editing/") == 5
    assert all(image.width() > 600 for image in shown)
    projects = (_SCRIPT.parent / "projects.md").read_text(encoding="utf-8")
    named = [path for path in (tmp_path / "screenshots" / "projects").glob("*.jpg") if path.name in projects]
    assert len(named) == projects.count("](screenshots/projects/") == 5
    assert all(QImage(str(path)).width() > 600 for path in named)
    page = (_SCRIPT.parent / "queue.md").read_text(encoding="utf-8")
    for path in (tmp_path / "screenshots" / "queue").glob("*.jpg"):
        assert f"](screenshots/queue/{path.name})" in page
        assert QImage(str(path)).width() > 200
