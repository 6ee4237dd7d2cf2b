"""What every stage of training has: a network, its two sets of pictures, a batch to learn from, a look at itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from lsegdiff_gui.model.network import LSegDiffNetwork
from lsegdiff_gui.training.config import StageConfig
from lsegdiff_gui.training.data import PictureSet
from lsegdiff_gui.training.sheet import contact_sheet

EVALUATION_BATCH = 16


def batches(count: int, size: int) -> Sequence[slice]:
    """Slices that cover `count` items in order, `size` at a time."""
    return [slice(i, min(i + size, count)) for i in range(0, count, size)]


def _floats(pictures: npt.NDArray[np.uint8], device: torch.device) -> Tensor:
    """(B, 3, S, S) uint8 → float32 in [−1, 1]."""
    return torch.from_numpy(pictures).to(device).float() / 127.5 - 1.0


def _dice_per_picture(probabilities: Tensor, masks: Tensor) -> Tensor:
    """Dice per picture of probabilities (B, 1, H, W) over .5 against masks in {0, 1}; 1 where both are empty."""
    found = (probabilities > 0.5).float()
    overlap = (found * masks).sum(dim=(1, 2, 3))
    total = found.sum(dim=(1, 2, 3)) + masks.sum(dim=(1, 2, 3))
    return torch.where(total == 0, torch.ones_like(total), 2 * overlap / total.clamp(min=1))


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
        batch: int,
        device: torch.device,
    ) -> None:
        self.network = network
        self.train_set = train
        self.select_set = select
        self.batch = batch
        self.device = device

    @property
    @abstractmethod
    def module(self) -> nn.Module:
        """All that this stage trains."""

    @abstractmethod
    def parameter_groups(self, stage: StageConfig) -> list[dict[str, Any]]:
        """The optimiser's groups, with their rates."""

    @abstractmethod
    def loss(self, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss, and its parts for the log; all random numbers come from `generator`."""

    @abstractmethod
    def probabilities(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """What the stage makes of a batch: foreground probabilities (B, 1, S, S)."""

    def draw(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Pictures (B, 3, S, S) in [−1, 1] and masks (B, 1, S, S) in {0, 1}, not yet augmented, on the CPU."""
        weights = torch.from_numpy(self.train_set.weights)
        # Fewer pictures than a batch holds: some come twice, and augmentation tells them apart.
        again = self.batch > len(weights)
        chosen = torch.multinomial(weights, self.batch, replacement=again, generator=generator).numpy()
        cpu = torch.device("cpu")
        return _floats(self.train_set.pictures[chosen], cpu), torch.from_numpy(
            self.train_set.masks[chosen]
        ).float()

    def select_batches(self) -> Sequence[tuple[Tensor, Tensor]]:
        """All of `select`, in order, on the device."""
        return [
            (
                _floats(self.select_set.pictures[part], self.device),
                torch.from_numpy(self.select_set.masks[part]).float().to(self.device),
            )
            for part in batches(len(self.select_set), EVALUATION_BATCH)
        ]

    def evaluate(self) -> dict[str, float]:
        """Mean Dice on `select` at 256², in all and on lesions under 3 %; the weights with the best `score` stay."""
        parts = [
            (_dice_per_picture(self.probabilities(p, m).float(), m), m.mean(dim=(1, 2, 3)))
            for p, m in self.select_batches()
        ]
        scores, shares = torch.cat([a for a, _ in parts]), torch.cat([b for _, b in parts])
        small = scores[(shares > 0) & (shares < 0.03)]
        figures = {"score": float(scores.mean()), "dice": float(scores.mean())}
        return figures | ({"dice_small": float(small.mean())} if len(small) else {})

    def sheet(self) -> npt.NDArray[np.uint8]:
        """A contact sheet of the first `select` pictures."""
        pictures, masks = self.select_batches()[0]
        return contact_sheet(pictures.cpu(), self.probabilities(pictures, masks).float().cpu(), masks.cpu())
