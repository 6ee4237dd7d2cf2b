"""The table of tools: what each is called, how it points, and which gesture a press begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from lsegdiff_gui.ui.canvas.boxing import BoxGesture
from lsegdiff_gui.ui.canvas.gestures import Gesture, PaintGesture, Press, Stage
from lsegdiff_gui.ui.canvas.hinting import HintGesture
from lsegdiff_gui.ui.canvas.outlining import LassoGesture, Outline
from lsegdiff_gui.ui.canvas.parting import PartGesture
from lsegdiff_gui.ui.canvas.picking import PickGesture, WandGesture, flooded, kept, removed

ToolName = Literal[
    "brush",
    "eraser",
    "polygon",
    "lasso",
    "wand",
    "fill",
    "keep",
    "remove",
    "cut",
    "tie",
    "revert",
    "hint",
    "pan",
]


@dataclass(frozen=True)
class Tool:
    """One tool. begin: the gesture of a press; None for the hand that moves the picture.

    guide: what the hand does with it, in few words. turned: the tool that it is like while it is turned round.
    ring: the pointer is a ring of the brush's size. erases: what is not turned round erases. parts: it says what is
    one lesion, so that this is to be seen. tolerates: it has a tolerance. spans: it goes from one point to another.
    tells: it tells the model something, so that what it was told is to be seen; the right button turns it round.
    in_turn: it reads or changes the document while the button is held, not only once it is let go.
    """

    begin: Callable[[Stage, Press], Gesture | Outline] | None
    guide: str = ""
    turned: ToolName = "eraser"
    ring: bool = False
    erases: bool = False
    parts: bool = False
    tolerates: bool = False
    spans: bool = False
    tells: bool = False
    in_turn: bool = False


def _painting(stage: Stage, press: Press) -> Gesture:
    tool = "eraser" if press.inverse else "brush"
    return PaintGesture(stage, press.document, label=press.value, radius=press.radius, tool=tool)


def _erasing(stage: Stage, press: Press) -> Gesture:
    return _painting(stage, replace(press, inverse=not press.inverse))


def _parting(stage: Stage, press: Press, *, ties: bool) -> Gesture:
    # To join what was parted, and the other way round, is what turning this tool round means.
    return PartGesture(stage, press, ties=ties != press.inverse)


TOOLS: dict[ToolName, Tool] = {
    "brush": Tool(_painting, "Drag paints · Ctrl erases · [ ] size", ring=True, in_turn=True),
    "eraser": Tool(
        _erasing,
        "Drag erases · Ctrl paints · [ ] size",
        turned="brush",
        ring=True,
        erases=True,
        in_turn=True,
    ),
    "polygon": Tool(Outline, "Click corners · Enter closes · Ctrl erases"),
    "lasso": Tool(LassoGesture, "Draw around it · Ctrl erases"),
    "wand": Tool(WandGesture, "Press, drag for more or less · Ctrl erases", tolerates=True),
    "fill": Tool(partial(PickGesture, find=flooded, tool="fill"), "Click fills · Ctrl erases"),
    "keep": Tool(
        partial(PickGesture, find=kept, tool="keep component"),
        "Click what stays · Ctrl removes it",
        turned="remove",
    ),
    "remove": Tool(
        partial(PickGesture, find=removed, tool="remove component"),
        "Click what goes · Ctrl keeps it alone",
        turned="keep",
        erases=True,
    ),
    "cut": Tool(
        partial(_parting, ties=False),
        "Drag a line across a lesion · Ctrl ties",
        turned="tie",
        parts=True,
        spans=True,
        in_turn=True,
    ),
    "tie": Tool(
        partial(_parting, ties=True),
        "Drag from part to part · Ctrl cuts",
        turned="cut",
        parts=True,
        spans=True,
        in_turn=True,
    ),
    "revert": Tool(BoxGesture, "Drag a box back to the draft · Ctrl clears", spans=True),
    "hint": Tool(
        HintGesture,
        "Click: belongs · Right click: does not · Drag: look here",
        turned="remove",
        spans=True,
        tells=True,
    ),
    "pan": Tool(None),
}
