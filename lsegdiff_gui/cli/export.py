"""`lsegdiff export`: the masks of a project to files."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.cli.screen import complain, complain_about, progress_bar, say
from lsegdiff_gui.cli.status import BAD_ARGUMENTS, SOME_FAILED
from lsegdiff_gui.formats.export import export
from lsegdiff_gui.formats.export_words import chosen_in_words, loss_in_words, statuses_in_words
from lsegdiff_gui.formats.names import common_files, plan
from lsegdiff_gui.formats.request import (
    EXPORTED_AT_FIRST,
    LARGEST_TOLERANCE,
    ExportReport,
    ExportRequest,
    Format,
    Naming,
    Shape,
)
from lsegdiff_gui.project.naming import project_at
from lsegdiff_gui.project.outgoing import stored_item
from lsegdiff_gui.project.store import PictureRow, Store

_NAMED = 5
"""Of the files that stand in the way, as many are named; the others are counted."""


class Orientation(StrEnum):
    """Which way up masks are written."""

    UPRIGHT = "upright"
    SENSOR = "sensor"


class Per(StrEnum):
    """What an entry of COCO and labelme files, and a row of the table, stands for."""

    INSTANCE = "instance"
    LABEL = "label"


def export_project(
    project: Annotated[
        Path, typer.Argument(metavar="PROJECT", help="A project: its folder, or the .lsegdiff file.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to; made if missing.")],
    formats: Annotated[
        list[Format],
        typer.Option(
            "--format",
            metavar="KIND",
            help="What is written; may be given several times. mask: PNG of 0 and 255. index: PNG with the numbers "
            "and colours of the labels. probability, spread: PNG of 16 bit. overlay: JPEG for reports. picture: "
            "copies without metadata. labelme, coco: JSON. csv: table of measurements.",
        ),
    ],
    statuses: Annotated[
        list[Status] | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help="Which pictures; may be given several times. new, drafted, in_progress, done, no_lesion, flagged, "
            "approved, rejected. When left out: done, approved and no_lesion.",
        ),
    ] = None,
    naming: Annotated[
        Naming,
        typer.Option(
            "--naming",
            help="Masks are called STEM_mask.png, STEM.png (same), STEM_segmentation.png (isic), "
            "masks/STEM.png (kvasir).",
        ),
    ] = Naming.MASK,
    orientation: Annotated[
        Orientation,
        typer.Option("--orientation", help="upright, as seen; or the sensor's, with the EXIF turn undone."),
    ] = Orientation.UPRIGHT,
    shape: Annotated[
        Shape,
        typer.Option(
            "--shape", help="How COCO and labelme hold masks: run lengths, plain or compressed, or polygons."
        ),
    ] = Shape.RLE,
    simplify: Annotated[
        float,
        typer.Option(
            "--simplify",
            min=0.0,
            max=LARGEST_TOLERANCE,
            help="Pixels a polygon may leave the mask's edge by.",
        ),
    ] = 0.0,
    bridge_holes: Annotated[
        bool, typer.Option("--bridge-holes", help="Tie holes to their polygons instead of filling them.")
    ] = False,
    per: Annotated[
        Per, typer.Option("--per", help="One entry for each instance, or for each label.")
    ] = Per.INSTANCE,
    append: Annotated[
        bool, typer.Option("--append", help="Add to the COCO file that is there; its numbers stay.")
    ] = False,
    legend: Annotated[bool, typer.Option("--legend", help="Name the labels below overlays.")] = False,
    licence: Annotated[
        str, typer.Option("--license", metavar="TEXT", help="Licence of the pictures, for the COCO file.")
    ] = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that are there; else nothing is written.")
    ] = False,
) -> None:
    """Write the masks of a project: PNG, COCO, labelme, tables, overlays.

    Masks that were done, approved or exported before are written as they were then. A picture that fails is named,
    and the others are written all the same. docs/formats.md tells what each format loses.
    """
    request = ExportRequest(
        out,
        frozenset(formats),
        naming=naming,
        as_stored=orientation is Orientation.SENSOR,
        by_instance=per is Per.INSTANCE,
        shape=shape,
        tolerance=simplify,
        bridge_holes=bridge_holes,
        append=append,
        replace=overwrite,
        legend=legend,
        licence=licence,
    )
    project = project_at(project)
    rows = _chosen(project, statuses or list(EXPORTED_AT_FIRST))
    if not overwrite:
        _refuse_replacing(rows, request)
    with progress_bar() as bar:
        task = bar.add_task("exporting", total=len(rows))
        report = export(
            [stored_item(project, row) for row in rows],
            request,
            lambda done, _of: bar.update(task, completed=done),
        )
    _tell(report, len(rows), out)
    if report.failures:
        raise typer.Exit(SOME_FAILED)


def _chosen(project: Path, statuses: list[Status]) -> list[PictureRow]:
    """The rows to export; says which are left out, and exits where there is none."""
    with Store.open(project, must_exist=True) as store:
        rows = store.pictures()
    chosen = [row for row in rows if row.status in statuses]
    left_out = [row.status for row in rows if row.status not in statuses]
    if not chosen:
        found = f"there are {statuses_in_words(left_out)}" if left_out else "the project holds no picture"
        complain(f"Nothing to export: {found}. --status chooses others.")
        raise typer.Exit(BAD_ARGUMENTS)
    say(chosen_in_words([row.status for row in chosen], left_out))
    return chosen


def _refuse_replacing(rows: list[PictureRow], request: ExportRequest) -> None:
    """Exit, and say why, where a file would take another's place."""
    grows = common_files(request).get(Format.COCO) if request.append else None
    standing = [file for file in plan([row.path for row in rows], request) if file != grows and file.exists()]
    if not standing:
        return
    names = ", ".join(file.name for file in standing[:_NAMED])
    more = f" and {len(standing) - _NAMED:,} more" if len(standing) > _NAMED else ""
    complain(f"Nothing was written: {request.folder} holds {names}{more}. --overwrite replaces them.")
    raise typer.Exit(BAD_ARGUMENTS)


def _tell(report: ExportReport, pictures: int, out: Path) -> None:
    for _, sentence in report.left_out:
        say(sentence)
    for path, sentence in report.failures:
        complain_about(path, sentence)
    if words := loss_in_words(report.losses, pictures):
        say(words)
    count = len(report.written)
    say(f"{count:,} {'file' if count == 1 else 'files'} written to {out}.")
