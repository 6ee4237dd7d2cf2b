"""Each tool in the hand, pixel for pixel: at four zooms, in both themes, on screens of both densities.

`make snapshots` takes the stored pictures anew; look at what has changed in them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from made.canvas_scenes import LOOKS, SNAPSHOTS, Zoom, cells, sheet
from PySide6.QtWidgets import QApplication

from lsegdiff_gui.ui.canvas.tools import TOOLS, ToolName

U8 = npt.NDArray[np.uint8]

# Smoothed edges differ a little from one version of Qt to the next; a missing line is some hundred pixels.
_NEAR = 48
_MOST_FAR = 0.002


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    palette, style = qapp.palette(), qapp.styleSheet()
    yield qapp
    qapp.setPalette(palette)
    qapp.setStyleSheet(style)


def stored(tool: ToolName) -> U8:
    path = SNAPSHOTS / f"{tool}.png"
    assert path.exists(), f"There is no snapshot {path.name}: run 'make snapshots' and look at it."
    return np.asarray(cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR_RGB), np.uint8)


def complaint(tool: ToolName, seen: U8, kept: U8, folder: Path) -> str:
    """What differs too much, and where the pictures of it are; empty for nothing."""
    far = np.abs(seen.astype(np.int16) - kept).max(axis=2) > _NEAR
    if far.mean() <= _MOST_FAR:
        return ""
    ys, xs = np.nonzero(far)
    marked = seen // 3
    marked[far] = (255, 0, 255)
    for name, pixels in (("seen", seen), ("kept", kept), ("difference", marked)):
        path = folder / f"{tool}-{name}.png"
        cv2.imencode(".png", pixels[..., ::-1])[1].tofile(path)
    return (
        f"{far.sum()} pixels ({far.mean():.1%}) of the canvas with the tool {tool!r} look otherwise than in its "
        f"snapshot, from ({xs.min()}, {ys.min()}) to ({xs.max()}, {ys.max()}). See {folder}/{tool}-difference.png. "
        "If it is meant: 'make snapshots', look at them, and commit them."
    )


@pytest.mark.parametrize("tool", TOOLS)
def test_that_the_canvas_looks_as_it_did(app: QApplication, tool: ToolName, tmp_path: Path) -> None:
    kept = stored(tool)
    seen = sheet(tool)
    assert seen.shape == kept.shape, f"The sheet of {tool!r} has another size: run 'make snapshots'."
    for name, rows in _rows(seen):
        told = complaint(tool, seen[rows], kept[rows], tmp_path)
        assert not told, f"{name}: {told}"


def test_that_every_zoom_theme_and_density_is_another_picture(app: QApplication) -> None:
    taken = [cells("polygon", look) for look in LOOKS]
    assert [set(each) for each in taken] == [set(get_args(Zoom))] * 2
    pictures = [pixels for each in taken for pixels in each.values()]
    assert len({pixels.tobytes() for pixels in pictures}) == 8
    # The theme's own colour is that of the focus.
    assert tuple(taken[0]["fit"][0, 50]) != tuple(taken[1]["fit"][0, 50])


def test_that_a_line_that_is_gone_is_noticed_and_shown(app: QApplication, tmp_path: Path) -> None:
    kept = stored("cut")
    height = kept.shape[0] // 3
    without = kept.copy()
    without[:height] = stored("fill")[:height]
    told = complaint("cut", without[:height], kept[:height], tmp_path)
    assert "cut-difference.png" in told and (tmp_path / "cut-difference.png").exists()
    assert complaint("cut", kept, kept, tmp_path) == ""


def _rows(pixels: U8) -> list[tuple[str, slice]]:
    """The rows of a sheet, by look: as high as the density says."""
    unit = pixels.shape[0] / sum(look.ratio for look in LOOKS)
    found, top = [], 0
    for look in LOOKS:
        bottom = top + round(unit * look.ratio)
        found.append((f"{look.scheme}, density {look.ratio:g}", slice(top, bottom)))
        top = bottom
    return found
