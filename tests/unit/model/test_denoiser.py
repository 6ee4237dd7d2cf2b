import torch
from made.network import TINY, random_network

from lsegdiff_gui.model.denoiser import Denoiser
from lsegdiff_gui.model.network import Architecture, LSegDiffNetwork

PICTURES = torch.rand(2, 3, 256, 256, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_that_the_estimate_has_the_latents_shape_and_depends_on_picture_time_and_noise() -> None:
    network = random_network()
    with torch.inference_mode():
        pyramid = network.image.encoder(PICTURES).on_grid(32)
        zt, t = torch.randn(2, 4, 32, 32), torch.tensor([0.2, 0.9])
        clean = network.denoiser(zt, t, pyramid)
        assert clean.shape == zt.shape
        assert clean.dtype == torch.float32
        assert not torch.allclose(clean, network.denoiser(zt, t.flip(0), pyramid))
        assert not torch.allclose(clean, network.denoiser(-zt, t, pyramid))
        assert not torch.allclose(
            clean, network.denoiser(zt, t, network.image.encoder(-PICTURES).on_grid(32))
        )


def test_that_a_new_denoiser_ignores_hints_until_it_is_taught_them() -> None:
    torch.manual_seed(0)
    network = LSegDiffNetwork(TINY).eval()
    hints = torch.randint(0, 2, (2, 3, 256, 256)).float()
    with torch.inference_mode():
        pyramid = network.image.encoder(PICTURES).on_grid(32)
        zt, t = torch.randn(2, 4, 32, 32), torch.full((2,), 0.5)
        assert torch.equal(network.denoiser(zt, t, pyramid, hints), network.denoiser(zt, t, pyramid))


def test_that_the_denoiser_of_the_shipped_architecture_stays_under_5_million_parameters() -> None:
    denoiser = Denoiser(Architecture().denoiser)
    assert sum(parameter.numel() for parameter in denoiser.parameters()) < 5_000_000
