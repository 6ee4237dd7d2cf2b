"""What a training run is told: sizes, rates, lengths. Everything has a default; a JSON file changes any of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from lsegdiff_gui.model.network import Architecture
from lsegdiff_gui.training.appearance import HAIRY
from lsegdiff_gui.training.augmentation import BLACK
from lsegdiff_gui.training.data import GROUP_POWER, DataError

STAGE_NAMES = ("vae", "twin", "image", "diffusion")


@dataclass(frozen=True)
class StageConfig:
    """One stage: its length in steps of `batch` pictures, its rates, and how often it looks at itself.

    0 steps leave its part of the network as it starts.
    """

    steps: int
    batch: int = 16
    rate: float = 1e-3
    pretrained_rate: float = 2e-4  # for the blocks that start from ImageNet
    warm_up: int = 100
    ema: float = 0.998
    weight_decay: float = 1e-4
    keep: float = 0.0  # share of the weights it starts from in those it leaves
    evaluate_every: int = 250
    save_every: int = 50


@dataclass(frozen=True)
class TrainConfig:
    """A whole run: its stages over one domain's pictures."""

    name: str = "custom"
    domain: str = "polyp"
    version: str = "1"
    seed: int = 0
    threads: int = 0  # 0: as many as there are cores
    bf16: bool | None = None  # None: where the machine is faster in it
    pretrained: str = ""  # safetensors with an ImageNet MobileNetV2; empty: from scratch
    start: str = ""  # a model's name or weight file to begin from, instead of `pretrained`
    data_note: str = ""  # which pictures, for the card
    terms: str = ""  # and on what terms their publishers give them
    harsh: bool = True  # augment with what cameras, lenses, mucosa and skin do, not with colours alone
    hairs: float = HAIRY  # share of skin pictures with hairs or a ruler, where `harsh`
    outside: float = BLACK  # what a moved picture leaves free, as around an endoscope's view; 0 is grey
    crops: float = 0.12  # share of pictures replaced by a part of them without a lesion
    counterfactual: float = 0.0  # share drawn from pictures with their lesion covered, or another's put in
    hinted: float = 0.5  # share of the denoiser's pictures that it is told about by simulated corrections
    balance: float = GROUP_POWER  # a centre of n pictures is drawn in proportion to n^balance
    edge_weight: float = 2.0  # by how much pixels on an edge weigh more
    edge_radius: int = 0  # of drafts' edges, see `annotation.edges`; 0 leaves them
    frozen_blocks: int = 4  # of the encoder's trunk, from its start
    early_side: int = (
        256  # pictures are this small until the last part of each stage, then the network's own side
    )
    late_share: float = 0.3  # of each stage's steps that see pictures at the network's own side
    architecture: Architecture = field(default_factory=Architecture)
    vae: StageConfig = StageConfig(steps=1500, batch=24, rate=1e-3)
    twin: StageConfig = StageConfig(steps=2500)
    image: StageConfig = StageConfig(steps=2500)
    diffusion: StageConfig = StageConfig(steps=2000, rate=6e-4)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def read(cls, path: Path | None) -> TrainConfig:
        """The defaults, changed by a JSON file of the same names. Raises DataError naming what is not understood."""
        if path is None:
            return cls()
        try:
            values = json.loads(path.read_text("utf-8"))
            return cls().changed(values)
        except OSError as error:
            raise DataError(f"The configuration “{path}” cannot be read: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(f"The configuration “{path}” is not understood: {error}.") from error

    def changed(self, values: Mapping[str, Any]) -> TrainConfig:
        """The same but for `values`, named as in a JSON file: a stage's or the architecture's may be a few of its own.

        Raises ValueError, KeyError or TypeError for what is not understood.
        """
        known = {f.name for f in fields(TrainConfig)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(f"“{unknown[0]}” is not one of {', '.join(sorted(known))}")
        changes: dict[str, Any] = dict(values)
        for stage in STAGE_NAMES:
            if stage in changes:
                changes[stage] = replace(getattr(self, stage), **changes[stage])
        if "architecture" in changes:
            changes["architecture"] = Architecture.from_dict(
                {**self.architecture.to_dict(), **changes["architecture"]}
            )
        return replace(self, **changes)
