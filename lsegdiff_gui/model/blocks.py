"""The small blocks that the mask VAE and the denoiser are built from."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

GROUPS = 8  # divides every width used here


def start_at_zero(convolution: nn.Conv2d) -> None:
    """Let a branch add nothing at first: its last convolution begins at zero."""
    with torch.no_grad():
        for parameter in convolution.parameters():
            parameter.zero_()


class ResidualBlock(nn.Module):
    """GroupNorm, SiLU and convolution twice, around a skip; starts as the identity (its last convolution is zero).

    x: (B, in_channels, H, W) → (B, out_channels, H, W). With `time_channels` the second normalisation is
    scaled and shifted by the time embedding (B, time_channels), as in Dhariwal and Nichol 2021, section 3.
    """

    def __init__(self, *, in_channels: int, out_channels: int, time_channels: int = 0) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(GROUPS, out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        start_at_zero(self.conv2)
        self.time = nn.Linear(time_channels, 2 * out_channels) if time_channels else None
        self.skip = nn.Identity() if in_channels == out_channels else nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: Tensor, time: Tensor | None = None) -> Tensor:
        """See the class: (B, in, H, W) and, if built with time, (B, time_channels) → (B, out, H, W)."""
        h = self.norm2(self.conv1(F.silu(self.norm1(x))))
        if self.time is not None and time is not None:
            scale, shift = self.time(time)[:, :, None, None].chunk(2, dim=1)
            h = h * (1 + scale) + shift
        added: Tensor = self.conv2(F.silu(h))
        kept: Tensor = self.skip(x)
        return kept + added


class Attention(nn.Module):
    """Self-attention over the pixels of a small grid, around a skip. (B, C, H, W) → (B, C, H, W)."""

    def __init__(self, *, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(GROUPS, channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)
        start_at_zero(self.out)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) → (B, C, H, W)."""
        b, c, h, w = x.shape
        qkv = self.qkv(self.norm(x)).reshape(b, 3, self.heads, c // self.heads, h * w).transpose(-1, -2)
        q, k, v = (part.contiguous() for part in qkv.unbind(1))
        mixed = F.scaled_dot_product_attention(q, k, v)
        added: Tensor = self.out(mixed.transpose(-1, -2).reshape(b, c, h, w))
        return x + added


class TimeEmbedding(nn.Module):
    """Sines and cosines of the diffusion time, then two linear layers. t: (B,) in [0, 1] → (B, channels)."""

    FREQUENCIES = 32
    HIGHEST = 1000.0  # so that neighbours of 1,000 steps are still told apart

    def __init__(self, *, channels: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2 * self.FREQUENCIES, channels), nn.SiLU(), nn.Linear(channels, channels), nn.SiLU()
        )

    def forward(self, t: Tensor) -> Tensor:
        """(B,) in [0, 1] → (B, channels)."""
        steps = torch.arange(self.FREQUENCIES, device=t.device, dtype=torch.float32) / (self.FREQUENCIES - 1)
        angles = t.float()[:, None] * torch.exp(steps * math.log(self.HIGHEST))[None]
        waves = torch.cat([angles.sin(), angles.cos()], dim=1)
        embedded: Tensor = self.net(waves.to(next(self.net.parameters()).dtype))
        return embedded
