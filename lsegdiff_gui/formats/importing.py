"""Masks of a plan into a project: what the import dialog and `lsegdiff import` both do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.incoming import Incoming, Origin, Precedence
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.parting import partition_of
from lsegdiff_gui.annotation.patch import PackedPlane
from lsegdiff_gui.annotation.region import labels_in
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.found import Drawn
from lsegdiff_gui.formats.import_plan import LEAVE_OUT, Choices, Fit, ImportPlan, Outcome, PlanLine
from lsegdiff_gui.formats.matching import KnownPicture
from lsegdiff_gui.imaging.decode import upright
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.imaging.read import read

MOST_PARTS = 5000
"""Of a mask whose lesions are told apart: beyond, a tie for each takes minutes, and nobody counts them."""

Plane = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Placement:
    """A mask on its way to a picture. read: the picture, where the project does not know its size yet, else None."""

    picture: KnownPicture
    incoming: Incoming
    precedence: Precedence
    read: Picture | None


Place = Callable[[Placement], bool]
"""Makes it the base of its picture, which it adds where its number is 0; False where nothing has changed."""


@dataclass(frozen=True)
class ImportReport:
    """What came of an import: lines of the plan by what happened.

    remarks: on lines that were written; failures: on lines that were to be written and were not.
    """

    written: tuple[PlanLine, ...] = ()
    unchanged: tuple[PlanLine, ...] = ()
    kept: tuple[PlanLine, ...] = ()
    left_out: tuple[PlanLine, ...] = ()
    remarks: tuple[tuple[PlanLine, str], ...] = ()
    failures: tuple[tuple[PlanLine, str], ...] = ()
    cancelled: bool = False


@dataclass
class _Tally:
    written: list[PlanLine] = field(default_factory=list)
    unchanged: list[PlanLine] = field(default_factory=list)
    remarks: list[tuple[PlanLine, str]] = field(default_factory=list)
    failures: list[tuple[PlanLine, str]] = field(default_factory=list)


def import_masks(
    plan: ImportPlan,
    choices: Choices,
    place: Place,
    *,
    annotator: str = "",
    progress: Callable[[int, int], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    on_done: Callable[[PlanLine, str], None] | None = None,
) -> ImportReport:
    """Draw the masks of a plan and have them placed one by one; one that fails is reported, and the rest goes on.

    annotator: who imports, "" where nobody is named. progress: called with (done, of) before each picture and at the
    end. is_cancelled: asked before each picture; what is placed by then stays. on_done: called with each line that
    was to be written, and the sentence why it failed, "" where it did not.
    """
    outcomes = {line.number: plan.outcome(line, choices) for line in plan.lines}
    queue = [line for line in plan.lines if outcomes[line.number].is_written]
    tally = _Tally()
    cancelled = False
    for done, line in enumerate(queue):
        if progress:
            progress(done, len(queue))
        if is_cancelled and is_cancelled():
            cancelled = True
            break
        failure = ""
        try:
            placement, remarks = prepared(plan, line, choices, annotator)
            (tally.written if place(placement) else tally.unchanged).append(line)
            tally.remarks += [(line, remark) for remark in remarks]
        except LSegDiffError as problem:
            failure = str(problem)
        except MemoryError:
            failure = "It does not fit into the memory."
        if failure:
            tally.failures.append((line, failure))
        if on_done:
            on_done(line, failure)
    if progress and not cancelled:
        progress(len(queue), len(queue))
    return ImportReport(
        tuple(tally.written),
        tuple(tally.unchanged),
        tuple(line for line in plan.lines if outcomes[line.number] is Outcome.KEPT),
        tuple(line for line in plan.lines if outcomes[line.number] is Outcome.LEFT_OUT),
        tuple(tally.remarks),
        tuple(tally.failures),
        cancelled,
    )


def prepared(
    plan: ImportPlan, line: PlanLine, choices: Choices, annotator: str = ""
) -> tuple[Placement, tuple[str, ...]]:
    """Draw a line's mask at its picture's size: the mask on its way, and sentences on what is not as in the file.

    Raises FormatError or ImageError where the mask is broken, or the picture cannot be read.
    """
    if line.picture is None or line.content is None:
        raise FormatError(line.refusal)
    picture = line.picture
    numbers = {name: plan.number(name, choices) for name in line.categories}
    drawn = line.content.drawn(numbers, line.width, line.height, by_shape=choices.by_shape)
    size = picture.width, picture.height
    labels = fitted(drawn.labels, line, size)
    remarks = list(line.remarks)
    if drawn.overlapping:
        remarks.append(f"Shapes overlap at {_pixels(drawn.overlapping)}: the later one has them.")
    partition = Partition()
    if drawn.owners is not None and parts_in(labels) > MOST_PARTS:
        remarks.append(f"It has more than {MOST_PARTS:,} parts: what hangs together is one lesion.")
    elif drawn.owners is not None:
        partition = _parted(fitted(drawn.owners, line, size), labels, drawn, remarks)
    origin = Origin(
        line.source.path.name,
        line.source.format,
        line.source.sha256,
        tuple(name for name in line.categories if name and numbers[name] != LEAVE_OUT),
        datetime.now(UTC).isoformat(timespec="milliseconds"),
        annotator,
        "" if line.fit is Fit.SAME else line.fit.value,
    )
    incoming = Incoming(PackedPlane.of(labels), origin, partition)
    found = read(picture.path) if not picture.is_identified else None
    if found is not None and (found.width, found.height) != size:
        raise FormatError(
            f"“{picture.path.name}” was replaced after it was looked at. Choose the file again."
        )
    return Placement(picture, incoming, choices.precedence(line), found), tuple(remarks)


def fitted(plane: Plane, line: PlanLine, size: tuple[int, int]) -> Plane:
    """A plane of the mask brought to its picture's size (width, height), each pixel one of the mask's."""
    if line.fit is Fit.TRANSPOSED:
        orientation = line.picture.orientation if line.picture is not None else 1
        lies_as_stored = orientation >= 5 or plane.shape == size[::-1]
        turned = upright(plane, orientation) if lies_as_stored else cv2.transpose(plane)
        return np.ascontiguousarray(turned)
    return rescaled(plane, *size)


def rescaled(plane: Plane, width: int, height: int) -> Plane:
    """A plane at another size: at each pixel the value that lies beneath its centre, so that nothing moves."""
    rows, columns = plane.shape
    if (columns, rows) == (width, height):
        return plane
    below_rows = ((2 * np.arange(height) + 1) * rows) // (2 * height)
    below_columns = ((2 * np.arange(width) + 1) * columns) // (2 * width)
    return np.ascontiguousarray(plane[below_rows][:, below_columns])


def parts_in(labels: Plane) -> int:
    """How many parts hang together, of all labels. labels: (H, W) uint8."""
    planes = ((labels == label).view(np.uint8) for label in labels_in(labels))
    return sum(cv2.connectedComponents(plane, connectivity=8)[0] - 1 for plane in planes)


def _parted(owners: Plane, labels: Plane, drawn: Drawn, remarks: list[str]) -> Partition:
    parting = partition_of(labels, np.where(labels != 0, owners, 0))
    if parting.joined:
        lesions = "One lesion is" if parting.joined == 1 else f"{parting.joined} lesions are"
        remarks.append(f"{lesions} joined with another here: they touch and are too thin to be cut.")
    elif parting.moved:
        remarks.append(f"Where lesions touch, {_pixels(parting.moved)} went to the neighbour.")
    return parting.partition


def _pixels(count: int) -> str:
    return "1 pixel" if count == 1 else f"{count:,} pixels"
