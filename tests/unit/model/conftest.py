from pathlib import Path

import numpy as np
import pytest
import torch
from made.network import save_random

from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.segmenter import Segmenter


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return save_random(tmp_path / "tiny.safetensors").path


@pytest.fixture
def segmenter(weights: Path) -> Segmenter:
    loaded = Segmenter.load(weights, device="cpu")
    # One precision on every machine that runs the tests.
    return Segmenter(loaded._network.float(), loaded.info, device=torch.device("cpu"), dtype=torch.float32)


@pytest.fixture
def picture() -> Picture:
    rgb8 = np.random.default_rng(1).integers(0, 255, (120, 200, 3), np.uint8)
    return Picture(rgb8=rgb8, native=rgb8, sha256="ab" * 32)
