"""The colours of the window's chrome: one table for dark, one for light, and the palettes made from them.

The colours of data (masks, outlines, spread) are not here: they stay the same in both themes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtGui import QColor, QGuiApplication, QPalette


@dataclass(frozen=True)
class Tones:
    """Named colours of one theme, each "#rrggbb"; text colours reach 4.5 : 1 on window, surface and base."""

    dark: bool
    window: str  # behind panels and dialogs
    surface: str  # tool bars, cards, menus
    base: str  # where things are typed and listed
    raised: str  # buttons
    hover: str
    line: str  # borders and separators
    line_strong: str  # borders of what can be operated
    text: str
    muted: str  # explanations under a control
    disabled: str
    accent: str  # icons that are on, focus, links
    accent_soft: str  # behind what is on
    highlight: str  # selections and the default button; highlighted_text is readable on it
    highlighted_text: str
    progress: str  # behind the text of a progress bar
    canvas: str  # around the picture: neutral, so that it does not tint skin or mucosa
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str


DARK = Tones(
    dark=True,
    window="#1d2024",
    surface="#24282d",
    base="#181b1e",
    raised="#2d3238",
    hover="#373d44",
    line="#343a41",
    line_strong="#4a525b",
    text="#e5e8eb",
    muted="#9ba5af",
    disabled="#626b75",
    accent="#4fc0c4",
    accent_soft="#1f3d41",
    highlight="#1d7a81",
    highlighted_text="#ffffff",
    progress="#1b6c73",
    canvas="#131517",
    danger="#f3948a",
    danger_soft="#43262a",
    warning="#e8bb62",
    warning_soft="#3d3220",
    success="#74c997",
    success_soft="#1f3a2c",
)

LIGHT = Tones(
    dark=False,
    window="#f3f4f6",
    surface="#fafbfc",
    base="#ffffff",
    raised="#ffffff",
    hover="#e8ebee",
    line="#d8dce1",
    line_strong="#b3bac2",
    text="#1e2328",
    muted="#59636d",
    disabled="#a3abb3",
    accent="#0b6a71",
    accent_soft="#d6ecec",
    highlight="#0e747b",
    highlighted_text="#ffffff",
    progress="#93d3d5",
    canvas="#dcdfe3",
    danger="#a82a21",
    danger_soft="#fbe4e1",
    warning="#7d5300",
    warning_soft="#fbf0d7",
    success="#1b6e40",
    success_soft="#def2e6",
)


def tones() -> Tones:
    """The colours now in force: told from the application's palette, so they are right whoever set it."""
    return DARK if QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def palette_of(colours: Tones) -> QPalette:
    """A full palette, disabled group included: not every platform has colour schemes to fall back on."""
    role = QPalette.ColorRole
    palette = QPalette(QColor(colours.raised), QColor(colours.window))
    for target, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.base,
        role.AlternateBase: colours.surface,
        role.Text: colours.text,
        role.PlaceholderText: colours.muted,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.Highlight: colours.highlight,
        role.HighlightedText: colours.highlighted_text,
        role.Accent: colours.highlight,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.ToolTipBase: colours.surface,
        role.ToolTipText: colours.text,
        role.Light: colours.hover,
        role.Midlight: colours.raised,
        role.Mid: colours.line,
        role.Dark: colours.line_strong,
        role.Shadow: "#000000",
    }.items():
        palette.setColor(target, QColor(colour))
    for target in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(colours.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colours.line))
    return palette


def colours_by_name(colours: Tones) -> dict[str, str]:
    """The table as name -> "#rrggbb", for the style sheet's template."""
    return {
        field.name: str(getattr(colours, field.name)) for field in fields(colours) if field.name != "dark"
    }
