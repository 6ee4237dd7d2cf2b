"""Draws the program's icon and the small pictures of the style sheet: python -m resources.draw_icons (make samples)"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QRadialGradient,
)

from lsegdiff_gui.ui.tones import DARK, LIGHT, Tones

HERE = Path(__file__).resolve().parent
SIDES = (16, 32, 64, 128, 256)

_STROKE = (
    '<path d="{d}" fill="none" stroke="{colour}" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round"/>'
)
_SHAPES = {
    "down": _STROKE.replace("{d}", "M2.5 4.5 L6 8 L9.5 4.5"),
    "up": _STROKE.replace("{d}", "M2.5 7.5 L6 4 L9.5 7.5"),
    "check": _STROKE.replace("{d}", "M2.5 6.3 L5 8.8 L9.5 3.6"),
    "dot": '<circle cx="6" cy="6" r="2.6" fill="{colour}"/>',
}


def style_pictures(colours: Tones) -> dict[str, str]:
    """File name -> SVG text of the arrows, ticks and dots of one theme."""
    tints = {
        "down": colours.muted,
        "down_disabled": colours.disabled,
        "up": colours.muted,
        "up_disabled": colours.disabled,
        "check": colours.highlighted_text,
        "dot": colours.highlighted_text,
    }
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="12" height="12" viewBox="0 0 12 12">'
    return {
        f"{name}.svg": f"{head}{_SHAPES[name.partition('_')[0]].format(colour=tint)}</svg>\n"
        for name, tint in tints.items()
    }


def application_icon(side: int) -> QImage:
    """A lesion in a lens, half of it still dots of noise, half found, outlined. RGBA, side x side."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / 64, side / 64)

    plate = QLinearGradient(QPointF(0, 0), QPointF(0, 64))
    plate.setColorAt(0, QColor("#1c8f96"))
    plate.setColorAt(1, QColor("#0a4f57"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate)
    painter.drawRoundedRect(QRectF(2, 2, 60, 60), 14, 14)

    skin = QRadialGradient(QPointF(28, 25), 28)
    skin.setColorAt(0, QColor("#fbe3d2"))
    skin.setColorAt(1, QColor("#e7b79b"))
    painter.setBrush(skin)
    painter.drawEllipse(QPointF(32, 32), 23, 23)

    lesion = QPainterPath(QPointF(32, 17))
    lesion.cubicTo(42, 15, 49, 24, 46, 33)
    lesion.cubicTo(45, 42, 37, 49, 29, 46)
    lesion.cubicTo(20, 45, 15, 37, 18, 29)
    lesion.cubicTo(20, 21, 25, 19, 32, 17)
    painter.save()
    painter.setClipPath(lesion)
    pigment = QRadialGradient(QPointF(36, 35), 20)
    pigment.setColorAt(0, QColor("#5a2f22"))
    pigment.setColorAt(1, QColor("#a5684c"))
    painter.fillRect(QRectF(32, 0, 32, 64), pigment)
    painter.setBrush(QColor("#8a5340"))
    step = 4.2 if side >= 64 else 6.4
    row = 0
    y = 15.0
    while y < 50:
        x = 31.5 - (step / 2 if row % 2 else 0)
        while x > 12:
            # The dots thin out towards the left: noise that has not become a lesion yet.
            painter.drawEllipse(
                QPointF(x, y), step * 0.1 * (1 + (x - 12) / 9), step * 0.1 * (1 + (x - 12) / 9)
            )
            x -= step
        y += step * 0.87
        row += 1
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor("#0b5f66"), 4.6 if side >= 64 else 6.0))
    painter.drawPath(lesion)
    painter.setPen(QPen(QColor("#5ff0e6"), 2.4 if side >= 64 else 4.0))
    painter.drawPath(lesion)
    painter.end()
    return image


def main() -> None:
    """Write every picture anew."""
    app = QGuiApplication.instance() or QGuiApplication([])
    for theme, colours in (("dark", DARK), ("light", LIGHT)):
        folder = HERE / "style" / theme
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in style_pictures(colours).items():
            (folder / name).write_text(text, encoding="utf-8")
    (HERE / "icons").mkdir(exist_ok=True)
    for side in SIDES:
        application_icon(side).save(str(HERE / "icons" / f"lsegdiff_{side}.png"))
    del app


if __name__ == "__main__":
    main()
