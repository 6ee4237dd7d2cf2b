"""The model as the inference thread sees it: how it is loaded, and what is asked of it.

The model, and torch with it, is imported by functions that run on that thread, never when this module is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.hints import Told
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.machine import usable_cores
from lsegdiff_gui.workers.first_import import first_import

if TYPE_CHECKING:
    from lsegdiff_gui.model.checkpoint import ModelInfo

# Somebody waits: all cores. The system gives the window its turns, a few milliseconds late at worst.
INTERACTIVE_THREADS = usable_cores()


class StepLike(Protocol):
    """What the thread needs of `lsegdiff_gui.model.segmenter.Step`."""

    @property
    def index(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def preview(self) -> npt.NDArray[np.uint8]: ...
    @property
    def draft(self) -> Draft | None: ...


class EncodingLike(Protocol):
    """What the thread needs of `lsegdiff_gui.model.segmenter.Encoding`."""

    @property
    def presence(self) -> float: ...
    @property
    def strangeness(self) -> float: ...


class SegmenterLike(Protocol):
    """What the thread needs of `lsegdiff_gui.model.segmenter.Segmenter`."""

    @property
    def info(self) -> ModelInfo: ...
    @property
    def device(self) -> object: ...
    @property
    def precision(self) -> str: ...

    def warm_up(self) -> None: ...

    def encode(self, picture: Picture) -> EncodingLike: ...

    def sample(
        self, encoding: Any, *, steps: int, samples: int, seed: int, hints: Told | None = None
    ) -> Iterator[StepLike]: ...


LoadSegmenter = Callable[[str, str], SegmenterLike]


def load_segmenter(model: str, device: str) -> SegmenterLike:
    """Load the shipped or chosen weights. Imports torch. Raises CheckpointError."""
    with first_import("torch"):
        from lsegdiff_gui.model.preparing import prepare_later
        from lsegdiff_gui.model.segmenter import Segmenter

        segmenter = Segmenter.load(model, device=device)
    use_threads(INTERACTIVE_THREADS)
    if segmenter.device.type == "cpu":
        prepare_later(segmenter.info)
    return segmenter


def guess_domain(rgb8: npt.NDArray[np.uint8]) -> str:
    """Whether a picture looks like skin or like a polyp: "skin" or "polyp". rgb8: (H, W, 3) uint8."""
    from lsegdiff_gui.model.domain import guess_domain as guess

    return guess(rgb8)


@dataclass(frozen=True)
class LoadedModel:
    """Weights ready for drafting, where they run ("cpu", "cuda", "mps") and in what numbers.

    precision: "bfloat16" or "float32", and what computes in it where that is not PyTorch.
    """

    info: ModelInfo
    device: str
    precision: str


def use_threads(count: int) -> None:
    """Give torch `count` threads, if a real model brought torch with it at all."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.get_num_threads() != count:
        torch.set_num_threads(count)
