"""What the Labels panel makes of a project's labels: new tables of them, or the sentence on why there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lsegdiff_gui.annotation.labels import IGNORE, Label, Labels, ordered
from lsegdiff_gui.annotation.new_label import new_label

DRAFTED = 1
"""The label that drafts and imported masks have: without it they would have pixels of no name."""

LONGEST_NAME = 60


def with_change(labels: Labels, number: int, **changes: Any) -> Labels:
    """The labels with other values in some fields of one."""
    return tuple(replace(label, **changes) if label.id == number else label for label in labels)


def with_new(labels: Labels) -> tuple[Labels, int] | None:
    """The labels and one more, and its number; None where all numbers are taken."""
    label = new_label(labels)
    return None if label is None else (ordered((*labels, label)), label.id)


def without(labels: Labels, number: int) -> Labels:
    """The labels but one."""
    return tuple(label for label in labels if label.id != number)


def hindrance_to_removal(label: Label, pixels: int) -> str:
    """Why a label stays, or "". pixels: how many of the shown picture have it."""
    if label.id == IGNORE:
        return f"“{label.name}” stays: it marks what counts neither as lesion nor as background."
    if label.id == DRAFTED:
        return f"“{label.name}” stays: it is the label of what the model drafts."
    if pixels:
        count = "1 pixel" if pixels == 1 else f"{pixels:,} pixels"
        return f"“{label.name}” marks {count} of this picture: erase or paint over them first."
    return ""


def clean_name(text: str) -> str:
    """What was typed without stray blanks, at most LONGEST_NAME characters."""
    return " ".join(text.split())[:LONGEST_NAME].rstrip()


def hindrance_to_name(labels: Labels, number: int, name: str) -> str:
    """Why a label cannot have this clean name, or ""."""
    if not name:
        return "A label needs a name."
    if any(each.id != number and each.name.casefold() == name.casefold() for each in labels):
        return f"There is a label “{name}” already."
    return ""
