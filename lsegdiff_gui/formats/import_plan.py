"""What an import would do, line by line, before anything is written; what the user chose; what comes of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from lsegdiff_gui.annotation.incoming import Precedence
from lsegdiff_gui.annotation.labels import ERASED, IGNORE, NONE, Label, Labels, ordered
from lsegdiff_gui.annotation.new_label import new_label
from lsegdiff_gui.formats.found import Content, Source
from lsegdiff_gui.formats.matching import Holding, KnownPicture

LEAVE_OUT = 0
"""In place of a label's number: what has this category is not imported."""


class Fit(StrEnum):
    """How a mask lies on its picture."""

    SAME = "same"
    TRANSPOSED = "transposed"
    """It was made on the picture as it is stored: rows are columns, or the file says so."""
    RESCALED = "rescaled"


class Outcome(StrEnum):
    """What an import does to a picture."""

    NEW = "new"
    OVER_DRAFT = "over draft"
    REPLACED = "replaced"
    BENEATH = "beneath"
    KEPT = "kept"
    LEFT_OUT = "left out"

    @property
    def is_written(self) -> bool:
        """Whether the picture gets a mask."""
        return self not in (Outcome.KEPT, Outcome.LEFT_OUT)


@dataclass(frozen=True)
class PlanLine:
    """What a file holds of one picture, and the picture it is for.

    number: from 0, in order. name: the picture's in the file. picture: None where it is left out, for the reason in
    `refusal`. width, height: the mask's. remarks: sentences.
    categories: the file's names of what is marked.
    """

    number: int
    source: Source
    name: str
    picture: KnownPicture | None
    content: Content | None
    width: int = 0
    height: int = 0
    fit: Fit = Fit.SAME
    remarks: tuple[str, ...] = ()
    refusal: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choices:
    """What the user decides. labels: category to the number of a label, or LEAVE_OUT; the plan's proposal elsewhere.

    work: what becomes of work on a picture, but for those in `pictures`, by the numbers of their lines.
    fits: the sizes besides the picture's own that are taken. adds: pictures that the project lacks are added.
    by_shape: each shape of the file is one lesion; else what hangs together is.
    """

    work: Precedence = Precedence.KEEP
    pictures: Mapping[int, Precedence] = field(default_factory=dict)
    fits: frozenset[Fit] = frozenset({Fit.SAME})
    adds: bool = True
    labels: Mapping[str, int] = field(default_factory=dict)
    by_shape: bool = True

    def precedence(self, line: PlanLine) -> Precedence:
        """What becomes of the work on a line's picture."""
        return self.pictures.get(line.number, self.work)


@dataclass(frozen=True)
class ImportPlan:
    """What files hold and where it would go. root: names in the files are looked for in there.

    labels: the project's; added: those that the proposal needs besides; proposed: category to number.
    refused: files that were not understood, with the sentence why.
    """

    root: Path
    lines: tuple[PlanLine, ...]
    labels: Labels
    added: Labels = ()
    proposed: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[tuple[Path, str], ...] = ()

    @cached_property
    def categories(self) -> Mapping[str, int]:
        """For each category how many pictures have it, in the order of the files."""
        return Counter(name for line in self.lines if line.picture is not None for name in line.categories)

    def number(self, category: str, choices: Choices) -> int:
        """The label of a category, LEAVE_OUT for none."""
        return choices.labels.get(category, self.proposed.get(category, LEAVE_OUT))

    def added_by(self, choices: Choices) -> Labels:
        """The labels that are added to the project for these choices."""
        used = {self.number(category, choices) for category in self.categories}
        return tuple(label for label in self.added if label.id in used)

    def outcome(self, line: PlanLine, choices: Choices) -> Outcome:
        """What becomes of a line's picture."""
        picture = line.picture
        if picture is None or line.fit not in choices.fits or (picture.id == 0 and not choices.adds):
            return Outcome.LEFT_OUT
        if line.categories and all(self.number(name, choices) == LEAVE_OUT for name in line.categories):
            return Outcome.LEFT_OUT
        if picture.holding is Holding.WORK:
            return {
                Precedence.KEEP: Outcome.KEPT,
                Precedence.THEIRS: Outcome.REPLACED,
                Precedence.BENEATH: Outcome.BENEATH,
            }[choices.precedence(line)]
        return Outcome.OVER_DRAFT if picture.holding is Holding.DRAFT else Outcome.NEW

    def reason(self, line: PlanLine, choices: Choices) -> str:
        """Why a line's picture gets no mask: a sentence; "" where it gets one."""
        if self.outcome(line, choices).is_written:
            return ""
        if line.picture is None:
            return line.refusal
        if line.fit not in choices.fits:
            width, height = line.picture.width, line.picture.height
            sizes = f"The mask has {line.width} × {line.height} pixels, the picture {width} × {height}"
            if line.fit is Fit.TRANSPOSED and (line.width, line.height) == (width, height):
                return "The file says that the mask lies on the picture as it is stored: it fits when it is turned."
            if line.fit is Fit.TRANSPOSED:
                return f"{sizes}: it fits when it is turned as the picture was."
            return f"{sizes}: it would have to be rescaled."
        if line.picture.id == 0 and not choices.adds:
            return "The project does not have this picture."
        if self.outcome(line, choices) is Outcome.KEPT:
            return "There is work on this picture, which is kept."
        return "All that is marked in it is left out."

    def counts(self, choices: Choices) -> Mapping[Outcome, int]:
        """How many pictures come to what."""
        return Counter(self.outcome(line, choices) for line in self.lines)


def proposal(categories: Sequence[str], labels: Labels) -> tuple[dict[str, int], Labels]:
    """A label for each category, by its name, and those labels that have to be added for it.

    "" is what drafts are labelled with; the number of a class means the label of that number where there is one.
    A category for which no number is left is left out.
    """
    known = {label.name.casefold(): label.id for label in reversed(labels)}
    numbers = {label.id for label in labels}
    all_labels, added = labels, []
    proposed: dict[str, int] = {}
    for category in categories:
        name = " ".join(category.split())
        if not name:
            proposed[category] = min(numbers, default=1)
        elif name.casefold() in known:
            proposed[category] = known[name.casefold()]
        elif name.isdecimal() and NONE < int(name[:4]) < ERASED and int(name[:4]) in numbers:
            proposed[category] = int(name)
        elif name.casefold() == "ignore" and IGNORE in numbers:
            proposed[category] = IGNORE
        elif (label := new_label(all_labels, _label_name(name))) is not None:
            proposed[category] = known[name.casefold()] = label.id
            added.append(label)
            all_labels = ordered((*all_labels, label))
        else:
            proposed[category] = LEAVE_OUT
    return proposed, tuple(added)


def _label_name(category: str) -> str:
    name = f"Class {category}" if category.isdecimal() else category
    return name[:_LONGEST_NAME].rstrip()


_LONGEST_NAME = 60


def label_of(number: int, labels: Sequence[Label]) -> Label | None:
    """The label of a number among these."""
    return next((label for label in labels if label.id == number), None)
