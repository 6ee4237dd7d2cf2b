"""A trained network made ready to draft: layers folded, convolutions fused, numbers as narrow as is fast."""

from __future__ import annotations

import torch
from torch import Tensor

from lsegdiff_gui.model.folding import fold_norms, fold_unshuffles
from lsegdiff_gui.model.fused import FusedConv, can_fuse, fuse
from lsegdiff_gui.model.image_encoder import FIRST_BLOCKS
from lsegdiff_gui.model.network import LSegDiffNetwork, channels_last


def ready(network: LSegDiffNetwork, *, device: torch.device, dtype: torch.dtype) -> LSegDiffNetwork:
    """The same network, in place, to draft with on `device` in `dtype`; it can be neither trained nor traced after.

    The encoders' first blocks and the biases behind them stay in float32, see `_exact`.
    """
    fold_norms(network.eval())
    fold_unshuffles(network)
    if can_fuse(device):
        fuse(network)
    exact = {id(values) for values in _exact(network)}
    for values in network.state_dict(keep_vars=True).values():
        if values.is_floating_point() and id(values) not in exact:
            values.data = values.data.to(dtype)
    return channels_last(network.to(device))


def _exact(network: LSegDiffNetwork) -> list[Tensor]:
    """What loses most by rounding: filters of the first blocks, whose weights sum to nothing, and biases.

    In bfloat16 the first blocks alone cost a draft .007 of its Dice with that of float32, all else together .001.
    """
    found = [module.bias for module in network.modules() if isinstance(module, FusedConv)]
    for direct in (network.twin, network.image):
        found += direct.encoder.features[:FIRST_BLOCKS].state_dict(keep_vars=True).values()
    return found
