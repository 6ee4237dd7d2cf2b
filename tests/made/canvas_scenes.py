"""The canvas with each tool in the hand and a gesture under way: what pixel snapshots are taken of.

`python -m made.canvas_scenes FOLDER`, run by `make snapshots`, writes one sheet a tool.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
import numpy.typing as npt
from made.canvas_hand import LEFT, send
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QImage
from PySide6.QtWidgets import QApplication

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.hints import Hint
from lsegdiff_gui.annotation.instance_map import instance_map
from lsegdiff_gui.annotation.instances import Cut, Partition, Tie
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, IGNORE, Label
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.hint_marks import HintMarks
from lsegdiff_gui.ui.canvas.parting_signs import PartingSigns
from lsegdiff_gui.ui.canvas.tools import TOOLS, ToolName

U8 = npt.NDArray[np.uint8]
Zoom = Literal["fit", "100 %", "400 %", "1600 %"]

SNAPSHOTS = Path(__file__).parents[1] / "unit" / "ui" / "canvas" / "snapshots"
WIDTH, HEIGHT = 144, 108
_PICTURE = (256, 192)
_ZOOMS: dict[Zoom, float] = {"fit": 0.0, "100 %": 1.0, "400 %": 4.0, "1600 %": 16.0}
# Where the closer looks are: on the edge of the large lesion, with the cut across it.
_LOOKED_AT = (201.5, 108.5)
_PARTITION = Partition(ties=(Tie((120, 96), (40, 40)),), cuts=(Cut(((150, 30), (215, 140))),))
_HINTS = HintMarks(
    (Hint(((100.0, 80.0),), belongs=True), Hint(((205.0, 112.0),), belongs=False)),
    (Hint(((30.0, 150.0), (90.0, 170.0), (150.0, 150.0)), belongs=True, radius=8.0),),
)
# In shares of the canvas, so that the gesture is in sight at every zoom.
_CLICKS = [(0.2, 0.25), (0.75, 0.2), (0.8, 0.7)]
_AROUND = [(0.25, 0.3), (0.6, 0.2), (0.8, 0.45), (0.65, 0.8), (0.35, 0.7)]
_ACROSS = [(0.25, 0.3), (0.5, 0.55), (0.75, 0.7)]
_GESTURES: dict[ToolName, list[tuple[float, float]]] = {
    "polygon": _CLICKS,
    "lasso": _AROUND,
    "wand": [(0.5, 0.5), (0.55, 0.5)],
}


@dataclass(frozen=True)
class Look:
    """How a row of a sheet is taken."""

    scheme: Literal["light", "dark"]
    ratio: float


LOOKS = (Look("light", 1.0), Look("dark", 2.0))


class DenseCanvas(Canvas):
    """On a screen of another density than the one there is."""

    def __init__(self, ratio: float) -> None:
        self._ratio = ratio
        super().__init__()

    def devicePixelRatioF(self) -> float:
        return self._ratio


def cells(tool: ToolName, look: Look) -> dict[Zoom, U8]:
    """(H, W, 3) uint8 by zoom: the canvas with this tool in the hand and the keyboard's focus around it."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, look.scheme)
    canvas = DenseCanvas(look.ratio)
    canvas.setFixedSize(WIDTH, HEIGHT)
    canvas.show()
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    taken = {zoom: _taken(canvas, tool, zoom) for zoom in get_args(Zoom)}
    canvas.close()
    canvas.deleteLater()
    app.sendPostedEvents(canvas, QEvent.Type.DeferredDelete.value)
    return taken


def sheet(tool: ToolName) -> U8:
    """All cells of a tool: zooms side by side, looks one under the other; (H, W, 3) uint8."""
    rows = [np.hstack(list(cells(tool, look).values())) for look in LOOKS]
    width = max(row.shape[1] for row in rows)
    return np.vstack([np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0))) for row in rows])


def _taken(canvas: Canvas, tool: ToolName, zoom: Zoom) -> U8:
    canvas.show_picture(_picture())
    document = _document()
    canvas.set_document(document)
    canvas.set_brush_radius(12)
    canvas.set_tool(tool)
    if _ZOOMS[zoom]:
        x, y = _LOOKED_AT
        canvas.set_view(replace(canvas.view, scale=_ZOOMS[zoom], centre_x=x, centre_y=y, fitted=False))
    if TOOLS[tool].tells:
        canvas.show_hints(_HINTS)
    if TOOLS[tool].parts:
        canvas.show_parting(PartingSigns(_PARTITION.cuts, instance_map(document.final, _PARTITION)))
    _begin(canvas, tool)
    image = _without_words(canvas)
    canvas.cancel_gesture()
    return image


def _begin(canvas: Canvas, tool: ToolName) -> None:
    at = [QPointF(round(x * WIDTH), round(y * HEIGHT)) for x, y in _GESTURES.get(tool, _ACROSS)]
    if tool == "polygon":
        for point in at:
            send(canvas, QEvent.Type.MouseButtonPress, point)
            send(canvas, QEvent.Type.MouseButtonRelease, point)
        send(canvas, QEvent.Type.MouseMove, QPointF(0.3 * WIDTH, 0.8 * HEIGHT), Qt.MouseButton.NoButton)
        return
    send(canvas, QEvent.Type.MouseButtonPress, at[0])
    for point in at[1:]:
        send(canvas, QEvent.Type.MouseMove, point, LEFT)


def _without_words(canvas: Canvas) -> U8:
    """The canvas's pixels, but for words and digits: those look otherwise with other fonts."""
    scene = canvas._scene
    if scene.proposal is not None:
        canvas.show_proposal(replace(scene.proposal, words=""))
    ratio = canvas.devicePixelRatioF()
    image = QImage(QSize(WIDTH, HEIGHT) * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    canvas.render(image)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    taken = pixels[..., 2::-1].copy()
    if scene.parting is not None and scene.parting.found is not None:
        for _, plate in scene.parting._plates(scene.parting.found, canvas.view):
            inner = plate.adjusted(4, 4, -4, -4)
            top, bottom = max(round(inner.top() * ratio), 0), max(round(inner.bottom() * ratio), 0)
            left, right = max(round(inner.left() * ratio), 0), max(round(inner.right() * ratio), 0)
            taken[top:bottom, left:right] = 0
    return taken


def _picture() -> U8:
    """Skin with a dark lesion and a small one, in flat colours: a snapshot of it is a small file."""
    width, height = _PICTURE
    rgb8 = np.full((height, width, 3), (222, 178, 156), np.uint8)
    cv2.ellipse(rgb8, (150, 96), (62, 48), 15, 0, 360, (124, 72, 52), -1)
    cv2.ellipse(rgb8, (150, 96), (30, 20), 15, 0, 360, (70, 38, 34), -1)
    cv2.circle(rgb8, (40, 40), 16, (140, 84, 60), -1)
    rgb8[::16, ::16] = (240, 210, 190)
    return rgb8


def _document() -> Document:
    """The two lesions, a second label within the large one, and a strip to be ignored."""
    width, height = _PICTURE
    labels = (*DEFAULT_LABELS, Label(2, "Other", "#e69f00"))
    document = Document(width, height, labels=labels)
    plane = np.zeros((height, width), np.uint8)
    cv2.ellipse(plane, (148, 96), (60, 46), 15, 0, 360, 1, -1)
    cv2.circle(plane, (40, 40), 16, 1, -1)
    cv2.rectangle(plane, (180, 100), (200, 118), 2, -1)
    plane[180:186] = IGNORE
    changes = [(Region.of_mask(plane == label), label) for label in (1, 2, IGNORE)]
    document.edit(changes, "made")
    return document


def main() -> int:
    """Write the sheets anew."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    SNAPSHOTS.mkdir(exist_ok=True)
    for tool in TOOLS:
        # Sixteen shades a colour: what is compared is not finer, and the files are half as large.
        coarse = sheet(tool) // 16 * 17
        smallest = [cv2.IMWRITE_PNG_COMPRESSION, 9]
        cv2.imencode(".png", coarse[..., ::-1], smallest)[1].tofile(SNAPSHOTS / f"{tool}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
