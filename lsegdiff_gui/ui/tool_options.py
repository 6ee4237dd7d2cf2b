"""The options of the tool in the hand, in one place of the tool bar."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from lsegdiff_gui.ui.brush_size import BrushSize
from lsegdiff_gui.ui.canvas.tools import TOOLS, ToolName
from lsegdiff_gui.ui.option_slider import OptionSlider
from lsegdiff_gui.ui.wand_tolerance import WandTolerance


class ToolOptions(QStackedWidget):
    """Shows the brush's size, the wand's tolerance, or nothing; as wide whichever, so that no button moves."""

    def __init__(self) -> None:
        super().__init__()
        self.brush = BrushSize()
        self.tolerance = WandTolerance()
        self._none = QWidget()
        for page in (self.brush, self.tolerance, self._none):
            self.addWidget(page)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Options of the tool")

    def show_tool(self, tool: ToolName) -> None:
        """This tool is in the hand now."""
        page: QWidget = self._none
        if TOOLS[tool].ring:
            page = self.brush
        elif TOOLS[tool].tolerates:
            page = self.tolerance
        self.setCurrentWidget(page)

    def scale(self, presses: int) -> None:
        """Make the option of the tool larger (or smaller) by presses of a bracket key; without one, the brush."""
        page = self.currentWidget()
        (page if isinstance(page, OptionSlider) else self.brush).scale(presses)
