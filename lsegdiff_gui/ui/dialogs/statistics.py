"""The statistics of a project: four plots, and the figures of each picture as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from lsegdiff_gui.project.statistics import Plot
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.bar_plot import BarPlot
from lsegdiff_gui.ui.panels.picture_model import STATUS_WORDS

_PLOTS = 4


class StatisticsDialog(QDialog):
    """Signals: file_wanted(): the figures are to be written to a file."""

    file_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Statistics")
        self.setAccessibleName("Statistics")
        self.plots = [BarPlot() for _ in range(_PLOTS)]
        grid = QGridLayout()
        grid.setSpacing(theme.WIDE)
        for place, plot in enumerate(self.plots):
            grid.addWidget(plot, place // 2, place % 2)
        buttons = QDialogButtonBox()
        self.save = buttons.addButton("Save as a table…", QDialogButtonBox.ButtonRole.ActionRole)
        self.save.clicked.connect(self.file_wanted)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.WIDE, theme.WIDE, theme.WIDE, theme.WIDE)
        column.setSpacing(theme.WIDE)
        column.addLayout(grid, 1)
        column.addWidget(buttons)

    def show_plots(self, plots: Sequence[Plot]) -> None:
        """Show these figures in the place of those before."""
        words = {status.value: text for status, text in STATUS_WORDS.items()}
        for widget, plot in zip(self.plots, plots, strict=True):
            named = tuple(replace(bar, label=words.get(bar.label, bar.label)) for bar in plot.bars)
            widget.show_plot(replace(plot, bars=named))
