"""Windows to work in; each is closed, and its threads are gone, when the test ends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from made.segmenters import MadeSegmenter
from made.windows import Hand, open_window, write_picture
from pytestqt.qtbot import QtBot

Open = Callable[..., Hand]


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Three pictures in a folder."""
    return [write_picture(tmp_path / "pictures" / f"naevus_{n}.png", seed=n) for n in range(3)]


@pytest.fixture
def open_with(qtbot: QtBot) -> Open:
    """Opens a window with pictures; without a segmenter it drafts with a made one."""

    def begin(paths: list[Path], segmenter: MadeSegmenter | None = None, **settings: object) -> Hand:
        made = segmenter or MadeSegmenter()
        return open_window(qtbot, lambda _model, _device: made, paths, **settings)

    return begin
