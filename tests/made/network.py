"""A whole network with random weights: small enough for unit tests, complete enough for the real code paths."""

from pathlib import Path

import torch

from lsegdiff_gui.model.checkpoint import ModelInfo, save_network
from lsegdiff_gui.model.denoiser import DenoiserConfig
from lsegdiff_gui.model.network import Architecture, LSegDiffNetwork

TINY = Architecture(
    picture_side=64,
    vae_outer=16,
    vae_inner=16,
    denoiser=DenoiserConfig(widths=(16, 16, 16), time_channels=16),
)


def random_network(architecture: Architecture = TINY) -> LSegDiffNetwork:
    """A network whose zero-started layers are woken, so that every input reaches the output."""
    torch.manual_seed(0)
    network = LSegDiffNetwork(architecture)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if parameter.ndim > 1 and not parameter.any() and ".hints." not in name:
                parameter.normal_(std=0.05)
    return network.eval()


def save_random(path: Path, **said: object) -> ModelInfo:
    fields: dict[str, object] = {
        "name": "tiny",
        "version": "7",
        "domain": "skin",
        "training": "random numbers",
        "terms": "none",
        "metrics": {"select_dice": 0.5},
    }
    return save_network(path, random_network(), **(fields | said))  # type: ignore[arg-type]
