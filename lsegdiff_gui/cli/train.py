"""`lsegdiff train`: runs the stages of training, and goes on where a killed run stopped."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from lsegdiff_gui.cli.options import Device, DeviceOption
from lsegdiff_gui.cli.screen import complain, say, stderr

if TYPE_CHECKING:
    from lsegdiff_gui.training.data import LeftOut

_SHOWN_FIGURES = 3  # more do not fit beside the bar
_NAMED = 10  # pictures left out that are named on the screen


class Stage(StrEnum):
    """What is trained; each stage stands on the ones before it."""

    ALL = "all"
    VAE = "vae"
    TWIN = "twin"
    IMAGE = "image"
    DIFFUSION = "diffusion"


def train(
    data: Annotated[
        list[Path],
        typer.Option(
            "--data",
            metavar="DIR...",
            exists=True,
            help="Folders of images/ and masks/, or COCO files (.json).",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Folder of the run: states, log, weights, report."),
    ],
    more_data: Annotated[list[Path] | None, typer.Argument(metavar="DIR", hidden=True, exists=True)] = None,
    stage: Annotated[
        Stage, typer.Option("--stage", help="Train this one; finished ones before it are loaded.")
    ] = Stage.ALL,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", exists=True, dir_okay=False, help="JSON with what differs."),
    ] = None,
    pretrained: Annotated[
        Path | None,
        typer.Option(
            "--pretrained",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="ImageNet MobileNetV2 to start from.",
        ),
    ] = None,
    device: DeviceOption = Device.AUTO,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where the run in --out stopped.")] = False,
) -> None:
    """Train a model on annotated pictures: mask VAE, image-only twin, the encoder for diffusion, diffusion.

    Killed at any moment, a run goes on with --resume. The last stage leaves the weight file in --out, with a report.
    Pictures that cannot be used are named and left out. For several processes:
    torchrun --nproc_per_node 2 -m lsegdiff_gui.cli train …
    """
    # torch: not before it is needed
    from lsegdiff_gui.model.device import choose_device
    from lsegdiff_gui.training.config import TrainConfig
    from lsegdiff_gui.training.distributed import rank, team_on
    from lsegdiff_gui.training.stages import STAGES, weights_path
    from lsegdiff_gui.training.stages import train as run

    leads = rank() == 0
    chosen = STAGES if stage is Stage.ALL else (stage.value,)
    if leads and not resume and (begun := _begun(out, chosen)):
        raise typer.BadParameter(
            f"{out} holds a run already ({begun.name}): --resume goes on with it, another --out starts anew."
        )
    settings = TrainConfig.read(config)
    if pretrained is not None:
        settings = replace(settings, pretrained=str(pretrained))
    sources = [*data, *(more_data or [])]
    with team_on(choose_device(device.value)) as (team, own_device), _StageBars(shown=leads) as bars:
        try:
            run(
                settings,
                data=sources,
                out=out,
                stages=chosen,
                device=own_device,
                resume=resume,
                progress=bars.update,
                team=team,
                on_left_out=_say_left_out if leads else _say_nothing,
            )
        except KeyboardInterrupt:
            if leads:
                say("The same command with --resume goes on where the last state was kept.")
            raise
    if leads:
        written = weights_path(out, settings)
        say(f"The weights are in {written}." if written.is_file() else f"The states are in {out}.")
        say(f"The report is in {out / 'report.md'}.")


def _say_left_out(left_out: "Sequence[LeftOut]") -> None:
    """Name the first few pictures that cannot be used; the report names all."""
    if not left_out:
        return
    say(f"Left out: {len(left_out)} {'picture' if len(left_out) == 1 else 'pictures'}.")
    for item in left_out[:_NAMED]:
        complain(f"  {item.path}: {item.reason}")
    if len(left_out) > _NAMED:
        say(f"  … and {len(left_out) - _NAMED} more. The report at the end names all.")


def _say_nothing(left_out: "Sequence[LeftOut]") -> None:
    """What the leader of a team says is enough."""


def _begun(out: Path, stages: tuple[str, ...]) -> Path | None:
    states = (state for stage in stages for state in sorted(out.glob(f"{stage}.state*")))
    return next(states, None)


class _StageBars:
    """One bar for each stage, with its latest figures."""

    def __init__(self, *, shown: bool) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<9}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[figures]}", markup=False),
            console=stderr,
            disable=not shown,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "_StageBars":
        self._progress.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._progress.stop()

    def update(self, stage: str, step: int, steps: int, figures: dict[str, float]) -> None:
        """Show that `step` of `steps` is done."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=steps, figures="")
        shown = "  ".join(f"{name} {value:.4g}" for name, value in list(figures.items())[:_SHOWN_FIGURES])
        self._progress.update(self._tasks[stage], completed=step, figures=shown)
