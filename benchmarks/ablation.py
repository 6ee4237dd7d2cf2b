"""What each part of drafting is worth: `python -m benchmarks.ablation NAME --model M --data DIR --list FILE`.

steps       denoising steps 1, 2, 4, 8, 16, of 5 samples
samples     samples 1, 2, 5, 10, of 4 steps
morphology  the base mask's opening, closing and both with each kernel, against none
oracle      the true mask through the mask VAE: what no draft can pass
shuffle     the denoiser is given a state that is not its own: does the state matter?
twin        the image-only twin over 1, 2, 4, 8 views, beside the draft

Every picture is encoded once and drafted once a setting. Dice is taken at the picture's size unless a setting says
otherwise, with 95 % intervals of 10,000 bootstraps; differences are paired, against the setting that is named.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.imaging.write import make_folder, write_atomically
from lsegdiff_gui.model.calibration import Calibration
from lsegdiff_gui.model.checkpoint import ModelInfo, load_network, read_info
from lsegdiff_gui.model.device import choose_device, choose_dtype
from lsegdiff_gui.model.encoding import Encoding
from lsegdiff_gui.model.grid import mask_to_grid
from lsegdiff_gui.model.network import LSegDiffNetwork
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.comparison import column, has, with_interval
from lsegdiff_gui.training.data import Pair, pair_files, read_pair
from lsegdiff_gui.training.evaluation import Finish, Mask, draft_figures, finisher
from lsegdiff_gui.training.metrics import dice, hd95_and_nsd, iou
from lsegdiff_gui.training.summary import SIZES

STEPS, SAMPLES = 4, 5
KERNELS = (3, 5, 7, 9, 15, 25)
AS_IT_IS, PERMUTED, EXCHANGED, FRESH = "as it is", "permuted in space", "another picture's", "fresh noise"

Figures = dict[str, float]
Settings = dict[str, Figures]


@dataclass(frozen=True)
class Case:
    """A picture, its truth (H, W) 0/1, and what makes a mask of a probability map."""

    stem: str
    picture: Picture
    truth: Mask
    finish: Finish

    @classmethod
    def of(cls, pair: Pair, calibration: Calibration, recipe: Recipe | None = None) -> "Case":
        picture, truth = read_pair(pair)
        return cls(pair.stem, picture, truth, finisher(picture, recipe or Recipe(), calibration))


@dataclass(frozen=True)
class Bench:
    """A model, its network, and the pictures it is tried on."""

    info: ModelInfo
    network: LSegDiffNetwork
    segmenter: Segmenter
    pairs: Sequence[Pair]
    seed: int

    @classmethod
    def load(cls, model: str, pairs: Sequence[Pair], *, device: str = "auto", seed: int = 0) -> "Bench":
        """Raises CheckpointError where the weights or the device cannot be used."""
        chosen, info = choose_device(device), read_info(model)
        network = load_network(info)
        segmenter = Segmenter(network, info, device=chosen, dtype=choose_dtype(chosen))
        return cls(info, network, segmenter, pairs, seed)

    def cases(self) -> Iterator[Case]:
        """The pictures, one after the other, and on stderr how far it is."""
        for index, pair in enumerate(self.pairs, start=1):
            yield Case.of(pair, self.info.calibration)
            print(f"\r{index} of {len(self.pairs)}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)

    def draft(self, encoding: Encoding, *, steps: int = STEPS, samples: int = SAMPLES) -> Draft:
        return self.segmenter.draft_encoded(encoding, steps=steps, samples=samples, seed=self.seed)


Study = Callable[[Bench], Iterator[tuple[Case, Settings]]]


def study_steps(bench: Bench) -> Iterator[tuple[Case, Settings]]:
    """One draft for each number of steps."""
    for case in bench.cases():
        encoding = bench.segmenter.encode(case.picture)
        drafts = {f"steps {n}": bench.draft(encoding, steps=n) for n in (1, 2, 4, 8, 16)}
        yield case, {name: _of_draft(draft, case) for name, draft in drafts.items()}


def study_samples(bench: Bench) -> Iterator[tuple[Case, Settings]]:
    """One draft for each number of samples."""
    for case in bench.cases():
        encoding = bench.segmenter.encode(case.picture)
        drafts = {f"samples {n}": bench.draft(encoding, samples=n) for n in (1, 2, 5, 10)}
        yield case, {name: _of_draft(draft, case) for name, draft in drafts.items()}


def study_morphology(bench: Bench) -> Iterator[tuple[Case, Settings]]:
    """One draft, finished without opening and closing, and by each operation with each kernel."""
    recipes = {"off": Recipe(operation="none")}
    for operation, kernel in product(("opening", "closing", "both"), KERNELS):
        recipes[f"{operation} {kernel}"] = Recipe.from_dict({"operation": operation, "kernel": kernel})
    for case in bench.cases():
        draft = bench.draft(bench.segmenter.encode(case.picture))
        masks = {
            name: finisher(case.picture, recipe, bench.info.calibration)(draft.probability / 255.0)
            for name, recipe in recipes.items()
        }
        yield case, {name: _of_mask(mask, case.truth) for name, mask in masks.items()}


def study_oracle(bench: Bench) -> Iterator[tuple[Case, Settings]]:
    """The truth on the model's grid, and the same encoded and decoded by the mask VAE, in float32."""
    network = load_network(bench.info)
    for case in bench.cases():
        on_grid = mask_to_grid(case.truth)
        with torch.inference_mode():
            batch = torch.from_numpy(on_grid)[None, None].float()
            decoded = network.to_logits(network.to_latent(batch)).float().sigmoid()[0, 0].numpy()
        # The grid's own edges, not the picture's.
        finish = finisher(case.picture, Recipe(follow_edges=False), bench.info.calibration)
        yield (
            case,
            {
                "VAE, compared on the grid": _of_mask((decoded >= 0.5).astype(np.uint8), on_grid),
                "VAE, at the picture's size": _of_mask(finish(decoded), case.truth),
                "grid alone, at the picture's size": _of_mask(finish(on_grid.astype(np.float32)), case.truth),
            },
        )


class Tampering:
    """A hook before the denoiser that exchanges the state z_t (B, 4, 32, 32) it is called with.

    The sampler keeps its own state: only what the denoiser sees is changed, at every step.
    """

    def __init__(self, seed: int) -> None:
        self._random = torch.Generator().manual_seed(seed)
        self._mode = AS_IT_IS
        self._call = 0
        self._seen: list[Tensor] = []
        self._of_another: list[Tensor] = []

    def next_picture(self) -> None:
        """From here on the states seen as they are belong to the picture before."""
        self._of_another, self._seen = self._seen, []

    def begin(self, mode: str) -> None:
        """The next draft is tampered with in this way."""
        self._mode, self._call = mode, 0

    def __call__(self, module: nn.Module, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        zt, *others = arguments
        changed = self._changed(zt)
        self._call += 1
        return (changed, *others)

    def _changed(self, zt: Tensor) -> Tensor:
        if self._mode == PERMUTED:
            order = torch.randperm(zt.shape[-2] * zt.shape[-1], generator=self._random).to(zt.device)
            return zt.flatten(2)[..., order].reshape(zt.shape)
        if self._mode == EXCHANGED:
            return self._of_another[self._call]
        if self._mode == FRESH:
            return torch.randn(zt.shape, generator=self._random).to(zt)
        self._seen.append(zt.clone())
        return zt


def study_shuffle(bench: Bench) -> Iterator[tuple[Case, Settings]]:
    """Drafts whose denoiser sees at each step another state than its own.

    Another picture's: that of the picture before (for the first one: the last) at the same step, the same samples.
    """
    tampering = Tampering(bench.seed)
    hook = bench.network.denoiser.register_forward_pre_hook(tampering)
    try:
        bench.draft(bench.segmenter.encode(Case.of(bench.pairs[-1], bench.info.calibration).picture))
        for case in bench.cases():
            tampering.next_picture()
            encoding = bench.segmenter.encode(case.picture)
            settings: Settings = {}
            for mode in (AS_IT_IS, PERMUTED, EXCHANGED, FRESH):
                tampering.begin(mode)
                settings[mode] = _of_draft(bench.draft(encoding), case)
            yield case, settings
    finally:
        hook.remove()


def study_twin(bench: Bench) -> Iterator[tuple[Case, Settings]]:
    """The twin's mean over several views, and the draft of the same picture."""
    for case in bench.cases():
        draft = bench.draft(bench.segmenter.encode(case.picture))
        settings = {"draft": _of_mask(case.finish(draft.probability / 255.0), case.truth)}
        for views in (1, 2, 4, 8):
            mask = case.finish(bench.segmenter.twin(case.picture, views=views))
            settings[f"twin, views {views}"] = _of_mask(mask, case.truth)
        yield case, settings


STUDIES: Mapping[str, tuple[Study, str]] = {
    "steps": (study_steps, "steps 4"),
    "samples": (study_samples, "samples 5"),
    "morphology": (study_morphology, "off"),
    "oracle": (study_oracle, "grid alone, at the picture's size"),
    "shuffle": (study_shuffle, AS_IT_IS),
    "twin": (study_twin, "draft"),
}
"""Each study by its name, and the setting that its others are compared with."""


def _of_draft(draft: Draft, case: Case) -> Figures:
    wanted = ("dice", "iou", "diffusion_dice", "sample_dice", "best_dice", "spread")
    figures = draft_figures(draft, case.truth, case.finish)
    return {name: figures[name] for name in wanted}


def _of_mask(mask: Mask, truth: Mask) -> Figures:
    hd95, nsd = hd95_and_nsd(mask, truth)
    return {"dice": dice(mask, truth), "iou": iou(mask, truth), "hd95": hd95, "nsd": nsd}


def run(name: str, bench: Bench) -> dict[str, Any]:
    """Carry a study out. Returns `settings`: figures with intervals, and `pictures`: each one's own by setting."""
    study, reference = STUDIES[name]
    small = SIZES["under_3"][1]
    rows: dict[str, list[Figures]] = {}
    pictures: list[dict[str, Any]] = []
    for case, settings in study(bench):
        share = float(case.truth.mean())
        pictures.append({"stem": case.stem, "foreground": share, "settings": settings})
        for setting, figures in settings.items():
            lesion_under_3 = {"under_3_dice": figures["dice"]} if 0.0 < share < small else {}
            rows.setdefault(setting, []).append(figures | lesion_under_3)
    return {
        "ablation": name,
        "model": {
            "name": bench.info.name,
            "version": bench.info.version,
            "weights_sha256": bench.info.sha256,
        },
        "reference": reference,
        "settings": {setting: _summed(found, rows[reference]) for setting, found in rows.items()},
        "pictures": pictures,
    }


def _summed(rows: Sequence[Figures], reference: Sequence[Figures]) -> dict[str, float]:
    """Means with intervals, and the differences of the Dice figures from the reference's, of the same pictures."""
    figures: dict[str, float] = {"pictures": len(rows)}
    for name in rows[0]:
        if has(rows, name):
            figures |= with_interval(name, column(rows, name))
    for name in ("dice", "diffusion_dice"):
        if rows is not reference and has(rows, name):
            figures |= with_interval(f"{name}_gain", column(rows, name) - column(reference, name))
    small = [row for row in rows if "under_3_dice" in row]
    if small:
        figures |= {"under_3": len(small)} | with_interval("under_3_dice", column(small, "under_3_dice"))
    return figures


def table(report: Mapping[str, Any]) -> list[str]:
    """A study as lines, one a setting: means, those of Dice and of its gain with their intervals."""
    settings: Mapping[str, Mapping[str, float]] = report["settings"]
    framed = ("dice", "dice_gain", "diffusion_dice_gain", "under_3_dice")
    plain = ("iou", "hd95", "nsd", "diffusion_dice", "sample_dice", "best_dice", "spread")
    there = {name for figures in settings.values() for name in figures}
    columns = [name for name in (*framed, *plain) if name in there]
    widths = {name: 28 if name in framed else max(10, len(name) + 2) for name in columns}
    lines = [f"{len(report['pictures'])} pictures; gains are over “{report['reference']}”"]
    lines.append(f"{report['ablation']:<36}" + "".join(f"{name:>{widths[name]}}" for name in columns))
    for setting, figures in settings.items():
        cells = (f"{_cell(name, figures, framed=name in framed):>{widths[name]}}" for name in columns)
        lines.append(f"{setting:<36}" + "".join(cells))
    return lines


def _cell(name: str, figures: Mapping[str, float], *, framed: bool) -> str:
    if name not in figures:
        return "–"
    ends = f" [{figures[f'{name}_low']:.4f}, {figures[f'{name}_high']:.4f}]" if framed else ""
    return f"{figures[name]:.4f}{ends}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry a study out, print its table and write its file; 2 where the data or the model cannot be used."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=STUDIES, metavar="NAME", help=", ".join(STUDIES))
    parser.add_argument("--model", required=True, help="polyp, skin, or a weight file")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="a folder of images/ and masks/"
    )
    parser.add_argument("--list", type=Path, metavar="FILE", help="only these stems, one a line")
    parser.add_argument("--json", type=Path, metavar="FILE", help="default: ablation-NAME.json")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--limit", type=int, help="only the first so many pictures")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    out = asked.json or Path(f"ablation-{asked.name}.json")
    try:
        make_folder(out.parent)
        pairs = pair_files(asked.data / "images", asked.data / "masks", asked.list)[: asked.limit]
        report = run(asked.name, Bench.load(asked.model, pairs, device=asked.device, seed=asked.seed))
        write_atomically(out, (json.dumps(report, indent=2, allow_nan=False) + "\n").encode())
    except LSegDiffError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(table(report)))
    print(f"written to {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
