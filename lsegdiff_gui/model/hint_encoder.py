"""What the annotator said about a picture, as something the denoiser can add to the picture's features."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional as F

from lsegdiff_gui.model.blocks import start_at_zero
from lsegdiff_gui.model.image_encoder import PYRAMID_CHANNELS, Pyramid

HINT_PLANES = 3  # belongs, does not, the mask that was corrected
HINT_FOLD = 8  # pixels of a hint plane per latent cell
HINT_CHANNELS = 48


class AddedFeatures(NamedTuple):
    """What hints add to a Pyramid's levels on the grids 32², 16² and 8², each (B, 64, H, W)."""

    p8: Tensor
    p16: Tensor
    p32: Tensor

    def to(self, pyramid: Pyramid) -> Pyramid:
        """The pyramid of the same batch with this added; its finest level stays as it is."""
        return Pyramid(pyramid.p4, pyramid.p8 + self.p8, pyramid.p16 + self.p16, pyramid.p32 + self.p32)


class HintEncoder(nn.Module):
    """Hint planes (B, 3, 256, 256) in {0, 1} → AddedFeatures.

    Without biases, so that planes of zeros are exactly no hint; the last convolutions start at zero, so that an
    untaught encoder changes nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.PixelUnshuffle(HINT_FOLD),
            nn.Conv2d(HINT_PLANES * HINT_FOLD * HINT_FOLD, HINT_CHANNELS, 1, bias=False),
            nn.SiLU(),
            nn.Conv2d(HINT_CHANNELS, HINT_CHANNELS, 3, padding=1, bias=False),
            nn.SiLU(),
        )
        self.to32 = nn.Conv2d(HINT_CHANNELS, PYRAMID_CHANNELS, 3, padding=1, bias=False)
        self.to16 = nn.Conv2d(HINT_CHANNELS, PYRAMID_CHANNELS, 1, bias=False)
        self.to8 = nn.Conv2d(HINT_CHANNELS, PYRAMID_CHANNELS, 1, bias=False)
        for last in (self.to32, self.to16, self.to8):
            start_at_zero(last)

    def forward(self, hints: Tensor) -> AddedFeatures:
        """(B, 3, 256, 256) → what is added at 32², 16² and 8². A single click is still seen at 8²: by its maximum."""
        seen = self.net(hints)
        coarse = F.max_pool2d(seen, 2)
        return AddedFeatures(self.to32(seen), self.to16(coarse), self.to8(F.max_pool2d(coarse, 2)))
