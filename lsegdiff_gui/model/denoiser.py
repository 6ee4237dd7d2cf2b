"""The denoiser: a U-Net over the latent that reads the picture's features and returns the clean latent."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lsegdiff_gui.model.blocks import Attention, ResidualBlock, TimeEmbedding
from lsegdiff_gui.model.hint_encoder import HintEncoder
from lsegdiff_gui.model.image_encoder import PYRAMID_CHANNELS, Pyramid
from lsegdiff_gui.model.mask_vae import LATENT_CHANNELS
from lsegdiff_gui.model.schedule import input_gain


@dataclass(frozen=True)
class DenoiserConfig:
    """The denoiser's numbers: widths at 32², 16² and 8², the time embedding, and b of the noise schedule."""

    widths: tuple[int, int, int] = (64, 96, 128)
    time_channels: int = 128
    input_scale: float = 0.2


class Level(nn.Module):
    """Two residual blocks of one grid, with attention between them where asked."""

    def __init__(self, *, in_channels: int, width: int, time_channels: int, attends: bool) -> None:
        super().__init__()
        self.first = ResidualBlock(in_channels=in_channels, out_channels=width, time_channels=time_channels)
        self.attention: nn.Module = Attention(channels=width) if attends else nn.Identity()
        self.second = ResidualBlock(in_channels=width, out_channels=width, time_channels=time_channels)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """(B, in, H, W) and (B, time) → (B, width, H, W)."""
        out: Tensor = self.second(self.attention(self.first(x, time)), time)
        return out


class Denoiser(nn.Module):
    """U-Net on 4×32×32 latents at 32², 16² and 8², conditioned on a Pyramid, that predicts the clean latent (x0).

    The stride-4 features enter the 32² grid folded, so that the denoiser sees what the image-only twin sees.
    """

    def __init__(self, config: DenoiserConfig) -> None:
        super().__init__()
        self.config = config
        w32, w16, w8 = config.widths
        tc = config.time_channels
        self.time = TimeEmbedding(channels=tc)
        self.hints = HintEncoder()
        self.fine = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(4 * PYRAMID_CHANNELS, w32, 1))
        self.enter = nn.Conv2d(LATENT_CHANNELS, w32, 3, padding=1)
        self.down32 = Level(
            in_channels=2 * w32 + PYRAMID_CHANNELS, width=w32, time_channels=tc, attends=False
        )
        self.to16 = nn.Conv2d(w32, w16, 3, stride=2, padding=1)
        self.down16 = Level(in_channels=w16 + PYRAMID_CHANNELS, width=w16, time_channels=tc, attends=True)
        self.to8 = nn.Conv2d(w16, w8, 3, stride=2, padding=1)
        self.middle = Level(in_channels=w8 + PYRAMID_CHANNELS, width=w8, time_channels=tc, attends=True)
        self.up16 = Level(in_channels=w8 + w16, width=w16, time_channels=tc, attends=True)
        self.up32 = Level(in_channels=w16 + w32, width=w32, time_channels=tc, attends=False)
        self.leave = nn.Sequential(
            nn.GroupNorm(8, w32), nn.SiLU(), nn.Conv2d(w32, LATENT_CHANNELS, 3, padding=1)
        )

    def forward(self, zt: Tensor, t: Tensor, pyramid: Pyramid, hints: Tensor | None = None) -> Tensor:
        """Recover the clean latent.

        zt: (B, 4, 32, 32) float; t: (B,) in [0, 1]; pyramid: features of the same batch, on the grids 64², 32², 16²
        and 8²; hints: (B, 3, 256, 256) in {0, 1} as `HintEncoder` reads them, or None for none.
        Returns (B, 4, 32, 32) float32, normalised per channel as the latents of training were.
        """
        time = self.time(t)
        gain = input_gain(t, input_scale=self.config.input_scale)
        if hints is not None:
            pyramid = self.hints(hints).to(pyramid)
        entered = self.enter((zt.float() * gain).to(pyramid.p8.dtype))
        h32 = self.down32(torch.cat([entered, self.fine(pyramid.p4), pyramid.p8], dim=1), time)
        h16 = self.down16(torch.cat([self.to16(h32), pyramid.p16], dim=1), time)
        h8 = self.middle(torch.cat([self.to8(h16), pyramid.p32], dim=1), time)
        u16 = self.up16(torch.cat([F.interpolate(h8, scale_factor=2.0, mode="nearest"), h16], dim=1), time)
        u32 = self.up32(torch.cat([F.interpolate(u16, scale_factor=2.0, mode="nearest"), h32], dim=1), time)
        clean: Tensor = self.leave(u32).float()
        return clean
