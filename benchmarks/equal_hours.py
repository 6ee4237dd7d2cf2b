"""Diffusion in the latent and diffusion of pixels, trained from nothing for the same processor time.

Both read the shipped polyp encoder's features, see the same draws with the same losses, rates and batches, and are
sampled alike: five samples, four steps, from one side. The pixels' denoiser is the fair one of `latent_vs_pixel`.
Its Dice and ours on a list that neither was trained on stand side by side.

Run, each contender in a process of its own and at the same time, so that the machine is the same for both:
    python benchmarks/equal_hours.py latent --data DIR --minutes 20 --out DIR --json FILE
    python benchmarks/equal_hours.py fair   --data DIR --minutes 20 --out DIR --json FILE
DIR of --data holds `kvasir_seg` and `polypgen`.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from latent_vs_pixel import FAIR, LATENT, Bench, Contender
from report import write_report
from torch import Tensor, nn

from lsegdiff_gui.model.checkpoint import load_network, read_info
from lsegdiff_gui.model.denoiser import Denoiser
from lsegdiff_gui.model.device import multiplies_bf16
from lsegdiff_gui.model.grid import mask_to_grid, picture_to_grid
from lsegdiff_gui.model.network import LATENT_GRID, channels_last
from lsegdiff_gui.model.sampler import ddim, initial_noise
from lsegdiff_gui.model.schedule import q_sample
from lsegdiff_gui.training.config import StageConfig, TrainConfig
from lsegdiff_gui.training.data import pair_files, read_pair
from lsegdiff_gui.training.diffusion_stage import MASK_LOSS_SHARE
from lsegdiff_gui.training.loop import Surroundings, run_stage
from lsegdiff_gui.training.losses import latent_loss, mask_loss
from lsegdiff_gui.training.material import find, load
from lsegdiff_gui.training.task import EVALUATION_BATCH, StageTask, batches, dice_per_picture, floats

MODEL = "polyp"
SETS = ("kvasir_seg", "polypgen")
TESTED = "kvasir_seg"
SAMPLES, STEPS = 5, 4
RATE = 6e-4
TIMED = 4  # steps that say how many fit into the time
# Masks are the less noisy the finer their grid (Chen et al. 2022, section 3.1): pixels take a smaller share.
INPUT_SCALE = {LATENT: 0.2, FAIR: 0.05}
CPU = torch.device("cpu")


class PlainDiffusion(StageTask):
    """Learns the clean mask or latent from noise, time and features; no hints, no recycling."""

    name = "diffusion"

    def use(self, contender: Contender, input_scale: float) -> PlainDiffusion:
        """With this denoiser."""
        self.contender, self.input_scale = contender, input_scale
        return self

    @property
    def module(self) -> nn.Module:
        """The denoiser."""
        return self.contender.denoiser

    def parameter_groups(self) -> list[dict[str, Any]]:
        """The denoiser alone; gradients pass through the latent's decoder."""
        for frozen in (self.network.image, self.network.vae):
            frozen.requires_grad_(False).eval()
        return [{"params": list(self.module.requires_grad_(True).parameters()), "lr": self.stage.rate}]

    def loss(self, generator: torch.Generator, progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        """Smooth L1 on what is clean, and BCE + Dice on the mask it is decoded to."""
        self.module.train()
        pictures, masks = self.draw_augmented(generator, progress)
        with torch.no_grad():
            pyramid = self.network.image.encoder(pictures).on_grid(LATENT_GRID)
            clean = self.contender.encode(masks).float()
        t = torch.rand(len(clean), generator=generator)
        noise = torch.randn(clean.shape, generator=generator)
        zt = q_sample(clean, t, noise, input_scale=self.input_scale)
        estimate = self.contender.denoiser(zt, t, pyramid)
        on_clean = latent_loss(estimate, clean)
        on_mask = mask_loss(self.contender.decode(estimate), masks, edge_weight=self.config.edge_weight)
        return on_clean + MASK_LOSS_SHARE * on_mask, {"clean": on_clean.detach(), "mask": on_mask.detach()}

    def probabilities(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """The mean of a draft's samples."""
        pyramid = self.network.image.encoder(pictures).on_grid(LATENT_GRID)
        total = torch.zeros_like(masks)
        for k in range(SAMPLES):
            noise = initial_noise(self.contender.shape, samples=len(pictures), seed=1000 * k)
            *_, clean = ddim(
                lambda zt, t: self.contender.denoiser(zt, t, pyramid),
                noise,
                steps=STEPS,
                input_scale=self.input_scale,
            )
            total += self.contender.decode(clean).float().sigmoid()
        return total / SAMPLES


def task_of(name: str, data: Path, stage: StageConfig) -> PlainDiffusion:
    """The contender, untrained, with its pictures."""
    config = TrainConfig(domain="polyp", hinted=0.0, threads=1, late_share=0.2, diffusion=stage)
    network = load_network(read_info(MODEL))
    scaled = replace(network.architecture.denoiser, input_scale=INPUT_SCALE[name])
    torch.manual_seed(0)
    network.denoiser = Denoiser(scaled)
    network.architecture = replace(network.architecture, denoiser=scaled)
    network = channels_last(network)
    material = load(find([data / each for each in SETS]), network.architecture.picture_side)
    task = PlainDiffusion(network, material.sets["train"], material.sets["select"], config, CPU)
    return task.use(Bench(network, CPU, torch.float32, trains=True).contender(name), INPUT_SCALE[name])


def seconds_of_a_step(task: PlainDiffusion, bf16: bool) -> float:
    """Processor time of a training step, small pictures and large ones in the run's proportion."""
    task.parameter_groups()
    taken = []
    for progress in (0.0, 0.9):
        for number in range(TIMED):
            began = time.process_time()
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                loss, _ = task.loss(torch.Generator().manual_seed(number), progress)
            loss.backward()  # type: ignore[no-untyped-call]
            last = time.process_time() - began
        taken.append(last)
    task.module.zero_grad(set_to_none=True)
    return (1.0 - task.config.late_share) * taken[0] + task.config.late_share * taken[1]


def dice_on_test(task: PlainDiffusion, data: Path) -> tuple[float, float]:
    """Mean Dice on the `test` list at 256², of the draft and of the features' direct head."""
    folder, side = data / TESTED, task.network.architecture.picture_side
    read = [read_pair(pair) for pair in pair_files(folder / "images", folder / "masks", folder / "test.txt")]
    pictures = np.stack([picture_to_grid(picture.rgb8, side).transpose(2, 0, 1) for picture, _ in read])
    masks = np.stack([mask_to_grid(mask)[None] for _, mask in read])
    drafted, direct = [], []
    for part in batches(len(read), EVALUATION_BATCH):
        seen, truth = floats(torch.from_numpy(pictures[part])), torch.from_numpy(masks[part]).float()
        drafted.append(dice_per_picture(task.probabilities(seen, truth), truth))
        image = task.network.image
        direct.append(dice_per_picture(image.mask(image.encoder(seen)).sigmoid(), truth))
    return float(torch.cat(drafted).mean()), float(torch.cat(direct).mean())


def main() -> None:
    """Train one contender and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=(LATENT, FAIR))
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--minutes", type=float, required=True, help="of one core")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="for states and the log")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    bf16 = multiplies_bf16(CPU)
    stage = StageConfig(steps=1, rate=RATE, weight_decay=0.01, evaluate_every=10**6, save_every=100)
    task = task_of(asked.name, asked.data, stage)
    step_s = seconds_of_a_step(task, bf16)
    task.stage = replace(stage, steps=max(1, round(60 * asked.minutes / step_s)))
    out = asked.out / asked.name
    out.mkdir(parents=True, exist_ok=True)
    began = time.process_time()
    run_stage(task, Surroundings(CPU, bf16, out, seed=0, progress=lambda *_: None), resume=True)
    spent = time.process_time() - began
    task.module.eval()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        dice, direct = dice_on_test(task, asked.data)
    figures = {
        "processor_minutes": spent / 60,
        "steps": float(task.stage.steps),
        "dice": dice,
        "direct_dice": direct,
    }
    write_report({f"equal_hours_{asked.name}": figures}, asked.json)


if __name__ == "__main__":
    main()
