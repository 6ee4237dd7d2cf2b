"""The whole network of one weight file: mask VAE, image encoder, denoiser, twin, what it knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from lsegdiff_gui.model.denoiser import Denoiser, DenoiserConfig
from lsegdiff_gui.model.familiarity import Familiarity
from lsegdiff_gui.model.image_encoder import DirectNetwork, Pyramid
from lsegdiff_gui.model.mask_vae import LATENT_CHANNELS, MaskVAE
from lsegdiff_gui.model.sampler import ddim

LATENT_GRID = 32


@dataclass(frozen=True)
class Architecture:
    """The numbers that rebuild a network; they travel in the weight file's header.

    picture_side: of the square that pictures are squashed to. own_encoder: diffusion reads an encoder of its own, and
    errs apart from the twin; else it reads the twin's, and the file is smaller.
    """

    picture_side: int = 352
    own_encoder: bool = True
    vae_outer: int = 32
    vae_inner: int = 64
    denoiser: DenoiserConfig = field(default_factory=DenoiserConfig)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Architecture:
        """The inverse of `to_dict`. Raises KeyError, TypeError or ValueError on anything else."""
        denoiser = dict(values["denoiser"])
        denoiser["widths"] = tuple(int(w) for w in denoiser["widths"])
        return cls(
            picture_side=int(values["picture_side"]),
            own_encoder=bool(values["own_encoder"]),
            vae_outer=int(values["vae_outer"]),
            vae_inner=int(values["vae_inner"]),
            denoiser=DenoiserConfig(**denoiser),
        )


class LSegDiffNetwork(nn.Module):
    """A VAE of masks, and a denoiser in its latent space conditioned on the picture by an encoder's features.

    `twin` is the image-only network: encoder and direct heads. `image` holds the encoder that diffusion reads, of the
    same shape: a network apart, or the twin itself (`Architecture.own_encoder`). `familiarity` knows what the twin's
    features of the training pictures looked like.
    Latents outside the VAE are normalised per channel by `latent_mean` and `latent_std`.
    """

    latent_mean: Tensor
    latent_std: Tensor

    def __init__(self, architecture: Architecture | None = None) -> None:
        super().__init__()
        self.architecture = architecture or Architecture()
        self.vae = MaskVAE(outer=self.architecture.vae_outer, inner=self.architecture.vae_inner)
        self.twin = DirectNetwork()
        self.image = DirectNetwork() if self.architecture.own_encoder else self.twin
        self.familiarity = Familiarity()
        self.denoiser = Denoiser(self.architecture.denoiser)
        self.register_buffer("latent_mean", torch.zeros(LATENT_CHANNELS))
        self.register_buffer("latent_std", torch.ones(LATENT_CHANNELS))

    def own_state(self) -> dict[str, Tensor]:
        """`state_dict` with everything in it once: a twin that is also `image` under its first name alone."""
        state: dict[str, Tensor] = self.state_dict()
        shared = not self.architecture.own_encoder
        return {key: value for key, value in state.items() if not (shared and key.startswith("image."))}

    def to_latent(self, masks: Tensor) -> Tensor:
        """Masks (B, 1, 256, 256) in {0, 1} → normalised latents (B, 4, 32, 32) float32: the posterior's mean."""
        mean, _ = self.vae.encode(masks)
        return (mean - self.latent_mean.float()[:, None, None]) / self.latent_std.float()[:, None, None]

    def to_logits(self, latents: Tensor) -> Tensor:
        """Normalised latents (B, 4, 32, 32) → mask logits (B, 1, 256, 256)."""
        raw = latents * self.latent_std.float()[:, None, None] + self.latent_mean.float()[:, None, None]
        return self.vae.decode(raw.to(next(self.vae.parameters()).dtype))

    def clean_estimates(self, pyramid: Pyramid, noise: Tensor, *, steps: int) -> Iterator[Tensor]:
        """DDIM from noise (B, 4, 32, 32): yields the clean-latent estimate after each step, float32.

        pyramid: features of the same batch, on the latent's grids (`Pyramid.on_grid`).
        """

        def denoise(zt: Tensor, t: Tensor) -> Tensor:
            clean: Tensor = self.denoiser(zt, t, pyramid)
            return clean

        return ddim(denoise, noise, steps=steps, input_scale=self.architecture.denoiser.input_scale)


def channels_last(network: LSegDiffNetwork) -> LSegDiffNetwork:
    """The same network with its weights laid out channels last: what convolutions in bfloat16 want on a CPU."""
    moved: LSegDiffNetwork = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return moved
