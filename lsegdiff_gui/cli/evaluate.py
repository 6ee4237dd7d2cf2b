"""`lsegdiff evaluate`: drafts annotated pictures and says how near the masks are to the truth."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lsegdiff_gui.cli.options import Samples, Seed, Steps
from lsegdiff_gui.cli.screen import complain, complain_about, progress_bar
from lsegdiff_gui.cli.status import SOME_FAILED
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.write import make_folder, write_atomically

if TYPE_CHECKING:
    from lsegdiff_gui.training.evaluation import Evaluation


def evaluate(
    model: Annotated[str, typer.Option("--model", metavar="polyp|skin|FILE", help="Which model.")],
    images: Annotated[
        Path, typer.Option("--images", metavar="DIR", exists=True, file_okay=False, help="The pictures.")
    ],
    masks: Annotated[
        Path,
        typer.Option("--masks", metavar="DIR", exists=True, file_okay=False, help="Their masks, same stems."),
    ],
    names: Annotated[
        Path | None,
        typer.Option(
            "--names", metavar="FILE", exists=True, dir_okay=False, help="Only these stems, one a line."
        ),
    ] = None,
    steps: Steps = 4,
    samples: Samples = 5,
    seed: Seed = 0,
    twin: Annotated[bool, typer.Option("--twin", help="The image-only twin's figures as well.")] = False,
    clicks: Annotated[
        int, typer.Option("--clicks", min=0, metavar="N", help="Simulated corrections for each picture.")
    ] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write summary and pictures to this file.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first so many.")] = None,
) -> None:
    """Compare drafts with masks drawn by people: Dice, IoU, HD95, NSD, presence and spread for each picture.

    Distances are in pixels of a picture whose short side is 512. The file holds `summary` and `pictures`.
    """
    if clicks:
        raise typer.BadParameter("the models of this version take no clicks yet; leave --clicks out.")
    # torch: not before it is needed
    from lsegdiff_gui.model.segmenter import Segmenter
    from lsegdiff_gui.training.data import pair_files
    from lsegdiff_gui.training.evaluation import Evaluation, PictureScore
    from lsegdiff_gui.training.evaluation import evaluate as score

    pairs = pair_files(images, masks, names)[:limit]
    if json_file is not None:
        make_folder(json_file.parent)  # a file that cannot be is told before hours of drafting, not after
    segmenter = Segmenter.load(model)
    scores: list[PictureScore] = []
    failed = 0
    with progress_bar() as bar:
        for pair in bar.track(pairs, description="evaluating"):
            try:
                scored = score(segmenter, [pair], steps=steps, samples=samples, seed=seed, twin=twin)
            except LSegDiffError as error:
                complain_about(pair.image, str(error))
                failed += 1
            else:
                scores += scored.pictures
    if not scores:
        complain("No picture could be evaluated.")
        raise typer.Exit(SOME_FAILED)
    evaluation = Evaluation(scores)
    _print(evaluation)
    if json_file is not None:
        report: dict[str, Any] = {"model": _identity(segmenter.info), **evaluation.to_dict()}
        write_atomically(json_file, (json.dumps(report, indent=2, allow_nan=False) + "\n").encode())
    if failed:
        raise typer.Exit(SOME_FAILED)


def _print(evaluation: "Evaluation") -> None:
    for name, value in evaluation.summary().items():
        typer.echo(f"{name:<24}{value:>12}" if isinstance(value, int) else f"{name:<24}{value:>12.4f}")


def _identity(info: Any) -> dict[str, str]:
    return {"name": info.name, "version": info.version, "weights_sha256": info.sha256}
