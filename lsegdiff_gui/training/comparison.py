"""Means with intervals, and one way of drafting against another on the same pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.training.metrics import bootstrap_interval

Values = npt.NDArray[np.float64]
Row = Mapping[str, object]
"""One picture's figures by name, as an evaluation's file holds them."""

COMPARISONS: Mapping[str, tuple[str, str]] = {
    "ahead_of_twin": ("dice", "twin_dice"),
    "ahead_of_equal_twin": ("dice", "equal_twin_dice"),
    "diffusion_ahead_of_twin": ("diffusion_dice", "twin_dice"),
    "diffusion_ahead_of_equal_twin": ("diffusion_dice", "equal_twin_dice"),
    "best_ahead_of_samples": ("best_dice", "sample_dice"),
    "best_ahead_of_diffusion": ("best_dice", "diffusion_dice"),
}
"""Differences by name: which of a picture's figures minus which. `dice` is the shipped draft's."""


def column(rows: Sequence[Row], name: str) -> Values:
    """One figure of all rows, (N,) float64. Raises ValueError where a row has no number there."""
    try:
        return np.array([float(row[name]) for row in rows])  # type: ignore[arg-type]
    except (KeyError, TypeError) as error:
        raise ValueError(f"A picture has no figure “{name}”.") from error


def has(rows: Sequence[Row], *names: str) -> bool:
    """Whether every row has a number under each name."""
    return all(row.get(name) is not None for row in rows for name in names)


def with_interval(name: str, values: Values) -> dict[str, float]:
    """The mean of values (N,), N ≥ 1, and its 95 % bootstrap interval: `name`, `name_low`, `name_high`."""
    low, high = bootstrap_interval(values)
    return {name: float(values.mean()), f"{name}_low": low, f"{name}_high": high}


def paired(rows: Sequence[Row]) -> dict[str, float]:
    """Every comparison that the rows have figures for, with its interval by a bootstrap of the pictures.

    Paired: a picture that is drawn brings both its figures, so that what makes a picture hard for both cancels.
    """
    found: dict[str, float] = {}
    for name, (ours, theirs) in COMPARISONS.items():
        if has(rows, ours, theirs):
            found |= with_interval(name, column(rows, ours) - column(rows, theirs))
    return found


def one_row_a_picture(files: Iterable[Sequence[Row]]) -> list[Row]:
    """Pool several evaluations; a picture in several of them (models of several seeds) becomes its rows' mean.

    Rows are of one picture where stem and lesion's share of it are the same; pictures of two places may share a
    stem. Figures that one of a picture's rows lacks are left out. A bootstrap over the result draws pictures, not
    runs. Raises ValueError where a row lacks either.
    """
    by_picture: dict[tuple[object, object], list[Row]] = {}
    for row in chain.from_iterable(files):
        if "stem" not in row or "foreground" not in row:
            raise ValueError("A picture has no “stem” or no “foreground”.")
        by_picture.setdefault((row["stem"], row["foreground"]), []).append(row)
    return [rows[0] if len(rows) == 1 else _mean(rows) for rows in by_picture.values()]


def _mean(rows: Sequence[Row]) -> Row:
    first = rows[0]
    words = {name: value for name, value in first.items() if all(row.get(name) == value for row in rows)}
    numbers = [name for name, value in first.items() if isinstance(value, int | float) and has(rows, name)]
    return words | {name: float(column(rows, name).mean()) for name in numbers}


def grouped(rows: Sequence[Row], group_of: Callable[[Row], str | None]) -> dict[str, list[Row]]:
    """Rows by group, in the groups' order of names; those of the group None are left out."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        group = group_of(row)
        if group is not None:
            groups.setdefault(group, []).append(row)
    return dict(sorted(groups.items()))
