"""The image encoder: a MobileNetV2 trunk and its feature pyramid; the heads that read a pyramid directly."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lsegdiff_gui.model.grid import GRID

BATCH_NORM_EPS = 1e-3  # the pretrained trunk's; torchvision's default would shift every activation
PYRAMID_CHANNELS = 64

# (expansion, channels, repeats, stride) of the inverted residuals (Sandler et al. 2018, table 2)
_STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
FIRST_BLOCKS = 4  # up to stride 4: the beginning
BEGUN_CHANNELS = 24
# index in `features` → channels, at strides 4, 8, 16, 32
_TAPS = {FIRST_BLOCKS - 1: BEGUN_CHANNELS, 6: 32, 13: 96, 17: 320}


class Pyramid(NamedTuple):
    """Image features, each (B, 64, H/s, W/s) for strides s = 4, 8, 16, 32 of pictures (B, 3, H, W)."""

    p4: Tensor
    p8: Tensor
    p16: Tensor
    p32: Tensor

    def take(self, chosen: Tensor | slice) -> Pyramid:
        """The features of some of the batch, in the order chosen; one may be taken several times."""
        return Pyramid(*(level[chosen] for level in self))

    def on_grid(self, side: int) -> Pyramid:
        """The same features with `side` cells at stride 8, and 2, ½ and ¼ of it at the others: the latent's grids."""
        sides = (2 * side, side, side // 2, side // 4)
        return Pyramid(
            *(
                level
                if level.shape[-1] == cells
                else F.interpolate(level, size=(cells, cells), mode="bilinear", align_corners=False)
                for level, cells in zip(self, sides, strict=True)
            )
        )


class ConvBN(nn.Sequential):
    """Convolution, batch norm and ReLU6; stride 2 pads right and bottom only, as the pretrained weights expect."""

    def __init__(
        self, in_channels: int, out_channels: int, *, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        self.pads_corner = stride == 2
        padding = 0 if stride == 2 else kernel // 2
        super().__init__(
            nn.Conv2d(in_channels, out_channels, kernel, stride, padding, groups=groups, bias=False),
            nn.BatchNorm2d(out_channels, eps=BATCH_NORM_EPS),
            nn.ReLU6(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, in, H, W) → (B, out, H/stride, W/stride)."""
        filtered: Tensor = super().forward(F.pad(x, (0, 1, 0, 1)) if self.pads_corner else x)  # type: ignore[no-untyped-call]
        return filtered


class InvertedResidual(nn.Module):
    """Expand, filter each channel, project (Sandler et al. 2018, section 3.3)."""

    def __init__(self, in_channels: int, out_channels: int, *, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = in_channels * expansion
        self.adds = stride == 1 and in_channels == out_channels
        layers: list[nn.Module] = []
        if expansion != 1:
            layers.append(ConvBN(in_channels, hidden, kernel=1))
        layers += [
            ConvBN(hidden, hidden, kernel=3, stride=stride, groups=hidden),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels, eps=BATCH_NORM_EPS),
        ]
        self.conv = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """(B, in, H, W) → (B, out, H/stride, W/stride)."""
        y: Tensor = self.conv(x)
        return x + y if self.adds else y


class ImageEncoder(nn.Module):
    """MobileNetV2 and a feature pyramid of 64 channels (Lin et al. 2017).

    Pictures (B, 3, H, W) in [−1, 1], RGB, H and W multiples of 32 → Pyramid at strides 4, 8, 16, 32.
    """

    def __init__(self) -> None:
        super().__init__()
        blocks: list[nn.Module] = [ConvBN(3, 32, kernel=3, stride=2)]
        channels = 32
        for expansion, width, repeats, stride in _STAGES:
            for i in range(repeats):
                blocks.append(
                    InvertedResidual(channels, width, stride=stride if i == 0 else 1, expansion=expansion)
                )
                channels = width
        self.features = nn.Sequential(*blocks)
        self.lateral = nn.ModuleList(nn.Conv2d(width, PYRAMID_CHANNELS, 1) for width in _TAPS.values())
        self.smooth = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(PYRAMID_CHANNELS, PYRAMID_CHANNELS, 3, padding=1, bias=False),
                nn.BatchNorm2d(PYRAMID_CHANNELS),
                nn.ReLU(),
            )
            for _ in _TAPS
        )

    def forward(self, pictures: Tensor) -> Pyramid:
        """Pictures (B, 3, H, W) in [−1, 1] → Pyramid."""
        return self.pyramid(self.beginning(pictures))

    def beginning(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, H, W) in [−1, 1] → what the first blocks make of them, (B, 24, H/4, W/4)."""
        x: Tensor = self.features[:FIRST_BLOCKS](pictures)
        return x

    def pyramid(self, begun: Tensor) -> Pyramid:
        """What `beginning` gave → Pyramid."""
        taps, x = [begun], begun
        for index, block in enumerate(list(self.features)[FIRST_BLOCKS:], FIRST_BLOCKS):
            x = block(x)
            if index in _TAPS:
                taps.append(x)
        levels: list[Tensor] = []
        above: Tensor | None = None
        for lateral, smooth, tap in zip(
            reversed(self.lateral), reversed(self.smooth), reversed(taps), strict=True
        ):
            merged = lateral(tap)
            if above is not None:
                merged = merged + F.interpolate(above, scale_factor=2.0, mode="nearest")
            above = merged
            levels.append(smooth(merged))
        return Pyramid(*reversed(levels))

    def freeze_blocks(self, count: int) -> None:
        """Stop training the first `count` blocks; call after each `train()`, which would wake their norms.

        The 4 blocks up to stride 4 are most of a training step and the least to learn.
        """
        for block in list(self.features)[:count]:
            block.requires_grad_(False)
            block.eval()


class MaskHead(nn.Module):
    """A mask straight from the stride-4 level: one 1×1 convolution. Pyramid → logits (B, 1, 256, 256)."""

    def __init__(self) -> None:
        super().__init__()
        self.score = nn.Conv2d(PYRAMID_CHANNELS, 1, 1)

    def forward(self, pyramid: Pyramid) -> Tensor:
        """Pyramid of pictures of any side → logits (B, 1, 256, 256)."""
        return F.interpolate(self.score(pyramid.p4), size=(GRID, GRID), mode="bilinear", align_corners=False)


class PresenceHead(nn.Module):
    """Is there a lesion at all? From the stride-32 level's mean and maximum. Pyramid → logits (B,)."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2 * PYRAMID_CHANNELS, PYRAMID_CHANNELS), nn.SiLU(), nn.Linear(PYRAMID_CHANNELS, 1)
        )

    def forward(self, pyramid: Pyramid) -> Tensor:
        """Pyramid → logits (B,)."""
        level = pyramid.p32
        logits: Tensor = self.net(torch.cat([level.mean(dim=(2, 3)), level.amax(dim=(2, 3))], dim=1))
        return logits[:, 0]


class DirectNetwork(nn.Module):
    """A mask and a presence straight from the picture, in one pass, without noise or time.

    As `twin` it is the image-only network beside diffusion: the same encoder, its own weights. The encoder that
    diffusion reads is the same thing, kept a segmenter by its head while it is trained.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = ImageEncoder()
        self.mask = MaskHead()
        self.presence = PresenceHead()


def load_pretrained(encoder: ImageEncoder, tensors: dict[str, Tensor]) -> None:
    """Fill the trunk from ImageNet weights with torchvision's `features` keys; the pyramid keeps its start.

    Raises KeyError or RuntimeError where a tensor is missing or of another shape.
    """
    wanted = encoder.features.state_dict()
    found = {
        key: tensors[f"features.{key}" if f"features.{key}" in tensors else key]
        for key in wanted
        if "num_batches" not in key
    }
    with torch.no_grad():
        for key, value in found.items():
            wanted[key].copy_(value.to(wanted[key].dtype))
