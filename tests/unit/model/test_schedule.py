import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.model.schedule import alpha_sigma, ddim_step, input_gain, q_sample, sampling_times


def test_that_time_0_is_the_clean_latent_and_time_1_is_pure_noise() -> None:
    z, noise = torch.randn(2, 4, 8, 8), torch.randn(2, 4, 8, 8)
    start = q_sample(z, torch.zeros(2), noise, input_scale=0.25)
    end = q_sample(z, torch.ones(2), noise, input_scale=0.25)
    assert torch.equal(start, 0.25 * z)
    assert torch.allclose(end, noise, atol=1e-7)
    assert float(alpha_sigma(torch.ones(1))[0]) == 0.0  # zero terminal SNR, exactly


@given(st.floats(0.0, 1.0))
def test_that_signal_and_noise_shares_keep_unit_power(t: float) -> None:
    alpha, sigma = alpha_sigma(torch.tensor([t]))
    assert float(alpha) ** 2 + float(sigma) ** 2 == pytest.approx(1.0, abs=1e-6)


@given(st.floats(0.0, 1.0), st.floats(0.05, 1.0))
def test_that_the_input_gain_gives_unit_variance(t: float, b: float) -> None:
    alpha, sigma = alpha_sigma(torch.tensor([t]))
    gain = float(input_gain(torch.tensor([t]), input_scale=b))
    assert gain**2 * ((float(alpha) * b) ** 2 + float(sigma) ** 2) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("steps", [1, 2, 4, 50])
def test_that_sampling_times_run_from_pure_noise_to_the_clean_latent_in_equal_steps(steps: int) -> None:
    times = sampling_times(steps)
    assert times[0] == 1.0
    assert times[-1] == 0.0
    assert all(math.isclose(a - b, 1 / steps) for a, b in pairwise(times))


def test_that_no_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 step"):
        sampling_times(0)


def test_that_a_ddim_step_with_the_true_latent_stays_on_its_noise_path() -> None:
    z, noise = torch.randn(3, 4, 8, 8), torch.randn(3, 4, 8, 8)
    t, after = torch.full((3,), 0.8), torch.full((3,), 0.3)
    zt = q_sample(z, t, noise, input_scale=0.3)
    stepped = ddim_step(zt, z, t, after, input_scale=0.3)
    assert torch.allclose(stepped, q_sample(z, after, noise, input_scale=0.3), atol=1e-5)
