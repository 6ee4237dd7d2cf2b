"""The film of a draft as a file, for teaching and papers: a strip as PNG, or moving as GIF."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.display import thumbnail
from lsegdiff_gui.imaging.picture import ImageError
from lsegdiff_gui.imaging.write import encode_png, write_atomically
from lsegdiff_gui.ui.canvas.preview import tinted

U8 = npt.NDArray[np.uint8]

LONGEST_SIDE = 512  # of a frame, pixels
GAP = 8  # between frames of a strip, white
STEP_MS, LAST_MS = 500, 2000  # of a GIF
SUFFIXES = (".png", ".gif")


def write_film(path: Path, rgb8: U8, film: U8) -> None:
    """Write the steps over the picture. rgb8: (H, W, 3) uint8; film: (S, G, G) uint8; the suffix says how.

    Raises ImageError where the suffix is none of `SUFFIXES`, or the file cannot be written.
    """
    small = thumbnail(rgb8, LONGEST_SIDE)
    frames = [tinted(small, step) for step in film]
    match path.suffix.lower():
        case ".png":
            data = encode_png(_strip(frames))
        case ".gif":
            data = _gif(frames)
        case _:
            raise ImageError(f"A film is written as .png or .gif, and “{path.name}” is neither.")
    write_atomically(path, data)


def _strip(frames: list[U8]) -> U8:
    height, width = frames[0].shape[:2]
    strip = np.full((height, len(frames) * (width + GAP) - GAP, 3), 255, np.uint8)
    for index, frame in enumerate(frames):
        strip[:, index * (width + GAP) : index * (width + GAP) + width] = frame
    return strip


def _gif(frames: list[U8]) -> bytes:
    animation = cv2.Animation()
    animation.frames = [np.ascontiguousarray(frame[..., ::-1]) for frame in frames]
    animation.durations = [STEP_MS] * (len(frames) - 1) + [LAST_MS]
    done, encoded = cv2.imencodeanimation(".gif", animation)
    if not done:
        raise ImageError("The film cannot be made a GIF here. Save it as .png instead.")
    return encoded.tobytes()
