"""What a stage must remember to go on after a kill: weights, moving average, optimiser, step, best score.

One safetensors file a stage, written beside itself and renamed. Random numbers need no place in it: every step seeds
its own generator from (seed, stage, step), so a resumed run draws what an uninterrupted one would have drawn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from lsegdiff_gui.imaging.write import write_atomically
from lsegdiff_gui.training.data import DataError

Tensors = dict[str, Tensor]


def step_generator(seed: int, stage: str, step: int, rank: int = 0) -> torch.Generator:
    """The random numbers of one training step of one process: the same whether the run was interrupted or not."""
    digest = sha256(f"{seed}/{stage}/{step}{f'/{rank}' if rank else ''}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little") >> 1)


@dataclass
class StageState:
    """Where a stage stands. `step` counts finished steps; `average` is the moving average of parameters and buffers."""

    step: int = 0
    best: float = -1.0
    average: Tensors = field(default_factory=dict)
    best_average: Tensors = field(default_factory=dict)

    def follow(self, module: nn.Module, decay: float) -> None:
        """Move the average towards the module's present parameters and buffers."""
        decay = min(decay, (1 + self.step) / (10 + self.step))
        present = module.state_dict()
        floats = [key for key, value in present.items() if value.is_floating_point() and key in self.average]
        with torch.no_grad():
            if floats:
                torch._foreach_lerp_(
                    [self.average[key] for key in floats], [present[key] for key in floats], 1.0 - decay
                )
            for key in present.keys() - set(floats):
                self.average[key] = present[key].detach().clone()


def save_state(path: Path, state: StageState, module: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Write everything the stage needs to go on, atomically."""
    tensors: Tensors = {}
    for prefix, part in (
        ("module", module.state_dict()),
        ("average", state.average),
        ("best", state.best_average),
    ):
        tensors |= {f"{prefix}.{key}": value.detach().clone().contiguous() for key, value in part.items()}
    for index, values in optimizer.state_dict()["state"].items():
        for key, value in values.items():
            tensors[f"optimizer.{index}.{key}"] = torch.as_tensor(value).clone().contiguous()
    header = {"step": str(state.step), "best": repr(state.best)}
    write_atomically(path, safetensors.torch.save(tensors, header))


def load_state(path: Path, module: nn.Module, optimizer: torch.optim.Optimizer) -> StageState:
    """Restore what `save_state` wrote. Raises DataError where the file is of another run or broken."""
    try:
        with safetensors.safe_open(path, "pt") as file:
            header = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - not a mapping
        parts: dict[str, Tensors] = {"module": {}, "average": {}, "best": {}}
        moments: dict[int, Tensors] = {}
        for key, value in tensors.items():
            prefix, rest = key.split(".", 1)
            if prefix == "optimizer":
                index, name = rest.split(".", 1)
                moments.setdefault(int(index), {})[name] = value
            else:
                parts[prefix][rest] = value
        module.load_state_dict(parts["module"])
        optimizer.load_state_dict({**optimizer.state_dict(), "state": moments})
        return StageState(int(header["step"]), float(header["best"]), parts["average"], parts["best"])
    except (safetensors.SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
        raise DataError(
            f"“{path}” is not a state this run can go on from: give another --out to start anew."
        ) from error


def append_log(path: Path, entry: dict[str, object]) -> None:
    """Add one line of JSON to a run's log. Raises DataError where it cannot be written."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
    except OSError as error:
        raise DataError(
            f"The log “{path}” cannot be written: {error.strerror}. Once it can be, --resume goes on."
        ) from error
