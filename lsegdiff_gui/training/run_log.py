"""What a run's log says in sum: curves, best looks at `select` and time, with what a kill made it say twice once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsegdiff_gui.training.data import DataError


@dataclass
class StageLog:
    """One stage's course. losses, scores: by step, in order; looks: all figures on `select` by step.

    seconds: of training, all sittings together. processes: how many trained it to its end.
    """

    losses: dict[int, float] = field(default_factory=dict)
    looks: dict[int, Mapping[str, float]] = field(default_factory=dict)
    seconds: float = 0.0
    processes: int = 1

    @property
    def scores(self) -> dict[int, float]:
        """The score on `select`, by which weights are chosen, by step."""
        return {step: look["score"] for step, look in self.looks.items()}

    @property
    def best(self) -> tuple[int, Mapping[str, float]] | None:
        """The step of the weights that were kept, and their figures on `select`."""
        if not self.looks:
            return None
        step = max(self.looks, key=lambda s: (self.looks[s]["score"], -s))
        return step, self.looks[step]


def read_log(path: Path, stages: Sequence[str]) -> dict[str, StageLog]:
    """The stages that a log tells of, in order. A half-written last line is passed over. Raises DataError."""
    logs: dict[str, StageLog] = {}
    before: dict[str, float] = {}
    try:
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The log “{path}” cannot be read: {error}.") from error
    for entry in filter(None, map(_entry, lines)):
        name, step = entry["stage"], entry["step"]
        log = logs.setdefault(name, StageLog())
        if "select" in entry:
            log.looks[step] = entry["select"]
        if "loss" in entry:
            log.losses[step] = entry["loss"]
            # The clock starts anew in each sitting.
            last = before.get(name, 0.0)
            log.seconds += entry["seconds"] - (last if entry["seconds"] >= last else 0.0)
            before[name] = entry["seconds"]
        log.processes = entry.get("processes", log.processes)
    for log in logs.values():
        log.losses, log.looks = dict(sorted(log.losses.items())), dict(sorted(log.looks.items()))
    return {name: logs[name] for name in stages if name in logs}


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
