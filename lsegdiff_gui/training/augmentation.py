"""Augmentation of a batch: one affine grid for picture and mask, then colour. All draws come from one generator."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

SCALE = 0.35  # ± in the exponent
ASPECT = 0.15
SHIFT = 0.15  # of the half side
GAIN = 0.15  # per colour channel, ± in the exponent
BRIGHTNESS = 0.15  # of the range [−1, 1], each way
CONTRAST = 0.3
SATURATION = 0.4


def uniform(shape: tuple[int, ...], low: float, high: float, generator: torch.Generator) -> Tensor:
    """Uniform draws in [low, high), float32 on the CPU."""
    return torch.rand(shape, generator=generator) * (high - low) + low


def affine_grid(count: int, side: int, generator: torch.Generator) -> Tensor:
    """Sampling grids (count, side, side, 2): any rotation, scale, aspect, shift and flip."""
    angle = uniform((count,), 0.0, 2 * math.pi, generator)
    scale = torch.exp(uniform((count,), -SCALE, SCALE, generator))
    aspect = torch.exp(uniform((count,), -ASPECT, ASPECT, generator))
    flip = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    shift = uniform((count, 2), -SHIFT, SHIFT, generator)
    cos, sin = torch.cos(angle), torch.sin(angle)
    rows = [
        torch.stack([scale * aspect * cos * flip, -scale * aspect * sin, shift[:, 0]], dim=1),
        torch.stack([scale / aspect * sin * flip, scale / aspect * cos, shift[:, 1]], dim=1),
    ]
    return F.affine_grid(torch.stack(rows, dim=1), [count, 1, side, side], align_corners=False)


def warp_masks(masks: Tensor, grid: Tensor) -> Tensor:
    """Masks (B, 1, S, S) in {0, 1} float through the grid, still in {0, 1}; outside is background."""
    return (F.grid_sample(masks, grid, align_corners=False) >= 0.5).float()


def warp_pictures(pictures: Tensor, grid: Tensor) -> Tensor:
    """Pictures (B, 3, S, S) in [−1, 1] through the grid; outside is black, as around an endoscope's view, not grey."""
    return F.grid_sample(pictures + 1.0, grid, align_corners=False) - 1.0


def jitter_colour(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Change gain per channel, saturation, contrast and brightness of pictures (B, 3, S, S) in [−1, 1]."""
    count = len(pictures)
    light = (pictures + 1.0) * torch.exp(uniform((count, 3, 1, 1), -GAIN, GAIN, generator))
    grey = light.mean(dim=1, keepdim=True)
    light = grey + (light - grey) * uniform((count, 1, 1, 1), 1 - SATURATION, 1 + SATURATION, generator)
    mean = light.mean(dim=(1, 2, 3), keepdim=True)
    light = mean + (light - mean) * torch.exp(uniform((count, 1, 1, 1), -CONTRAST, CONTRAST, generator))
    shifted = light + uniform((count, 1, 1, 1), -BRIGHTNESS, BRIGHTNESS, generator)
    return shifted.clamp(0.0, 2.0) - 1.0


def augment(pictures: Tensor, masks: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Augment a batch: pictures (B, 3, S, S) in [−1, 1] and masks (B, 1, S, S) in {0, 1}, shapes kept."""
    grid = affine_grid(len(pictures), pictures.shape[-1], generator)
    return jitter_colour(warp_pictures(pictures, grid), generator), warp_masks(masks, grid)


def vary_masks(masks: Tensor, generator: torch.Generator) -> Tensor:
    """Masks for the VAE (B, 1, S, S): warped, some shrunk, some united with a neighbour, a few empty or full."""
    count, side = len(masks), masks.shape[-1]
    grid = affine_grid(count, side, generator)
    zoom = torch.where(torch.rand(count, generator=generator) < 0.25, 2.0, 1.0)
    varied = warp_masks(masks, grid * zoom[:, None, None, None])
    united = (torch.rand(count, generator=generator) < 0.15)[:, None, None, None]
    varied = torch.where(united, torch.maximum(varied, varied.roll(1, dims=0)), varied)
    special = torch.rand(count, generator=generator)[:, None, None, None]
    varied = torch.where(special < 0.03, torch.zeros_like(varied), varied)
    return torch.where(special > 0.985, torch.ones_like(varied), varied)
