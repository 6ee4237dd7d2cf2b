"""What every stage of training has: a network, its two sets of pictures, a batch to learn from, a look at itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lsegdiff_gui.model.network import LSegDiffNetwork
from lsegdiff_gui.training.augmentation import augment
from lsegdiff_gui.training.config import StageConfig, TrainConfig
from lsegdiff_gui.training.data import PictureSet
from lsegdiff_gui.training.sheet import contact_sheet

EVALUATION_BATCH = 16


def batches(count: int, size: int) -> Sequence[slice]:
    """Slices that cover `count` items in order, `size` at a time."""
    return [slice(i, min(i + size, count)) for i in range(0, count, size)]


def floats(pictures: Tensor) -> Tensor:
    """(B, 3, S, S) uint8 → float32 in [−1, 1], channels last."""
    return (pictures.float() / 127.5 - 1.0).contiguous(memory_format=torch.channels_last)


def dice_per_picture(probabilities: Tensor, masks: Tensor) -> Tensor:
    """Dice per picture of probabilities (B, 1, H, W) over .5 against masks in {0, 1}; 1 where both are empty."""
    found = (probabilities > 0.5).float()
    overlap = (found * masks).sum(dim=(1, 2, 3))
    total = found.sum(dim=(1, 2, 3)) + masks.sum(dim=(1, 2, 3))
    return torch.where(total == 0, torch.ones_like(total), 2 * overlap / total.clamp(min=1))


def _on(device: torch.device, pictures: PictureSet) -> tuple[Tensor, Tensor]:
    return torch.from_numpy(pictures.pictures).to(device), torch.from_numpy(pictures.masks).to(device)


class StageTask(ABC):
    """What one stage learns, and how it is looked at; the loop does the rest.

    A stage says what it trains (`module`), at which rates, from which loss, and what mask it makes of a picture.
    """

    name: ClassVar[str]

    def __init__(
        self,
        network: LSegDiffNetwork,
        train: PictureSet,
        select: PictureSet,
        config: TrainConfig,
        device: torch.device,
    ) -> None:
        self.network = network
        self.config = config
        self.stage: StageConfig = getattr(config, self.name)
        self.device = device
        self._weights = torch.from_numpy(train.weights)
        self._train = _on(device, train)
        self._select = _on(device, select)

    @property
    @abstractmethod
    def module(self) -> nn.Module:
        """All that this stage trains."""

    @abstractmethod
    def parameter_groups(self) -> list[dict[str, Any]]:
        """The optimiser's groups, with their rates."""

    @abstractmethod
    def loss(self, generator: torch.Generator, progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        """One batch's loss, and its parts for the log; all random numbers come from `generator`.

        progress: the share of the stage's steps that are done, in [0, 1).
        """

    @abstractmethod
    def probabilities(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """What the stage makes of a batch: foreground probabilities (B, 1, S, S)."""

    def draw(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Pictures (B, 3, S, S) in [−1, 1] and masks (B, 1, 256, 256) in {0, 1}, not yet augmented, on the device."""
        # Fewer pictures than a batch holds: some come twice, and augmentation tells them apart.
        again = self.stage.batch > len(self._weights)
        chosen = torch.multinomial(
            self._weights, self.stage.batch, replacement=again, generator=generator
        ).to(self.device)
        pictures, masks = self._train
        return floats(pictures[chosen]), masks[chosen].float()

    def draw_augmented(self, generator: torch.Generator, progress: float) -> tuple[Tensor, Tensor]:
        """As `draw`, augmented as the run's configuration asks, pictures small at first (`early_side`)."""
        pictures, masks = self.draw(generator)
        side = self.config.early_side
        if progress < 1.0 - self.config.late_share and side < pictures.shape[-1]:
            pictures = F.interpolate(pictures, size=(side, side), mode="bilinear", antialias=True)
        style = self.config.domain if self.config.harsh else "plain"
        with torch.autocast(self.device.type, enabled=False):  # in bfloat16 a grid is coarser than its pixels
            pictures, masks = augment(
                pictures,
                masks,
                generator,
                style=style,
                crops=self.config.crops,
                outside=self.config.outside,
                hairs=self.config.hairs,
            )
        return pictures.contiguous(memory_format=torch.channels_last), masks

    def select_batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """All of `select`, in order, on the device; one batch at a time becomes floats."""
        pictures, masks = self._select
        return (
            (floats(pictures[part]), masks[part].float()) for part in batches(len(pictures), EVALUATION_BATCH)
        )

    def evaluate(self) -> dict[str, float]:
        """Mean Dice on `select` at 256²: of all lesions, of those under 3 %, and how many empty pictures get a mask.

        The weights with the best `score` stay: Dice of the lesions, or of all pictures where none has one.
        """
        parts = [
            (dice_per_picture(self.probabilities(p, m).float(), m), m.mean(dim=(1, 2, 3)))
            for p, m in self.select_batches()
        ]
        scores, shares = torch.cat([a for a, _ in parts]), torch.cat([b for _, b in parts])
        lesions, small, empty = (
            scores[shares > 0],
            scores[(shares > 0) & (shares < 0.03)],
            scores[shares == 0],
        )
        figures = {"score": float((lesions if len(lesions) else scores).mean()), "dice": float(scores.mean())}
        figures |= {"dice_small": float(small.mean())} if len(small) else {}
        return figures | ({"empty_right": float(empty.mean())} if len(empty) else {})

    def sheet(self) -> npt.NDArray[np.uint8]:
        """A contact sheet of the first `select` pictures."""
        pictures, masks = next(self.select_batches())
        return contact_sheet(pictures.cpu(), self.probabilities(pictures, masks).float().cpu(), masks.cpu())
