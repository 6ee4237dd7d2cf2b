"""What an export will do and has done, in sentences for the window and the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.formats.polygons import Loss

_WORDS = {Status.IN_PROGRESS: "in progress", Status.NO_LESION: "confirmed without lesion"}


def statuses_in_words(statuses: Iterable[Status]) -> str:
    """How many of which status: "3 done, 1 approved"; "" of none."""
    counts = Counter(statuses)
    return ", ".join(f"{counts[status]:,} {_word(status)}" for status in Status if counts[status])


def chosen_in_words(chosen: Sequence[Status], left_out: Sequence[Status]) -> str:
    """Which pictures are written and which are not, by status: one or two sentences."""
    written = f"{_pictures(len(chosen))} will be written: {statuses_in_words(chosen)}."
    if not left_out:
        return written
    return f"{written} Left out, because their status is not chosen: {statuses_in_words(left_out)}."


def loss_in_words(losses: Sequence[tuple[Path, Loss]], pictures: int) -> str:
    """What polygons lost of how many masks; "" if nothing."""
    if not losses:
        return ""
    total = sum((loss for _, loss in losses), Loss())
    parts = []
    if total.holes:
        parts.append(f"{total.holes:,} {'hole is' if total.holes == 1 else 'holes are'} filled")
    if total.added:
        parts.append(f"{total.added:,} pixels added")
    if total.missing:
        parts.append(f"{total.missing:,} pixels missing")
    worst_path, worst = min(losses, key=lambda each: each[1].iou)
    return (
        f"The polygons of {len(losses):,} of {_pictures(pictures)} are not exactly the masks: {', '.join(parts)}. "
        f"The least alike is “{worst_path.name}” with an IoU of {share(worst.iou)}."
    )


def one_loss_in_words(loss: Loss) -> str:
    """What polygons would say of one mask."""
    if loss.is_none:
        return "Its polygons give the very same mask."
    changes = {"added": loss.added, "missing": loss.missing}
    words = ", ".join(f"{number:,} pixels {what}" for what, number in changes.items() if number)
    holes = f", {loss.holes:,} {'hole' if loss.holes == 1 else 'holes'} filled" if loss.holes else ""
    return f"Its polygons have an IoU of {share(loss.iou)} with the mask: {words}{holes}."


def share(value: float) -> str:
    """A share with as many digits as keep it apart from 1."""
    return f"{value:.4f}" if value <= 0.99995 else f"{value:.7f}"


def _pictures(number: int) -> str:
    return f"{number:,} {'picture' if number == 1 else 'pictures'}"


def _word(status: Status) -> str:
    return _WORDS.get(status, status.value.replace("_", " "))
