from dataclasses import replace

import numpy as np
import pytest

from lsegdiff_gui.model.calibration import logit
from lsegdiff_gui.training.calibrating import RAW, Outcome, dice_by_twin_share, fit_calibration

GRID = 256
RNG = np.random.default_rng(0)


def logistic(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-x))


def outcome(
    *, lesion: bool = True, presence: float = 0.9, twin_right: bool = True, bare: float | None = None
) -> Outcome:
    truth = np.zeros((GRID, GRID), np.uint8)
    if lesion:
        truth[60:160, 80:180] = 1
    right = np.where(truth == 1, 0.9, 0.1).astype(np.float32)
    wrong = np.full((GRID, GRID), 0.95, np.float32)
    return Outcome(right, right if twin_right else wrong, truth, presence, float(RNG.uniform(0.8, 1.2)), bare)


def test_that_a_bad_twin_gets_as_little_as_does_no_harm_and_a_good_one_half() -> None:
    assert fit_calibration([outcome(twin_right=False) for _ in range(4)]).twin_share == 0.25
    assert fit_calibration([outcome() for _ in range(4)]).twin_share == 0.5
    shares = dice_by_twin_share([outcome(twin_right=False), outcome(lesion=False, twin_right=False)])
    assert shares[0.0] == pytest.approx(1.0)
    assert shares[0.75] < 0.5


def test_that_the_temperature_undoes_overconfidence() -> None:
    honest = RNG.normal(0.0, 2.0, (GRID, GRID))
    truth = (RNG.uniform(size=(GRID, GRID)) < logistic(honest)).astype(np.uint8)
    boasting = logistic(3.0 * honest).astype(np.float32)
    fitted = fit_calibration([Outcome(boasting, boasting, truth, 0.9, 1.0)])
    assert fitted.temperature == pytest.approx(3.0, rel=0.1)


def test_that_presence_denies_hardly_a_lesion_and_most_of_the_rest() -> None:
    lesions = [
        outcome(presence=p, bare=b)
        for p, b in zip(np.linspace(0.6, 0.99, 200), np.linspace(0.01, 0.7, 200), strict=True)
    ]
    fitted = fit_calibration([*lesions, outcome(lesion=False, presence=0.05)])

    def presence(raw: float) -> float:
        return fitted.presence(float(logit(np.array(raw))))

    assert np.mean([presence(o.presence) < 0.5 for o in lesions]) <= 0.02
    assert np.mean([presence(o.bare_presence or 0.0) < 0.5 for o in lesions]) > 0.8
    assert presence(0.05) < 0.1


def test_that_presence_stays_the_networks_own_where_nothing_is_empty() -> None:
    fitted = fit_calibration([outcome() for _ in range(3)])
    assert (fitted.presence_offset, fitted.presence_scale) == (RAW.presence_offset, RAW.presence_scale)


def test_that_hardly_a_picture_of_select_is_strange() -> None:
    outcomes = [replace(outcome(), strangeness=1.0 + i / 1000) for i in range(200)]
    limit = fit_calibration(outcomes).strangeness_limit
    assert 1.1 * 1.19 < limit < 1.1 * 1.2
