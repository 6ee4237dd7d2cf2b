"""A label more: its number, its colour and its key."""

from __future__ import annotations

from lsegdiff_gui.annotation.labels import IGNORE, Label, Labels

# Okabe and Ito (2008): eight colours that colour-blind eyes tell apart. Black comes last: it hides in dark corners.
PALETTE: tuple[tuple[str, str], ...] = (
    ("Sky blue", "#56b4e9"),
    ("Orange", "#e69f00"),
    ("Bluish green", "#009e73"),
    ("Yellow", "#f0e442"),
    ("Blue", "#0072b2"),
    ("Vermilion", "#d55e00"),
    ("Reddish purple", "#cc79a7"),
    ("Black", "#000000"),
)

_DIGITS = "123456789"


def new_label(labels: Labels, name: str = "") -> Label | None:
    """A label that can be added: a number above the others, a free digit, a colour not used yet.

    name: "" for one with its number. None where all numbers are taken.
    """
    taken = {label.id for label in labels} - {IGNORE}
    # Above the others: pixels of a number that was removed may still lie in other pictures.
    number = max(taken, default=0) + 1
    if number == IGNORE:
        number = next((free for free in range(1, IGNORE) if free not in taken), IGNORE)
    if number == IGNORE:
        return None
    used = {label.colour for label in labels}
    colours = [colour for _, colour in PALETTE]
    colour = next((each for each in colours if each not in used), colours[number % len(colours)])
    keys = {label.key for label in labels}
    key = next((digit for digit in _DIGITS if digit not in keys), "")
    return Label(number, name or _free_name(labels, number), colour, key)


def _free_name(labels: Labels, number: int) -> str:
    names = {label.name for label in labels}
    name, attempt = f"Label {number}", 2
    while name in names:
        name, attempt = f"Label {number} ({attempt})", attempt + 1
    return name
