"""Draws the sample pictures that come with the program: python -m resources.draw_samples (make samples)

Nothing in them is a photograph: they may be shown, shipped and changed freely. The same numbers give the same
pictures; `draw` also returns the true mask, so that a draft can be compared with what was drawn.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.write import encode_jpeg, write_atomically
from resources.drawing import colon, skin

FOLDER = Path(__file__).resolve().parent / "samples"
_QUALITY = 90

# A common mole; an irregular dark lesion under hairs; a pale reddish one, the hard case.
_SKIN: dict[str, tuple[int, skin.Scene]] = {
    "skin_01": (
        3,
        skin.Scene(
            width=1504,
            height=1129,
            light=(1.04, 0.99, 0.95),
            skin_melanin=0.24,
            skin_blood=0.10,
            centre=(0.50, 0.47),
            radius=0.20,
            stretch=1.10,
            turn=0.6,
            ragged=0.50,
            soft=0.016,
            pigment=0.62,
            redness=0.12,
            network=0.9,
            globules=60,
            blotch=0.35,
            regression=0.0,
            hairs=9,
            bubbles=5,
            freckles=6,
            lens=0.80,
            ruler=True,
        ),
    ),
    "skin_02": (
        3,
        skin.Scene(
            width=1024,
            height=768,
            light=(1.03, 0.97, 0.95),
            skin_melanin=0.23,
            skin_blood=0.12,
            centre=(0.53, 0.51),
            radius=0.25,
            stretch=1.16,
            turn=-0.5,
            ragged=0.70,
            soft=0.013,
            pigment=0.95,
            redness=0.14,
            network=0.55,
            globules=110,
            blotch=0.9,
            regression=0.5,
            hairs=22,
            bubbles=3,
            freckles=2,
            lens=0.77,
            ruler=False,
        ),
    ),
    "skin_03": (
        5,
        skin.Scene(
            width=1280,
            height=960,
            light=(0.98, 0.95, 0.95),
            skin_melanin=0.20,
            skin_blood=0.18,
            centre=(0.45, 0.46),
            radius=0.22,
            stretch=1.05,
            turn=1.2,
            ragged=0.50,
            soft=0.028,
            pigment=0.40,
            redness=0.22,
            network=0.35,
            globules=25,
            blotch=0.25,
            regression=0.2,
            hairs=28,
            bubbles=12,
            freckles=10,
            lens=None,
            ruler=True,
        ),
    ),
}

# A round polyp behind a fold; a large lobed one in full view; a flat one half melted into the wall.
_COLON: dict[str, tuple[int, colon.Scene]] = {
    "polyp_01": (
        7,
        colon.Scene(
            width=1280,
            height=1024,
            field=(226, 10, 1262, 1014),
            corner=150,
            half_angle=1.0,
            bend=(0.9, -0.35),
            tilt=(-0.15, 0.12),
            folds=(
                (1.25, 0.26, 0.6),
                (2.2, 0.36, 2.6),
                (3.2, 0.40, 4.4),
                (4.4, 0.42, 0.9),
                (6.0, 0.42, 3.0),
            ),
            polyp=(0.50, 0.36, 1.35),
            radii=(0.36, 0.33, 0.35),
            lobes=0.05,
            melt=0.10,
            stalk=None,
            mucosa=(0.90, 0.52, 0.42),
            polyp_tint=(0.89, 0.42, 0.35),
            pits=0.55,
            exposure=2.7,
            notes=("ID:", "Name:", "Age:", "", "Drawn", "sample 1"),
        ),
    ),
    "polyp_02": (
        7,
        colon.Scene(
            width=1225,
            height=1000,
            field=(20, 6, 1212, 994),
            corner=260,
            half_angle=0.95,
            bend=(-0.7, 0.5),
            tilt=(0.15, -0.2),
            folds=((1.5, 0.22, 3.6), (2.4, 0.36, 0.6), (3.5, 0.40, 2.4), (4.8, 0.42, 4.9)),
            polyp=(-0.36, 0.22, 1.15),
            radii=(0.33, 0.37, 0.33),
            lobes=0.08,
            melt=0.06,
            stalk=(-0.95, 0.75, 1.75),
            mucosa=(0.91, 0.52, 0.37),
            polyp_tint=(0.90, 0.42, 0.32),
            pits=0.75,
            exposure=2.6,
        ),
    ),
    "polyp_03": (
        7,
        colon.Scene(
            width=1280,
            height=1024,
            field=(180, 12, 1268, 1012),
            corner=230,
            half_angle=1.05,
            bend=(0.4, 0.8),
            tilt=(0.25, 0.1),
            folds=(
                (1.1, 0.16, 5.0),
                (2.1, 0.30, 1.3),
                (3.0, 0.38, 3.7),
                (4.2, 0.40, 0.2),
                (5.6, 0.42, 2.2),
            ),
            polyp=(-0.42, -0.44, 1.3),
            radii=(0.38, 0.27, 0.36),
            lobes=0.035,
            melt=0.15,
            stalk=None,
            mucosa=(0.87, 0.52, 0.45),
            polyp_tint=(0.90, 0.47, 0.40),
            pits=0.4,
            exposure=2.7,
            notes=("Drawn", "sample 3"),
            inset=True,
        ),
    ),
}

NAMES = (*_SKIN, *_COLON)


def draw(name: str) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The sample of this name, (H, W, 3) uint8 RGB, and its true mask, (H, W) uint8 0/1.

    name: one of `NAMES`. Raises KeyError for another.
    """
    if name in _SKIN:
        seed, scene = _SKIN[name]
        return skin.draw(scene, seed)
    seed, tube = _COLON[name]
    return colon.draw(tube, seed)


def main() -> None:
    """Write every sample anew."""
    FOLDER.mkdir(exist_ok=True)
    for name in NAMES:
        picture, _ = draw(name)
        write_atomically(FOLDER / f"{name}.jpg", encode_jpeg(picture, _QUALITY))


if __name__ == "__main__":
    main()
