import torch
from torch import nn

from lsegdiff_gui.model.folding import fold_norms, fold_unshuffles
from lsegdiff_gui.model.image_encoder import ImageEncoder


def test_that_a_folded_encoder_finds_the_same_features_without_a_single_norm() -> None:
    torch.manual_seed(0)
    encoder = ImageEncoder()
    with torch.no_grad():
        encoder.train()(torch.randn(4, 3, 64, 64))  # norms with statistics of their own
        encoder.eval()
        pictures = torch.randn(2, 3, 64, 64)
        expected = encoder(pictures)
        fold_norms(encoder)
        found = encoder(pictures)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in encoder.modules())
    for before, after in zip(expected, found, strict=True):
        assert torch.allclose(before, after, atol=1e-4)


def test_that_folding_twice_changes_nothing_and_group_norms_stay() -> None:
    block = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.GroupNorm(2, 8)).eval()
    picture = torch.randn(1, 3, 9, 9)
    with torch.no_grad():
        expected = block(picture)
        for _ in range(2):
            fold_norms(block)
            assert torch.allclose(block(picture), expected, atol=1e-5)
    assert isinstance(block[2], nn.GroupNorm)


def test_that_a_folded_unshuffle_is_one_strided_convolution_and_changes_nothing() -> None:
    blocks = nn.ModuleList(
        nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(4 * 3, 8, 1, bias=bias)) for bias in (True, False)
    )
    picture = torch.randn(2, 3, 10, 6)
    with torch.no_grad():
        expected = [block(picture) for block in blocks]
        fold_unshuffles(blocks)
        for block, before in zip(blocks, expected, strict=True):
            assert torch.allclose(block(picture), before, atol=1e-5)
    assert not any(isinstance(module, nn.PixelUnshuffle) for module in blocks.modules())


def test_that_an_unshuffle_before_a_wider_convolution_is_left() -> None:
    block = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(4, 8, 3))
    fold_unshuffles(block)
    assert isinstance(block[0], nn.PixelUnshuffle)
