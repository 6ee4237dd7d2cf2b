from importlib.util import find_spec

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.annotation.ranks import spearman
from lsegdiff_gui.training.reliability import (
    BINS,
    Reliability,
    aurc,
    auroc,
    bootstrap_excess,
    brier,
    edge_band,
    entropy_where_seen,
    excess_aurc,
)
from lsegdiff_gui.training.reliability_plot import reliability_plot

needs_scipy = pytest.mark.skipif(
    find_spec("scipy") is None, reason="needs SciPy, which the extra “test” brings"
)


def test_that_the_area_of_a_small_example_is_the_one_of_hand() -> None:
    risk = np.array([0.0, 0.1, 0.5])
    assert aurc(np.array([1.0, 2.0, 3.0]), risk) == pytest.approx((0.0 + 0.05 + 0.2) / 3)
    assert aurc(np.array([3.0, 2.0, 1.0]), risk) == pytest.approx((0.5 + 0.3 + 0.2) / 3)


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1)), min_size=1, max_size=30), st.randoms())
def test_that_no_ranking_beats_the_ideal_and_order_among_equals_does_not_matter(
    pictures: list[tuple[int, float]], random: object
) -> None:
    doubt, risk = (np.array(values, np.float64) for values in zip(*pictures, strict=True))
    assert excess_aurc(doubt, risk) >= -1e-12
    assert excess_aurc(risk, risk) == 0.0
    shuffled = np.random.default_rng(1).permutation(len(risk))
    assert aurc(doubt[shuffled], risk[shuffled]) == pytest.approx(aurc(doubt, risk))


def test_that_doubts_that_are_all_equal_say_nothing() -> None:
    risk = np.array([0.2, 0.4, 0.9])
    assert aurc(np.ones(3), risk) == pytest.approx(0.5)
    assert spearman(np.ones(3), risk) is None


def test_that_the_resampled_areas_scatter_around_the_area() -> None:
    rng = np.random.default_rng(0)
    risk = rng.random(150)
    good, bad = risk + rng.normal(0, 0.1, 150), rng.random(150)
    drawn_good, drawn_bad = bootstrap_excess((good, bad), risk, resamples=3_000)
    assert drawn_good.shape == drawn_bad.shape == (3_000,)
    assert drawn_good.mean() == pytest.approx(excess_aurc(good, risk), rel=0.1)
    assert drawn_bad.mean() == pytest.approx(excess_aurc(bad, risk), rel=0.1)
    assert drawn_good.min() > 0.0
    assert np.percentile(drawn_good / drawn_bad, 97.5) < 0.5


@needs_scipy
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=40))
def test_that_rank_correlation_agrees_with_scipy(pairs: list[tuple[int, int]]) -> None:
    from scipy.stats import spearmanr

    a, b = (np.array(values, np.float64) for values in zip(*pairs, strict=True))
    ours = spearman(a, b)
    if ours is None:
        assert len(set(a)) == 1 or len(set(b)) == 1
    else:
        assert ours == pytest.approx(spearmanr(a, b).statistic)


def test_that_the_chance_to_score_higher_counts_ties_half() -> None:
    scores, positive = np.array([0.1, 0.5, 0.5, 0.9]), np.array([False, False, True, True])
    assert auroc(scores, positive) == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    assert auroc(scores, np.ones(4, np.bool_)) is None


def test_that_entropy_is_taken_where_the_twin_sees_a_lesion() -> None:
    twin = np.zeros((8, 8), np.float32)
    assert entropy_where_seen(twin) == pytest.approx(0.0, abs=1e-5)
    twin[:4] = 0.5
    assert entropy_where_seen(twin) == pytest.approx(1.0)
    assert entropy_where_seen(np.full((8, 8), 0.4, np.float32)) == pytest.approx(0.971, abs=1e-3)


def test_that_the_band_lies_on_both_sides_of_the_edge_only() -> None:
    truth = np.zeros((256, 256), np.uint8)
    truth[:, 100:] = 1  # its edge is one line; the picture's border is none
    assert np.array_equal(np.flatnonzero(edge_band(truth)[7]), np.arange(92, 108))
    assert not edge_band(np.zeros_like(truth)).any()
    assert not edge_band(np.ones_like(truth)).any()


def test_that_a_calibrated_probability_has_no_error_and_a_proud_one_has() -> None:
    rng = np.random.default_rng(0)
    p = rng.random(200_000)
    truth = (rng.random(p.size) < p).astype(np.uint8)
    honest, proud = Reliability(), Reliability()
    honest.add(p, truth)
    proud.add(np.where(p > 0.5, 1.0, 0.0), truth)
    assert honest.error() == pytest.approx(0.0, abs=0.01)
    assert proud.error() == pytest.approx(0.25, abs=0.01)
    assert proud.counts[1:-1].sum() == 0
    assert Reliability().error() is None
    assert brier(np.full((4, 4), 0.5), np.eye(4, dtype=np.uint8)) == 0.25


def test_that_pictures_add_up() -> None:
    rng = np.random.default_rng(1)
    p, truth = rng.random(1000), rng.integers(0, 2, 1000)
    whole, parts = Reliability(), Reliability()
    whole.add(p, truth)
    for half in (slice(0, 500), slice(500, None)):
        parts.add(p[half], truth[half])
    assert parts.error() == pytest.approx(whole.error())
    assert len(whole.to_dict()["counts"]) == BINS
    assert sum(whole.to_dict()["counts"]) == 1000


def test_that_a_drafts_levels_fall_evenly_into_the_bins() -> None:
    levels = Reliability()
    levels.add(np.arange(256) / 255.0, np.zeros(256, np.uint8))
    assert levels.counts.tolist() == [17.0] * 14 + [18.0]


def test_that_the_plot_shows_what_the_bins_hold() -> None:
    honest, nothing = Reliability(), Reliability()
    p = np.linspace(0, 1, 10_000)
    honest.add(p, (np.random.default_rng(0).random(p.size) < p).astype(np.uint8))
    plot = reliability_plot({"near the edge": honest, "elsewhere": nothing})
    assert plot.dtype == np.uint8 and plot.shape[1] == 2 * reliability_plot({"one": nothing}).shape[1]
    left, right = np.hsplit(plot, 2)
    colourful = [int(np.count_nonzero(half.max(axis=2) - half.min(axis=2) > 40)) for half in (left, right)]
    assert colourful[0] > 20_000
    assert colourful[1] == 0
    assert cv2.countNonZero(255 - right[..., 0]) > 1000  # axes and words are there all the same
