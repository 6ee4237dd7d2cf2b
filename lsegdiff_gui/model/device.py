"""Where a network computes, and in which precision: what this machine has, and what is fast on it."""

from __future__ import annotations

import torch

from lsegdiff_gui.machine import MULTIPLIES_BF16
from lsegdiff_gui.model.checkpoint import CheckpointError


def choose_device(device: str) -> torch.device:
    """ "auto" is the best there is. Raises CheckpointError where the device asked for is not there."""
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device == "auto":
        return torch.device(next(name for name in ("cuda", "mps", "cpu") if there[name]))
    if not there.get(device, False):
        known = ", ".join(name for name, is_there in there.items() if is_there)
        raise CheckpointError(f"The device “{device}” is not available here. Choose auto or one of: {known}.")
    return torch.device(device)


def choose_dtype(device: torch.device) -> torch.dtype:
    """The precision drafts are made in: bfloat16 where it is much faster, float32 elsewhere."""
    return torch.bfloat16 if multiplies_bf16(device) else torch.float32


def multiplies_bf16(device: torch.device) -> bool:
    """Whether bfloat16 makes a draft, or a training step, on the device faster and not slower."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return device.type == "cpu" and any(_has(name) for name in MULTIPLIES_BF16)


def _has(capability: str) -> bool:
    if not hasattr(torch.cpu, "get_capabilities"):  # older versions of PyTorch cannot tell
        return False
    return bool(torch.cpu.get_capabilities().get(capability))
