"""How good drafts are: per picture and in sum, against masks drawn by people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.postprocess import base_mask
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.data import Pair, read_pair
from lsegdiff_gui.training.metrics import bootstrap_interval, dice, hd95_and_nsd, iou

Mask = npt.NDArray[np.uint8]

JACCARD_THRESHOLD = 0.65  # ISIC 2018: a picture below it counts as a failure, 0


@dataclass(frozen=True)
class PictureScore:
    """One picture's figures. `present`: the truth has a lesion; `found`: the draft has; `overlaps`: they meet."""

    stem: str
    dice: float
    iou: float
    hd95: float
    nsd: float
    present: bool
    found: bool
    overlaps: bool
    spread: float
    seconds: float
    twin_dice: float | None = None
    twin_iou: float | None = None


@dataclass(frozen=True)
class Evaluation:
    """All pictures' figures, and `summary()` of them."""

    pictures: Sequence[PictureScore]

    def summary(self) -> dict[str, Any]:
        """Means over pictures, 95 % bootstrap intervals of Dice, thresholded Jaccard, and presence rates."""
        rows = self.pictures
        dices = np.array([row.dice for row in rows])
        low, high = bootstrap_interval(dices)
        jaccards = np.array([row.iou for row in rows])
        present, empty = [r for r in rows if r.present], [r for r in rows if not r.present]
        figures: dict[str, Any] = {
            "pictures": len(rows),
            "dice": float(dices.mean()),
            "dice_low": low,
            "dice_high": high,
            "iou": float(jaccards.mean()),
            "thresholded_jaccard": float(np.where(jaccards >= JACCARD_THRESHOLD, jaccards, 0.0).mean()),
            "hd95": float(np.mean([row.hd95 for row in rows])),
            "nsd": float(np.mean([row.nsd for row in rows])),
            "spread": float(np.mean([row.spread for row in rows])),
            "seconds": float(np.median([row.seconds for row in rows])),
        }
        if present:
            figures["lesions_overlapped"] = sum(row.overlaps for row in present) / len(present)
        if empty:
            figures["empty_with_mask"] = sum(row.found for row in empty) / len(empty)
        twins = np.array([row.twin_dice for row in rows if row.twin_dice is not None])
        if len(twins) == len(rows):
            low, high = bootstrap_interval(dices - twins)
            figures |= {"twin_dice": float(twins.mean()), "ahead_of_twin": float((dices - twins).mean())}
            figures |= {"ahead_of_twin_low": low, "ahead_of_twin_high": high}
        return figures

    def to_dict(self) -> dict[str, Any]:
        """`summary` and `pictures`, as plain values for JSON."""
        return {"summary": self.summary(), "pictures": [asdict(row) for row in self.pictures]}


def evaluate(
    segmenter: Segmenter,
    pairs: Sequence[Pair],
    *,
    steps: int = 4,
    samples: int = 5,
    seed: int = 0,
    twin: bool = False,
    recipe: Recipe | None = None,
    on_picture: Callable[[PictureScore], None] = lambda score: None,
) -> Evaluation:
    """Draft every picture and compare its base mask, by `recipe` (default: the program's), with the truth.

    Masks are compared at the pictures' own size; distances are in pixels of a short side of 512. `twin` adds the
    image-only twin's figures, finished by the same recipe. Raises ImageError or DataError at the first bad pair.
    """
    recipe = recipe or Recipe()
    scores = []
    for pair in pairs:
        picture, truth = read_pair(pair)
        encoding = segmenter.encode(picture)
        draft = segmenter.draft_encoded(encoding, steps=steps, samples=samples, seed=seed)
        mask = base_mask(draft.probability, recipe, picture.width, picture.height)
        rival = None
        if twin:
            twin_map = np.rint(encoding.twin * 255.0).astype(np.uint8)
            rival = base_mask(twin_map, recipe, picture.width, picture.height)
        hd95, nsd = hd95_and_nsd(mask, truth)
        score = PictureScore(
            stem=pair.stem,
            dice=dice(mask, truth),
            iou=iou(mask, truth),
            hd95=hd95,
            nsd=nsd,
            present=bool(truth.any()),
            found=bool(mask.any()),
            overlaps=bool((mask & truth).any()),
            spread=draft.spread_score,
            seconds=draft.provenance.seconds,
            twin_dice=None if rival is None else dice(rival, truth),
            twin_iou=None if rival is None else iou(rival, truth),
        )
        scores.append(score)
        on_picture(score)
    return Evaluation(scores)
