"""Icons from the bundled Material Design font, coloured by the palette at the moment they are painted."""

from __future__ import annotations

import os

os.environ["QT_API"] = "pyside6"  # before qtawesome, whose qtpy would take PyQt where it is installed

import qtawesome
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QLabel

from lsegdiff_gui import places
from lsegdiff_gui.ui.tones import tones

# The glyphs fill their box less than other icon fonts do.
_GLYPH_SHARE = 0.94


class _PaletteGlyph(QIconEngine):
    """Paints one glyph; asks the palette each time, so no cache outlives a change of theme.

    qtawesome's own icons keep the colour they were made with, and its cache hands them out again.
    """

    def __init__(self, name: str, tone: str | None) -> None:
        super().__init__()
        self._name = name
        self._tone = tone
        self._prefix = name.partition(".")[0]
        self._glyph: str = qtawesome.charmap(name)

    def clone(self) -> QIconEngine:
        return _PaletteGlyph(self._name, self._tone)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(qtawesome.font(self._prefix, round(rect.height() * _GLYPH_SHARE)))
        painter.setPen(self._colour(mode, state))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        palette = QGuiApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
        if mode == QIcon.Mode.Selected:
            return palette.color(QPalette.ColorRole.HighlightedText)
        if self._tone is not None:
            return QColor(getattr(tones(), self._tone))
        if state == QIcon.State.On:
            return QColor(tones().accent)
        return palette.color(QPalette.ColorRole.ButtonText)


def icon(name: str, tone: str | None = None) -> QIcon:
    """The icon of a qtawesome name such as "mdi6.brush"; it follows the palette without being set again.

    tone: a colour of `Tones` ("accent", "danger", "muted" …) instead of the text colour; what is switched on
    is painted in the accent colour. Raises KeyError for a prefix or glyph that the fonts do not have.
    """
    return QIcon(_PaletteGlyph(name, tone))


class Sign(QLabel):
    """An icon in a text's place; painted anew when the palette changes, which a pixmap alone is not."""

    def __init__(self, name: str, tone: str | None = None, side: int = 20) -> None:
        """side: pixels."""
        super().__init__()
        self._side = side
        self.show_icon(name, tone)

    def show_icon(self, name: str, tone: str | None = None) -> None:
        """Show another icon; name and tone as in `icon`."""
        self._icon = icon(name, tone)
        self._paint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()

    def _paint(self) -> None:
        self.setPixmap(self._icon.pixmap(self._side, self._side))


def application_icon() -> QIcon:
    """The program's own icon, for windows and the task bar."""
    pictures = QIcon()
    for side in (16, 32, 64, 128, 256):
        pictures.addFile(str(places.bundled("resources", "icons", f"lsegdiff_{side}.png")), QSize(side, side))
    return pictures
