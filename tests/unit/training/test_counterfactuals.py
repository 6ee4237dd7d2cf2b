import numpy as np
import pytest

from lsegdiff_gui.training.counterfactuals import (
    PARTS,
    with_counterfactuals,
    with_decoy,
    with_guest,
    without_lesion,
)
from lsegdiff_gui.training.data import PictureSet

SIDE = 128
LESION = (slice(40, 70), slice(50, 90))


def _tissue(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    waves = 20 * np.sin(np.arange(SIDE)[:, None] / 9 + rng.uniform(0, 6))
    tissue = np.array([190, 110, 90]) + waves[..., None] + rng.normal(0, 4, (SIDE, SIDE, 1))
    return tissue.clip(60, 255).astype(np.uint8)


def _mask() -> np.ndarray:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[LESION] = 1
    return mask


def _with_lesion(seed: int) -> np.ndarray:
    picture = _tissue(seed)
    picture[LESION] = (90, 200, 240)
    return picture


def _set(lesions: int, empties: int) -> PictureSet:
    pictures = [_with_lesion(i) for i in range(lesions)] + [_tissue(100 + i) for i in range(empties)]
    masks = [_mask()] * lesions + [np.zeros((SIDE, SIDE), np.uint8)] * empties
    count = lesions + empties
    return PictureSet(
        np.stack(pictures).transpose(0, 3, 1, 2), np.stack(masks)[:, None], np.full(count, 1.0 / count)
    )


def test_that_a_covered_lesion_looks_like_the_tissue_around_it() -> None:
    picture, bare = _with_lesion(0), _tissue(0)
    covered = without_lesion(picture, _mask(), np.random.default_rng(0))
    assert covered is not None
    off = np.abs(covered[LESION].astype(int) - bare[LESION]).mean()
    assert off < 0.25 * np.abs(picture[LESION].astype(int) - bare[LESION]).mean()
    assert np.array_equal(covered[:20], picture[:20])


def test_that_a_lesion_too_large_to_cover_is_left_alone() -> None:
    mask = np.ones((SIDE, SIDE), np.uint8)
    assert without_lesion(_with_lesion(0), mask, np.random.default_rng(0)) is None


def test_that_a_black_border_covers_no_lesion() -> None:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[LESION] = (90, 200, 240)
    assert without_lesion(picture, _mask(), np.random.default_rng(0)) is None


def test_that_a_decoy_leaves_the_lesion_as_it_was() -> None:
    picture = _with_lesion(1)
    decoyed = with_decoy(picture, _mask(), np.random.default_rng(1))
    assert decoyed is not None
    assert not np.array_equal(decoyed, picture)
    assert np.array_equal(decoyed[LESION], picture[LESION])


def test_that_a_guest_brings_its_mask_along() -> None:
    made = with_guest(_tissue(2), _with_lesion(3), _mask(), np.random.default_rng(2))
    assert made is not None
    picture, mask = made
    blue = picture[..., 2].astype(int) - picture[..., 0]
    assert blue[mask == 1].mean() > blue[mask == 0].mean() + 40
    assert 0 < mask.mean() < 0.15


def test_that_they_are_drawn_with_their_share_and_half_of_them_are_empty() -> None:
    real = _set(lesions=6, empties=3)
    both = with_counterfactuals(real, 0.4, seed=0)
    made = both.weights[len(real) :]
    assert np.array_equal(both.pictures[: len(real)], real.pictures)
    assert both.weights.sum() == pytest.approx(1.0)
    assert made.sum() == pytest.approx(0.4)
    empty = ~both.masks[len(real) :].any(axis=(1, 2, 3))
    assert made[empty].sum() == pytest.approx(0.4 * PARTS["covered"])


def test_that_the_same_seed_makes_the_same_pictures() -> None:
    first, again = (with_counterfactuals(_set(4, 2), 0.3, seed=5) for _ in range(2))
    assert np.array_equal(first.pictures, again.pictures)
    assert not np.array_equal(first.pictures, with_counterfactuals(_set(4, 2), 0.3, seed=6).pictures)


def test_that_a_set_that_offers_no_room_stays_as_it_is() -> None:
    full = PictureSet(
        np.zeros((2, 3, SIDE, SIDE), np.uint8), np.ones((2, 1, SIDE, SIDE), np.uint8), np.full(2, 0.5)
    )
    assert with_counterfactuals(full, 0.4, seed=0) is full
