import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lsegdiff_gui.training.metrics import bootstrap_interval, dice, hd95_and_nsd, iou, surface_distances

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


@pytest.mark.filterwarnings("ignore:monai.metrics.utils:FutureWarning")
@pytest.mark.parametrize("seed", range(6))
def test_that_surface_figures_agree_with_monai(seed: int) -> None:
    from monai.metrics import compute_hausdorff_distance, compute_surface_dice

    mask, truth = blob(seed), blob(seed + 100)
    a, b = (torch.from_numpy(m)[None, None].float() for m in (mask, truth))
    distances = surface_distances(mask, truth)
    theirs = float(compute_hausdorff_distance(a, b, include_background=True))
    assert distances.max() == pytest.approx(theirs, abs=1e-3)
    near = float(compute_surface_dice(a, b, [2.0], include_background=True))
    assert float(np.mean(distances <= 2.0)) == pytest.approx(near, abs=1e-6)


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
