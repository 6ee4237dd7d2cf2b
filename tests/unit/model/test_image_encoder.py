import torch
from torch import nn

from lsegdiff_gui.model.image_encoder import ConvBN, ImageEncoder, TwinHead, load_pretrained


def test_that_the_pyramid_has_64_channels_at_strides_4_to_32() -> None:
    encoder = ImageEncoder().eval()
    with torch.inference_mode():
        pyramid = encoder(torch.zeros(2, 3, 256, 256))
        assert [tuple(level.shape) for level in pyramid] == [
            (2, 64, 256 // s, 256 // s) for s in (4, 8, 16, 32)
        ]
        assert TwinHead()(pyramid).shape == (2, 1, 256, 256)


def test_that_stride_2_pads_right_and_bottom_only() -> None:
    layer = ConvBN(1, 1, kernel=3, stride=2).eval()
    with torch.no_grad():
        layer[0].weight.fill_(1.0)
    spot = torch.zeros(1, 1, 8, 8)
    spot[0, 0, 0, 0] = 1.0  # seen by the first output pixel alone, from its corner
    with torch.inference_mode():
        seen = layer(spot)
    assert seen[0, 0, 0, 0] > 0
    assert int((seen > 0).sum()) == 1
    assert seen.shape[-2:] == (4, 4)


def test_that_pretrained_tensors_fill_the_trunk_and_leave_the_pyramid() -> None:
    source, target = ImageEncoder(), ImageEncoder()
    lateral = target.lateral[0].weight.clone()
    tensors = {f"features.{key}": value for key, value in source.features.state_dict().items()}
    load_pretrained(target, tensors)
    for key, value in source.features.state_dict().items():
        assert torch.equal(target.features.state_dict()[key], value)
    assert torch.equal(target.lateral[0].weight, lateral)


def test_that_frozen_blocks_keep_their_statistics_while_the_rest_learns() -> None:
    encoder = ImageEncoder().train()
    encoder.freeze_early_blocks()
    norms = [m for m in encoder.features.modules() if isinstance(m, nn.BatchNorm2d)]
    before = [norm.running_mean.clone() for norm in norms if norm.running_mean is not None]
    encoder(torch.rand(2, 3, 64, 64))
    moved = [not torch.equal(norm.running_mean, old) for norm, old in zip(norms, before, strict=True)]
    trainable = [p.requires_grad for p in encoder.features[0].parameters()]
    assert not any(trainable)
    assert not moved[0]
    assert moved[-1]
