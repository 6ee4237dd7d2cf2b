"""The image encoder: a MobileNetV2 trunk, its feature pyramid, and the image-only twin's head."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

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
_TAPS = {3: 24, 6: 32, 13: 96, 17: 320}  # index in `features` → channels, at strides 4, 8, 16, 32
FROZEN_BLOCKS = 4  # stem and blocks up to stride 4: most of a training step, least to learn


class Pyramid(NamedTuple):
    """Image features, each (B, 64, 256/s, 256/s) for strides s = 4, 8, 16, 32."""

    p4: Tensor
    p8: Tensor
    p16: Tensor
    p32: Tensor

    def repeat(self, times: int) -> Pyramid:
        """The same features for `times` samples of one picture: batch 1 → batch `times`, without copying."""
        return Pyramid(*(level.expand(times, -1, -1, -1) for level in self))


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
        self._early, self._late = blocks[:FROZEN_BLOCKS], blocks[FROZEN_BLOCKS:]
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
        taps: list[Tensor] = []
        x = pictures
        for index, block in enumerate(self.features):
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

    def pretrained_blocks(self) -> list[nn.Parameter]:
        """The parameters that start from ImageNet and are still trained: they want a smaller rate."""
        return [p for block in self._late for p in block.parameters()]

    def freeze_early_blocks(self) -> None:
        """Stop training stem and blocks up to stride 4; call after each `train()`, which would wake their norms."""
        for block in self._early:
            block.requires_grad_(False)
            block.eval()


class TwinHead(nn.Module):
    """The image-only twin's head: one 1×1 convolution on the stride-4 level. Pyramid → logits (B, 1, 256, 256)."""

    def __init__(self) -> None:
        super().__init__()
        self.score = nn.Conv2d(PYRAMID_CHANNELS, 1, 1)

    def forward(self, pyramid: Pyramid) -> Tensor:
        """Pyramid → logits (B, 1, H, W) at the pictures' size."""
        return F.interpolate(self.score(pyramid.p4), scale_factor=4.0, mode="bilinear", align_corners=False)


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
