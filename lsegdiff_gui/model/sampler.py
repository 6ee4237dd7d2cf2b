"""DDIM over any denoiser that returns the clean latent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import torch
from torch import Tensor

from lsegdiff_gui.model.schedule import ddim_step, sampling_times

CleanEstimate = Callable[[Tensor, Tensor], Tensor]
"""(z_t (B, 4, h, w), t (B,)) → the estimate of the clean latent, shaped as z_t."""


def initial_noise(shape: tuple[int, int, int], *, samples: int, seed: int) -> Tensor:
    """Pure noise (samples, *shape), float32 on the CPU; sample k depends on seed + k alone, on no other sample."""
    return torch.stack(
        [torch.randn(shape, generator=torch.Generator().manual_seed(seed + k)) for k in range(samples)]
    )


def ddim(denoise: CleanEstimate, noise: Tensor, *, steps: int, input_scale: float) -> Iterator[Tensor]:
    """Yield the clean-latent estimate (B, 4, h, w) after each of `steps` steps; the last is the sample (η = 0)."""
    times = sampling_times(steps)
    zt = noise
    for now, after in pairwise(times):
        t = torch.full((len(zt),), now, device=zt.device)
        clean = denoise(zt, t)
        yield clean
        if after > 0:
            zt = ddim_step(zt, clean, t, torch.full_like(t, after), input_scale=input_scale)
