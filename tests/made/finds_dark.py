"""A segmenter that needs no weights and is right: it finds what is dark."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.findings import UNKNOWN, Findings
from lsegdiff_gui.annotation.hints import Told
from lsegdiff_gui.annotation.obedience import obeyed
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.calibration import UNCALIBRATED
from lsegdiff_gui.model.checkpoint import CheckpointError
from lsegdiff_gui.model.segmenter import Step

from .drafts import provenance, scaled

GRID = 256


class FindsDark:
    """Stands in for Segmenter: probability 1 where green is below the middle. Fails on pictures of some names.

    stopped_at: the picture at which Ctrl+C is pressed. findings: of the pictures of some names.
    """

    precision = "float32"

    def __init__(
        self,
        name: str,
        fails_on: frozenset[str] = frozenset(),
        stopped_at: str = "",
        findings: Mapping[str, Findings] | None = None,
    ) -> None:
        self.info = SimpleNamespace(
            name=name, version="9", domain=name, sha256="ab" * 32, calibration=UNCALIBRATED
        )
        self.device = SimpleNamespace(type="cpu")
        self._fails_on = fails_on
        self._stopped_at = stopped_at
        self._findings = findings or {}

    def encode(self, picture: Picture) -> SimpleNamespace:
        if picture.path is not None and picture.path.name in self._fails_on:
            raise RuntimeError("out of memory")
        if picture.path is not None and picture.path.name == self._stopped_at:
            raise KeyboardInterrupt
        small = cv2.resize(picture.rgb8, (GRID, GRID), interpolation=cv2.INTER_AREA)
        found = self._findings.get(picture.path.name if picture.path is not None else "", UNKNOWN)
        return SimpleNamespace(
            twin=(small[..., 1] < 128).astype(np.float32),
            picture_sha256=picture.sha256,
            presence=found.presence,
            strangeness=found.strangeness,
        )

    def sample(
        self, encoding: SimpleNamespace, *, steps: int, samples: int, seed: int, hints: Told | None = None
    ) -> Iterator[Step]:
        plane = (encoding.twin * 255).astype(np.uint8)
        origin = replace(
            provenance(seed),
            model=self.info.name,
            domain=self.info.domain,
            weights_sha256=self.info.sha256,
            picture_sha256=encoding.picture_sha256,
            steps=steps,
            samples=samples,
        )
        repeated = np.repeat(plane[None], samples, axis=0)
        probability = scaled(plane, encoding.presence)
        if hints is not None:
            probability, origin = obeyed(probability, hints), replace(origin, hints=hints.hints)
        draft = Draft(
            probability,
            np.zeros_like(plane),
            repeated,
            np.repeat(plane[None], steps, axis=0),
            origin,
            encoding.presence,
            encoding.strangeness,
        )
        for index in range(1, steps + 1):
            yield Step(index, steps, plane, draft if index == steps else None)

    def draft(self, picture: Picture, *, steps: int, samples: int, seed: int, film: bool = True) -> Draft:
        return self.draft_encoded(self.encode(picture), steps=steps, samples=samples, seed=seed)

    def draft_encoded(self, encoding: SimpleNamespace, *, steps: int, samples: int, seed: int) -> Draft:
        *_, last = self.sample(encoding, steps=steps, samples=samples, seed=seed)
        assert last.draft is not None
        return last.draft


@dataclass
class Models:
    """Which models and devices were asked for, and on which pictures they fail. "broken" cannot be loaded."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    fails_on: frozenset[str] = frozenset()
    stopped_at: str = ""
    findings: dict[str, Findings] = field(default_factory=dict)

    def load(
        self, name: str, device: str = "auto", *, at_once: int = 1, only_torch: bool = False
    ) -> FindsDark:
        self.asked.append((name, device))
        if name == "broken":
            raise CheckpointError("“broken” is damaged: its contents do not fit together. Copy it again.")
        return FindsDark(name, self.fails_on, self.stopped_at, self.findings)


def lesion(width: int, height: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """A light picture (H, W, 3) with a dark ellipse in its middle, and the ellipse's mask (H, W) 0/1."""
    mask = np.zeros((height, width), np.uint8)
    cv2.ellipse(mask, (width // 2, height // 2), (width // 4, height // 5), 0, 0, 360, 1, thickness=-1)
    rgb8 = np.full((height, width, 3), (220, 180, 170), np.uint8)
    rgb8[mask == 1] = (90, 50, 40)
    return rgb8, mask
