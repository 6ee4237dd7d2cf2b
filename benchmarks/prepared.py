"""OpenVINO as the program would have it here after its first minute, where it is installed."""

from lsegdiff_gui.model.checkpoint import read_info
from lsegdiff_gui.model.preparing import start_preparing


def prepare_here(model: str) -> None:
    """Prepare a model's weights and wait for it; nothing where they are, or where there is no OpenVINO."""
    if preparation := start_preparing(read_info(model)):
        preparation.wait()
