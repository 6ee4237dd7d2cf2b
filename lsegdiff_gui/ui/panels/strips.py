"""What lies below the canvas: the film of the draft, its opinions, and how many of them must agree."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.film_strip import FilmStrip, StripWords

OPINIONS = StripWords(
    "Opinions on the mask",
    "The samples of a draft are so many opinions; they will be seen here.",
    lambda index, _of: "mean" if index == 1 else str(index - 1),
)
_SLIDER_WIDTH = 118
# Of a draft as it is usually made: how the row is shared while it is empty.
_FILM_FRAMES, _OPINION_FRAMES = 4, 6


class Agreement(QWidget):
    """How many samples must see a pixel: from any one to all.

    Signals: tried(int): while it is dragged; chosen(int): when it is let go.
    """

    tried = Signal(int)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("How many samples must agree")
        self.slider.setToolTip("The mask is what at least so many samples see: from any one of them to all")
        self.slider.setTracking(False)
        self.slider.setPageStep(1)
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        theme.set_role(self._words, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        column.addStretch()
        column.addWidget(self.slider)
        column.addWidget(self._words)
        column.addStretch()
        self.setFixedWidth(_SLIDER_WIDTH + 2 * theme.GAP)
        self.slider.sliderMoved.connect(self._try)
        self.slider.valueChanged.connect(self.chosen)
        self.show_agreed(0, 0)

    def show_agreed(self, agreed: int, of: int) -> None:
        """So many of the samples must agree; 0: the mask does not follow from that."""
        self.setEnabled(of > 1)
        self.slider.blockSignals(True)
        self.slider.setRange(1, max(of, 1))
        self.slider.setValue(agreed or (of + 1) // 2)
        self.slider.blockSignals(False)
        self._tell(agreed, of)

    def _try(self, agreed: int) -> None:
        self._tell(agreed, self.slider.maximum())
        self.tried.emit(agreed)

    def _tell(self, agreed: int, of: int) -> None:
        if of <= 1:
            words = "any one … all"
        elif not agreed:
            words = "any one … all agree"
        else:
            words = {1: "any one of them", of: f"all {of} agree"}.get(agreed, f"{agreed} of {of} agree")
        self._words.setText(words)
        self.slider.setAccessibleDescription(words)


class Strips(QWidget):
    """Film and opinions side by side, each under a line that says what is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.film = FilmStrip()
        self.opinions = FilmStrip(OPINIONS)
        self.agreement = Agreement()
        self.film.setToolTip(
            "A double click, or Enter, makes a step the mask. The last frame is the mean of the samples."
        )
        self.opinions.setToolTip(
            "Click: this one is the mask · Shift+click: together with it · Ctrl+Shift+click: what they share"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(_titled("Film: from noise to the draft", self.film), _FILM_FRAMES)
        row.addLayout(_titled("Opinions: one mask for each sample", self.opinions), _OPINION_FRAMES)
        row.addWidget(self.agreement)
        # Each has room for its frames: they are of one size then.
        self.film.counted.connect(lambda count: row.setStretch(0, count or _FILM_FRAMES))
        self.opinions.counted.connect(lambda count: row.setStretch(1, count or _OPINION_FRAMES))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def _titled(words: str, strip: FilmStrip) -> QVBoxLayout:
    title = QLabel(words)
    title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    title.setContentsMargins(0, theme.GAP // 2, 0, 0)
    theme.set_role(title, "muted")
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(title)
    column.addWidget(strip)
    return column
