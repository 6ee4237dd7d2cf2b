"""Bars on a logarithmic axis, as an SVG that reads well on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT = 800, 230, 110
BAR, GAP, TOP, BOTTOM = 20, 8, 40, 34
COLOURS = ("#2a7f9e", "#c8763b", "#8a8f98")
INK, LINES = "#57606a", "#d0d7de"


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, its value above 0, and which of the colours it has."""

    name: str
    value: float
    colour: int = 0


def bars(title: str, unit: str, values: Sequence[Bar]) -> str:
    """The whole SVG. Values are in `unit`; the axis has a line for each power of ten."""
    low = math.floor(math.log10(min(bar.value for bar in values)))
    high = math.ceil(math.log10(max(bar.value for bar in values)))
    high = max(high, low + 1)
    height = TOP + len(values) * (BAR + GAP) + BOTTOM

    def across(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(value) - low) / (high - low)

    drawn = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
            f'font-size="13" fill="{INK}">'
        ),
        f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="15" font-weight="bold">{escape(title)}</text>',
    ]
    for power in range(low, high + 1):
        x, bottom = across(10.0**power), height - BOTTOM
        drawn.append(f'<line x1="{x:.1f}" y1="{TOP - 4}" x2="{x:.1f}" y2="{bottom}" stroke="{LINES}"/>')
        drawn.append(
            f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{short(10.0**power)} {escape(unit)}</text>'
        )
    for index, bar in enumerate(values):
        y = TOP + index * (BAR + GAP)
        end = max(across(bar.value), LEFT + 1.0)
        middle = y + BAR / 2 + 4.5
        drawn.append(
            f'<text x="{LEFT - 8}" y="{middle:.1f}" text-anchor="end">{escape(bar.name)}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR}" rx="3" '
            f'fill="{COLOURS[bar.colour]}"/>'
            f'<text x="{end + 6:.1f}" y="{middle:.1f}">{short(bar.value)} {escape(unit)}</text>'
        )
    return "\n".join([*drawn, "</svg>"]) + "\n"


def short(value: float) -> str:
    """A number in three figures, without an exponent."""
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    digits = max(0, 2 - math.floor(math.log10(value)))
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
