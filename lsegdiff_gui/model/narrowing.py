"""A trained network made ready to draft: layers folded, convolutions fused, numbers as narrow as is fast."""

from __future__ import annotations

import torch
from torch import Tensor

from lsegdiff_gui.model.folding import fold_norms, fold_unshuffles
from lsegdiff_gui.model.fused import FusedConv, can_fuse, fuse
from lsegdiff_gui.model.image_encoder import FIRST_BLOCKS
from lsegdiff_gui.model.network import LSegDiffNetwork, channels_last

NEAR_THE_MIDDLE = 0.3  # of the way to the next number; at .5 the nearest one is the other


def ready(network: LSegDiffNetwork, *, device: torch.device, dtype: torch.dtype) -> LSegDiffNetwork:
    """The same network, in place, to draft with on `device` in `dtype`; it can be neither trained nor traced after.

    The encoders' first blocks and the biases behind them stay in float32, see `_exact`; filters keep their sums, see
    `rounded`.
    """
    fold_norms(network.eval())
    fold_unshuffles(network)
    if can_fuse(device):
        fuse(network)
    exact = {id(values) for values in _exact(network)}
    for values in network.state_dict(keep_vars=True).values():
        if values.is_floating_point() and id(values) not in exact:
            values.data = rounded(values.data, dtype) if values.ndim == 4 else values.data.to(dtype)
    return channels_last(network.to(device))


def rounded(filters: Tensor, dtype: torch.dtype) -> Tensor:
    """Filters (O, I, h, w) float32 in a narrower 16-bit `dtype`, each with the sum of its weights nearly as it was.

    What a filter reads is mostly positive, so what rounding does to its sum moves all pixels alike. Weights that lie
    near the middle of two numbers of `dtype` are brought to the farther one until the sum is right.
    """
    if dtype.itemsize != 2:
        return filters.to(dtype)
    exact = filters.float().flatten(1)
    nearest = exact.to(dtype)
    near = nearest.float()
    lost = exact - near
    # The farther number is the next one away from zero, or towards it: as integers its bits are one more, or one less.
    away = torch.where((lost > 0) == (near > 0), 1, -1).to(torch.int16)
    step = (nearest.view(torch.int16) + away).view(dtype).float() - near
    owed = lost.sum(dim=1, keepdim=True)
    helps = (lost / step > NEAR_THE_MIDDLE) & ((step > 0) == (owed > 0)) & (near != 0)
    paid = torch.where(helps, step, 0.0).cumsum(dim=1)
    moved = helps & ((paid - step / 2).abs() < owed.abs())
    return torch.where(moved, near + step, near).to(dtype).reshape(filters.shape)


def _exact(network: LSegDiffNetwork) -> list[Tensor]:
    """What loses most by rounding: filters of the first blocks, whose weights sum to nothing, and biases.

    In bfloat16 the first blocks alone cost a draft .007 of its Dice with that of float32, all else together .001.
    """
    found = [module.bias for module in network.modules() if isinstance(module, FusedConv)]
    for direct in (network.twin, network.image):
        found += direct.encoder.features[:FIRST_BLOCKS].state_dict(keep_vars=True).values()
    return found
