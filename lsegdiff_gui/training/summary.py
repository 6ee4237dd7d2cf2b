"""What many pictures' figures come to: means with intervals, by lesion size and centre, presence, doubt."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

import numpy as np

from lsegdiff_gui.annotation.ranks import spearman
from lsegdiff_gui.training.comparison import Row, Values, column, grouped, has, paired, with_interval
from lsegdiff_gui.training.reliability import aurc, auroc, bootstrap_excess, excess_aurc

JACCARD_THRESHOLD = 0.65  # ISIC 2018: a picture below it counts as a failure, 0

SIZES: Mapping[str, tuple[float, float]] = {
    "under_3": (0.0, 0.03),
    "3_to_15": (0.03, 0.15),
    "over_15": (0.15, 1.01),
}
"""Lesions by their share of the picture: from, and less than. Pictures without a lesion are in none."""

_ENDS = ("_low", "_high")
_SECONDS = ("seconds", "twin_seconds", "equal_twin_seconds")
_PARTS = ("with_lesion", "by_size", "by_centre")
_CHIEF = (
    "pictures",
    "dice",
    "iou",
    "lesions_overlapped",
    "empty_with_mask",
    "ahead_of_equal_twin",
    "excess_ratio",
)
_MEANS = ("dice", "iou", "hd95", "nsd", "spread", "strangeness", "presence")
_OPINIONS = (
    "twin_dice",
    "twin_iou",
    "equal_twin_dice",
    "equal_twin_iou",
    "diffusion_dice",
    "diffusion_iou",
    "sample_dice",
    "best_dice",
)


def summarise(rows: Sequence[Row]) -> dict[str, Any]:
    """Sum up the rows, N ≥ 1, all figures as floats; those that some row lacks are left out.

    Means and differences come with `_low` and `_high`, the 95 % interval of 10,000 bootstraps over pictures; seconds
    are medians. `with_lesion` (where some have none), `by_size` and `by_centre` hold the same of a part of them.
    """
    figures = _with_lesion_apart(rows, lambda part: _figures(part) | {"doubt": _doubt(part)})
    lesions = [row for row in rows if row["present"]]
    if len(lesions) < len(rows):
        figures |= _presence(rows)
    figures["by_size"] = {name: _figures(part) for name in SIZES if (part := _of_size(lesions, name))}
    centres = grouped(rows, lambda row: str(row["centre"]) if row.get("centre") else None)
    if centres:
        figures["by_centre"] = {name: _with_lesion_apart(part, _figures) for name, part in centres.items()}
    return figures


def _with_lesion_apart(
    rows: Sequence[Row], sum_up: Callable[[Sequence[Row]], dict[str, Any]]
) -> dict[str, Any]:
    lesions = [row for row in rows if row["present"]]
    apart = {"with_lesion": sum_up(lesions)} if 0 < len(lesions) < len(rows) else {}
    return sum_up(rows) | apart


def _of_size(lesions: Sequence[Row], size: str) -> list[Row]:
    low, high = SIZES[size]
    return [
        row for row, share in zip(lesions, column(lesions, "foreground"), strict=True) if low <= share < high
    ]


def _figures(rows: Sequence[Row]) -> dict[str, Any]:
    figures: dict[str, Any] = {"pictures": len(rows)}
    for name in (*_MEANS, *_OPINIONS):
        if has(rows, name):
            figures |= with_interval(name, column(rows, name))
    jaccards = column(rows, "iou")
    figures |= with_interval("thresholded_jaccard", np.where(jaccards >= JACCARD_THRESHOLD, jaccards, 0.0))
    figures |= {name: float(np.median(column(rows, name))) for name in _SECONDS if has(rows, name)}
    lesions, empty = [r for r in rows if r["present"]], [r for r in rows if not r["present"]]
    if lesions:
        figures |= with_interval("lesions_overlapped", column(lesions, "overlaps"))
    if empty:
        figures |= with_interval("empty_with_mask", column(empty, "found"))
    return figures | paired(rows)


def _presence(rows: Sequence[Row]) -> dict[str, Any]:
    """How well the presence tells pictures with a lesion from those without."""
    return {"presence_auroc": auroc(column(rows, "presence"), column(rows, "present") > 0)}


def _doubt(rows: Sequence[Row]) -> dict[str, Any]:
    """How the samples' spread ranks the draft's risk, 1 − Dice, beside the entropies of the twin's probability.

    `twin` is the twin of one pass, `equal_twin` that of 8 views. Their `excess_ratio` is the spread's excess AURC
    over the entropy's: below 1 the samples know better. It is None where the entropy's ranking is already ideal,
    and has no interval where a resample's is.
    """
    risk, spread = 1.0 - column(rows, "dice"), column(rows, "spread")
    figures: dict[str, Any] = {"aurc_ideal": aurc(risk, risk), **_ranking(spread, risk)}
    for twin in ("twin", "equal_twin"):
        if has(rows, f"{twin}_entropy"):
            entropy = column(rows, f"{twin}_entropy")
            figures[twin] = _ranking(entropy, risk) | _excess_ratio(spread, entropy, risk)
    return figures


def _ranking(doubt: Values, risk: Values) -> dict[str, Any]:
    return {
        "aurc": aurc(doubt, risk),
        "excess_aurc": excess_aurc(doubt, risk),
        "spearman": spearman(doubt, risk),
    }


def _excess_ratio(doubt: Values, other: Values, risk: Values) -> dict[str, Any]:
    theirs = excess_aurc(other, risk)
    figures: dict[str, Any] = {"excess_ratio": excess_aurc(doubt, risk) / theirs if theirs > 0.0 else None}
    drawn, drawn_theirs = bootstrap_excess((doubt, other), risk)
    if drawn_theirs.min() > 0.0:
        low, high = np.percentile(drawn / drawn_theirs, [2.5, 97.5])
        figures |= {"excess_ratio_low": float(low), "excess_ratio_high": float(high)}
    return figures


def table(figures: Mapping[str, Any], prefix: str = "", *, only: Container[str] | None = None) -> list[str]:
    """A summary as lines: name, value and, where it has an interval, its ends; parts are named with a dot.

    Of a part of the pictures only the chief figures are shown. Lists are left out; a figure that could not be had
    is a dash.
    """
    lines = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            lines += table(value, f"{prefix}{name}.", only=_CHIEF if name in _PARTS else only)
        elif (only is None or name in only) and not isinstance(value, list) and not _is_an_end(name, figures):
            ends = [figures[f"{name}{end}"] for end in _ENDS if f"{name}{end}" in figures]
            shown = "".join(f"{_shown(number):>12}" for number in (value, *ends))
            lines.append(f"{prefix + name:<44}{shown}")
    return lines


def _is_an_end(name: str, figures: Mapping[str, Any]) -> bool:
    return any(name.endswith(end) and name.removesuffix(end) in figures for end in _ENDS)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.4f}" if isinstance(value, float) else str(value)
