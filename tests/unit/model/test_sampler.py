import pytest
import torch
from torch import Tensor

from lsegdiff_gui.model.sampler import ddim, initial_noise

SHAPE = (4, 32, 32)


@pytest.mark.parametrize("steps", [1, 2, 7, 25])
def test_that_ddim_with_an_oracle_denoiser_returns_the_target(steps: int) -> None:
    target = torch.randn(3, *SHAPE, generator=torch.Generator().manual_seed(3))

    def oracle(zt: Tensor, t: Tensor) -> Tensor:
        return target

    estimates = list(ddim(oracle, initial_noise(SHAPE, samples=3, seed=0), steps=steps, input_scale=0.25))
    assert len(estimates) == steps
    assert torch.equal(estimates[-1], target)


def test_that_the_denoiser_sees_unscaled_noise_first_and_the_oracles_path_after() -> None:
    target = torch.randn(1, *SHAPE)
    noise = initial_noise(SHAPE, samples=1, seed=5)
    seen: list[tuple[float, Tensor]] = []

    def oracle(zt: Tensor, t: Tensor) -> Tensor:
        seen.append((float(t[0]), zt.clone()))
        return target

    list(ddim(oracle, noise, steps=2, input_scale=0.5))
    assert [t for t, _ in seen] == [1.0, 0.5]
    assert torch.equal(seen[0][1], noise)
    half = 0.5**0.5
    assert torch.allclose(seen[1][1], half * 0.5 * target + half * noise, atol=1e-5)


def test_that_a_sample_depends_on_its_own_seed_only() -> None:
    five = initial_noise(SHAPE, samples=5, seed=10)
    assert torch.equal(five[:1], initial_noise(SHAPE, samples=1, seed=10))
    assert torch.equal(five[3:4], initial_noise(SHAPE, samples=1, seed=13))
    assert not torch.equal(five[0], five[1])
