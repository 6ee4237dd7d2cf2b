"""The table of tools: what each is called, how it points, and which gesture a press begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from lsegdiff_gui.ui.canvas.boxing import BoxGesture
from lsegdiff_gui.ui.canvas.gestures import Gesture, PaintGesture, Press, Stage
from lsegdiff_gui.ui.canvas.outlining import LassoGesture, Outline
from lsegdiff_gui.ui.canvas.parting import PartGesture
from lsegdiff_gui.ui.canvas.picking import PickGesture, WandGesture, flooded, kept, removed

ToolName = Literal[
    "brush", "eraser", "polygon", "lasso", "wand", "fill", "keep", "remove", "cut", "tie", "revert", "pan"
]


@dataclass(frozen=True)
class Tool:
    """One tool. begin: the gesture of a press; None for the hand that moves the picture.

    ring: the pointer is a ring of the brush's size. erases: what is not turned round erases. parts: it says what is
    one lesion, so that this is to be seen.
    """

    begin: Callable[[Stage, Press], Gesture | Outline] | None
    ring: bool = False
    erases: bool = False
    parts: bool = False


def _painting(stage: Stage, press: Press) -> Gesture:
    tool = "eraser" if press.inverse else "brush"
    return PaintGesture(stage, press.document, label=press.value, radius=press.radius, tool=tool)


def _erasing(stage: Stage, press: Press) -> Gesture:
    return _painting(stage, replace(press, inverse=not press.inverse))


def _parting(stage: Stage, press: Press, *, ties: bool) -> Gesture:
    # To join what was parted, and the other way round, is what turning this tool round means.
    return PartGesture(stage, press, ties=ties != press.inverse)


TOOLS: dict[ToolName, Tool] = {
    "brush": Tool(_painting, ring=True),
    "eraser": Tool(_erasing, ring=True, erases=True),
    "polygon": Tool(Outline),
    "lasso": Tool(LassoGesture),
    "wand": Tool(WandGesture),
    "fill": Tool(partial(PickGesture, find=flooded, tool="fill")),
    "keep": Tool(partial(PickGesture, find=kept, tool="keep component")),
    "remove": Tool(partial(PickGesture, find=removed, tool="remove component"), erases=True),
    "cut": Tool(partial(_parting, ties=False), parts=True),
    "tie": Tool(partial(_parting, ties=True), parts=True),
    "revert": Tool(BoxGesture),
    "pan": Tool(None),
}
