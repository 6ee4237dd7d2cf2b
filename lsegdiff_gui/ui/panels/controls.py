"""The sliders and boxes of the panels: values that are tried while they move and meant when they rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QHBoxLayout, QLabel, QSlider, QWidget

from lsegdiff_gui.ui import theme

# Keys and wheel give a train of small changes without a release: it is over after this pause.
REST_MS = 350


class NoAccidentalWheel(QObject):
    """Lets the wheel scroll the column of panels instead of changing a box it happens to pass over."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False

    def guard(self, *widgets: QAbstractSpinBox | QComboBox | QSlider) -> None:
        """Watch over these widgets; they then take the focus by click or Tab only."""
        for widget in widgets:
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            widget.installEventFilter(self)


class ValueSlider(QWidget):
    """A slider with its value in words beside it.

    Signals:
        moved(int): the value changed and may change again; for a live preview.
        settled(int): the value is meant: the mouse let go, or keys and wheel paused.
    """

    moved = Signal(int)
    settled = Signal(int)

    def __init__(self, low: int, high: int, name: str, words_width: int = 44) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(low, high)
        self.slider.setAccessibleName(name)
        self.setFocusProxy(self.slider)
        self._wheel = NoAccidentalWheel(self)
        self._wheel.guard(self.slider)
        self.words = QLabel()
        theme.set_role(self.words, "muted")
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # A fixed width, or the slider would jump while its own value changes.
        self.words.setFixedWidth(words_width)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.slider, 1)
        row.addWidget(self.words)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._settle)
        self.slider.valueChanged.connect(self._changed)
        self.slider.sliderReleased.connect(self._settle)

    @property
    def value(self) -> int:
        """The slider's position."""
        return self.slider.value()

    def show_value(self, value: int, words: str) -> None:
        """Set position and words without telling anyone; a drag under way keeps its position."""
        if not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(value)
            self.slider.blockSignals(False)
        self.words.setText(words)
        self.slider.setAccessibleDescription(words)

    def _changed(self, value: int) -> None:
        self.moved.emit(value)
        if not self.slider.isSliderDown():
            self._rest.start()

    def _settle(self) -> None:
        self._rest.stop()
        self.settled.emit(self.slider.value())
