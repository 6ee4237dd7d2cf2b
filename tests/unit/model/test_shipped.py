"""The two weight files that the program comes with: small, honest about themselves, each with its card."""

import json
import math

import pytest

from lsegdiff_gui.model.checkpoint import ModelInfo, read_info
from lsegdiff_gui.model.domain import DOMAINS

LARGEST_BYTES = 16_000_000


@pytest.fixture(params=DOMAINS)
def shipped(request: pytest.FixtureRequest) -> ModelInfo:
    return read_info(request.param)


def test_that_shipped_weights_are_small_halves(shipped: ModelInfo) -> None:
    data = shipped.path.read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    kinds = {entry["dtype"] for key, entry in header.items() if len(entry.get("shape", ())) > 1}

    assert len(data) <= LARGEST_BYTES
    assert kinds == {"F16"}


def test_that_shipped_weights_say_what_they_are_and_how_good(shipped: ModelInfo) -> None:
    assert shipped.name == shipped.domain == shipped.path.stem
    assert shipped.version
    assert shipped.training
    assert shipped.terms
    assert shipped.metrics
    assert all(math.isfinite(value) and 0 <= value <= 1 for value in shipped.metrics.values())


def test_that_shipped_weights_have_a_card_that_names_them(shipped: ModelInfo) -> None:
    card = shipped.path.with_suffix(".md").read_text(encoding="utf-8")

    assert shipped.sha256 in card
    assert "not a medical device" in card.casefold()
