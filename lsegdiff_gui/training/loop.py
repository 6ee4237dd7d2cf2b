"""The loop that all stages share: rates, gradients, moving average, looking at `select`, saving."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import nn

from lsegdiff_gui.imaging.write import forget_partial_writes, write_png
from lsegdiff_gui.training.distributed import ALONE, Team
from lsegdiff_gui.training.state import (
    StageState,
    Tensors,
    append_log,
    load_state,
    save_state,
    step_generator,
)
from lsegdiff_gui.training.task import StageTask

LOG_EVERY = 25
CLIP = 1.0


class Progress(Protocol):
    """Told of each finished step: stage, step, steps in all, and the latest figures."""

    def __call__(self, stage: str, step: int, steps: int, figures: dict[str, float]) -> None: ...


@dataclass(frozen=True)
class Surroundings:
    """Where a stage runs: device, precision, folder, seed, who wants to hear of it, and in which team.

    looks_first: the weights that a stage begins with are a candidate as well; for those that were trained before.
    """

    device: torch.device
    bf16: bool
    out: Path
    seed: int
    progress: Progress
    team: Team = ALONE
    looks_first: bool = False

    def autocast(self) -> torch.autocast:
        """bfloat16 where asked for; float32 elsewhere."""
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.bf16)


def rate_factor(step: int, *, steps: int, warm_up: int) -> float:
    """Warm-up, constant, linear decay over the last quarter: a run can be extended from its constant part."""
    rising = min(1.0, (step + 1) / max(1, warm_up))
    falling = min(1.0, (steps - step) / max(1.0, steps / 4))
    return rising * falling


def run_stage(task: StageTask, around: Surroundings, *, resume: bool) -> None:
    """Train one stage to its end, from where it was left if `resume`; the module ends with its best average.

    The team's leader writes into `around.out`: STAGE.state.safetensors, log.jsonl and STAGE.png.
    """
    stage, team = task.stage, around.team
    task.module.to(around.device)
    groups = task.parameter_groups()
    peaks = [group["lr"] for group in groups]
    optimizer = torch.optim.AdamW(
        groups, weight_decay=stage.weight_decay, betas=(0.9, 0.99), fused=around.device.type == "cuda"
    )
    path = around.out / f"{task.name}.state.safetensors"
    start = _copied(task.module.state_dict()) if stage.keep else {}
    if team.leads:
        forget_partial_writes(path)
    state = load_state(path, task.module, optimizer) if resume and path.exists() else StageState()
    began = time.monotonic()
    figures: dict[str, float] = {}
    entry: dict[str, object]
    if team.leads and around.looks_first and state.step == 0 < stage.steps:
        state.average = _copied(task.module.state_dict())
        figures |= _look(task, state, around, start)
    while state.step < stage.steps:
        factor = rate_factor(state.step, steps=stage.steps, warm_up=stage.warm_up)
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            group["lr"] = peak * factor
        optimizer.zero_grad(set_to_none=True)
        with around.autocast():
            generator = step_generator(around.seed, task.name, state.step, team.rank)
            loss, parts = task.loss(generator, state.step / stage.steps)
        loss.backward()  # type: ignore[no-untyped-call]
        team.average(task.module)
        nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], CLIP)
        optimizer.step()
        state.step += 1
        ends = state.step == stage.steps
        weights = team.fingerprint(task.module) if ends else ""
        if not team.leads:
            continue
        state.follow(task.module, stage.ema)
        if state.step % LOG_EVERY == 0 or ends:
            figures |= {"loss": float(loss.detach())} | {name: float(part) for name, part in parts.items()}
            seconds = round(time.monotonic() - began, 1)
            entry = {"stage": task.name, "step": state.step, "seconds": seconds, **figures}
            append_log(around.out / "log.jsonl", entry)
        if ends:
            entry = {"stage": task.name, "step": state.step, "processes": team.size, "weights": weights}
            append_log(around.out / "log.jsonl", entry)
        if state.step % stage.evaluate_every == 0 or ends:
            figures |= _look(task, state, around, start)
        if state.step % stage.save_every == 0 or ends:
            save_state(path, state, task.module, optimizer)
        around.progress(task.name, state.step, stage.steps, figures)
    if team.leads and state.step:
        task.module.load_state_dict(state.best_average or _blended(state.average, start, stage.keep))


def _copied(tensors: Tensors) -> Tensors:
    return {key: value.detach().clone() for key, value in tensors.items()}


def _blended(average: Tensors, start: Tensors, keep: float) -> Tensors:
    """The average with a share of what the stage started from: it forgets less (Wortsman et al. 2022, WiSE-FT)."""
    if not keep:
        return average
    return {
        key: torch.lerp(value, start[key], keep) if value.is_floating_point() else value
        for key, value in average.items()
    }


def _look(task: StageTask, state: StageState, around: Surroundings, start: Tensors) -> dict[str, float]:
    """Measure the moving average on `select`, keep it if it is the best so far, and draw what it can do."""
    present = _copied(task.module.state_dict())
    candidate = _blended(state.average, start, task.stage.keep)
    task.module.load_state_dict(candidate)
    task.module.eval()
    with torch.inference_mode(), around.autocast():
        figures = task.evaluate()
        write_png(around.out / f"{task.name}.png", task.sheet())
    if figures["score"] > state.best:
        state.best = figures["score"]
        state.best_average = _copied(candidate)
    task.module.load_state_dict(present)
    append_log(around.out / "log.jsonl", {"stage": task.name, "step": state.step, "select": figures})
    return {f"select_{key}": value for key, value in figures.items()}
