"""Sample drafts of a finished run, drawn as a picture: outlines, probability and spread, from the worst to the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.grid import GRID, mask_to_grid, picture_to_grid

Canvas = npt.NDArray[np.uint8]

SIDE, CAPTION, GAP, COLUMNS = 200, 40, 14, 2
TRUTH, DRAFT = (255, 255, 255), (0, 200, 255)
INK, GREY = (40, 40, 40), (110, 110, 110)


@dataclass(frozen=True)
class Sample:
    """One picture with its truth (H, W) 0/1, its draft, and the draft's Dice."""

    stem: str
    picture: Picture
    truth: npt.NDArray[np.uint8]
    draft: Draft
    dice: float


def draft_sheet(samples: Sequence[Sample]) -> Canvas:
    """Two samples a row as an RGB picture: picture with outlines, probability, spread, and their figures."""
    cells = [_cell(sample) for sample in samples]
    cells += [np.full_like(cells[0], 255)] * (-len(cells) % COLUMNS)
    rows = [np.hstack(cells[i : i + COLUMNS]) for i in range(0, len(cells), COLUMNS)]
    return np.vstack([_legend(rows[0].shape[1]), *rows])


def _cell(sample: Sample) -> Canvas:
    truth, draft = mask_to_grid(sample.truth), sample.draft
    seen = _small(picture_to_grid(sample.picture.rgb8, GRID))
    for mask, colour in ((truth, TRUTH), ((draft.probability >= 128).astype(np.uint8), DRAFT)):
        outline, _ = cv2.findContours(_small(mask * 255) // 128, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(seen, outline, -1, colour, 1, cv2.LINE_AA)
    maps = (_coloured(draft.probability), _coloured(draft.spread))
    panels = np.hstack([np.pad(p, ((0, 0), (0, 4), (0, 0)), constant_values=255) for p in (seen, *maps)])
    cell = np.full((SIDE + CAPTION + GAP, panels.shape[1] + GAP, 3), 255, np.uint8)
    cell[CAPTION : CAPTION + SIDE, : panels.shape[1]] = panels
    said = f"Dice {sample.dice:.3f}   presence {draft.presence:.2f}   spread {draft.spread_score:.3f}"
    _text(cell, _plain(sample.stem)[:60], (2, 16), INK)
    _text(cell, said + ("   strange" if draft.is_strange else ""), (2, 34), GREY)
    return cell


def _legend(width: int) -> Canvas:
    legend = np.full((44, width, 3), 255, np.uint8)
    left = 2
    for text, colour in (("truth", TRUTH), ("draft", DRAFT)):
        cv2.rectangle(legend, (left, 8), (left + 34, 30), (90, 90, 90), -1)
        cv2.line(legend, (left + 5, 19), (left + 29, 19), colour, 2)
        _text(legend, text, (left + 42, 24), INK)
        left += 110
    rest = "picture with outlines, probability, spread (dark: 0); from the worst to the best"
    _text(legend, rest, (left + 10, 24), GREY)
    return legend


def _small(plane: Canvas) -> Canvas:
    return np.ascontiguousarray(cv2.resize(plane, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _coloured(plane: Canvas) -> Canvas:
    blue_first = cv2.applyColorMap(_small(plane), cv2.COLORMAP_VIRIDIS)
    return np.asarray(cv2.cvtColor(blue_first, cv2.COLOR_BGR2RGB), np.uint8)


def _plain(text: str) -> str:
    """OpenCV's letters are ASCII's."""
    return text.encode("ascii", "replace").decode()


def _text(canvas: Canvas, text: str, place: tuple[int, int], colour: tuple[int, int, int]) -> None:
    cv2.putText(canvas, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.44, colour, 1, cv2.LINE_AA)
