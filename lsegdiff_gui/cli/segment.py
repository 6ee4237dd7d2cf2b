"""`lsegdiff segment`: drafts files and folders, and writes their masks."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt
import typer

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.findings import count_words, fitting_domain, strange_words
from lsegdiff_gui.annotation.outgoing import ExportItem
from lsegdiff_gui.annotation.postprocess import base_mask
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.cli.options import Device, DeviceOption, Samples, Seed, Steps
from lsegdiff_gui.cli.screen import complain_about, progress_bar, say
from lsegdiff_gui.cli.status import BAD_ARGUMENTS, SOME_FAILED
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.formats.export import export
from lsegdiff_gui.formats.request import ExportRequest
from lsegdiff_gui.formats.request import Format as FileKind
from lsegdiff_gui.imaging.pages import count_all_pages, parse_pages, with_pages
from lsegdiff_gui.imaging.picture import ImageError, Picture
from lsegdiff_gui.imaging.read import list_pictures, read
from lsegdiff_gui.places import absolute

if TYPE_CHECKING:
    from lsegdiff_gui.model.many import Ahead
    from lsegdiff_gui.model.segmenter import Segmenter

_USUAL = Recipe()
_WORTH_PREPARING = 200  # pictures: from here on preparing OpenVINO takes less time than it saves


class Format(StrEnum):
    """What is written."""

    PNG = "png"
    COCO = "coco"
    BOTH = "both"


_KINDS = {
    Format.PNG: (FileKind.MASK,),
    Format.COCO: (FileKind.COCO,),
    Format.BOTH: (FileKind.MASK, FileKind.COCO),
}


class Operation(StrEnum):
    """What cleans the mask; both is opening, then closing."""

    NONE = "none"
    OPENING = "opening"
    CLOSING = "closing"
    BOTH = "both"


@dataclass(frozen=True)
class _Run:
    """How each picture of one `segment` is drafted.

    records: what --json says of those that were; strange: a sentence for each that is unlike what the model knows.
    """

    segmenter: "Segmenter"
    recipe: Recipe
    steps: int
    samples: int
    seed: int
    records: dict[Path, dict[str, Any]] = field(default_factory=dict)
    strange: dict[Path, str] = field(default_factory=dict)

    def item(self, path: Path, results: "Ahead[Path, _Drafted]") -> ExportItem:
        """The picture as the exporter wants it, drafted shortly before its turn has come."""
        attributes: dict[str, Any] = {}

        def mask() -> npt.NDArray[np.uint8]:
            drafted = results.result(path)
            attributes.update(_attributes(drafted.draft, self.recipe))
            self.records[path] = _record(path, drafted.draft, drafted.mask)
            if drafted.strange:
                self.strange[path] = drafted.strange
            return drafted.mask

        return ExportItem(path, width=0, height=0, mask=mask, attributes=attributes)

    def drafted(self, path: Path) -> "_Drafted":
        """Read a picture and draft its mask; any thread may do that. Raises LSegDiffError."""
        picture = read(path)
        draft = self._draft(picture)
        mask = base_mask(
            draft.plane(follow_edges=self.recipe.follow_edges), self.recipe, picture.width, picture.height
        )
        return _Drafted(draft, mask, _strange_sentence(path, draft, picture) if draft.is_strange else "")

    def _draft(self, picture: Picture) -> Draft:
        try:
            return self.segmenter.draft(
                picture, steps=self.steps, samples=self.samples, seed=self.seed, film=False
            )
        except RuntimeError as problem:  # torch's, above all for want of memory on a graphics card
            raise DraftError(f"“{picture.path}” could not be drafted: {problem}") from problem


@dataclass(frozen=True)
class _Drafted:
    """A picture's draft, its mask (H, W) at the picture's size, and a sentence where the picture is strange."""

    draft: Draft
    mask: npt.NDArray[np.uint8]
    strange: str


class DraftError(LSegDiffError):
    """The model failed on a picture."""


def segment(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Pictures, and folders of them.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the masks; made if missing.")],
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="polyp|skin|FILE", help="Which model; guessed when left out."),
    ] = None,
    steps: Steps = 4,
    samples: Samples = 5,
    seed: Seed = 0,
    threshold: Annotated[
        float, typer.Option("--threshold", min=0.0, max=1.0, help="Probability from which on it is lesion.")
    ] = _USUAL.threshold,
    kernel: Annotated[
        int,
        typer.Option("--kernel", help="0 or odd up to 51, in pixels of a picture with a short side of 512."),
    ] = _USUAL.kernel,
    operation: Annotated[
        Operation, typer.Option("--operation", help="What smooths the mask; both: opening, then closing.")
    ] = Operation.BOTH,
    file_format: Annotated[
        Format, typer.Option("--format", help="STEM_mask.png each, one annotations.json, or both.")
    ] = Format.BOTH,
    pages: Annotated[
        str,
        typer.Option(
            "--pages",
            metavar="all|first|1,3-5",
            help="Of files that hold several pictures (TIFF, DICOM): which.",
        ),
    ] = "all",
    device: DeviceOption = Device.AUTO,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each picture on stdout.")
    ] = False,
) -> None:
    """Draft masks of pictures and write them at the pictures' own size.

    A picture that fails is named, and the others are written all the same. A file of several pictures is drafted
    page by page; page 3 of scan.tif is called scan [3].tif, and may be asked for by that name.
    """
    recipe = _recipe(threshold, kernel, operation)
    pictures = _find(paths, pages)
    segmenter, threads = _load(model or _guess(pictures), device, len(pictures.found))
    run = _Run(segmenter, recipe, steps, samples, seed)
    request = ExportRequest(out, frozenset(_KINDS[file_format]))
    from lsegdiff_gui.model.many import Ahead  # torch: not before it is needed

    with progress_bar() as bar, Ahead(pictures.found, run.drafted, threads=threads) as results:
        task = bar.add_task("drafting", total=len(pictures.found))
        report = export(
            [run.item(path, results) for path in pictures.found],
            request,
            lambda done, _of: bar.update(task, completed=done),
            # Not before the mask is written, and escaped to ASCII: names need not suit the terminal's encoding.
            on_done=(lambda path: typer.echo(json.dumps(run.records[path]))) if as_json else None,
        )
    for sentence in run.strange.values():
        say(sentence)
    for path, sentence in report.failures:
        complain_about(path, sentence)
    count = len(report.written)
    say(f"{count} {'file' if count == 1 else 'files'} written to {out}.")
    if words := count_words(sum(record["no_lesion"] for record in run.records.values()), len(run.strange)):
        say(f"{len(run.records)} {'picture' if len(run.records) == 1 else 'pictures'} drafted: {words}.")
    if pictures.unreachable or report.failures:
        raise typer.Exit(SOME_FAILED)


@dataclass(frozen=True)
class _Pictures:
    """What the arguments stand for. unreachable: a sentence for each argument that is no picture."""

    found: list[Path]
    unreachable: list[str]


def _find(paths: list[Path], pages: str) -> _Pictures:
    """List all pictures; names those arguments that hold none, and exits when no picture is left."""
    numbers = parse_pages(pages)
    if numbers is None and pages not in ("all", "first"):
        raise typer.BadParameter(f"“{pages}” are no pages: all, first, or numbers such as 1,3-5.")
    found: dict[Path, Path] = {}
    unreachable = []
    for path in paths:
        try:
            for picture in list_pictures([path]):
                found.setdefault(absolute(picture), picture)
        except ImageError as error:
            unreachable.append(str(error))
            complain_about(path, str(error))
    if not found:
        raise typer.Exit(BAD_ARGUMENTS)
    listed = list(found.values())
    if pages != "first":
        chosen = {path: _chosen(numbers, count) for path, count in count_all_pages(listed).items()}
        listed = with_pages(listed, chosen)
    return _Pictures(listed, unreachable)


def _chosen(numbers: frozenset[int] | None, count: int) -> list[int]:
    """The pages of a file: all of them, or those asked for; where it has none of these, one that fails by name."""
    if numbers is None:
        return list(range(1, count + 1))
    return sorted(number for number in numbers if number <= count) or [min(numbers)]


def _recipe(threshold: float, kernel: int, operation: Operation) -> Recipe:
    try:
        return Recipe(threshold=threshold, kernel=kernel, operation=operation.value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _guess(pictures: _Pictures) -> str:
    """Which shipped model suits the first picture that can be read; says so, because it is a guess."""
    from lsegdiff_gui.model.domain import guess_domain

    for path in pictures.found:
        try:
            domain = guess_domain(read(path).rgb8)
        except ImageError:
            continue
        say(f"“{path.name}” looks like {domain}, so the model {domain} drafts (--model decides otherwise).")
        return domain
    return "polyp"  # every picture is about to fail by itself


def _load(model: str, device: Device, pictures: int) -> "tuple[Segmenter, int]":
    """The model, and how many threads are to draft with it."""
    # torch: not before it is needed
    from lsegdiff_gui.model.checkpoint import read_info
    from lsegdiff_gui.model.device import choose_device
    from lsegdiff_gui.model.many import at_once
    from lsegdiff_gui.model.preparing import start_preparing
    from lsegdiff_gui.model.segmenter import Segmenter

    kind = choose_device(device.value).type
    threads = at_once(kind, pictures)
    if kind == "cpu" and pictures >= _WORTH_PREPARING and (preparing := start_preparing(read_info(model))):
        say("OpenVINO is prepared for this model, once …")
        preparing.wait()
    segmenter = Segmenter.load(model, device=device.value, at_once=threads)
    info = segmenter.info
    by = segmenter.precision
    say(f"model {info.name} {info.version}, SHA-256 {info.sha256[:16]}…, on {segmenter.device.type}, {by}")
    return segmenter, threads


def _attributes(draft: Draft, recipe: Recipe) -> dict[str, Any]:
    """Where the mask comes from, for the COCO file."""
    return {
        **draft.to_attributes(),
        "recipe": recipe.to_dict(),
        "status": "drafted",
        "edited": False,
    }


def _record(path: Path, draft: Draft, mask: npt.NDArray[np.uint8]) -> dict[str, Any]:
    """What --json prints of a picture."""
    height, width = mask.shape
    return {
        "file": str(path),
        "width": width,
        "height": height,
        "foreground_fraction": float(np.count_nonzero(mask) / mask.size),
        "spread_score": draft.spread_score,
        "presence": draft.presence,
        "no_lesion": draft.no_lesion,
        "strangeness": draft.strangeness,
        "seconds": draft.provenance.seconds,
        "model": draft.provenance.model,
        "weights_sha256": draft.provenance.weights_sha256,
    }


def _strange_sentence(path: Path, draft: Draft, picture: Picture) -> str:
    """That the model does not know such pictures, and which model does."""
    from lsegdiff_gui.model.domain import guess_domain

    origin, guess = draft.provenance, guess_domain(picture.rgb8)
    fitting = fitting_domain(origin.domain, guess)
    advice = f" (--model {fitting})" if fitting else ""
    return f"{strange_words(f'“{path}”', origin.model, origin.domain, guess)}{advice}."
