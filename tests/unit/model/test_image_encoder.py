import torch
from torch import nn

from lsegdiff_gui.model.image_encoder import (
    ConvBN,
    DirectNetwork,
    ImageEncoder,
    load_pretrained,
)


def test_that_the_pyramid_has_64_channels_at_strides_4_to_32() -> None:
    encoder = ImageEncoder().eval()
    with torch.inference_mode():
        pyramid = encoder(torch.zeros(2, 3, 256, 256))
        assert [tuple(level.shape) for level in pyramid] == [
            (2, 64, 256 // s, 256 // s) for s in (4, 8, 16, 32)
        ]


def test_that_features_of_a_larger_picture_come_on_to_the_latents_grids() -> None:
    with torch.inference_mode():
        pyramid = ImageEncoder().eval()(torch.rand(1, 3, 352, 352) * 2 - 1)
        assert pyramid.p4.shape[-1] == 88
        placed = pyramid.on_grid(32)
        assert [level.shape[-1] for level in placed] == [64, 32, 16, 8]
        again = placed.on_grid(32)
        assert all(torch.equal(a, b) for a, b in zip(placed, again, strict=True))
        assert abs(float(placed.p8.mean() - pyramid.p8.mean())) < 0.05 * float(pyramid.p8.std())


def test_that_pictures_of_any_side_get_a_mask_on_the_models_grid_and_a_presence() -> None:
    direct = DirectNetwork().eval()
    with torch.inference_mode():
        for side in (64, 352):
            pyramid = direct.encoder(torch.zeros(2, 3, side, side))
            assert direct.mask(pyramid).shape == (2, 1, 256, 256)
            assert direct.presence(pyramid).shape == (2,)


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
    encoder.freeze_blocks(4)
    norms = [m for m in encoder.features.modules() if isinstance(m, nn.BatchNorm2d)]
    before = [norm.running_mean.clone() for norm in norms if norm.running_mean is not None]
    encoder(torch.rand(2, 3, 64, 64))
    moved = [not torch.equal(norm.running_mean, old) for norm, old in zip(norms, before, strict=True)]
    trainable = [p.requires_grad for p in encoder.features[0].parameters()]
    assert not any(trainable)
    assert not moved[0]
    assert moved[-1]
