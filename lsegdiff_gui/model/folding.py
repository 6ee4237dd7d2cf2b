"""Batch norms folded into the convolutions before them: the same function, without a pass over each feature map."""

from __future__ import annotations

from itertools import pairwise

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def fold_norms(network: nn.Module) -> None:
    """Fold every batch norm that follows its convolution in a Sequential, in place; eval mode and float32 are needed.

    The activations behind them overwrite their input from then on: what is folded cannot be trained.
    """
    for block in list(network.modules()):
        if not isinstance(block, nn.Sequential):
            continue
        for index, (before, after) in enumerate(pairwise(list(block.children()))):
            if isinstance(before, nn.Conv2d) and isinstance(after, nn.BatchNorm2d):
                block[index], block[index + 1] = fuse_conv_bn_eval(before, after), nn.Identity()
            elif isinstance(after, nn.ReLU | nn.ReLU6):
                after.inplace = True
