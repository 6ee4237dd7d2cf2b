"""A whole run: mask VAE, image-only twin, the encoder that diffusion reads, and diffusion, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import safetensors.torch
import torch

from lsegdiff_gui.imaging.write import make_folder, write_atomically
from lsegdiff_gui.model.checkpoint import SUFFIX, load_network, read_info
from lsegdiff_gui.model.device import multiplies_bf16
from lsegdiff_gui.model.image_encoder import load_pretrained
from lsegdiff_gui.model.network import LSegDiffNetwork, channels_last
from lsegdiff_gui.training.config import STAGE_NAMES, TrainConfig
from lsegdiff_gui.training.counterfactuals import with_counterfactuals
from lsegdiff_gui.training.data import DataError, LeftOut
from lsegdiff_gui.training.diffusion_stage import DiffusionTask
from lsegdiff_gui.training.direct_stage import ImageTask, TwinTask, familiarise
from lsegdiff_gui.training.distributed import ALONE, Team, cores_of_each
from lsegdiff_gui.training.loop import Progress, Surroundings, run_stage
from lsegdiff_gui.training.material import Material, find, load
from lsegdiff_gui.training.packing import pack
from lsegdiff_gui.training.report import Run, write_report
from lsegdiff_gui.training.task import StageTask
from lsegdiff_gui.training.vae_stage import VaeTask, measure_latents

_TASKS: dict[str, type[StageTask]] = {
    task.name: task for task in (VaeTask, TwinTask, ImageTask, DiffusionTask)
}
STAGES = STAGE_NAMES


def build_network(config: TrainConfig) -> LSegDiffNetwork:
    """A network to train: `config.start`'s, architecture and all, if given; else random but for ImageNet trunks.

    Raises DataError or CheckpointError where these cannot be used.
    """
    if config.start:
        return channels_last(load_network(read_info(config.start)))
    torch.manual_seed(config.seed)
    network = LSegDiffNetwork(config.architecture)
    if config.pretrained:
        try:
            tensors = safetensors.torch.load_file(config.pretrained)
            for direct in (network.twin, network.image):
                load_pretrained(direct.encoder, tensors)
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
    team: Team = ALONE,
    on_left_out: Callable[[Sequence[LeftOut]], None] = lambda left_out: None,
) -> None:
    """Run the stages in order over data folders and COCO files; finished ones are only loaded.

    The last one leaves a weight file, and every run a report. `on_left_out` hears of the pictures that cannot be used
    before anything is trained. In a team every process calls this, and the leader writes.
    Raises DataError, CheckpointError or ImageError where the data or the run's folder cannot be used.
    """
    began = time.monotonic()
    torch.set_num_threads(config.threads or cores_of_each())
    found = find(data)
    make_folder(out)
    network = build_network(config).to(device)
    material = load(
        found,
        network.architecture.picture_side,
        balance=config.balance,
        on_read=lambda count, of: progress("reading", count, of, {}),
    )
    on_left_out(material.left_out)
    material.require_enough()
    if team.leads:
        _require_same_pictures(material, out)
    bf16 = multiplies_bf16(device) if config.bf16 is None else config.bf16
    around = Surroundings(device, bf16, out, config.seed, progress, team, looks_first=bool(config.start))
    own, real, select = team.share(config), material.sets["train"], material.sets["select"]
    made = with_counterfactuals(real, config.counterfactual, config.seed) if config.counterfactual else real
    for name in STAGES[: 1 + max(STAGES.index(stage) for stage in stages)]:
        if name == ImageTask.name and not network.architecture.own_encoder:
            continue
        # The mask VAE sees no pictures: to it they would be the same masks again, and more empty ones.
        train_on = real if name == VaeTask.name else made
        task = _TASKS[name](network, train_on, select, own, device)
        run_stage(task, around, resume=resume or name not in stages)
        if name == VaeTask.name and task.stage.steps:
            network.vae.eval()
            measure_latents(network, real.masks, device)
        if isinstance(task, TwinTask):
            familiarise(network, real, device)
        team.hand_out(network)
    if team.leads:
        weights = weights_path(out, config)
        if DiffusionTask.name in stages:
            pack(network.eval(), config, material.pairs["select"], weights)
        run = Run(config, tuple(data), out, material, device, time.monotonic() - began)
        write_report(run, weights if DiffusionTask.name in stages else None, progress)


def _require_same_pictures(material: Material, out: Path) -> None:
    """Raises DataError where the run in `out` was begun over other pictures, masks or parts."""
    path, fingerprint = out / "pictures.sha256", material.fingerprint()
    begun = any(out.glob("*.state.safetensors")) and path.is_file()
    if begun and path.read_text("utf-8", errors="replace").strip() != fingerprint:
        raise DataError(
            f"The run in “{out}” was begun over other pictures or masks. Give another --out to train on these."
        )
    write_atomically(path, f"{fingerprint}\n".encode())


def weights_path(out: Path, config: TrainConfig) -> Path:
    """Where a run leaves its weight file."""
    return out / f"{config.name}{SUFFIX}"
