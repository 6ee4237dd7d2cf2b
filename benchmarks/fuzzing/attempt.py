"""One broken file through one reader, and what came of it."""

from __future__ import annotations

import random
import time
import traceback
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from fuzzing.mutations import broken
from fuzzing.targets import TARGETS, Target
from lsegdiff_gui.errors import LSegDiffError

Outcome = Literal["read", "refused", "traceback", "written"]

_OTHER_SUFFIX_SHARE = 0.1  # of the files get the suffix of another kind


@dataclass(frozen=True)
class Attempt:
    """What came of a file.

    number: of the file, which makes it again. seconds: of the processor. detail: the sentence or the traceback.
    """

    number: int
    name: str
    outcome: Outcome
    seconds: float
    detail: str


def make_file(number: int) -> tuple[Target, str, bytes]:
    """File `number`: who reads it, its name and its bytes. The first round of each seed is the seed unbroken."""
    target = TARGETS[number % len(TARGETS)]
    turn = number // len(TARGETS)
    seeds = _seeds(target)
    name, data = seeds[turn % len(seeds)]
    chance = random.Random(f"{target.name} {turn}")
    if turn >= len(seeds):
        data = broken(data, number, is_text=target.is_text)
    if chance.random() < _OTHER_SUFFIX_SHARE:
        name = Path(name).stem + Path(chance.choice(seeds)[0]).suffix
    return target, name, data


def attempt(number: int, folder: Path) -> Attempt:
    """Make file `number` in an empty folder, have it read, and remove it again."""
    target, name, data = make_file(number)
    path = folder / name
    path.write_bytes(data)
    before = time.process_time()  # not of the clock: on a busy machine a file waits for others
    outcome, detail = _read(target, path)
    seconds = time.process_time() - before
    others = sorted(found.name for found in folder.rglob("*") if found != path)
    if others or path.read_bytes() != data:
        outcome, detail = "written", f"{others or 'the file itself'} was written by reading"
    path.unlink()
    return Attempt(number, f"{target.name}: {name}", outcome, seconds, detail)


def _read(target: Target, path: Path) -> tuple[Outcome, str]:
    try:
        target.read(path)
    except LSegDiffError as problem:
        sentence = str(problem)
        is_one = (
            sentence.strip().endswith((".", "?")) and "\n" not in sentence and "Traceback" not in sentence
        )
        return ("refused", sentence) if is_one else ("traceback", f"no sentence: {sentence}")
    except BaseException:
        return "traceback", traceback.format_exc()
    return "read", ""


@cache
def _seeds(target: Target) -> list[tuple[str, bytes]]:
    return sorted(target.seeds().items())
