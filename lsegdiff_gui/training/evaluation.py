"""How good drafts are: per picture and in sum, against masks drawn by people."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.edges import FINE, sharpened
from lsegdiff_gui.annotation.postprocess import base_mask
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.calibration import Calibration
from lsegdiff_gui.model.grid import mask_to_grid, picture_to_grid
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.clicks import Clicked, click_summary, click_through
from lsegdiff_gui.training.data import Pair, centres_in, read_pair
from lsegdiff_gui.training.metrics import dice, hd95_and_nsd, iou
from lsegdiff_gui.training.reliability import Reliability, brier, edge_band, entropy_where_seen
from lsegdiff_gui.training.summary import summarise

Mask = npt.NDArray[np.uint8]
Finish = Callable[[npt.NDArray[np.floating]], Mask]
"""A probability map (G, G) in [0, 1] → the mask at the picture's size, by the evaluation's recipe."""

EQUAL_VIEWS = 8  # flips and quarter turns for the twin of equal compute


@dataclass(frozen=True)
class PictureScore:
    """One picture's figures, at its own size. `present`: the truth has a lesion; `found`: the draft has.

    overlaps: the two meet. foreground: the lesion's share of the picture. presence, strangeness, spread: the draft's.
    diffusion_*: of the mean of the samples alone, without the twin and the presence. sample_dice, best_dice: the
    mean and the best Dice of single samples. twin_*: of one pass of the image-only twin; equal_twin_*: of its mean
    over 8 views. All masks are finished by the same recipe. Entropies (`entropy_where_seen`), brier and edge_brier
    are taken on the model's grid; edge_brier is None where the truth has no edge.
    """

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
    foreground: float
    presence: float
    strangeness: float
    diffusion_dice: float
    diffusion_iou: float
    sample_dice: float
    best_dice: float
    brier: float
    edge_brier: float | None
    centre: str | None = None
    twin_dice: float | None = None
    twin_iou: float | None = None
    twin_entropy: float | None = None
    twin_seconds: float | None = None
    equal_twin_dice: float | None = None
    equal_twin_iou: float | None = None
    equal_twin_entropy: float | None = None
    equal_twin_seconds: float | None = None


@dataclass(frozen=True)
class _Grid:
    """A draft's probability in [0, 1], the truth 0/1 and the band along its edge, (256, 256) each."""

    probability: npt.NDArray[np.float64]
    truth: Mask
    band: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, draft: Draft, truth: Mask) -> _Grid:
        on_grid = mask_to_grid(truth)
        return cls(draft.probability / 255.0, on_grid, edge_band(on_grid))

    def figures(self) -> dict[str, Any]:
        band = self.band
        return {
            "brier": brier(self.probability, self.truth),
            "edge_brier": brier(self.probability[band], self.truth[band]) if band.any() else None,
        }


@dataclass
class Evaluation:
    """All pictures' figures, and `summary()` of them.

    clicked: of each picture, where clicks were asked for. edge, whole: the pixels of all pictures, on the model's grid,
    by the draft's probability: within 8 pixels of the true edge, and everywhere.
    """

    pictures: list[PictureScore] = field(default_factory=list)
    clicked: list[Clicked] = field(default_factory=list)
    edge: Reliability = field(default_factory=Reliability)
    whole: Reliability = field(default_factory=Reliability)

    def summary(self) -> dict[str, Any]:
        """What `summarise` makes of the pictures, and `calibration`: errors over 15 bins, Brier scores, the bins."""
        clicks = {"clicks": click_summary(self.clicked)} if self.clicked else {}
        edge_briers = [row.edge_brier for row in self.pictures if row.edge_brier is not None]
        return summarise([asdict(row) for row in self.pictures]) | {
            "calibration": {
                "edge_error": self.edge.error(),
                "whole_error": self.whole.error(),
                "edge_brier": float(np.mean(edge_briers)) if edge_briers else None,
                "brier": float(np.mean([row.brier for row in self.pictures])),
                "edge_bins": self.edge.to_dict(),
                "whole_bins": self.whole.to_dict(),
            },
            **clicks,
        }

    def to_dict(self) -> dict[str, Any]:
        """`summary` and `pictures`, as plain values for JSON."""
        rows = [asdict(row) for row in self.pictures]
        for row, clicked in zip(rows, self.clicked, strict=False):
            row |= clicked.to_dict()
        return {"summary": self.summary(), "pictures": rows}

    def add(self, score: PictureScore, grid: _Grid) -> None:
        """Take in a picture's figures and, for the calibration, its pixels."""
        self.pictures.append(score)
        self.edge.add(grid.probability[grid.band], grid.truth[grid.band])
        self.whole.add(grid.probability, grid.truth)


def evaluate(
    segmenter: Segmenter,
    pairs: Iterable[Pair],
    *,
    steps: int = 4,
    samples: int = 5,
    seed: int = 0,
    twin: bool = False,
    clicks: int = 0,
    recipe: Recipe | None = None,
    centres: Mapping[str, str] | None = None,
    on_picture: Callable[[PictureScore], None] = lambda score: None,
    on_failure: Callable[[Pair, Exception], None] | None = None,
) -> Evaluation:
    """Draft every picture and compare its base mask, by `recipe` (default: the program's), with the truth.

    `twin` adds the image-only twin's figures, of one pass and of 8 views, `clicks` what so many simulated corrections
    of each draft come to. `centres` names pictures' centres by stem.
    A picture that cannot be read or drafted goes to `on_failure`, with the LSegDiffError or torch's RuntimeError,
    and is left out; without `on_failure` the first one is raised.
    """
    recipe, centres = recipe or Recipe(), centres or {}
    evaluation = Evaluation()
    for pair in pairs:
        try:
            picture, truth = read_pair(pair)
            encoding = segmenter.encode(picture)
            draft = segmenter.draft_encoded(encoding, steps=steps, samples=samples, seed=seed)
            finish = finisher(picture, recipe, segmenter.info.calibration)
            grid = _Grid.of(draft, truth)
            figures = draft_figures(draft, truth, finish) | grid.figures()
            if twin:
                figures |= _twin_figures(segmenter, picture, truth, finish)
            clicked = (
                click_through(segmenter, encoding, picture, truth, draft, clicks=clicks) if clicks else None
            )
        except (LSegDiffError, RuntimeError) as problem:
            if on_failure is None:
                raise
            on_failure(pair, problem)
            continue
        score = PictureScore(stem=pair.stem, centre=centres.get(pair.stem) or None, **figures)
        evaluation.add(score, grid)
        if clicked is not None:
            evaluation.clicked.append(clicked)
        on_picture(score)
    return evaluation


def finisher(picture: Picture, recipe: Recipe, calibration: Calibration) -> Finish:
    """What turns a probability map into a mask of the picture's size, along its edges where recipe and model say so."""
    radius = round(calibration.edge_radius) if recipe.follow_edges else 0
    guide = picture_to_grid(picture.rgb8, FINE) if radius else None

    def finish(probability: npt.NDArray[np.floating]) -> Mask:
        levels = np.rint(probability * 255.0).astype(np.uint8)
        if guide is not None:
            levels = sharpened(levels, guide, radius)
        return base_mask(levels, recipe, picture.width, picture.height)

    return finish


def draft_figures(draft: Draft, truth: Mask, finish: Finish) -> dict[str, Any]:
    """A draft's figures against the truth, at the picture's size: those of `PictureScore` that need no twin."""
    mask = finish(draft.probability / 255.0)
    opinions = draft.samples / 255.0
    together = finish(opinions.mean(axis=0))
    alone = [dice(finish(opinion), truth) for opinion in opinions]
    hd95, nsd = hd95_and_nsd(mask, truth)
    return {
        "dice": dice(mask, truth),
        "iou": iou(mask, truth),
        "hd95": hd95,
        "nsd": nsd,
        "present": bool(truth.any()),
        "found": bool(mask.any()),
        "overlaps": bool((mask & truth).any()),
        "spread": draft.spread_score,
        "seconds": draft.provenance.seconds,
        "foreground": float(truth.mean()),
        "presence": draft.presence,
        "strangeness": draft.strangeness,
        "diffusion_dice": dice(together, truth),
        "diffusion_iou": iou(together, truth),
        "sample_dice": float(np.mean(alone)),
        "best_dice": max(alone),
    }


def _twin_figures(segmenter: Segmenter, picture: Picture, truth: Mask, finish: Finish) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name, views in (("twin", 1), ("equal_twin", EQUAL_VIEWS)):
        began = time.perf_counter()
        probability = segmenter.twin(picture, views=views)
        figures[f"{name}_seconds"] = round(time.perf_counter() - began, 4)
        mask = finish(probability)
        figures |= {f"{name}_dice": dice(mask, truth), f"{name}_iou": iou(mask, truth)}
        figures[f"{name}_entropy"] = entropy_where_seen(probability)
    return figures


def centres_beside(images: Path) -> dict[str, str]:
    """The centre of each stem by the index.csv beside a folder of pictures; empty where it tells none.

    Raises DataError where that file is no text.
    """
    return centres_in(images.resolve().parent / "index.csv")
