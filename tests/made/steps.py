"""Steps of a drafting, as the strips below the canvas take them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Step:
    """Stands for the model's step, which would import torch."""

    index: int
    steps: int
    preview: npt.NDArray[np.uint8]
    draft: None = None
