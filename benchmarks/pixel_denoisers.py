"""What latent diffusion is compared with: denoisers of masks in pixel space, 1×256×256, on the same features.

Both take what the latent's denoiser takes, `(zt, t, pyramid)` with zt (B, 1, 256, 256), and give the clean mask in
[−1, 1]; features come on the latent's grids (`Pyramid.on_grid`) and are brought to the pixels' inside.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lsegdiff_gui.model.blocks import GROUPS, Attention, TimeEmbedding
from lsegdiff_gui.model.denoiser import Denoiser, DenoiserConfig, Level
from lsegdiff_gui.model.grid import GRID
from lsegdiff_gui.model.image_encoder import PYRAMID_CHANNELS, Pyramid
from lsegdiff_gui.model.network import LATENT_GRID
from lsegdiff_gui.model.schedule import input_gain

FOLD = GRID // LATENT_GRID  # pixels of a latent cell's side
ATTENTION_GRIDS = (16, 8)  # attention over all 128² pixels would need hundreds of gigabytes
FAIR_WIDTHS = (
    16,
    32,
    64,
    96,
    128,
)  # at 256², 128², 64², 32², 16²: as many parameters as the latent's denoiser


def _enlarged(x: Tensor, side: int) -> Tensor:
    return F.interpolate(x, size=(side, side), mode="nearest")


class _OnSmallGrid(nn.Module):
    """Attention over the means of a grid's cells, its result given to all pixels of a cell."""

    def __init__(self, attention: Attention, grid: int) -> None:
        super().__init__()
        self.attention = attention
        self.grid = grid

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) → the same shape."""
        small = F.adaptive_avg_pool2d(x, self.grid)
        return x + _enlarged(self.attention(small) - small, x.shape[-1])


class SameBlocks(Denoiser):
    """The latent's denoiser, block for block and width for width, on 256², 128² and 64² instead of 32², 16² and 8²."""

    def __init__(self, config: DenoiserConfig) -> None:
        super().__init__(config)
        width, coarser, coarsest = config.widths
        self.enter = nn.Conv2d(1, width, 3, padding=1)
        self.leave[-1] = nn.Conv2d(width, 1, 3, padding=1)
        for level, channels, grid in (
            (self.down16, coarser, ATTENTION_GRIDS[0]),
            (self.middle, coarsest, ATTENTION_GRIDS[1]),
            (self.up16, coarser, ATTENTION_GRIDS[0]),
        ):
            level.attention = _OnSmallGrid(Attention(channels=channels), grid)

    def forward(self, zt: Tensor, t: Tensor, pyramid: Pyramid, hints: Tensor | None = None) -> Tensor:
        """zt: (B, 1, 256, 256); pyramid: on the latent's grids → the clean mask (B, 1, 256, 256) float32."""
        side = zt.shape[-1]
        time = self.time(t)
        entered = self.enter(
            (zt.float() * input_gain(t, input_scale=self.config.input_scale)).to(pyramid.p8.dtype)
        )
        features = _enlarged(torch.cat([self.fine(pyramid.p4), pyramid.p8], dim=1), side)
        h1 = self.down32(torch.cat([entered, features], dim=1), time)
        h2 = self.down16(torch.cat([self.to16(h1), _enlarged(pyramid.p16, side // 2)], dim=1), time)
        h4 = self.middle(torch.cat([self.to8(h2), _enlarged(pyramid.p32, side // 4)], dim=1), time)
        u2 = self.up16(torch.cat([_enlarged(h4, side // 2), h2], dim=1), time)
        u1 = self.up32(torch.cat([_enlarged(u2, side), h1], dim=1), time)
        clean: Tensor = self.leave(u1).float()
        return clean


class FairPixels(nn.Module):
    """A U-Net as one would build it for 256² pixels: five levels, narrow where there are many pixels.

    Features enter where their grid is: stride 4 at 64², 8 at 32², 16 and 32 at 16², where attention is too.
    """

    def __init__(self, config: DenoiserConfig, widths: tuple[int, ...] = FAIR_WIDTHS) -> None:
        super().__init__()
        self.config = config
        tc = config.time_channels
        features = (0, 0, PYRAMID_CHANNELS, PYRAMID_CHANNELS, 2 * PYRAMID_CHANNELS)
        last = len(widths) - 1
        self.time = TimeEmbedding(channels=tc)
        self.enter = nn.Conv2d(1, widths[0], 3, padding=1)
        self.down = nn.ModuleList(
            Level(in_channels=width + extra, width=width, time_channels=tc, attends=index == last)
            for index, (width, extra) in enumerate(zip(widths, features, strict=True))
        )
        self.smaller = nn.ModuleList(
            nn.Conv2d(fine, coarse, 3, stride=2, padding=1) for fine, coarse in pairwise(widths)
        )
        self.up = nn.ModuleList(
            Level(in_channels=fine + coarse, width=fine, time_channels=tc, attends=False)
            for fine, coarse in pairwise(widths)
        )
        self.leave = nn.Sequential(
            nn.GroupNorm(GROUPS, widths[0]), nn.SiLU(), nn.Conv2d(widths[0], 1, 3, padding=1)
        )

    def forward(self, zt: Tensor, t: Tensor, pyramid: Pyramid, hints: Tensor | None = None) -> Tensor:
        """zt: (B, 1, 256, 256); pyramid: on the latent's grids → the clean mask (B, 1, 256, 256) float32."""
        time = self.time(t)
        coarse = torch.cat([pyramid.p16, _enlarged(pyramid.p32, pyramid.p16.shape[-1])], dim=1)
        features = (None, None, pyramid.p4, pyramid.p8, coarse)
        h = self.enter((zt.float() * input_gain(t, input_scale=self.config.input_scale)).to(pyramid.p8.dtype))
        kept: list[Tensor] = []
        for index, level in enumerate(self.down):
            h = self.smaller[index - 1](h) if index else h
            seen = features[index]
            h = level(h if seen is None else torch.cat([h, seen], dim=1), time)
            kept.append(h)
        for index in reversed(range(len(self.up))):
            h = self.up[index](torch.cat([_enlarged(h, kept[index].shape[-1]), kept[index]], dim=1), time)
        clean: Tensor = self.leave(h).float()
        return clean
