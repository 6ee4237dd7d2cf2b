"""Layers folded into the convolution beside them: the same function, without a pass over each feature map."""

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


def fold_unshuffles(network: nn.Module) -> None:
    """Make one convolution of stride r of every 1×1 that follows a PixelUnshuffle(r) in a Sequential, in place.

    Unshuffling copies the feature map in single pixels, which took four times as long as the convolution.
    """
    for block in list(network.modules()):
        if not isinstance(block, nn.Sequential):
            continue
        for index, (before, after) in enumerate(pairwise(list(block.children()))):
            if isinstance(before, nn.PixelUnshuffle) and isinstance(after, nn.Conv2d):
                if after.kernel_size != (1, 1) or after.stride != (1, 1) or after.groups != 1:
                    continue
                block[index], block[index + 1] = nn.Identity(), _strided(after, before.downscale_factor)


def _strided(mixing: nn.Conv2d, fold: int) -> nn.Conv2d:
    """A 1×1 over (C · r²) unshuffled channels as a convolution over C that strides by r."""
    channels = mixing.in_channels // (fold * fold)
    conv = nn.Conv2d(channels, mixing.out_channels, fold, stride=fold, bias=False, device="meta")
    conv.weight = nn.Parameter(mixing.weight.detach().reshape(mixing.out_channels, channels, fold, fold))
    conv.bias = mixing.bias
    return conv
