"""Pictures as they would be without their lesion, or with another's: what tells hospitals apart must not tell lesions.

Where one hospital gives most of the empty pictures, a network learns that hospital instead of emptiness. Here every
group gets empty pictures (lesions covered with other mucosa of the same picture) and every empty picture lesions
(taken from others), joined in the gradient domain (Pérez et al. 2003, section 3). The same joints are made where no
lesion is, in pictures that keep theirs, so that a joint tells nothing either.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.training.data import PictureSet

U8 = npt.NDArray[np.uint8]
Box = tuple[int, int, int, int]

LARGEST = 0.25  # share of the picture that can be covered by what is left of it
COVERS = 1.4  # a cover's ellipse, of the lesion's box: rims and shadows go too
AROUND = 9  # pixels of tissue that a joint keeps around a lesion; OpenCV gives three of them up
SMALLEST = 8  # pixels of a joint's sides
TRIES = 40
DARK = 30  # pixels below belong to the black border
DECOYED = 0.4  # share of pictures with a lesion that get a joint elsewhere
GUESTS = 4  # lesions put into each empty picture, one at a time
PARTS = {"covered": 0.5, "decoy": 0.25, "guest": 0.25}  # of the counterfactual pictures that are drawn


@dataclass(frozen=True)
class Patch:
    """A rectangle of a picture (h, w, 3) and where in it, 0/255, it is taken (h, w)."""

    pixels: U8
    stencil: U8


def _turned(patch: Patch, rng: np.random.Generator) -> Patch:
    pixels, stencil = patch.pixels, patch.stencil
    if rng.random() < 0.5:
        pixels, stencil = pixels[:, ::-1], stencil[:, ::-1]
    if rng.random() < 0.5:
        pixels, stencil = pixels[::-1], stencil[::-1]
    return Patch(np.ascontiguousarray(pixels), np.ascontiguousarray(stencil))


def _bounds(mask: U8, factor: float) -> Box | None:
    """Top, left, height, width of the mask's box enlarged by `factor`, by `AROUND` at least, 2 away from the rim.

    None if that is too large.
    """
    side = mask.shape[0]
    x, y, w, h = cv2.boundingRect(mask)
    down, across = max(AROUND, (factor - 1) * h / 2), max(AROUND, (factor - 1) * w / 2)
    top, left = round(y - down), round(x - across)
    bottom, right = min(side - 2, round(y + h + down)), min(side - 2, round(x + w + across))
    top, left = max(2, top), max(2, left)
    height, width = bottom - top, right - left
    fits = min(height, width) >= SMALLEST and height * width <= 2 * LARGEST * side * side
    return (top, left, height, width) if fits else None


def _inside(box: Box) -> tuple[slice, slice]:
    top, left, height, width = box
    return slice(top, top + height), slice(left, left + width)


def _elsewhere(taken: U8, height: int, width: int, rng: np.random.Generator) -> Box | None:
    """A rectangle of that size, 2 away from the rim, without a pixel of `taken` (S, S); None if no try finds one."""
    side = taken.shape[0]
    for _ in range(TRIES):
        top = int(rng.integers(2, max(3, side - height - 2)))
        left = int(rng.integers(2, max(3, side - width - 2)))
        box = (top, left, height, width)
        if top + height <= side - 2 and left + width <= side - 2 and not taken[_inside(box)].any():
            return box
    return None


def _joined(picture: U8, patch: Patch, box: Box) -> U8:
    top, left, height, width = box
    pixels = cv2.resize(patch.pixels, (width, height), interpolation=cv2.INTER_LINEAR)
    stencil = cv2.resize(patch.stencil, (width, height), interpolation=cv2.INTER_NEAREST)
    stencil[[0, -1]] = 0
    stencil[:, [0, -1]] = 0
    if not stencil.any():
        return picture
    # OpenCV centres the stencil's own box on the point, not the patch's.
    x, y, w, h = cv2.boundingRect(stencil)
    centre = (left + x + w // 2, top + y + h // 2)
    joined: U8 = np.asarray(cv2.seamlessClone(pixels, picture, stencil, centre, cv2.NORMAL_CLONE), np.uint8)
    return joined


def _blob(height: int, width: int) -> U8:
    stencil = np.zeros((height, width), np.uint8)
    cv2.ellipse(stencil, (width // 2, height // 2), (width // 2 - 1, height // 2 - 1), 0, 0, 360, 255, -1)
    return stencil


def _grown(mask: U8) -> U8:
    """The mask with what a joint keeps around it."""
    return np.asarray(cv2.dilate(mask, _blob(2 * AROUND + 1, 2 * AROUND + 1)), np.uint8)


def without_lesion(picture: U8, mask: U8, rng: np.random.Generator) -> U8 | None:
    """The picture (S, S, 3) with its lesion, mask (S, S) 0/1, under other tissue of the same picture.

    None where the lesion is too large, or nothing else in the picture could cover it.
    """
    box = _bounds(mask, COVERS)
    taken = _grown(mask) | (picture.max(axis=2) < DARK)
    if box is None or mask.mean() > LARGEST:
        return None
    _, _, height, width = box
    # A cover may be taken from a smaller rectangle and enlarged where there is no room for its own size.
    for share in (1.0, 0.75, 0.5):
        source = _elsewhere(taken, max(SMALLEST, int(share * height)), max(SMALLEST, int(share * width)), rng)
        if source is not None:
            stencil = np.maximum(255 * _grown(mask)[_inside(box)], _blob(height, width))
            tissue = _turned(Patch(picture[_inside(source)], mask[_inside(source)]), rng).pixels
            pixels = np.asarray(cv2.resize(tissue, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
            return _joined(picture, Patch(pixels, stencil), box)
    return None


def with_decoy(picture: U8, mask: U8, rng: np.random.Generator) -> U8 | None:
    """The picture with one patch of its tissue moved on to another, both apart from the lesion; None without room."""
    side = picture.shape[0]
    height, width = (int(v) for v in rng.integers(side // 8, side // 3, 2))
    taken = _grown(mask) | (picture.max(axis=2) < DARK)
    source, target = (_elsewhere(taken, height, width, rng) for _ in range(2))
    if source is None or target is None:
        return None
    return _joined(picture, _turned(Patch(picture[_inside(source)], _blob(height, width)), rng), target)


def with_guest(picture: U8, donor: U8, donor_mask: U8, rng: np.random.Generator) -> tuple[U8, U8] | None:
    """An empty picture with the donor's lesion in it, and its mask (S, S) 0/1; None where it does not fit."""
    box = _bounds(donor_mask, 1.0)
    if box is None:
        return None
    _, _, height, width = box
    scale = float(rng.uniform(0.6, 1.1))
    dark = np.asarray(picture.max(axis=2) < DARK, np.uint8)
    target = _elsewhere(dark, max(SMALLEST, int(scale * height)), max(SMALLEST, int(scale * width)), rng)
    if target is None:
        return None
    around = _grown(donor_mask) + donor_mask  # 1 around the lesion, 2 in it
    both = _turned(Patch(donor[_inside(box)], around[_inside(box)]), rng)
    joined = _joined(picture, Patch(both.pixels, np.where(both.stencil, np.uint8(255), np.uint8(0))), target)
    mask = np.zeros_like(donor_mask)
    lesion = np.asarray(both.stencil == 2, np.uint8)
    mask[_inside(target)] = cv2.resize(lesion, (target[3], target[2]), interpolation=cv2.INTER_NEAREST)
    return joined, mask


def with_counterfactuals(pictures: PictureSet, share: float, seed: int) -> PictureSet:
    """The set with counterfactual pictures after its own; they are drawn with the chance `share` in all.

    Half of them are covered lesions, the others joints elsewhere and guests in empty pictures (`PARTS`), each drawn
    in proportion to the chance of the picture it was made of.
    """
    rng = np.random.default_rng(seed)
    side = pictures.pictures.shape[-1]
    made: dict[str, list[tuple[U8, U8, float]]] = {kind: [] for kind in PARTS}
    areas = pictures.masks.mean(axis=(1, 2, 3))
    donors = np.flatnonzero((areas > 0) & (areas < LARGEST))
    for index, weight in enumerate(pictures.weights):
        picture = np.ascontiguousarray(pictures.pictures[index].transpose(1, 2, 0))
        mask = _at(pictures.masks[index, 0], side)
        if mask.any():
            covered = without_lesion(picture, mask, rng)
            if covered is not None:
                made["covered"].append((covered, np.zeros_like(mask), weight))
            decoy = with_decoy(picture, mask, rng) if rng.random() < DECOYED else None
            if decoy is not None:
                made["decoy"].append((decoy, mask, weight))
            continue
        for donor in rng.choice(donors, min(GUESTS, len(donors)), replace=False):
            donor_picture = np.ascontiguousarray(pictures.pictures[donor].transpose(1, 2, 0))
            guest = with_guest(picture, donor_picture, _at(pictures.masks[donor, 0], side), rng)
            if guest is not None:
                made["guest"].append((*guest, weight))
    new = [item for items in made.values() for item in items]
    if not new:
        return pictures
    chances = np.concatenate(
        [
            PARTS[kind] * np.array([w for *_, w in items]) / sum(w for *_, w in items)
            for kind, items in made.items()
            if items
        ]
    )
    grid = pictures.masks.shape[-1]
    return PictureSet(
        np.concatenate([pictures.pictures, np.stack([p.transpose(2, 0, 1) for p, *_ in new])]),
        np.concatenate([pictures.masks, np.stack([_at(m, grid)[None] for _, m, _ in new])]),
        np.concatenate([(1.0 - share) * pictures.weights, share * chances / chances.sum()]),
    )


def _at(mask: U8, side: int) -> U8:
    resized: U8 = np.asarray(cv2.resize(mask, (side, side), interpolation=cv2.INTER_NEAREST), np.uint8)
    return resized
