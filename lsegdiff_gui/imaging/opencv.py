"""The one call of OpenCV's decoder, quiet and with our errors."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.broken import damaged, too_large_for_memory


def decoded(data: bytes, flags: int) -> npt.NDArray[np.generic]:
    """Decode a picture as OpenCV does: (H, W) or (H, W, 3 or 4), blue first. flags: of `cv2.imdecode`.

    Raises:
        BrokenFile: the content is damaged or does not fit into memory.
    """
    # Broken files make OpenCV write to the terminal; the error raised here says it better. The level is one
    # for the process and something else may have raised it, so it is set each time.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except MemoryError as problem:
        raise too_large_for_memory() from problem
    except cv2.error as problem:
        raise (too_large_for_memory() if problem.code == cv2.Error.StsNoMem else damaged()) from problem
    if pixels is None:
        raise damaged()
    return cast("npt.NDArray[np.generic]", pixels)
