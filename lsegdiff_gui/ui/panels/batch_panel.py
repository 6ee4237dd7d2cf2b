"""How far drafting many pictures is: progress, time left, pause, and the pictures that could not be drafted."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.batch_progress import BatchProgress

_BAR_HEIGHT = 6


class BatchPanel(QWidget):
    """Out of sight while there is nothing to tell.

    Signals:
        pause_wanted(bool), stop_wanted(), failures_wanted(): the list of them is asked for.
    """

    pause_wanted = Signal(bool)
    stop_wanted = Signal()
    failures_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setAccessibleName("Progress of drafting all")
        theme.set_role(self.words, "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(_BAR_HEIGHT)
        self.bar.setAccessibleName("Progress of drafting all")
        self.pause = QToolButton()
        self.pause.setCheckable(True)
        self.pause.clicked.connect(self.pause_wanted)
        self.stop = QToolButton()
        self.stop.setIcon(theme.icon("mdi6.stop"))
        self.stop.setToolTip("Stop drafting all; what is drafted stays drafted")
        self.stop.setAccessibleName("Stop drafting all")
        self.stop.clicked.connect(self.stop_wanted)
        self.failures = QPushButton()
        self.failures.clicked.connect(self.failures_wanted)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP // 2)
        row.addWidget(self.words, 1)
        row.addWidget(self.pause)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addWidget(self.failures)
        self.show_progress(None, 0)

    def show_progress(self, progress: BatchProgress | None, failures: int) -> None:
        """Show how far it is, None when none is running, and how many pictures could not be drafted."""
        running = progress is not None
        for widget in (self.words, self.bar, self.pause, self.stop):
            widget.setVisible(running)
        self.failures.setVisible(failures > 0)
        self.setVisible(running or failures > 0)
        self.failures.setText("1 was not drafted…" if failures == 1 else f"{failures} were not drafted…")
        self.failures.setToolTip("Which ones, why, and try them again")
        if progress is not None:
            self.words.setText(progress.words)
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
            self.pause.setChecked(progress.is_paused)
            self.pause.setIcon(theme.icon("mdi6.play" if progress.is_paused else "mdi6.pause"))
            told = "Go on drafting" if progress.is_paused else "Pause drafting"
            self.pause.setToolTip(told)
            self.pause.setAccessibleName(told)
