"""The mask VAE: binary masks to compact latents and back."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lsegdiff_gui.model.blocks import ResidualBlock

FOLD = (
    4  # pixels folded into channels at the way in and out: full-resolution convolutions would cost the most
)
LATENT_CHANNELS = 4
LOGVAR_RANGE = (-12.0, 4.0)


class MaskVAE(nn.Module):
    """A variational autoencoder of masks on a 256² grid with a 4×32×32 latent (Kingma and Welling 2014).

    `encode` takes masks (B, 1, H, W) in {0, 1} and gives the posterior's mean and log variance, each
    (B, 4, H/8, W/8). `decode` takes latents of that shape and gives logits (B, 1, H, W): a foreground
    probability is their sigmoid.
    """

    def __init__(self, *, outer: int = 32, inner: int = 64) -> None:
        super().__init__()
        self.down = nn.Sequential(
            nn.PixelUnshuffle(FOLD),
            nn.Conv2d(FOLD * FOLD, outer, 3, padding=1),
            ResidualBlock(in_channels=outer, out_channels=outer),
            nn.Conv2d(outer, inner, 3, stride=2, padding=1),
            ResidualBlock(in_channels=inner, out_channels=inner),
            ResidualBlock(in_channels=inner, out_channels=inner),
            nn.GroupNorm(8, inner),
            nn.SiLU(),
            nn.Conv2d(inner, 2 * LATENT_CHANNELS, 1),
        )
        self.up = nn.Sequential(
            nn.Conv2d(LATENT_CHANNELS, inner, 3, padding=1),
            ResidualBlock(in_channels=inner, out_channels=inner),
            ResidualBlock(in_channels=inner, out_channels=inner),
            nn.Conv2d(inner, 4 * outer, 1),
            nn.PixelShuffle(2),
            ResidualBlock(in_channels=outer, out_channels=outer),
            ResidualBlock(in_channels=outer, out_channels=outer),
            nn.GroupNorm(8, outer),
            nn.SiLU(),
            nn.Conv2d(outer, FOLD * FOLD, 3, padding=1),
            nn.PixelShuffle(FOLD),
        )

    def encode(self, masks: Tensor) -> tuple[Tensor, Tensor]:
        """Masks (B, 1, H, W) in {0, 1} → posterior mean and log variance, each (B, 4, H/8, W/8)."""
        moments = self.down(2.0 * masks - 1.0)
        mean, logvar = moments.float().chunk(2, dim=1)
        return mean, logvar.clamp(*LOGVAR_RANGE)

    def decode(self, latents: Tensor) -> Tensor:
        """Latents (B, 4, H/8, W/8) → logits (B, 1, H, W)."""
        logits: Tensor = self.up(latents)
        return logits


def sample_posterior(mean: Tensor, logvar: Tensor, *, generator: torch.Generator | None = None) -> Tensor:
    """Draw latents from the posterior by reparameterisation; shapes as `mean`."""
    noise = torch.randn(mean.shape, generator=generator, dtype=mean.dtype).to(mean.device)
    return mean + torch.exp(0.5 * logvar) * noise


def kl_divergence(mean: Tensor, logvar: Tensor) -> Tensor:
    """KL of the posterior from the standard normal, averaged per latent element (Kingma and Welling 2014, app. B)."""
    return 0.5 * (mean.square() + logvar.exp() - 1.0 - logvar).mean()
