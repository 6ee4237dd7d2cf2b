"""OpenVINO as the program has it here after its first minute, where it is installed; also where PyTorch is chosen."""

import torch

from lsegdiff_gui.model import openvino_runtime as ov
from lsegdiff_gui.model.checkpoint import ModelInfo, read_info
from lsegdiff_gui.model.device import choose_dtype
from lsegdiff_gui.model.preparing import folder_of, start_preparing, verdict_on


def prepare_here(model: str) -> None:
    """Prepare a model's weights and wait for it; nothing where they are, or where there is no OpenVINO."""
    if preparation := start_preparing(read_info(model)):
        preparation.wait()


def openvino_here(info: ModelInfo, *, streams: int = 1) -> ov.OpenVinoRuntime | None:
    """OpenVINO's run time of prepared weights, whether the program would choose it or not; None where there is none."""
    if (verdict := verdict_on(info)) is None or not verdict.torch_s:
        return None
    return ov.OpenVinoRuntime(folder_of(info), dtype=choose_dtype(torch.device("cpu")), streams=streams)
