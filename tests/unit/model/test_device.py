import pytest
import torch

from lsegdiff_gui.model import device as devices
from lsegdiff_gui.model.checkpoint import CheckpointError
from lsegdiff_gui.model.device import choose_device, choose_dtype, multiplies_bf16

CPU = torch.device("cpu")


@pytest.fixture
def processor(monkeypatch: pytest.MonkeyPatch):
    """Make the processor one that has these capabilities and no others."""

    def have(*capabilities: str) -> None:
        monkeypatch.setattr(
            devices.torch.cpu, "get_capabilities", lambda: dict.fromkeys(capabilities, True), raising=False
        )

    return have


def test_that_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(CheckpointError, match=r"“abacus” is not available here\. Choose auto or one of: cpu"):
        choose_device("abacus")


@pytest.mark.parametrize(
    ("capabilities", "dtype"),
    [
        (("avx2",), torch.float32),
        (("avx512_f", "avx512_bf16"), torch.bfloat16),
        (("avx512_bf16", "amx_bf16"), torch.bfloat16),
    ],
)
def test_that_the_precision_is_what_the_processor_is_fast_in(
    processor, capabilities: tuple[str, ...], dtype: torch.dtype
) -> None:
    processor(*capabilities)
    assert choose_dtype(CPU) == dtype
    assert multiplies_bf16(CPU) is (dtype == torch.bfloat16)


def test_that_a_torch_that_cannot_tell_computes_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(devices.torch.cpu, "get_capabilities", raising=False)
    assert choose_dtype(CPU) == torch.float32
    assert not multiplies_bf16(CPU)
