"""The parts of a network as run times compute them."""

import torch
from made.network import random_network

from lsegdiff_gui.model.network import LSegDiffNetwork
from lsegdiff_gui.model.runtime import BEGINNING, OWN_BEGINNING, TorchRuntime, parts


def begun_alike() -> LSegDiffNetwork:
    """A network whose encoders were both left the first blocks they had from the same start."""
    network = random_network()
    network.image.encoder.features[:4].load_state_dict(network.twin.encoder.features[:4].state_dict())
    return network


def test_that_a_beginning_both_encoders_share_is_computed_once() -> None:
    assert OWN_BEGINNING not in parts(begun_alike())
    assert OWN_BEGINNING in parts(random_network())  # all of it random: two beginnings


def test_that_sharing_the_beginning_changes_no_feature_and_no_answer() -> None:
    network = begun_alike()
    views = torch.randn(5, 3, 64, 64)
    with torch.inference_mode():
        runtime = TorchRuntime(network, dtype=torch.float32)
        look = runtime.look(views, sides=5, twin_sides=2)
        pyramid = network.image.encoder(views).on_grid(32)
        mask = network.twin.mask(network.twin.encoder(views[:2])).sigmoid()[:, 0]
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(look.pyramid, pyramid, strict=True))
    assert torch.allclose(look.twin.masks, mask, atol=1e-5)
    assert len(look.presences) == 5
    assert len(look.twin.presences) == 2


def test_that_an_encoder_with_a_beginning_of_its_own_keeps_it() -> None:
    network = random_network()
    views = torch.randn(3, 3, 64, 64)
    with torch.inference_mode():
        look = TorchRuntime(network, dtype=torch.float32).look(views, sides=3, twin_sides=2)
        (begun,) = TorchRuntime(network, dtype=torch.float32).compute(BEGINNING, views)
        pyramid = network.image.encoder(views).on_grid(32)
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(look.pyramid, pyramid, strict=True))
    assert torch.allclose(begun, network.twin.encoder.beginning(views), atol=1e-5)
