from collections.abc import Callable
from importlib.util import find_spec

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lsegdiff_gui.training.metrics import (
    bootstrap_interval,
    bootstrap_means,
    dice,
    hd95_and_nsd,
    iou,
    surface_distances,
)

masks = hnp.arrays(np.uint8, (24, 31), elements=st.integers(0, 1))


@given(masks, masks)
def test_that_dice_and_iou_tell_the_same_story(a: np.ndarray, b: np.ndarray) -> None:
    d, j = dice(a, b), iou(a, b)
    assert d == pytest.approx(2 * j / (1 + j))
    assert dice(a, b) == dice(b, a)
    assert dice(a, a) == 1.0


def test_that_empty_masks_follow_the_stated_rules() -> None:
    empty, square = np.zeros((40, 30), np.uint8), np.zeros((40, 30), np.uint8)
    square[10:20, 10:20] = 1
    assert dice(empty, empty) == iou(empty, empty) == 1.0
    assert dice(empty, square) == iou(empty, square) == 0.0
    assert hd95_and_nsd(empty, empty) == (0.0, 1.0)
    assert hd95_and_nsd(empty, square) == (pytest.approx(50.0 * 512 / 30), 0.0)
    with pytest.raises(ValueError, match="no edge"):
        surface_distances(empty, square)


def blob(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).random((96, 96)).astype(np.float32)
    return (cv2.GaussianBlur(noise, (0, 0), 9) > 0.5).astype(np.uint8)


def on_an_oblong(seed: int) -> np.ndarray:
    """A blob that runs over the edge of a picture that is not square."""
    return np.ascontiguousarray(blob(seed)[:64])


def as_batch(*masks: np.ndarray) -> list[torch.Tensor]:
    return [torch.from_numpy(mask)[None, None].float() for mask in masks]


needs_monai = pytest.mark.skipif(
    find_spec("monai") is None, reason="needs MONAI, which the extra “test” brings"
)
old_names_in_monai = pytest.mark.filterwarnings("ignore:monai.metrics.utils:FutureWarning")
empty_in_monai = pytest.mark.filterwarnings("ignore:the .* is all 0:UserWarning")


@needs_monai
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("make", [blob, on_an_oblong])
def test_that_dice_and_iou_agree_with_monai(make: Callable[[int], np.ndarray], seed: int) -> None:
    from monai.metrics import DiceMetric, MeanIoU

    mask, truth = make(seed), make(seed + 100)
    a, b = as_batch(mask, truth)
    assert dice(mask, truth) == pytest.approx(float(DiceMetric(include_background=True)(a, b)), abs=1e-6)
    assert iou(mask, truth) == pytest.approx(float(MeanIoU(include_background=True)(a, b)), abs=1e-6)


@needs_monai
@old_names_in_monai
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("make", [blob, on_an_oblong])
def test_that_surface_figures_agree_with_monai(make: Callable[[int], np.ndarray], seed: int) -> None:
    from monai.metrics import compute_hausdorff_distance, compute_surface_dice

    mask, truth = make(seed), make(seed + 100)
    a, b = as_batch(mask, truth)
    # MONAI measures in single precision: a distance within 1e-4 of the tolerance could fall on either side.
    spacing = 512 / min(mask.shape)
    for tolerance in (2.0, 10.1):
        hd95, nsd = hd95_and_nsd(mask, truth, tolerance=tolerance)
        theirs = compute_hausdorff_distance(a, b, include_background=True, percentile=95, spacing=spacing)
        assert hd95 == pytest.approx(float(theirs), rel=1e-5)
        near = compute_surface_dice(a, b, [tolerance], include_background=True, spacing=spacing)
        assert nsd == pytest.approx(float(near), abs=1e-6)
    farthest = max(part.max() for part in surface_distances(mask, truth))
    theirs = compute_hausdorff_distance(a, b, include_background=True)
    assert farthest == pytest.approx(float(theirs), rel=1e-5)


@needs_monai
@old_names_in_monai
@empty_in_monai
def test_that_the_rules_for_empty_masks_are_monais_where_it_has_one() -> None:
    from monai.metrics import DiceMetric, MeanIoU, compute_hausdorff_distance, compute_surface_dice

    square = np.zeros((40, 30), np.uint8)
    square[10:20, 10:20] = 1
    empty, full = as_batch(np.zeros_like(square), square)
    for a, b, overlap in ((empty, empty, 1.0), (empty, full, 0.0), (full, empty, 0.0)):
        assert float(DiceMetric(include_background=True, ignore_empty=False)(a, b)) == overlap
        assert float(MeanIoU(include_background=True, ignore_empty=False)(a, b)) == overlap
        distance = float(compute_hausdorff_distance(a, b, include_background=True, percentile=95))
        near = float(compute_surface_dice(a, b, [2.0], include_background=True))
        # No number where nothing is, an infinite one where something is missed: ours are (0, 1) and the diagonal.
        assert np.isnan(near) if overlap else near == 0.0
        assert not np.isfinite(distance)


def test_that_distances_are_in_pixels_of_a_short_side_of_512() -> None:
    a, b = np.zeros((256, 300), np.uint8), np.zeros((256, 300), np.uint8)
    a[50:150, 50:150] = 1
    b[50:150, 60:160] = 1
    hd95, nsd = hd95_and_nsd(a, b)
    assert hd95 == pytest.approx(20.0)
    assert 0.4 < nsd < 0.7


def test_that_the_bootstrap_interval_holds_the_mean_and_shrinks_with_more_pictures() -> None:
    few = np.random.default_rng(0).normal(0.9, 0.1, 30)
    many = np.random.default_rng(0).normal(0.9, 0.1, 600)
    (a, b), (c, d) = bootstrap_interval(few), bootstrap_interval(many)
    assert a < few.mean() < b
    assert d - c < b - a


def test_that_the_bootstrap_is_repeatable_and_the_same_however_many_are_drawn_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = np.random.default_rng(0).normal(0.9, 0.1, 30)
    whole = bootstrap_means(values, resamples=1000)
    monkeypatch.setattr("lsegdiff_gui.training.metrics._DRAWN_AT_ONCE", 77)
    assert np.array_equal(bootstrap_means(values, resamples=1000), whole)
    assert whole.std() == pytest.approx(values.std() / np.sqrt(30), rel=0.1)
    with pytest.raises(ValueError, match="nothing to draw"):
        bootstrap_means(np.array([]))
