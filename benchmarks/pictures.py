"""Pictures to measure with: drawn here, because times do not depend on what they show."""

import hashlib

import cv2
import numpy as np

from lsegdiff_gui.imaging.picture import Picture


def drawn_picture(width: int = 1024, height: int = 768, seed: int = 0) -> Picture:
    """A reddish picture with a darker ellipse, as Picture; another seed gives another one."""
    random = np.random.default_rng(seed)
    rgb8 = random.normal((190, 140, 120), 12, (height, width, 3)).clip(0, 255).astype(np.uint8)
    centre = (int(width * random.uniform(0.3, 0.7)), int(height * random.uniform(0.3, 0.7)))
    axes = (int(width * random.uniform(0.1, 0.25)), int(height * random.uniform(0.1, 0.25)))
    cv2.ellipse(rgb8, centre, axes, random.uniform(0, 180), 0, 360, (110, 60, 50), thickness=-1)
    return Picture(
        rgb8=rgb8, native=rgb8, sha256=hashlib.sha256(rgb8.tobytes()).hexdigest(), path=None, orientation=1
    )
