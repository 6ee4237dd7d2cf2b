import pytest
import torch

from lsegdiff_gui.model.narrowing import rounded

FILTERS = torch.randn(32, 16, 3, 3, generator=torch.Generator().manual_seed(0)) * 0.1


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_that_a_rounded_filter_keeps_its_sum_better_than_its_nearest_numbers(dtype: torch.dtype) -> None:
    sums = FILTERS.double().sum(dim=(1, 2, 3))
    ours, nearest = (
        kept.double().sum(dim=(1, 2, 3)) - sums for kept in (rounded(FILTERS, dtype), FILTERS.to(dtype))
    )
    assert float(ours.abs().mean()) < 0.2 * float(nearest.abs().mean())
    assert torch.all(ours.abs() <= nearest.abs() + 1e-12)


def test_that_every_weight_becomes_one_of_the_two_numbers_around_it() -> None:
    kept = rounded(FILTERS, torch.bfloat16)
    gap = FILTERS.abs() * 2.0**-7  # of bfloat16's eight bits, at most
    assert kept.dtype == torch.bfloat16
    assert kept.shape == FILTERS.shape
    assert torch.all((kept.float() - FILTERS).abs() <= 0.71 * gap + 1e-9)


def test_that_zeros_and_float32_stay_as_they_are() -> None:
    assert not rounded(torch.zeros(2, 3, 3, 3), torch.bfloat16).any()
    assert torch.equal(rounded(FILTERS, torch.float32), FILTERS)
