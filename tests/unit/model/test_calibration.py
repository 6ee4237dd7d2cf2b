import numpy as np
import pytest

from lsegdiff_gui.model.calibration import Calibration, logit

OPINIONS = np.array([[[0.9, 0.2]], [[0.7, 0.4]]], np.float32)
TWIN = np.array([[0.2, 0.9]], np.float32)


def test_that_the_twin_takes_its_share() -> None:
    assert np.allclose(Calibration(twin_share=0.0).combine(OPINIONS, TWIN), [[0.8, 0.3]], atol=1e-5)
    assert np.allclose(Calibration(twin_share=0.25).combine(OPINIONS, TWIN), [[0.65, 0.45]], atol=1e-5)


def test_that_temperature_cools_without_moving_a_pixel_across_one_half() -> None:
    plain = Calibration(twin_share=0.0).combine(OPINIONS, TWIN)
    cooled = Calibration(twin_share=0.0, temperature=3.0).combine(OPINIONS, TWIN)
    assert np.array_equal(plain >= 0.5, cooled >= 0.5)
    assert (np.abs(cooled - 0.5) < np.abs(plain - 0.5)).all()
    assert np.allclose(logit(cooled) * 3.0, logit(plain), atol=1e-3)


def test_that_presence_is_even_at_its_offset_and_rises() -> None:
    calibration = Calibration(presence_offset=1.5, presence_scale=2.0)
    assert calibration.presence(1.5) == pytest.approx(0.5)
    assert calibration.presence(-1e4) < calibration.presence(1.0) < 0.5 < calibration.presence(2.0) <= 1.0


def test_that_without_a_limit_nothing_is_strange() -> None:
    assert Calibration().strangeness(99.0) == 0.0
    assert Calibration(strangeness_limit=2.0).strangeness(3.0) == pytest.approx(1.5)


def test_that_it_survives_being_written() -> None:
    calibration = Calibration(0.25, 1.7, -2.0, 0.5, 3.0)
    assert Calibration.from_dict(calibration.to_dict()) == calibration
    with pytest.raises(KeyError):
        Calibration.from_dict({"temperature": 1.0})
