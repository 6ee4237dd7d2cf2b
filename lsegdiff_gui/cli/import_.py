"""`lsegdiff import`: masks of COCO and labelme files, and of mask pictures, into a project."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from lsegdiff_gui.annotation.incoming import Precedence
from lsegdiff_gui.annotation.labels import Labels
from lsegdiff_gui.cli.screen import complain, complain_about, progress_bar, say
from lsegdiff_gui.cli.status import BAD_ARGUMENTS, SOME_FAILED
from lsegdiff_gui.formats.import_plan import LEAVE_OUT, Choices, Fit, ImportPlan, Outcome, PlanLine
from lsegdiff_gui.formats.import_words import closing_sentence, plan_sentence
from lsegdiff_gui.formats.importing import ImportReport, Placement, import_masks
from lsegdiff_gui.formats.matching import known
from lsegdiff_gui.formats.planning import Project, plan
from lsegdiff_gui.imaging.write import make_folder
from lsegdiff_gui.project.imports import place_import
from lsegdiff_gui.project.naming import project_at
from lsegdiff_gui.project.store import Store


class Choice(StrEnum):
    """What becomes of work on a picture."""

    KEEP = "keep"
    THEIRS = "theirs"
    BENEATH = "beneath"


def import_(
    project: Annotated[
        Path,
        typer.Argument(
            metavar="PROJECT", help="The project that gets the masks: its folder, or the .lsegdiff file."
        ),
    ],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="COCO or labelme files, mask pictures, and folders of them."),
    ],
    root: Annotated[
        Path | None,
        typer.Option(
            "--root",
            metavar="DIR",
            help="Where the pictures lie that FILE names; its own folder when left out.",
        ),
    ] = None,
    choice: Annotated[
        Choice,
        typer.Option(
            "--choice",
            help="Where there is work: keep it, replace it by theirs, or put theirs beneath it.",
        ),
    ] = Choice.KEEP,
    transpose: Annotated[
        bool,
        typer.Option("--transpose", help="Take masks that fit when they are turned as their picture was."),
    ] = False,
    rescale: Annotated[
        bool, typer.Option("--rescale", help="Take masks of another size, and scale them to their picture's.")
    ] = False,
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            metavar="CATEGORY=LABEL",
            help="Give a category to a label of the project, or to none: CATEGORY=. May be repeated.",
        ),
    ] = None,
    by_component: Annotated[
        bool,
        typer.Option(
            "--by-component", help="What hangs together is one lesion, whatever the file tells apart."
        ),
    ] = False,
    add: Annotated[
        bool, typer.Option("--add/--no-add", help="Add pictures that lie in DIR and are not in the project.")
    ] = True,
    new: Annotated[bool, typer.Option("--new", help="Make the project if it is not there.")] = False,
    annotator: Annotated[
        str, typer.Option("--annotator", metavar="NAME", help="Who imports, as it is kept with each step.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each picture on stdout.")
    ] = False,
) -> None:
    """Import masks into a project: the mask becomes the base of its picture, in one step that can be undone.

    A picture that is left out is named with the reason, and the others are imported all the same.
    """
    if root is not None and not root.is_dir():
        raise typer.BadParameter(f"{root} is not a folder.", param_hint="--root")
    fits = {Fit.SAME: True, Fit.TRANSPOSED: transpose, Fit.RESCALED: rescale}
    with _opened(project_at(project), new=new, dry_run=dry_run) as store:
        store.annotator = annotator
        made = _plan(files, store, root)
        choices = Choices(
            work=Precedence(choice.value),
            fits=frozenset(fit for fit, is_taken in fits.items() if is_taken),
            adds=add,
            labels=_numbers(labels or [], made),
            by_shape=not by_component,
        )
        for path, sentence in made.refused:
            complain_about(path, sentence)
        for line in made.lines:
            if made.outcome(line, choices) is Outcome.LEFT_OUT:
                complain(f"{line.name or line.source.path.name}: {made.reason(line, choices)}")
        if dry_run:
            report = ImportReport(left_out=tuple(_left_out(made, choices)))
            _print_plan(made, choices, as_json)
        else:
            report = _run(store, made, choices, annotator, as_json)
    if made.refused or report.left_out or report.failures:
        raise typer.Exit(SOME_FAILED)


@contextmanager
def _opened(project: Path, *, new: bool, dry_run: bool) -> Iterator[Store]:
    """The project, made with its folder where asked; one that is only to be looked at is made apart."""
    with ExitStack() as stack:
        if new and not project.exists():
            if dry_run:
                project = Path(stack.enter_context(TemporaryDirectory())) / project.name
            else:
                make_folder(project.parent)
        yield stack.enter_context(Store.open(project, must_exist=not new))


def _plan(files: list[Path], store: Store, root: Path | None) -> ImportPlan:
    for path in files:
        if not path.exists():
            complain(f"{path} does not exist. Was it moved or renamed?")
            raise typer.Exit(BAD_ARGUMENTS)
    pictures = Project(tuple(known(row) for row in store.pictures()), store.labels())
    with progress_bar() as bar:
        task = bar.add_task("looking", total=100)

        def told(share: float, _name: str) -> bool:
            bar.update(task, completed=int(100 * share))
            return True

        made = plan(files, pictures, root, told)
        bar.update(task, completed=100)
    return made


def _run(store: Store, made: ImportPlan, choices: Choices, annotator: str, as_json: bool) -> ImportReport:
    store.add_labels(made.added_by(choices))

    def place(placement: Placement) -> bool:
        picture = placement.picture
        return place_import(
            store, picture.id, picture.path, placement.read, placement.incoming, placement.precedence
        )

    with progress_bar() as bar:
        task = bar.add_task("importing", total=None)
        report = import_masks(
            made,
            choices,
            place,
            annotator=annotator,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )
    for line, sentence in report.remarks:
        say(f"{line.name}: {sentence}")
    for line, sentence in report.failures:
        complain(f"{line.name}: {sentence}")
    say(closing_sentence(report))
    if as_json:
        failed = {line.number: sentence for line, sentence in report.failures}
        unchanged = {line.number for line in report.unchanged}
        for line in made.lines:
            record = _record(made, line, choices)
            if line.number in failed:
                record |= {"outcome": "failed", "reason": failed[line.number]}
            elif line.number in unchanged:
                record["outcome"] = "unchanged"
            typer.echo(json.dumps(record))
    return report


def _print_plan(made: ImportPlan, choices: Choices, as_json: bool) -> None:
    if as_json:
        for line in made.lines:
            typer.echo(json.dumps(_record(made, line, choices)))
    say(plan_sentence(made.counts(choices)) + " Nothing was written.")


def _record(made: ImportPlan, line: PlanLine, choices: Choices) -> dict[str, Any]:
    """What --json prints of a line of the plan."""
    names = {label.id: label.name for label in (*made.labels, *made.added)}
    return {
        "file": str(line.source.path),
        "name": line.name,
        "picture": None if line.picture is None else str(line.picture.path),
        "outcome": made.outcome(line, choices).value,
        "fit": line.fit.value,
        "labels": {name: names.get(made.number(name, choices)) for name in line.categories},
        "reason": made.reason(line, choices),
        "remarks": list(line.remarks),
    }


def _left_out(made: ImportPlan, choices: Choices) -> list[PlanLine]:
    return [line for line in made.lines if made.outcome(line, choices) is Outcome.LEFT_OUT]


def _numbers(assigned: list[str], made: ImportPlan) -> Mapping[str, int]:
    """Categories by the numbers of the labels they are given to."""
    known_labels: Labels = (*made.labels, *made.added)
    by_name = {label.name.casefold(): label.id for label in reversed(known_labels)}
    numbers = {}
    for text in assigned:
        category, equals, name = text.rpartition("=")
        if not equals or category not in made.categories:
            have = ", ".join(f"“{each}”" for each in made.categories) or "none"
            sentence = f"“{text}” names no category of the files; they have {have}."
            raise typer.BadParameter(sentence, param_hint="--label")
        if name and name.casefold() not in by_name:
            have = ", ".join(f"“{label.name}”" for label in known_labels)
            raise typer.BadParameter(f"There is no label “{name}”; there are {have}.", param_hint="--label")
        numbers[category] = by_name[name.casefold()] if name else LEAVE_OUT
    return numbers
