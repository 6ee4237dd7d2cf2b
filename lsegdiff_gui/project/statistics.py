"""How far a project is, and how well the model drafts in it: figures of each picture, and what they come to."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from statistics import median

import numpy as np

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.annotation.ranks import spearman
from lsegdiff_gui.project.names import base_name


@dataclass(frozen=True)
class PictureFigures:
    """One listed picture. seconds: of active work; strokes: edits in effect; dice: between what the model drafted by
    itself and the final mask, of finished pictures; spread_score: of the newest draft, as it came."""

    picture: str
    status: Status
    seconds: float
    strokes: int
    dice: float | None
    spread_score: float | None
    annotator: str
    changed: str


@dataclass(frozen=True)
class Bar:
    """A column of a plot: what it stands for, and how many pictures."""

    label: str
    count: int


@dataclass(frozen=True)
class Plot:
    """Counts of pictures under a heading; summary: what they come to, in words; "" where there is nothing yet."""

    title: str
    bars: tuple[Bar, ...]
    summary: str = ""


_MINUTE = 60.0
# Upper edges; what is beyond the last has a column of its own.
_SECONDS = (
    (15.0, "< 15 s"),
    (30.0, "30 s"),
    (60.0, "1 min"),
    (120.0, "2 min"),
    (300.0, "5 min"),
    (600.0, "10 min"),
)
_STROKES = ((1, "0"), (3, "1–2"), (6, "3–5"), (11, "6–10"), (21, "11–20"), (51, "21–50"))
_DICE = ((0.5, "< .5"), (0.7, ".5–.7"), (0.8, ".7–.8"), (0.9, ".8–.9"), (0.95, ".9–.95"), (0.99, ".95–.99"))

# Of the newest mask that was kept because somebody said that it is finished.
_FINISHED = "status IN ('done', 'no_lesion', 'approved')"
_DICE_OF = (
    f"CASE WHEN {_FINISHED} THEN (SELECT dice FROM frozen_masks WHERE picture = pictures.id"
    " AND reason != 'exported' ORDER BY id DESC LIMIT 1) END"
)

# As it came: the picture's own falls as its doubts are looked at.
_SCORE_OF = (
    "coalesce((SELECT drafts.spread_score FROM drafts WHERE drafts.picture = pictures.id"
    " ORDER BY drafts.rowid DESC LIMIT 1), spread_score)"
)


@dataclass(frozen=True)
class Ranking:
    """How well the spread score told which drafts would need correcting, on the finished pictures of a project.

    pictures: how many were drafted and finished. correlation: Spearman's, of score and 1 - Dice; None where one of
    them never changes. doubtful, others: mean Dice of the more doubtful half of the drafts, and of the other half.
    """

    pictures: int
    correlation: float | None
    doubtful: float
    others: float

    @property
    def words(self) -> str:
        """What it comes to."""
        if self.correlation is None:
            return f"{_pictures(self.pictures)} finished: the drafts did not differ, so there is nothing to rank."
        return (
            f"{_pictures(self.pictures)} finished. The half of the drafts that the model doubted more met your masks "
            f"with Dice {self.doubtful:.2f}, the other half with {self.others:.2f}: the rank correlation of doubt and "
            f"error is {self.correlation:.2f} (1 is perfect, 0 is chance)."
        )


def ranking(figures: Sequence[PictureFigures]) -> Ranking | None:
    """How well the score ranked the errors so far; None with fewer than two pictures to compare."""
    both = sorted(
        (each.spread_score, each.dice)
        for each in figures
        if each.spread_score is not None and each.dice is not None
    )
    if len(both) < 2:
        return None
    scores, dices = np.array(both, np.float64).T
    half = len(dices) // 2
    return Ranking(
        len(both), spearman(scores, 1.0 - dices), float(dices[half:].mean()), float(dices[:half].mean())
    )


def read(connection: sqlite3.Connection) -> list[PictureFigures]:
    """The figures of every listed picture, in the list's order. Raises sqlite3.Error."""
    return [
        PictureFigures(base_name(path), Status(status), *rest)
        for path, status, *rest in connection.execute(
            f"SELECT path, status, seconds, strokes, {_DICE_OF}, {_SCORE_OF}, annotator, changed"
            " FROM pictures WHERE place IS NOT NULL ORDER BY place"
        )
    ]


def plots(figures: Sequence[PictureFigures]) -> tuple[Plot, ...]:
    """Statuses, time, strokes and agreement, as they are shown."""
    worked = [each.seconds for each in figures if each.seconds > 0]
    changed = [each for each in figures if each.status not in (Status.NEW, Status.DRAFTED)]
    dices = [each.dice for each in figures if each.dice is not None]
    counts = {status: sum(each.status is status for each in figures) for status in Status}
    return (
        Plot("Pictures by status", tuple(Bar(status.value, count) for status, count in counts.items())),
        Plot(
            "Time spent on a picture",
            _columns(worked, _SECONDS, "longer"),
            f"{_time(sum(worked))} in all, half of the pictures below {_time(median(worked))}"
            if worked
            else "",
        ),
        Plot(
            "Strokes on a picture",
            _columns([each.strokes for each in changed], _STROKES, "more"),
            f"{sum(each.strokes == 0 for each in changed)} of {len(changed)} were left as drafted"
            if changed
            else "",
        ),
        Plot(
            "Dice between draft and final mask",
            _columns(dices, _DICE, "≥ .99"),
            f"Mean {sum(dices) / len(dices):.3f}, median {median(dices):.3f} of {_pictures(len(dices))}"
            + _ranked(figures)
            if dices
            else "",
        ),
    )


def _ranked(figures: Sequence[PictureFigures]) -> str:
    found = ranking(figures)
    if found is None or found.correlation is None:
        return ""
    return f"; its rank correlation with the model's doubt {-found.correlation:.2f}"


def as_csv(figures: Iterable[PictureFigures]) -> bytes:
    """A line for each picture, UTF-8 with a mark that spreadsheets know it by."""
    text = io.StringIO()
    table = csv.writer(text)
    names = [field.name for field in fields(PictureFigures)]
    table.writerow(names)
    for each in figures:
        values = [getattr(each, name) for name in names]
        table.writerow(["" if value is None else value for value in values])
    return text.getvalue().encode("utf-8-sig")


def _columns(values: Sequence[float], edges: Sequence[tuple[float, str]], beyond: str) -> tuple[Bar, ...]:
    bars, low = [], float("-inf")
    for high, label in edges:
        bars.append(Bar(label, sum(low <= value < high for value in values)))
        low = high
    return (*bars, Bar(beyond, sum(value >= low for value in values)))


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


def _time(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    minutes = seconds / _MINUTE
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"
