"""The commands that say what is in the hand: the tool, the brush's size, the active label."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from lsegdiff_gui.ui.action_table import LABEL_IDS
from lsegdiff_gui.ui.actions import Actions
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.pointer import ToolPointer
from lsegdiff_gui.ui.canvas.tools import TOOLS, ToolName
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.ui.panels.label_panel import LabelPanel
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.settings import Settings
from lsegdiff_gui.ui.tool_options import ToolOptions

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
        options: ToolOptions,
        labels: LabelPanel,
    ) -> None:
        super().__init__(canvas)
        self._preferences = preferences
        self._canvas = canvas
        self._options = options
        self._pixel: tuple[int, int] | None = None
        self._labels = labels
        self._tool: ToolName = "brush"
        self._actions = actions
        self._buttons = {tool: actions[f"tool.{tool}"] for tool in TOOLS if f"tool.{tool}" in actions.specs}
        actions.connect(
            {
                "tool.swap": lambda: self._take("brush" if self._tool == "eraser" else "eraser"),
                "tool.smaller": lambda: options.scale(-1),
                "tool.larger": lambda: options.scale(1),
                "tool.much_smaller": lambda: options.scale(-_BIG_STEP),
                "tool.much_larger": lambda: options.scale(_BIG_STEP),
                "label.rename": labels.rename_active,
                "label.pick": self._pick,
            }
        )
        actions.connect({f"tool.{tool}": partial(self._take, tool) for tool in self._buttons})
        actions.connect({name: partial(labels.activate, digit) for digit, name in enumerate(LABEL_IDS)})
        canvas.cursor_moved.connect(self._point)
        canvas.edit_wanted.connect(editing.change)
        canvas.partition_wanted.connect(editing.set_partition)
        self._join_options(preferences.settings)
        preferences.changed.connect(lambda settings: canvas.set_pen_pressure(settings.pen == "pressure"))
        canvas.set_pen_pressure(preferences.settings.pen == "pressure")
        kept = preferences.settings.tool
        self.use(kept if kept in self._buttons else "brush")

    def _join_options(self, settings: Settings) -> None:
        canvas, brush, tolerance = self._canvas, self._options.brush, self._options.tolerance
        for changed in (brush.changed, canvas.brush_size_changed):
            changed.connect(lambda radius: self._preferences.change(brush_radius=radius))
        for changed in (tolerance.changed, canvas.tolerance_changed):
            changed.connect(lambda percent: self._preferences.change(wand_tolerance=percent))
        brush.changed.connect(canvas.set_brush_radius)
        tolerance.changed.connect(canvas.set_tolerance)
        canvas.brush_size_changed.connect(brush.show_value)
        canvas.tolerance_changed.connect(tolerance.show_value)
        canvas.set_brush_radius(settings.brush_radius)
        canvas.set_tolerance(settings.wand_tolerance)
        brush.show_value(settings.brush_radius)
        tolerance.show_value(settings.wand_tolerance)

    def use(self, tool: ToolName) -> None:
        """Take a tool into the hand."""
        self._tool = tool
        self._canvas.set_tool(tool, self._pointer(tool))
        self._options.show_tool(tool)
        for name, button in self._buttons.items():
            button.setChecked(name == tool)
        self._preferences.change(tool=tool)

    def _take(self, tool: ToolName) -> None:
        """At a command: who takes a tool means to work on the picture, with arrow keys and Enter too."""
        self.use(tool)
        self._canvas.setFocus()

    def _point(self, pixel: tuple[int, int] | None) -> None:
        self._pixel = pixel

    def _pick(self) -> None:
        """Make the label under the pointer or the cross-hair the active one."""
        document = self._canvas.document
        if self._pixel is not None and document is not None:
            column, row = self._pixel
            self._labels.choose(int(document.final[row, column]))

    def _pointer(self, tool: ToolName) -> ToolPointer:
        """The tool's sign beside a cross; brush and eraser have their ring."""
        if TOOLS[tool].ring:
            return ToolPointer()
        specs = self._actions.specs
        glyphs = specs[f"tool.{tool}"].icon, specs[f"tool.{TOOLS[tool].turned}"].icon
        return ToolPointer(glyphs, self._canvas.devicePixelRatioF())
