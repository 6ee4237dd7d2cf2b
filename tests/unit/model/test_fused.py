import copy

import pytest
import torch
from made.network import random_network
from torch import nn

from lsegdiff_gui.model.folding import fold_norms
from lsegdiff_gui.model.fused import FusedConv, can_fuse, fuse
from lsegdiff_gui.model.image_encoder import FIRST_BLOCKS, ConvBN, ImageEncoder
from lsegdiff_gui.model.narrowing import ready

CPU = torch.device("cpu")
fuses = pytest.mark.skipif(not can_fuse(CPU), reason="this PyTorch has no fused convolution")


def folded_encoder() -> ImageEncoder:
    torch.manual_seed(0)
    encoder = ImageEncoder()
    with torch.no_grad():
        encoder.train()(torch.randn(4, 3, 64, 64))  # norms with statistics of their own
    fold_norms(encoder.eval())
    return encoder


@fuses
def test_that_a_fused_encoder_finds_the_same_features() -> None:
    encoder = folded_encoder()
    pictures = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        expected = copy.deepcopy(encoder)(pictures)
        fuse(encoder)
        found = encoder(pictures)
    for before, after in zip(expected, found, strict=True):
        assert torch.allclose(before, after, atol=1e-4)


@fuses
def test_that_all_convolutions_with_an_activation_are_fused_and_channelwise_ones_pad_themselves() -> None:
    encoder = folded_encoder()
    fuse(encoder)
    blocks = [module for module in encoder.modules() if isinstance(module, ConvBN)]
    assert all(isinstance(block[0], FusedConv) for block in blocks)
    assert not any(isinstance(module, nn.ReLU | nn.ReLU6) for module in encoder.modules())
    assert [block.pads_corner for block in blocks].count(True) == 1  # the stem, which is not channel-wise


@fuses
def test_that_a_bias_stays_exact_where_the_weight_is_narrowed() -> None:
    conv = nn.Conv2d(3, 4, 1)
    with torch.no_grad():
        conv.weight.zero_()
        conv.bias.copy_(torch.tensor([0.1234567, 2.0, -1.0, 7.0]))
    block = nn.Sequential(conv, nn.ReLU6())
    fuse(block)
    fused = block[0]
    assert isinstance(fused, FusedConv)
    fused.weight.data = fused.weight.data.bfloat16()
    with torch.inference_mode():
        found = block(torch.randn(1, 3, 2, 2, dtype=torch.bfloat16))
    assert fused.bias.dtype == torch.float32
    assert found[0, :, 0, 0].tolist() == pytest.approx([0.1234567, 2.0, 0.0, 6.0], rel=4e-3)


def test_that_a_network_is_narrowed_but_for_its_first_blocks_and_fused_biases() -> None:
    network = ready(random_network(), device=CPU, dtype=torch.bfloat16)
    for direct in (network.twin, network.image):
        for index, block in enumerate(direct.encoder.features):
            narrow = {values.dtype for name, values in block.state_dict().items() if "weight" in name}
            assert narrow == {torch.float32 if index < FIRST_BLOCKS else torch.bfloat16}
    assert next(network.denoiser.parameters()).dtype == torch.bfloat16
    biases = [module.bias for module in network.modules() if isinstance(module, FusedConv)]
    assert all(bias.dtype == torch.float32 for bias in biases)
    assert bool(biases) is can_fuse(CPU)
