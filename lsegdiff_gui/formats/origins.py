"""Where masks come from, as files that people and programs read: JSON with everything, CSV with a row for each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lsegdiff_gui.annotation.origin import MaskOrigin
from lsegdiff_gui.formats.coco import INTENDED_USE
from lsegdiff_gui.formats.table import csv_bytes


def as_json(origins: Sequence[MaskOrigin]) -> bytes:
    """Everything that is known of these masks, every deed included."""
    content = {"intended_use": INTENDED_USE, "masks": [origin.to_dict() for origin in origins]}
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def as_csv(origins: Sequence[MaskOrigin]) -> bytes:
    """One row for each mask, without the single deeds; UTF-8, with the mark that spreadsheets look for."""
    columns, rows = _table(
        {"picture": each.picture, **each.to_attributes(), "intended_use": INTENDED_USE} for each in origins
    )
    return csv_bytes(columns, rows)


def _table(rows: Iterable[Mapping[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """Attributes as a table: the columns, of all rows in the order they come up, and the cells as text."""
    spread = [_unfolded(row) for row in rows]
    columns = list(dict.fromkeys(name for row in spread for name in row))
    return columns, [[row.get(name, "") for name in columns] for row in spread]


def _unfolded(row: Mapping[str, Any]) -> dict[str, str]:
    """Dictionaries become columns of their own, "recipe.kernel"."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            cells |= {f"{name}.{inner}": text for inner, text in _unfolded(value).items()}
        else:
            cells[name] = str(value)
    return cells
