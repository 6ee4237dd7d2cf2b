"""The commands that say what is in the hand: the tool, the brush's size, the active label."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from lsegdiff_gui.ui.actions import LABEL_IDS, Actions
from lsegdiff_gui.ui.brush_size import BrushSize
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.tools import TOOLS, ToolName
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.ui.panels.label_panel import LabelPanel
from lsegdiff_gui.ui.preferences import Preferences

_BIG_STEP = 5


class ToolCommands(QObject):
    """Hands the canvas its tool, remembers it for the next start, and has done what the tool wants."""

    def __init__(
        self,
        actions: Actions,
        editing: Editing,
        preferences: Preferences,
        *,
        canvas: Canvas,
        brush: BrushSize,
        labels: LabelPanel,
    ) -> None:
        super().__init__(canvas)
        self._preferences = preferences
        self._canvas = canvas
        self._tool: ToolName = "brush"
        self._buttons = {tool: actions[f"tool.{tool}"] for tool in TOOLS if f"tool.{tool}" in actions.specs}
        actions.connect(
            {
                "tool.swap": lambda: self.use("brush" if self._tool == "eraser" else "eraser"),
                "tool.smaller": lambda: brush.scale(-1),
                "tool.larger": lambda: brush.scale(1),
                "tool.much_smaller": lambda: brush.scale(-_BIG_STEP),
                "tool.much_larger": lambda: brush.scale(_BIG_STEP),
                "label.rename": labels.rename_active,
            }
        )
        actions.connect({f"tool.{tool}": partial(self.use, tool) for tool in self._buttons})
        actions.connect({name: partial(labels.activate, digit) for digit, name in enumerate(LABEL_IDS)})
        canvas.edit_wanted.connect(editing.edit)
        canvas.partition_wanted.connect(editing.set_partition)
        canvas.tolerance_changed.connect(lambda tolerance: preferences.change(wand_tolerance=tolerance))
        canvas.set_tolerance(preferences.settings.wand_tolerance)
        kept = preferences.settings.tool
        self.use(kept if kept in self._buttons else "brush")

    def use(self, tool: ToolName) -> None:
        """Take a tool into the hand."""
        self._tool = tool
        self._canvas.set_tool(tool)
        for name, button in self._buttons.items():
            button.setChecked(name == tool)
        self._preferences.change(tool=tool)
