import pytest
import torch
from torch import nn

from benchmarks.pixel_denoisers import FairPixels, SameBlocks
from lsegdiff_gui.model.blocks import Attention
from lsegdiff_gui.model.denoiser import Denoiser, DenoiserConfig
from lsegdiff_gui.model.image_encoder import PYRAMID_CHANNELS, Pyramid

CONFIG = DenoiserConfig()


def parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def some_features() -> Pyramid:
    torch.manual_seed(0)
    return Pyramid(*(torch.randn(1, PYRAMID_CHANNELS, side, side) for side in (64, 32, 16, 8)))


def test_that_the_opponents_have_as_many_parameters_as_the_denoiser_in_the_latent() -> None:
    ours = parameters(Denoiser(CONFIG))
    assert parameters(SameBlocks(CONFIG)) == pytest.approx(ours, rel=0.01)
    assert parameters(FairPixels(CONFIG)) == pytest.approx(ours, rel=0.1)


def test_that_the_first_opponent_attends_where_the_denoiser_does() -> None:
    def attending(module: nn.Module) -> list[int]:
        return [m.norm.num_channels for m in module.modules() if isinstance(m, Attention)]

    assert attending(SameBlocks(CONFIG)) == attending(Denoiser(CONFIG))


@pytest.mark.parametrize("opponent", [SameBlocks, FairPixels])
def test_that_an_opponent_learns_the_clean_mask_from_noise_time_and_features(
    opponent: type[SameBlocks | FairPixels],
) -> None:
    narrow = DenoiserConfig(widths=(8, 16, 16), time_channels=16)
    denoiser = SameBlocks(narrow) if opponent is SameBlocks else FairPixels(narrow, (8, 8, 16, 16, 16))
    # Blocks begin as the identity: what they read shows once they have learned something.
    for parameter in denoiser.parameters():
        nn.init.normal_(parameter, std=0.1)
    noise, features, t = torch.randn(1, 1, 256, 256), some_features(), torch.tensor([0.5])

    clean = denoiser(noise, t, features)

    assert clean.shape == noise.shape
    assert clean.dtype == torch.float32
    changed = {
        "noise": denoiser(noise + torch.randn_like(noise), t, features),
        "time": denoiser(noise, torch.tensor([0.9]), features),
    }
    for index, level in enumerate(Pyramid._fields):
        changed[level] = denoiser(noise, t, features._replace(**{level: features[index] + 1.0}))
    assert [name for name, other in changed.items() if torch.equal(other, clean)] == []
