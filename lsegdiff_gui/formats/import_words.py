"""What an import would do and has done, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from lsegdiff_gui.formats.import_plan import Outcome, PlanLine
from lsegdiff_gui.formats.importing import ImportReport

OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.NEW: "Imported",
    Outcome.OVER_DRAFT: "Imported over a draft",
    Outcome.REPLACED: "Takes the place of your work",
    Outcome.BENEATH: "Beneath your work",
    Outcome.KEPT: "Your work is kept",
    Outcome.LEFT_OUT: "Left out",
}


def pictures(count: int) -> str:
    """How many pictures."""
    return "one picture" if count == 1 else f"{count:,} pictures"


def name_of(line: PlanLine) -> str:
    """What a line of a plan is called: its picture, or what the file has instead."""
    return line.picture.path.name if line.picture is not None else line.name or line.source.path.name


def plan_sentence(counts: Mapping[Outcome, int]) -> str:
    """What an import would do, in one sentence. counts: as of `ImportPlan.counts`."""
    counts = Counter(counts)
    written = sum(count for outcome, count in counts.items() if outcome.is_written)
    if not written:
        return "No picture would get a mask."
    parts = [f"{pictures(written).capitalize()} would get a mask"]
    if replaced := counts[Outcome.REPLACED]:
        parts.append(
            f"in {'one' if replaced == 1 else f'{replaced:,}'} of them it takes the place of your work"
        )
    if kept := counts[Outcome.KEPT]:
        parts.append("one with work on it stays" if kept == 1 else f"{kept:,} with work on them stay")
    if left_out := counts[Outcome.LEFT_OUT]:
        parts.append("one is left out" if left_out == 1 else f"{left_out:,} are left out")
    return f"{', '.join(parts)}."


def closing_sentence(report: ImportReport) -> str:
    """What an import has done, in one sentence."""
    written = len(report.written)
    parts = [f"{pictures(written).capitalize()} got a mask" if written else "No picture got a mask"]
    if report.cancelled:
        parts[0] += " before the import was stopped"
    for count, one, more in (
        (len(report.unchanged), "had the same already", "had the same already"),
        (len(report.kept), "kept the work on it", "kept the work on them"),
        (len(report.left_out), "was left out", "were left out"),
        (len(report.failures), "failed", "failed"),
    ):
        if count:
            parts.append(f"one {one}" if count == 1 else f"{count:,} {more}")
    return f"{', '.join(parts)}."
