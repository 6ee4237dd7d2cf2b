"""Drawn pictures with known edges: what the picture shows beats what the coarse grid can hold."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.choice import Choice
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.edges import FINE, HALF, sharpened
from lsegdiff_gui.annotation.postprocess import base_mask
from lsegdiff_gui.annotation.recipe import Recipe

U8 = npt.NDArray[np.uint8]
SIZE = (1600, 1200)
RADIUS = 24


def lesion(seed: int) -> tuple[U8, U8]:
    """A picture (H, W, 3) with a dark lesion of ragged outline and some noise, and its mask (H, W) 0/1."""
    rng = np.random.default_rng(seed)
    width, height = SIZE
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    radii = 0.28 * height * (1 + 0.12 * np.sin(3 * angles + seed) + rng.normal(0, 0.03, 64))
    points = np.stack([width / 2 + radii * np.cos(angles), height / 2 + radii * np.sin(angles)], axis=1)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [points.round().astype(np.int32)], 1)
    picture = np.where(mask[..., None] > 0, (120, 75, 60), (215, 175, 155)).astype(np.float32)
    picture += rng.normal(0, 8, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 2), 0, 255).astype(np.uint8), mask


def probability_of(mask: U8, seed: int) -> U8:
    """What a model makes of it on its grid: soft, and off by a few cells here and there."""
    rng = np.random.default_rng(seed)
    small = cv2.resize(mask.astype(np.float32), (256, 256), interpolation=cv2.INTER_AREA)
    flow = cv2.GaussianBlur(rng.normal(0, 1, (2, 256, 256)).astype(np.float32).transpose(1, 2, 0), (0, 0), 12)
    flow *= 2.0 / flow.std()
    y, x = np.mgrid[0:256, 0:256].astype(np.float32)
    moved = cv2.remap(
        small, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return (255 * cv2.GaussianBlur(moved, (0, 0), 2)).round().astype(np.uint8)


def guide(picture: U8) -> U8:
    return np.asarray(cv2.resize(picture, (FINE, FINE), interpolation=cv2.INTER_AREA), np.uint8)


def share_near(mask: U8, truth: U8, tolerance: float) -> float:
    """The share of the mask's edge within so many pixels of the truth's."""
    edges = [
        np.asarray(cv2.morphologyEx(each, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
        for each in (mask, truth)
    ]
    away = cv2.distanceTransform(1 - edges[1], cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return float((away[edges[0] > 0] <= tolerance).mean())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_that_edges_come_a_fifth_nearer_to_those_of_the_picture_at_least(seed: int) -> None:
    picture, truth = lesion(seed)
    probability = probability_of(truth, seed)
    tolerance = 2 * min(SIZE) / 512
    plain = base_mask(probability, Recipe(), *SIZE)
    sharp = base_mask(sharpened(probability, guide(picture), RADIUS), Recipe(), *SIZE)
    assert share_near(sharp, truth, tolerance) >= 1.2 * share_near(plain, truth, tolerance)
    overlap = [2 * (mask & truth).sum() / (mask.sum() + truth.sum()) for mask in (plain, sharp)]
    assert overlap[1] >= overlap[0]


def test_that_a_picture_without_edges_leaves_the_mask_nearly_as_it_was() -> None:
    _, truth = lesion(4)
    probability = probability_of(truth, 4)
    flat = np.full((FINE, FINE, 3), 128, np.uint8)
    plain, sharp = (
        base_mask(plane, Recipe(), *SIZE) for plane in (probability, sharpened(probability, flat, RADIUS))
    )
    assert 2 * (plain & sharp).sum() / (plain.sum() + sharp.sum()) > 0.97


def test_that_other_thresholds_keep_their_masks_but_for_slivers_at_one_half() -> None:
    picture, truth = lesion(5)
    probability = probability_of(truth, 5)
    fine = sharpened(probability, guide(picture), RADIUS)
    before = cv2.resize(probability, (FINE, FINE), interpolation=cv2.INTER_LINEAR)
    moved = fine != before
    assert moved.any()
    assert (np.abs(fine[moved].astype(int) - HALF) <= 3).all()


def test_that_nothing_found_stays_nothing_with_its_candidate() -> None:
    picture, truth = lesion(6)
    faint = probability_of(truth, 6) // 3
    fine = sharpened(faint, guide(picture), RADIUS)
    assert fine.max() == pytest.approx(faint.max(), abs=1)


def test_that_the_recipe_says_whether_edges_are_followed_and_a_choice_of_another_mask_is_taken_as_it_is() -> (
    None
):
    plain = draft(1, grid=256)
    fine = np.zeros((FINE, FINE), np.uint8)
    fine[100:300, 100:300] = 255
    with_edges = Draft(
        plain.probability, plain.spread, plain.samples, plain.film, plain.provenance, fine=fine
    )
    assert with_edges.id != plain.id
    follow, leave = (
        Base.of_draft(with_edges).foreground(Recipe(follow_edges=on), 512, 512) for on in (True, False)
    )
    assert follow[110, 110] == 1
    assert np.array_equal(leave, Base.of_draft(plain).foreground(Recipe(), 512, 512))
    assert with_edges.edged is with_edges.fine
    assert plain.edged is None
    assert with_edges.choosing(Choice("any", (2,))).edged is None
    chosen = Base.of_draft(with_edges.choosing(Choice("any", (2,))))
    assert np.array_equal(
        chosen.foreground(Recipe(), 512, 512), base_mask(plain.samples[1], Recipe(), 512, 512)
    )
