"""The three stages: the mask VAE, the image-only twin with its encoder, and diffusion in the latent space."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import safetensors.torch
import torch
from torch import Tensor, nn

from lsegdiff_gui.imaging.write import make_folder
from lsegdiff_gui.model.checkpoint import SUFFIX
from lsegdiff_gui.model.image_encoder import load_pretrained
from lsegdiff_gui.model.mask_vae import kl_divergence, sample_posterior
from lsegdiff_gui.model.network import LSegDiffNetwork, channels_last
from lsegdiff_gui.model.sampler import initial_noise
from lsegdiff_gui.model.schedule import q_sample
from lsegdiff_gui.training.augmentation import augment, uniform, vary_masks
from lsegdiff_gui.training.config import StageConfig, TrainConfig
from lsegdiff_gui.training.data import DataError, load_set, split_pairs
from lsegdiff_gui.training.loop import Progress, Surroundings, run_stage
from lsegdiff_gui.training.losses import latent_loss, mask_loss
from lsegdiff_gui.training.packing import pack
from lsegdiff_gui.training.task import EVALUATION_BATCH, StageTask, batches

STAGES = ("vae", "twin", "diffusion")

KL_WEIGHT = 1e-6  # more nearly collapses the latent: three of four channels then carry only noise
LATENT_NOISE = 0.5  # highest σ, in standard deviations of a channel, that the decoder learns to forgive
LATENT_LOSS_SHARE = 1.0
MASK_LOSS_SHARE = 0.5
RECYCLED = 0.5  # share of samples whose z_t is made from the model's own estimate
FROM_PURE_NOISE = (
    0.3  # of these, the share whose estimate comes from t = 1; the rest from a time drawn above t
)


class VaeTask(StageTask):
    """Learns to carry masks through the latent, through some noise, and back."""

    name = "vae"

    @property
    def module(self) -> nn.Module:
        """What this stage trains."""
        return self.network.vae

    def parameter_groups(self, stage: StageConfig) -> list[dict[str, Any]]:
        """One group."""
        return [{"params": list(self.module.parameters()), "lr": stage.rate}]

    def loss(self, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """BCE + Dice of the reconstruction, and a little KL."""
        self.module.train()
        _, masks = self.draw(generator)
        masks = vary_masks(masks, generator).to(self.device)
        mean, logvar = self.network.vae.encode(masks)
        latents = sample_posterior(mean, logvar, generator=generator)
        spread = mean.detach().std(dim=(0, 2, 3), keepdim=True)
        level = uniform((len(masks), 1, 1, 1), 0.0, LATENT_NOISE, generator).to(self.device)
        noise = torch.randn(mean.shape, generator=generator).to(self.device)
        reconstruction = mask_loss(self.network.vae.decode(latents + level * spread * noise), masks)
        kl = kl_divergence(mean, logvar)
        return reconstruction + KL_WEIGHT * kl, {
            "reconstruction": float(reconstruction.detach()),
            "kl": float(kl.detach()),
        }

    def probabilities(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """The reconstruction of the true masks."""
        mean, _ = self.network.vae.encode(masks)
        return self.network.vae.decode(mean).sigmoid()

    def evaluate(self) -> dict[str, float]:
        """Reconstruction Dice, and how wide the posterior is beside each channel's spread (the gate: ≤ .3)."""
        figures = super().evaluate()
        moments = [self.network.vae.encode(masks) for _, masks in self.select_batches()]
        means, logvars = torch.cat([m for m, _ in moments]), torch.cat([v for _, v in moments])
        widths = torch.exp(0.5 * logvars).mean(dim=(0, 2, 3)) / means.std(dim=(0, 2, 3))
        return figures | {f"posterior_width_{i}": round(float(w), 4) for i, w in enumerate(widths)}


class TwinTask(StageTask):
    """Trains encoder, pyramid and the twin's head: the baseline, and the features diffusion stands on."""

    name = "twin"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._module = nn.ModuleDict({"encoder": self.network.encoder, "twin": self.network.twin})

    @property
    def module(self) -> nn.Module:
        """What this stage trains."""
        return self._module

    def parameter_groups(self, stage: StageConfig) -> list[dict[str, Any]]:
        """The ImageNet blocks at a smaller rate than what starts from nothing; the early ones frozen."""
        self.network.encoder.freeze_early_blocks()
        pretrained = self.network.encoder.pretrained_blocks()
        known = {id(p) for p in pretrained}
        fresh = [p for p in self.module.parameters() if p.requires_grad and id(p) not in known]
        return [
            {"params": pretrained, "lr": stage.pretrained_rate},
            {"params": fresh, "lr": stage.rate},
        ]

    def loss(self, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """BCE + Dice of the twin's mask."""
        self.module.train()
        self.network.encoder.freeze_early_blocks()
        pictures, masks = (part.to(self.device) for part in augment(*self.draw(generator), generator))
        pictures = pictures.contiguous(memory_format=torch.channels_last)
        loss = mask_loss(self.network.twin(self.network.encoder(pictures)), masks)
        return loss, {}

    def probabilities(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """The twin's mask."""
        pictures = pictures.contiguous(memory_format=torch.channels_last)
        probabilities: Tensor = self.network.twin(self.network.encoder(pictures)).sigmoid()
        return probabilities


class DiffusionTask(StageTask):
    """Trains the denoiser on the frozen encoder's features and the frozen VAE's latents."""

    name = "diffusion"
    SAMPLES, STEPS = 3, 4  # enough to choose weights by; reports use 5 samples

    @property
    def module(self) -> nn.Module:
        """What this stage trains."""
        return self.network.denoiser

    def parameter_groups(self, stage: StageConfig) -> list[dict[str, Any]]:
        """The denoiser alone; encoder and VAE stay as they are, but gradients pass through the decoder."""
        for frozen in (self.network.encoder, self.network.twin, self.network.vae):
            frozen.requires_grad_(False)
            frozen.eval()
        return [{"params": list(self.module.parameters()), "lr": stage.rate}]

    def loss(self, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """Smooth L1 on the clean latent, and BCE + Dice on the mask it decodes to."""
        self.module.train()
        scale = self.network.architecture.denoiser.input_scale
        pictures, masks = (part.to(self.device) for part in augment(*self.draw(generator), generator))
        with torch.no_grad():
            pyramid = self.network.encoder(pictures.contiguous(memory_format=torch.channels_last))
            z = self.network.to_latent(masks)
        t = torch.rand(len(z), generator=generator).to(self.device)
        source = self._recycle(z, t, pyramid, generator)
        noise = torch.randn(z.shape, generator=generator).to(self.device)
        estimate = self.network.denoiser(q_sample(source, t, noise, input_scale=scale), t, pyramid)
        on_latent = latent_loss(estimate, z)
        on_mask = mask_loss(self.network.to_logits(estimate), masks)
        return LATENT_LOSS_SHARE * on_latent + MASK_LOSS_SHARE * on_mask, {
            "latent": float(on_latent.detach()),
            "mask": float(on_mask.detach()),
        }

    def _recycle(self, z: Tensor, t: Tensor, pyramid: Any, generator: torch.Generator) -> Tensor:
        """Put the model's own estimate, made at a later time, in the place of some true latents.

        It then learns from what it will meet while sampling: its own mistakes, not only the truth.
        """
        scale = self.network.architecture.denoiser.input_scale
        later = t + (1.0 - t) * torch.rand(len(z), generator=generator).to(self.device)
        pure = torch.rand(len(z), generator=generator).to(self.device) < FROM_PURE_NOISE
        later = torch.where(pure, torch.ones_like(later), later)
        noise = torch.randn(z.shape, generator=generator).to(self.device)
        recycled = round(RECYCLED * len(z))  # a batch is in random order: its first half is a random half
        with torch.no_grad():
            part = type(pyramid)(*(level[:recycled] for level in pyramid))
            zs = q_sample(z[:recycled], later[:recycled], noise[:recycled], input_scale=scale)
            own = self.network.denoiser(zs, later[:recycled], part)
        return torch.cat([own, z[recycled:]])

    def probabilities(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """The mean of a few samples."""
        pyramid = self.network.encoder(pictures.contiguous(memory_format=torch.channels_last))
        total = torch.zeros_like(masks)
        for k in range(self.SAMPLES):
            noise = initial_noise((4, 32, 32), samples=len(pictures), seed=1000 * k).to(self.device)
            *_, clean = self.network.clean_estimates(pyramid, noise, steps=self.STEPS)
            total += self.network.to_logits(clean).float().sigmoid()
        return total / self.SAMPLES


_TASKS: dict[str, type[StageTask]] = {"vae": VaeTask, "twin": TwinTask, "diffusion": DiffusionTask}


def measure_latents(network: LSegDiffNetwork, masks: npt.NDArray[np.uint8], device: torch.device) -> None:
    """Set the network's latent statistics: per-channel mean and standard deviation over masks (N, 1, 256, 256)."""
    with torch.inference_mode():
        means = torch.cat(
            [
                network.vae.encode(torch.from_numpy(masks[part]).float().to(device))[0]
                for part in batches(len(masks), EVALUATION_BATCH)
            ]
        )
        network.latent_mean.copy_(means.mean(dim=(0, 2, 3)))
        network.latent_std.copy_(means.std(dim=(0, 2, 3)))


def build_network(config: TrainConfig) -> LSegDiffNetwork:
    """A network to train: random but for the encoder's trunk, which starts from `config.pretrained` if given."""
    torch.manual_seed(config.seed)
    network = LSegDiffNetwork(config.architecture)
    if config.pretrained:
        try:
            load_pretrained(network.encoder, safetensors.torch.load_file(config.pretrained))
        except (OSError, safetensors.SafetensorError, KeyError, RuntimeError) as error:
            raise DataError(f"“{config.pretrained}” holds no MobileNetV2 to start from: {error}.") from error
    return channels_last(network)


def train(
    config: TrainConfig,
    *,
    data: Sequence[Path],
    out: Path,
    stages: Sequence[str] = STAGES,
    device: torch.device,
    resume: bool,
    progress: Progress,
) -> None:
    """Run the stages in order over the data folders; finished ones are only loaded. The last one leaves a weight file.

    Raises DataError or ImageError where the data or the run's folder cannot be used.
    """
    torch.set_num_threads(config.threads or os.cpu_count() or 1)
    pairs = {part: [p for folder in data for p in split_pairs(folder, part)] for part in ("train", "select")}
    sets = {part: load_set(chosen) for part, chosen in pairs.items()}
    make_folder(out)
    network = build_network(config).to(device)
    around = Surroundings(device, config.bf16, out, config.seed, progress)
    for name in STAGES[: 1 + max(STAGES.index(stage) for stage in stages)]:
        stage: StageConfig = getattr(config, name)
        task = _TASKS[name](network, sets["train"], sets["select"], stage.batch, device)
        goes_on = resume or name not in stages
        run_stage(task, stage, around, resume=goes_on)
        if name == "vae":
            network.vae.eval()
            measure_latents(network, sets["train"].masks, device)
    if "diffusion" in stages:
        pack(network.eval(), config, pairs["select"], weights_path(out, config))


def weights_path(out: Path, config: TrainConfig) -> Path:
    """Where a run leaves its weight file."""
    return out / f"{config.name}{SUFFIX}"
