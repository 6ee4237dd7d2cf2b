"""The losses of the three stages."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

DICE_SMOOTHING = 64.0  # pixels of 256²: an empty mask answered by a few pixels is not a total failure


def soft_dice_loss(logits: Tensor, masks: Tensor) -> Tensor:
    """1 − soft Dice, mean over the batch. logits and masks (B, 1, H, W), masks in {0, 1} (Milletari et al. 2016)."""
    p = logits.float().sigmoid()
    overlap = (p * masks).sum(dim=(1, 2, 3))
    total = p.sum(dim=(1, 2, 3)) + masks.sum(dim=(1, 2, 3))
    return (1.0 - (2.0 * overlap + DICE_SMOOTHING) / (total + DICE_SMOOTHING)).mean()


def mask_loss(logits: Tensor, masks: Tensor) -> Tensor:
    """Binary cross-entropy plus soft Dice of logits (B, 1, H, W) against masks in {0, 1}."""
    return F.binary_cross_entropy_with_logits(logits.float(), masks) + soft_dice_loss(logits, masks)


def latent_loss(estimate: Tensor, latents: Tensor) -> Tensor:
    """Smooth L1 between the estimated and the true clean latents (B, 4, 32, 32)."""
    return F.smooth_l1_loss(estimate, latents)
