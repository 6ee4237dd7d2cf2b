"""The last stage: diffusion in the latent space, on features and latents that stay as they are."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from lsegdiff_gui.model.image_encoder import Pyramid
from lsegdiff_gui.model.mask_vae import LATENT_CHANNELS
from lsegdiff_gui.model.network import LATENT_GRID
from lsegdiff_gui.model.sampler import initial_noise
from lsegdiff_gui.model.schedule import q_sample
from lsegdiff_gui.training.losses import latent_loss, mask_loss
from lsegdiff_gui.training.task import StageTask

MASK_LOSS_SHARE = 0.5  # beside the loss on the latent
RECYCLED = 0.5  # share of samples whose z_t is made from the model's own estimate
FROM_PURE_NOISE = (
    0.3  # of these, the share whose estimate comes from t = 1; the rest from a time drawn above t
)


class DiffusionTask(StageTask):
    """Trains the denoiser on the frozen encoder's features and the frozen VAE's latents."""

    name = "diffusion"
    SAMPLES, STEPS = 3, 4  # enough to choose weights by; reports use 5 samples

    @property
    def module(self) -> nn.Module:
        """What this stage trains."""
        return self.network.denoiser

    def parameter_groups(self) -> list[dict[str, Any]]:
        """The denoiser alone; encoder and VAE stay as they are, but gradients pass through the decoder."""
        for frozen in (self.network.image, self.network.vae):
            frozen.requires_grad_(False)
            frozen.eval()
        return [{"params": list(self.module.parameters()), "lr": self.stage.rate}]

    def loss(self, generator: torch.Generator, progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        """Smooth L1 on the clean latent, and BCE + Dice on the mask it decodes to."""
        self.module.train()
        scale = self.network.architecture.denoiser.input_scale
        pictures, masks = self.draw_augmented(generator, progress)
        with torch.no_grad():
            pyramid = self.network.image.encoder(pictures).on_grid(LATENT_GRID)
            z = self.network.to_latent(masks)
        t = torch.rand(len(z), generator=generator).to(self.device)
        source = self._recycle(z, t, pyramid, generator)
        noise = torch.randn(z.shape, generator=generator).to(self.device)
        estimate = self.network.denoiser(q_sample(source, t, noise, input_scale=scale), t, pyramid)
        on_latent = latent_loss(estimate, z)
        on_mask = mask_loss(self.network.to_logits(estimate), masks, edge_weight=self.config.edge_weight)
        parts = {"latent": on_latent.detach(), "mask": on_mask.detach()}
        return on_latent + MASK_LOSS_SHARE * on_mask, parts

    def _recycle(self, z: Tensor, t: Tensor, pyramid: Pyramid, generator: torch.Generator) -> Tensor:
        """Put the model's own estimate, made at a later time, in the place of some true latents.

        It then learns from what it will meet while sampling: its own mistakes, not only the truth.
        """
        scale = self.network.architecture.denoiser.input_scale
        later = t + (1.0 - t) * torch.rand(len(z), generator=generator).to(self.device)
        pure = (torch.rand(len(z), generator=generator) < FROM_PURE_NOISE).to(self.device)
        later = torch.where(pure, torch.ones_like(later), later)
        noise = torch.randn(z.shape, generator=generator).to(self.device)
        recycled = round(RECYCLED * len(z))  # a batch is in random order: its first half is a random half
        with torch.no_grad():
            zs = q_sample(z[:recycled], later[:recycled], noise[:recycled], input_scale=scale)
            own = self.network.denoiser(zs, later[:recycled], pyramid.take(slice(recycled)))
        return torch.cat([own, z[recycled:]])

    def probabilities(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """The mean of a few samples."""
        features = self.network.image.encoder(pictures).on_grid(LATENT_GRID)
        total = torch.zeros_like(masks)
        for k in range(self.SAMPLES):
            noise = initial_noise(
                (LATENT_CHANNELS, LATENT_GRID, LATENT_GRID), samples=len(pictures), seed=1000 * k
            ).to(self.device)
            *_, clean = self.network.clean_estimates(features, noise, steps=self.STEPS)
            total += self.network.to_logits(clean).float().sigmoid()
        return total / self.SAMPLES
