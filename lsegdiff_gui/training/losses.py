"""The losses of the stages."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from lsegdiff_gui.annotation.hint_planes import BELONGS, DOES_NOT

DICE_SMOOTHING = 64.0  # pixels of 256²: an empty mask answered by a few pixels is not a total failure
EDGE_WINDOW = 31  # pixels of 256² around each, in which other labels make an edge
TOO_SMALL_TO_TELL = 0.0005  # of the picture: a lesion cut down to less teaches presence nothing


def edge_weights(masks: Tensor, weight: float) -> Tensor:
    """1 far from edges, up to 1 + `weight` on them: by how much a pixel differs from its surroundings' mean.

    masks (B, 1, H, W) in {0, 1} → the same shape (Wei et al. 2020, F3Net, eq. 5).
    """
    around = masks
    for window in ((1, EDGE_WINDOW), (EDGE_WINDOW, 1)):  # one after the other: a fifteenth of the additions
        around = F.avg_pool2d(
            around, window, stride=1, padding=(window[0] // 2, window[1] // 2), count_include_pad=False
        )
    return 1.0 + weight * (around - masks).abs()


def mask_loss(logits: Tensor, masks: Tensor, *, edge_weight: float = 0.0) -> Tensor:
    """Binary cross-entropy plus 1 − soft Dice of logits (B, 1, H, W) against masks in {0, 1}; edges weigh more.

    Soft Dice: Milletari et al. 2016.
    """
    logits = logits.float()
    weights = edge_weights(masks, edge_weight) if edge_weight else torch.ones_like(masks)
    pixels = F.binary_cross_entropy_with_logits(logits, masks, reduction="none")
    on_pixels = (weights * pixels).sum(dim=(1, 2, 3)) / weights.sum(dim=(1, 2, 3))
    p = logits.sigmoid()
    overlap = (weights * p * masks).sum(dim=(1, 2, 3))
    total = (weights * (p + masks)).sum(dim=(1, 2, 3))
    return (on_pixels + 1.0 - (2.0 * overlap + DICE_SMOOTHING) / (total + DICE_SMOOTHING)).mean()


def presence_loss(logits: Tensor, masks: Tensor) -> Tensor:
    """Binary cross-entropy of presence logits (B,) against whether masks (B, 1, H, W) show a lesion."""
    share = masks.mean(dim=(1, 2, 3))
    clear = ((share == 0) | (share >= TOO_SMALL_TO_TELL)).float()
    each = F.binary_cross_entropy_with_logits(logits.float(), (share > 0).float(), reduction="none")
    return (each * clear).sum() / clear.sum().clamp(min=1.0)


def latent_loss(estimate: Tensor, latents: Tensor) -> Tensor:
    """Smooth L1 between the estimated and the true clean latents (B, 4, 32, 32)."""
    return F.smooth_l1_loss(estimate, latents)


def hint_loss(logits: Tensor, masks: Tensor, hints: Tensor) -> Tensor:
    """Binary cross-entropy of logits (B, 1, H, W) where hints (B, 3, H, W) say what the masks (B, 1, H, W) hold.

    A disc may reach over the lesion's edge: what it says wrongly there is not asked for. 0 where nothing was said.
    """
    told = torch.where(masks > 0, hints[:, BELONGS, None], hints[:, DOES_NOT, None])
    each = F.binary_cross_entropy_with_logits(logits.float(), masks, reduction="none")
    return (each * told).sum() / told.sum().clamp(min=1.0)
