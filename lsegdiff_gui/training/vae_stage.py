"""The first stage: the mask VAE, and the statistics of its latents."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from lsegdiff_gui.model.mask_vae import kl_divergence, sample_posterior
from lsegdiff_gui.model.network import LSegDiffNetwork
from lsegdiff_gui.training.augmentation import uniform, vary_masks
from lsegdiff_gui.training.losses import mask_loss
from lsegdiff_gui.training.task import EVALUATION_BATCH, StageTask, batches

KL_WEIGHT = 1e-6  # more nearly collapses the latent: three of four channels then carry only noise
LATENT_NOISE = 0.5  # highest σ, in standard deviations of a channel, that the decoder learns to forgive


class VaeTask(StageTask):
    """Learns to carry masks through the latent, through some noise, and back."""

    name = "vae"

    @property
    def module(self) -> nn.Module:
        """What this stage trains."""
        return self.network.vae

    def parameter_groups(self) -> list[dict[str, Any]]:
        """One group."""
        return [{"params": list(self.module.parameters()), "lr": self.stage.rate}]

    def loss(self, generator: torch.Generator, progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        """BCE + Dice of the reconstruction, and a little KL."""
        self.module.train()
        masks = vary_masks(self.draw(generator)[1], generator)
        mean, logvar = self.network.vae.encode(masks)
        latents = sample_posterior(mean, logvar, generator=generator)
        spread = mean.detach().std(dim=(0, 2, 3), keepdim=True)
        level = uniform((len(masks), 1, 1, 1), 0.0, LATENT_NOISE, generator).to(self.device)
        noise = torch.randn(mean.shape, generator=generator).to(self.device)
        reconstruction = mask_loss(self.network.vae.decode(latents + level * spread * noise), masks)
        kl = kl_divergence(mean, logvar)
        return reconstruction + KL_WEIGHT * kl, {"reconstruction": reconstruction.detach(), "kl": kl.detach()}

    def probabilities(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """The reconstruction of the true masks."""
        mean, _ = self.network.vae.encode(masks)
        return self.network.vae.decode(mean).sigmoid()

    def evaluate(self) -> dict[str, float]:
        """Reconstruction Dice, and how wide the posterior is beside each channel's spread (the gate: ≤ .3)."""
        figures = super().evaluate()
        moments = [self.network.vae.encode(masks) for _, masks in self.select_batches()]
        means, logvars = torch.cat([m for m, _ in moments]), torch.cat([v for _, v in moments])
        widths = torch.exp(0.5 * logvars).mean(dim=(0, 2, 3)) / means.std(dim=(0, 2, 3))
        return figures | {f"posterior_width_{i}": round(float(w), 4) for i, w in enumerate(widths)}


def measure_latents(network: LSegDiffNetwork, masks: npt.NDArray[np.uint8], device: torch.device) -> None:
    """Set the network's latent statistics: per-channel mean and standard deviation over masks (N, 1, 256, 256)."""
    with torch.inference_mode():
        means = torch.cat(
            [
                network.vae.encode(torch.from_numpy(masks[part]).float().to(device))[0]
                for part in batches(len(masks), EVALUATION_BATCH)
            ]
        )
        network.latent_mean.copy_(means.mean(dim=(0, 2, 3)))
        network.latent_std.copy_(means.std(dim=(0, 2, 3)))
