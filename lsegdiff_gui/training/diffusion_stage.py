"""The last stage: diffusion in the latent space, on features and latents that stay as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lsegdiff_gui.annotation.hint_planes import BELONGS, DOES_NOT, PREVIOUS, draw_disc, no_planes
from lsegdiff_gui.model.grid import GRID
from lsegdiff_gui.model.image_encoder import Pyramid
from lsegdiff_gui.model.mask_vae import LATENT_CHANNELS
from lsegdiff_gui.model.network import LATENT_GRID
from lsegdiff_gui.model.sampler import initial_noise
from lsegdiff_gui.model.schedule import q_sample
from lsegdiff_gui.training.corrections import MOST_ROUNDS, U8, correct, next_click
from lsegdiff_gui.training.losses import hint_loss, latent_loss, mask_loss
from lsegdiff_gui.training.task import StageTask, dice_per_picture

MASK_LOSS_SHARE = 0.5  # beside the loss on the latent
HINT_LOSS_SHARE = 0.3
FORGOTTEN = 0.2  # share of hints that come without the mask they correct
NOTHING_FOUND = 0.1  # share whose first mask is empty: a lesion that was missed
RECYCLED = 0.5  # share of samples whose z_t is made from the model's own estimate
FROM_PURE_NOISE = (
    0.3  # of these, the share whose estimate comes from t = 1; the rest from a time drawn above t
)


class DiffusionTask(StageTask):
    """Trains the denoiser on the frozen encoder's features and the frozen VAE's latents."""

    name = "diffusion"
    SAMPLES, STEPS = 3, 4  # enough to choose weights by; reports use 5 samples
    CLICKS = 3  # after which `select` is looked at again

    @property
    def module(self) -> nn.Module:
        """What this stage trains."""
        return self.network.denoiser

    def parameter_groups(self) -> list[dict[str, Any]]:
        """The denoiser alone; encoder and VAE stay as they are, but gradients pass through the decoder."""
        for frozen in (self.network.image, self.network.vae):
            frozen.requires_grad_(False)
            frozen.eval()
        return [{"params": list(self.module.parameters()), "lr": self.stage.rate}]

    def loss(self, generator: torch.Generator, progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        """Smooth L1 on the clean latent, and BCE + Dice on the mask it decodes to."""
        self.module.train()
        scale = self.network.architecture.denoiser.input_scale
        pictures, masks = self.draw_augmented(generator, progress)
        with torch.no_grad():
            pyramid = self.network.image.encoder(pictures).on_grid(LATENT_GRID)
            z = self.network.to_latent(masks)
        hints = self._told(masks, pyramid, generator)
        t = torch.rand(len(z), generator=generator).to(self.device)
        source = self._recycle(z, t, pyramid, hints, generator)
        noise = torch.randn(z.shape, generator=generator).to(self.device)
        estimate = self.network.denoiser(q_sample(source, t, noise, input_scale=scale), t, pyramid, hints)
        logits = self.network.to_logits(estimate)
        on_latent = latent_loss(estimate, z)
        on_mask = mask_loss(logits, masks, edge_weight=self.config.edge_weight)
        on_hints = hint_loss(logits, masks, hints)
        parts = {"latent": on_latent.detach(), "mask": on_mask.detach(), "hints": on_hints.detach()}
        return on_latent + MASK_LOSS_SHARE * on_mask + HINT_LOSS_SHARE * on_hints, parts

    def _told(self, masks: Tensor, pyramid: Pyramid, generator: torch.Generator) -> Tensor:
        """Hint planes (B, 3, 256, 256) for a share of the batch: 1 to 4 corrections of the model's own drafts.

        Each correction is of the draft that it made after the one before, from the same noise; the others hear nothing.
        """
        count = len(masks)
        rounds = torch.randint(1, MOST_ROUNDS + 1, (count,), generator=generator)
        rounds[torch.rand(count, generator=generator) >= self.config.hinted] = 0
        rng = np.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
        noise = torch.randn((count, LATENT_CHANNELS, LATENT_GRID, LATENT_GRID), generator=generator)
        planes = np.stack([no_planes(GRID)] * count)
        truths = masks[:, 0].to(torch.uint8).cpu().numpy()
        for done in range(int(rounds.max())):
            rows = torch.nonzero(rounds > done)[:, 0]
            hints = torch.from_numpy(planes[rows.numpy()]).to(self.device).float()
            for row, mask in zip(
                rows.tolist(), self._drafted(pyramid.take(rows), noise[rows], hints), strict=True
            ):
                found = np.zeros_like(mask) if done == 0 and rng.random() < NOTHING_FOUND else mask
                correct(planes[row], found, truths[row], rng)
                planes[row, PREVIOUS] = found
        for row in np.flatnonzero(rng.random(count) < FORGOTTEN):
            planes[row, PREVIOUS] = 0
        return torch.from_numpy(planes).to(self.device).float()

    @torch.no_grad()
    def _drafted(self, pyramid: Pyramid, noise: Tensor, hints: Tensor) -> U8:
        """The masks (B, 256, 256) 0/1 of one step from pure noise."""
        noise = noise.to(self.device)
        clean = self.network.denoiser(noise, torch.ones(len(noise), device=self.device), pyramid, hints)
        masks: U8 = (self.network.to_logits(clean)[:, 0] > 0).to(torch.uint8).cpu().numpy()
        return masks

    def _recycle(
        self, z: Tensor, t: Tensor, pyramid: Pyramid, hints: Tensor, generator: torch.Generator
    ) -> Tensor:
        """Put the model's own estimate, made at a later time, in the place of some true latents.

        It then learns from what it will meet while sampling: its own mistakes, not only the truth.
        """
        scale = self.network.architecture.denoiser.input_scale
        later = t + (1.0 - t) * torch.rand(len(z), generator=generator).to(self.device)
        pure = (torch.rand(len(z), generator=generator) < FROM_PURE_NOISE).to(self.device)
        later = torch.where(pure, torch.ones_like(later), later)
        noise = torch.randn(z.shape, generator=generator).to(self.device)
        recycled = round(RECYCLED * len(z))  # a batch is in random order: its first half is a random half
        with torch.no_grad():
            zs = q_sample(z[:recycled], later[:recycled], noise[:recycled], input_scale=scale)
            own = self.network.denoiser(zs, later[:recycled], pyramid.take(slice(recycled)), hints[:recycled])
        return torch.cat([own, z[recycled:]])

    def probabilities(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """The mean of a few samples."""
        features = self.network.image.encoder(pictures).on_grid(LATENT_GRID)
        total = torch.zeros_like(masks)
        for k in range(self.SAMPLES):
            noise = initial_noise(
                (LATENT_CHANNELS, LATENT_GRID, LATENT_GRID), samples=len(pictures), seed=1000 * k
            ).to(self.device)
            *_, clean = self.network.clean_estimates(features, noise, steps=self.STEPS)
            total += self.network.to_logits(clean).float().sigmoid()
        return total / self.SAMPLES

    def evaluate(self) -> dict[str, float]:
        """As every stage, and `dice_clicked`: after a few simulated clicks. The score is the mean of both."""
        figures = super().evaluate()
        if not self.config.hinted:
            return figures
        clicked = torch.cat([self._clicked(p, m) for p, m in self.select_batches()])
        figures["dice_clicked"] = float(clicked.mean())
        figures["score"] = (figures["score"] + figures["dice_clicked"]) / 2
        return figures

    def _clicked(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """Dice (B,) of one-step drafts after `CLICKS` clicks, each in the middle of what was wrong before."""
        pyramid = self.network.image.encoder(pictures).on_grid(LATENT_GRID)
        noise = initial_noise((LATENT_CHANNELS, LATENT_GRID, LATENT_GRID), samples=len(pictures), seed=0)
        planes = np.stack([no_planes(GRID)] * len(pictures))
        truths = masks[:, 0].to(torch.uint8).cpu().numpy()

        def found() -> U8:
            return self._drafted(pyramid, noise, torch.from_numpy(planes).to(self.device).float())

        for _ in range(self.CLICKS):
            for row, mask in enumerate(found()):
                if (click := next_click(mask, truths[row])) is not None:
                    draw_disc(planes[row, BELONGS if click.belongs else DOES_NOT], (click.x, click.y))
                planes[row, PREVIOUS] = mask
        return dice_per_picture(torch.from_numpy(found())[:, None].float(), masks.cpu())
