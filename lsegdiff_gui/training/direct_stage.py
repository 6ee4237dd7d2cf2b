"""The stages of the two direct networks: the image-only twin, and the encoder that diffusion reads."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import torch
from torch import Tensor

from lsegdiff_gui.model.familiarity import pooled
from lsegdiff_gui.model.image_encoder import DirectNetwork
from lsegdiff_gui.model.network import LSegDiffNetwork
from lsegdiff_gui.training.data import PictureSet
from lsegdiff_gui.training.losses import mask_loss, presence_loss
from lsegdiff_gui.training.task import EVALUATION_BATCH, StageTask, batches, floats

PRESENCE_SHARE = 0.2


class DirectTask(StageTask):
    """Trains a direct network: encoder, pyramid, mask and presence heads."""

    @property
    @abstractmethod
    def module(self) -> DirectNetwork:
        """The direct network this stage trains."""

    def parameter_groups(self) -> list[dict[str, Any]]:
        """The trunk that starts from ImageNet at a smaller rate than what starts from nothing."""
        trunk = list(self.module.encoder.features.parameters())
        known = {id(p) for p in trunk}
        fresh = [p for p in self.module.parameters() if id(p) not in known]
        return [
            {"params": trunk, "lr": self.stage.pretrained_rate},
            {"params": fresh, "lr": self.stage.rate},
        ]

    def loss(self, generator: torch.Generator, progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        """BCE + Dice of the direct mask, and BCE of presence."""
        self.module.train()
        self.module.encoder.freeze_blocks(self.config.frozen_blocks)
        pictures, masks = self.draw_augmented(generator, progress)
        pyramid = self.module.encoder(pictures)
        on_mask = mask_loss(self.module.mask(pyramid), masks, edge_weight=self.config.edge_weight)
        on_presence = presence_loss(self.module.presence(pyramid), masks)
        parts = {"mask": on_mask.detach(), "presence": on_presence.detach()}
        return on_mask + PRESENCE_SHARE * on_presence, parts

    def probabilities(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """The direct mask."""
        probabilities: Tensor = self.module.mask(self.module.encoder(pictures)).sigmoid()
        return probabilities


class TwinTask(DirectTask):
    """The image-only twin: the baseline, and a second opinion."""

    name = "twin"

    @property
    def module(self) -> DirectNetwork:
        """The twin."""
        return self.network.twin


class ImageTask(DirectTask):
    """The encoder that diffusion reads, taught to segment before diffusion stands on it."""

    name = "image"

    @property
    def module(self) -> DirectNetwork:
        """Diffusion's encoder and its direct head."""
        return self.network.image


def familiarise(network: LSegDiffNetwork, known: PictureSet, device: torch.device) -> None:
    """Learn what these pictures look like to the twin."""
    encoder = network.twin.encoder.eval()
    with torch.inference_mode():
        found = [
            pooled(encoder(floats(torch.from_numpy(known.pictures[part]).to(device))))
            for part in batches(len(known), EVALUATION_BATCH)
        ]
        network.familiarity.fit(torch.cat(found))
