"""`lsegdiff evaluate`: drafts annotated pictures and says how near the masks are to the truth."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lsegdiff_gui.cli.options import Samples, Seed, Steps
from lsegdiff_gui.cli.screen import complain, complain_about, progress_bar
from lsegdiff_gui.cli.status import SOME_FAILED
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.write import make_folder, write_atomically, write_png

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
    twin: Annotated[
        bool,
        typer.Option("--twin", help="The image-only twin's figures as well, of one pass and of 8 views."),
    ] = False,
    clicks: Annotated[
        int, typer.Option("--clicks", min=0, metavar="N", help="Simulated corrections for each picture.")
    ] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write summary and pictures to this file.")
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw the reliability of the probability into this PNG."),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first so many.")] = None,
) -> None:
    """Compare drafts with masks drawn by people: Dice, IoU, HD95, NSD, presence and spread for each picture.

    Distances are in pixels of a picture whose short side is 512. The file holds `summary` and `pictures`. An
    index.csv beside the folder of pictures, with the columns stem and centre, adds figures by centre.
    """
    # torch: not before it is needed
    from lsegdiff_gui.model.segmenter import Segmenter
    from lsegdiff_gui.training.data import Pair, pair_files
    from lsegdiff_gui.training.evaluation import centres_beside
    from lsegdiff_gui.training.evaluation import evaluate as score
    from lsegdiff_gui.training.summary import table

    pairs, centres = pair_files(images, masks, names)[:limit], centres_beside(images)
    for file in (json_file, plot):
        if file is not None:
            make_folder(file.parent)  # a file that cannot be is told before hours of drafting, not after
    segmenter = Segmenter.load(model, only_torch=True)
    failed: list[Path] = []

    def say_failed(pair: Pair, problem: Exception) -> None:
        failed.append(pair.image)
        complain_about(pair.image, _sentence(problem))

    with progress_bar() as bar:
        evaluation = score(
            segmenter,
            bar.track(pairs, description="evaluating"),
            steps=steps,
            samples=samples,
            seed=seed,
            twin=twin,
            clicks=clicks,
            centres=centres,
            on_failure=say_failed,
        )
    if not evaluation.pictures:
        complain("No picture could be evaluated.")
        raise typer.Exit(SOME_FAILED)
    figures = evaluation.to_dict()
    for line in table(figures["summary"]):
        typer.echo(line)
    if clicks:
        curve = figures["summary"]["clicks"]["iou_after_clicks"]
        typer.echo("mean IoU after 0, 1, … clicks  " + "  ".join(f"{value:.3f}" for value in curve))
    if json_file is not None:
        report: dict[str, Any] = {"model": _identity(segmenter.info), **figures}
        write_atomically(json_file, (json.dumps(report, indent=2, allow_nan=False) + "\n").encode())
    if plot is not None:
        _write_plot(plot, evaluation)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _sentence(problem: Exception) -> str:
    """An error of ours as it is; of torch's, mostly for want of memory, only the first line."""
    if isinstance(problem, LSegDiffError):
        return str(problem)
    return f"could not be drafted: {(str(problem).splitlines() or [type(problem).__name__])[0]}"


def _write_plot(path: Path, evaluation: "Evaluation") -> None:
    from lsegdiff_gui.training.reliability_plot import reliability_plot

    panels = {"within 8 pixels of the true edge": evaluation.edge, "the whole picture": evaluation.whole}
    write_png(path, reliability_plot(panels))


def _identity(info: Any) -> dict[str, str]:
    return {"name": info.name, "version": info.version, "weights_sha256": info.sha256}
