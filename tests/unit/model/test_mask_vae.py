"""Shapes and statistics with random weights; what the shipped VAE must carry is measured on the shipped weights."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from lsegdiff_gui.model.checkpoint import load_network, read_info
from lsegdiff_gui.model.domain import DOMAINS
from lsegdiff_gui.model.grid import GRID, mask_to_grid
from lsegdiff_gui.model.mask_vae import MaskVAE, kl_divergence
from lsegdiff_gui.model.network import LSegDiffNetwork
from lsegdiff_gui.training.data import pair_files, read_pair
from lsegdiff_gui.training.metrics import dice

SELECT = {"polyp": ("polyp/kvasir_seg", "polyp/polypgen"), "skin": ("skin/isic2017",)}


def test_that_masks_shrink_eightfold_and_come_back_at_their_size() -> None:
    vae = MaskVAE(outer=16, inner=16).eval()
    mean, logvar = vae.encode(torch.zeros(2, 1, 256, 256))
    assert mean.shape == logvar.shape == (2, 4, 32, 32)
    assert vae.decode(mean).shape == (2, 1, 256, 256)


def test_that_the_standard_normal_has_no_divergence_from_itself() -> None:
    assert float(kl_divergence(torch.zeros(2, 4, 8, 8), torch.zeros(2, 4, 8, 8))) == 0.0
    assert float(kl_divergence(torch.ones(2, 4, 8, 8), torch.zeros(2, 4, 8, 8))) == pytest.approx(0.5)


@pytest.fixture(params=DOMAINS, scope="module")
def shipped(request: pytest.FixtureRequest) -> tuple[str, LSegDiffNetwork]:
    return request.param, load_network(read_info(request.param))


def carried(network: LSegDiffNetwork, mask: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        logits = network.to_logits(network.to_latent(torch.from_numpy(mask)[None, None].float()))
    return (logits[0, 0] > 0).numpy().astype(np.uint8)


def disc(*centres: tuple[int, int, int]) -> np.ndarray:
    mask = np.zeros((GRID, GRID), np.uint8)
    for x, y, radius in centres:
        cv2.circle(mask, (x, y), radius, 1, -1)
    return mask


@pytest.mark.parametrize(
    ("mask", "least"),
    [
        pytest.param(disc(), 1.0, id="empty"),
        pytest.param(np.ones((GRID, GRID), np.uint8), 0.999, id="full"),
        pytest.param(disc((70, 180, 5)), 0.85, id="tiny"),
        pytest.param(disc((60, 60, 20), (180, 70, 30), (70, 190, 12), (190, 190, 25)), 0.97, id="many"),
    ],
)
def test_that_masks_of_every_kind_survive_the_latent(
    shipped: tuple[str, LSegDiffNetwork], mask: np.ndarray, least: float
) -> None:
    assert dice(carried(shipped[1], mask), mask) >= least


@pytest.mark.pictures
def test_that_the_shipped_vae_carries_real_masks(
    shipped: tuple[str, LSegDiffNetwork], real_data: Path
) -> None:
    domain, network = shipped
    scores = []
    for folder in SELECT[domain]:
        root = real_data / folder
        for pair in pair_files(root / "images", root / "masks", root / "select.txt")[::4]:
            mask = mask_to_grid(read_pair(pair)[1])
            scores.append(dice(carried(network, mask), mask))
    assert np.mean(scores) >= 0.99


def test_that_no_latent_channel_is_collapsed(shipped: tuple[str, LSegDiffNetwork]) -> None:
    network = shipped[1]
    masks = torch.stack([torch.from_numpy(disc((40 + 9 * i, 200 - 8 * i, 10 + 3 * i))) for i in range(16)])
    with torch.inference_mode():
        mean, logvar = network.vae.encode(masks[:, None].float())
    widths = torch.exp(0.5 * logvar).mean(dim=(0, 2, 3)) / mean.std(dim=(0, 2, 3))
    assert float(widths.max()) <= 0.3
