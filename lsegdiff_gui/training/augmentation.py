"""Augmentation of a batch: where things are (one affine grid for picture and mask), then how they look.

All random numbers of a step come from one generator on the CPU, wherever the batch is.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from lsegdiff_gui.training.appearance import HAIRY, change_appearance

SCALE = 0.35  # ± in the exponent
ASPECT = 0.15
SHIFT = 0.15  # of the half side
CROP_SCALE = (0.3, 0.6)  # side of a background crop, of the picture's
CROP_TRIES = 8
CROP_GRID = 32  # side on which a crop is searched for lesion
BLACK = -1.0  # in pictures
BORDERED = 0.2  # share of pictures that get a black border of some shape


def uniform(shape: tuple[int, ...], low: float, high: float, generator: torch.Generator) -> Tensor:
    """Uniform draws in [low, high), float32 on the CPU."""
    return torch.rand(shape, generator=generator) * (high - low) + low


def chosen(count: int, share: float, generator: torch.Generator) -> Tensor:
    """Which of `count` are among a random `share` of them: (count, 1, 1, 1) bool on the CPU."""
    return torch.rand((count, 1, 1, 1), generator=generator) < share


def affine(count: int, generator: torch.Generator) -> Tensor:
    """Affine matrices (count, 2, 3) for sampling: any rotation, scale, aspect, shift and flip."""
    scale = torch.exp(uniform((count,), -SCALE, SCALE, generator))
    return _affine(scale, uniform((count, 2), -SHIFT, SHIFT, generator), generator)


def _affine(scale: Tensor, shift: Tensor, generator: torch.Generator) -> Tensor:
    count = len(scale)
    angle = uniform((count,), 0.0, 2 * math.pi, generator)
    aspect = torch.exp(uniform((count,), -ASPECT, ASPECT, generator))
    flip = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle), torch.sin(angle)
    rows = [
        torch.stack([scale * aspect * cos * flip, -scale * aspect * sin, shift[:, 0]], dim=1),
        torch.stack([scale / aspect * sin * flip, scale / aspect * cos, shift[:, 1]], dim=1),
    ]
    return torch.stack(rows, dim=1)


def _grid(matrices: Tensor, side: int, device: torch.device) -> Tensor:
    return F.affine_grid(matrices.to(device), [len(matrices), 1, side, side], align_corners=False)


def warp_masks(masks: Tensor, matrices: Tensor) -> Tensor:
    """Masks (B, 1, S, S) in {0, 1} float through (B, 2, 3), still in {0, 1}; outside is background."""
    grid = _grid(matrices, masks.shape[-1], masks.device)
    return (F.grid_sample(masks, grid, align_corners=False) >= 0.5).float()


def warp_pictures(pictures: Tensor, matrices: Tensor, *, outside: float = BLACK) -> Tensor:
    """Pictures (B, 3, S, S) in [−1, 1] through (B, 2, 3); outside is black, as around an endoscope's view."""
    grid = _grid(matrices, pictures.shape[-1], pictures.device)
    return F.grid_sample(pictures - outside, grid, align_corners=False) + outside


def background_crops(masks: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """For each mask (B, 1, S, S) the matrix (B, 2, 3) of a crop with as little lesion as a few tries found.

    Returns the matrices, and whether the crop is free of lesion (B,), both on the CPU.
    """
    count = len(masks)
    tries = count * CROP_TRIES
    scale = uniform((tries,), *CROP_SCALE, generator)
    shift = uniform((tries, 2), -1.0, 1.0, generator) * (1.0 - scale)[:, None]
    matrices = _affine(scale, shift, generator)
    small = F.adaptive_max_pool2d(masks, 2 * CROP_GRID).repeat_interleave(CROP_TRIES, dim=0)
    seen = F.grid_sample(small, _grid(matrices, CROP_GRID, masks.device), align_corners=False)
    lesion = seen.mean(dim=(1, 2, 3)).reshape(count, CROP_TRIES).cpu()
    best = lesion.argmin(dim=1)
    rows = torch.arange(count)
    return matrices.reshape(count, CROP_TRIES, 2, 3)[rows, best], lesion[rows, best] == 0


def border_fields(count: int, generator: torch.Generator) -> Tensor:
    """Fields (count, 1, 64, 64), positive inside the view: octagons, ellipses and bands, as lenses leave them."""
    axis = (torch.arange(64) + 0.5) / 32.0 - 1.0
    y, x = axis[:, None].expand(64, 64), axis[None, :].expand(64, 64)
    dx, dy = (uniform((count, 1, 1), -0.15, 0.15, generator) for _ in range(2))
    reach = uniform((count, 1, 1), 0.75, 1.15, generator)
    across, down = (
        (x - dx).abs() / reach,
        (y - dy).abs() / (reach * uniform((count, 1, 1), 0.9, 1.2, generator)),
    )
    round_view = 1.0 - (across.square() + down.square()).sqrt()
    octagon = torch.minimum(1.0 - torch.maximum(across, down), 1.45 - across - down)
    band = 1.0 - uniform((count, 1, 1), 0.03, 0.3, generator) - x.expand(count, 64, 64)
    shape = torch.randint(3, (count, 1, 1), generator=generator)
    fields = torch.where(shape == 0, round_view, torch.where(shape == 1, octagon, band))
    turned = torch.stack(
        [
            torch.rot90(f, int(k))
            for f, k in zip(fields, torch.randint(4, (count,), generator=generator), strict=True)
        ]
    )
    return turned[:, None]


def add_borders(pictures: Tensor, masks: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Blacken the rim of some pictures (B, 3, S, S) in [−1, 1], and take it out of their masks (B, 1, T, T)."""
    fields = border_fields(len(pictures), generator)
    fields = torch.where(chosen(len(pictures), BORDERED, generator), fields, torch.ones_like(fields))
    fields = fields.to(pictures.device)

    def inside(side: int, softness: float) -> Tensor:
        field = F.interpolate(fields, size=(side, side), mode="bilinear", align_corners=False)
        return (field / softness + 0.5).clamp(0.0, 1.0)

    view = inside(pictures.shape[-1], 0.02)
    return (pictures - BLACK) * view + BLACK, masks * (inside(masks.shape[-1], 1e-4) >= 0.5)


def augment(
    pictures: Tensor,
    masks: Tensor,
    generator: torch.Generator,
    *,
    style: str = "plain",
    crops: float = 0.0,
    outside: float = BLACK,
    hairs: float = HAIRY,
) -> tuple[Tensor, Tensor]:
    """Augment a batch: pictures (B, 3, S, S) in [−1, 1] and masks (B, 1, T, T) in {0, 1}, shapes kept.

    style: "plain" changes colours only; "polyp" and "skin" add what cameras and skin do (`change_appearance`) and
    black borders. crops: share of pictures replaced by a part of them without lesion, where there is one.
    outside: what moved pictures leave free. hairs: share of the style "skin" that gets hairs or a ruler.
    """
    matrices = affine(len(pictures), generator)
    if crops:
        crop, free = background_crops(masks, generator)
        taken = free & chosen(len(pictures), crops, generator)[:, 0, 0, 0]
        matrices = torch.where(taken[:, None, None], crop, matrices)
    pictures, masks = warp_pictures(pictures, matrices, outside=outside), warp_masks(masks, matrices)
    if style != "plain":
        pictures, masks = add_borders(pictures, masks, generator)
    return change_appearance(pictures, generator, style=style, hairs=hairs), masks


def vary_masks(masks: Tensor, generator: torch.Generator) -> Tensor:
    """Masks for the VAE (B, 1, S, S): warped, some shrunk, some united with a neighbour, a few empty or full."""
    count = len(masks)
    zoom = torch.where(torch.rand(count, generator=generator) < 0.25, 2.0, 1.0)
    varied = warp_masks(masks, affine(count, generator) * zoom[:, None, None])
    united = chosen(count, 0.15, generator).to(masks.device)
    varied = torch.where(united, torch.maximum(varied, varied.roll(1, dims=0)), varied)
    special = torch.rand((count, 1, 1, 1), generator=generator).to(masks.device)
    varied = torch.where(special < 0.03, torch.zeros_like(varied), varied)
    return torch.where(special > 0.985, torch.ones_like(varied), varied)
