"""The noise schedule: how much of a latent is left at time t, and how one DDIM step goes back.

Time t runs from 0 (the clean latent) to 1 (pure noise, exactly: zero terminal SNR, Lin et al. 2023). The latent
is scaled by `input_scale` b before noise is added, because masks have so little entropy that at b = 1 the model
reads the answer off z_t for most of training (Chen et al. 2022, section 3.1):

    z_t = b·cos(πt/2)·z + sin(πt/2)·ε
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def alpha_sigma(t: Tensor) -> tuple[Tensor, Tensor]:
    """Signal and noise shares at times t (B,) in [0, 1], each (B, 1, 1, 1): α² + σ² = 1, α(1) = 0 exactly."""
    angle = t.float() * (math.pi / 2)
    alpha = torch.where(t >= 1, torch.zeros_like(angle), torch.cos(angle))
    return alpha[:, None, None, None], torch.sin(angle)[:, None, None, None]


def q_sample(z: Tensor, t: Tensor, noise: Tensor, *, input_scale: float) -> Tensor:
    """Noise clean latents z (B, 4, h, w) to times t (B,) (Ho et al. 2020, eq. 4, with the scaled input)."""
    alpha, sigma = alpha_sigma(t)
    return alpha * input_scale * z + sigma * noise


def input_gain(t: Tensor, *, input_scale: float) -> Tensor:
    """The factor (B, 1, 1, 1) that gives z_t unit variance at time t, for latents of unit variance."""
    alpha, sigma = alpha_sigma(t)
    return torch.rsqrt((alpha * input_scale).square() + sigma.square())


def ddim_step(zt: Tensor, clean: Tensor, t: Tensor, t_next: Tensor, *, input_scale: float) -> Tensor:
    """One deterministic step from t to t_next < t, given the clean latent's estimate (Song et al. 2021, eq. 12)."""
    alpha, sigma = alpha_sigma(t)
    noise = (zt - alpha * input_scale * clean) / sigma
    alpha_next, sigma_next = alpha_sigma(t_next)
    return alpha_next * input_scale * clean + sigma_next * noise


def sampling_times(steps: int) -> list[float]:
    """The times of `steps` equal steps from pure noise: 1 … 0, steps + 1 of them.

    Raises ValueError for fewer than one step.
    """
    if steps < 1:
        raise ValueError("A draft needs at least 1 step.")
    return [1.0 - i / steps for i in range(steps)] + [0.0]
