"""Several processes that train one network, as `torchrun` starts them: each draws its share of every batch."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

import torch
from torch import Tensor, distributed, nn

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.training.config import STAGE_NAMES, TrainConfig

PATIENCE = timedelta(hours=6)  # the others wait while the first looks at `select` and writes
_LOOPBACK = {"linux": "lo", "darwin": "lo0"}


class TeamError(LSegDiffError):
    """The processes of a run do not agree; the text says how to go on."""


@dataclass(frozen=True)
class Team:
    """This process among those that train together. rank: 0 … size − 1; rank 0 leads: it looks, logs and writes."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the process that looks at `select`, logs and writes."""
        return self.rank == 0

    def share(self, config: TrainConfig) -> TrainConfig:
        """The configuration of one process: equal parts of each stage's batch, rounded up."""
        stages = {name: getattr(config, name) for name in STAGE_NAMES}
        return replace(config, **{n: replace(s, batch=-(-s.batch // self.size)) for n, s in stages.items()})

    def average(self, module: nn.Module) -> None:
        """Replace gradients and running statistics by their means over the processes."""
        if self.size == 1:
            return
        gradients = [p.grad for p in module.parameters() if p.grad is not None]
        running = [buffer for buffer in module.buffers() if buffer.is_floating_point()]
        together = [*gradients, *running]
        flat = torch.cat([tensor.detach().reshape(-1) for tensor in together])
        distributed.all_reduce(flat)
        flat /= self.size
        with torch.no_grad():
            parts = torch.split(flat, [t.numel() for t in together])
            for tensor, part in zip(together, parts, strict=True):
                tensor.copy_(part.view(tensor.shape))

    def hand_out(self, module: nn.Module) -> None:
        """Give the leader's parameters and buffers to all."""
        if self.size > 1:
            for tensor in module.state_dict().values():
                whole = tensor.contiguous()
                distributed.broadcast(whole, src=0)
                tensor.copy_(whole)

    def fingerprint(self, module: nn.Module) -> str:
        """The SHA-256 of the module's parameters and buffers, the same in all processes. Raises TeamError else."""
        digest = sha256()
        for tensor in module.state_dict().values():
            digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
        if self.size > 1:
            own = torch.tensor(list(digest.digest()), dtype=torch.uint8, device=_device_of(module))
            all_of_them: Sequence[Tensor] = [torch.empty_like(own) for _ in range(self.size)]
            distributed.all_gather(list(all_of_them), own)
            if any(not torch.equal(own, other) for other in all_of_them):
                raise TeamError(
                    "The weights of the processes have come apart. --resume goes on from the last state that was kept."
                )
        return digest.hexdigest()


ALONE = Team()


def _device_of(module: nn.Module) -> torch.device:
    return next(module.parameters()).device


@contextmanager
def team_on(device: torch.device) -> Iterator[tuple[Team, torch.device]]:
    """The team that `torchrun` started this process in, and the process's own device; alone without torchrun.

    On CUDA each process takes the GPU of its local rank and nccl carries, elsewhere gloo; between processes of one
    machine over the loopback alone.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield ALONE, device
        return
    if device.type == "cuda":
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    elif os.environ.get("LOCAL_WORLD_SIZE") == str(size) and sys.platform in _LOOPBACK:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", _LOOPBACK[sys.platform])
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=PATIENCE)
    try:
        yield Team(distributed.get_rank(), size), device
        distributed.barrier()  # who leaves while another still writes tears its connections down under it
    finally:
        distributed.destroy_process_group()


def rank() -> int:
    """This process's rank by its environment, before any team is made; 0 without torchrun."""
    return int(os.environ.get("RANK", "0"))


def cores_of_each() -> int:
    """How many processor cores each process of this machine may use."""
    return max(1, (os.cpu_count() or 1) // int(os.environ.get("LOCAL_WORLD_SIZE", "1")))
