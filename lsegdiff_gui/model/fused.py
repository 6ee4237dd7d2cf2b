"""Convolutions as a processor computes them best: bias and activation in the same pass, the bias in float32."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lsegdiff_gui.model.image_encoder import ConvBN

_ACTIVATIONS: dict[type[nn.Module], tuple[str, list[float]]] = {
    nn.Identity: ("none", []),
    nn.ReLU: ("relu", []),
    nn.ReLU6: ("hardtanh", [0.0, 6.0]),
}


class FusedConv(nn.Module):
    """A convolution, its bias and its activation in one pass over memory.

    The weight may be brought to bfloat16. The bias stays in float32: rounded, it would move all pixels alike.
    """

    bias: Tensor

    def __init__(self, conv: nn.Conv2d, activation: nn.Module) -> None:
        super().__init__()
        if conv.bias is None or isinstance(conv.padding, str):
            raise ValueError("Only a convolution with a bias, and with its padding in numbers, can be fused.")
        self.weight = nn.Parameter(conv.weight.detach(), requires_grad=False)
        self.register_buffer("bias", conv.bias.detach())
        self._how = (list(conv.padding), list(conv.stride), list(conv.dilation), conv.groups)
        self._activation = _ACTIVATIONS[type(activation)]

    def forward(self, x: Tensor) -> Tensor:
        """(B, in, H, W) → (B, out, H', W'), both in the numbers of the weight."""
        filtered: Tensor = torch.ops.mkldnn._convolution_pointwise(
            x, self.weight, self.bias, *self._how, *self._activation, ""
        )
        return filtered


def can_fuse(device: torch.device) -> bool:
    """Whether PyTorch has oneDNN's fused convolution for this device: builds for x86 processors do."""
    there = torch._C._has_mkldnn and hasattr(torch.ops.mkldnn, "_convolution_pointwise")
    return device.type == "cpu" and there


def fuse(network: nn.Module) -> None:
    """Join the convolutions of every Sequential with the activations behind them, in place.

    Norms must have been folded before (`folding.fold_norms`). What is fused can be neither trained nor traced.
    """
    for block in list(network.modules()):
        if not isinstance(block, nn.Sequential):
            continue
        if isinstance(block, ConvBN):
            _pad_evenly(block)
        real = [index for index, layer in enumerate(block) if not isinstance(layer, nn.Identity)]
        for index, following in zip(real, [*real[1:], None], strict=True):
            conv = block[index]
            if not isinstance(conv, nn.Conv2d) or conv.bias is None:
                continue
            if following is not None and type(block[following]) in _ACTIVATIONS:
                block[index], block[following] = FusedConv(conv, block[following]), nn.Identity()
            else:
                block[index] = FusedConv(conv, nn.Identity())


def _pad_evenly(block: ConvBN) -> None:
    """Give a channel-wise filter that pads one corner a row and a column of zeros: then it pads all sides, itself.

    Padding apart from the filter is a copy of the whole feature map, and took five times as long as the filter.
    """
    conv = block[0]
    if not block.pads_corner or not isinstance(conv, nn.Conv2d) or conv.groups == 1:
        return
    conv.weight = nn.Parameter(F.pad(conv.weight.detach(), (1, 0, 1, 0)), requires_grad=False)
    conv.padding = (1, 1)
    block.pads_corner = False
