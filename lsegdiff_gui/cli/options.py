"""Options that several commands share, with their ranges and their words."""

from enum import StrEnum
from typing import Annotated

import typer

MOST_STEPS = 1000
MOST_SAMPLES = 64
LARGEST_SEED = 2**32 - 1


class Device(StrEnum):
    """Where the model runs."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


Steps = Annotated[
    int, typer.Option("--steps", min=1, max=MOST_STEPS, help="Denoising steps of a draft; 4 are enough.")
]
Samples = Annotated[
    int,
    typer.Option("--samples", min=1, max=MOST_SAMPLES, help="Samples of a draft; the mask is their mean."),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed", min=0, max=LARGEST_SEED, help="Start of the random numbers: the same seed, the same draft."
    ),
]
DeviceOption = Annotated[
    Device, typer.Option("--device", help="Where the model runs; auto takes the fastest there is.")
]
