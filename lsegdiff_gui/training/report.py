"""The report that a run leaves: report.md with curves.png and drafts.png beside it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lsegdiff_gui import __version__
from lsegdiff_gui.imaging.write import write_atomically, write_png
from lsegdiff_gui.model.checkpoint import ModelInfo
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.config import STAGE_NAMES, TrainConfig
from lsegdiff_gui.training.curves import curves
from lsegdiff_gui.training.data import read_pair
from lsegdiff_gui.training.draft_sheet import Sample, draft_sheet
from lsegdiff_gui.training.evaluation import Evaluation, evaluate
from lsegdiff_gui.training.loop import Progress
from lsegdiff_gui.training.material import PARTS, Material
from lsegdiff_gui.training.run_log import StageLog, read_log

SHOWN_DRAFTS = 12

_FIGURES = (
    ("dice", "Dice of the drafts"),
    ("diffusion_dice", "diffusion alone, mean of 5 samples"),
    ("twin_dice", "image-only twin, one pass"),
    ("equal_twin_dice", "image-only twin, mean of 8 views"),
    ("ahead_of_equal_twin", "drafts ahead of the twin of 8 views"),
    ("iou", "IoU of the drafts"),
    ("hd95", "HD95, pixels of a short side of 512"),
    ("lesions_overlapped", "lesions that the draft meets"),
    ("empty_with_mask", "pictures without lesion that get a mask"),
)
_CALIBRATION = {
    "twin_share": "share of the twin in the probability",
    "temperature": "temperature; above 1 the network was too sure",
    "presence_offset": "presence: logit that is even odds",
    "presence_scale": "presence: slope",
    "strangeness_limit": "distance of features beyond which a picture is strange",
}


@dataclass(frozen=True)
class Run:
    """What a finished run was: seconds are those of this sitting, reading and training."""

    config: TrainConfig
    data: tuple[Path, ...]
    out: Path
    material: Material
    device: torch.device
    seconds: float


def write_report(run: Run, weights: Path | None, progress: Progress) -> None:
    """Write report.md, curves.png and, with a weight file, drafts.png into the run's folder.

    The weight file drafts all pictures of `select` for it. Raises ImageError where the folder cannot be written.
    """
    logs = read_log(run.out / "log.jsonl", STAGE_NAMES)
    parts = [_head(run), _data(run)]
    if weights is not None:
        segmenter = Segmenter.load(weights, device=run.device.type, only_torch=True)
        evaluation = _evaluate(segmenter, run, progress)
        write_png(run.out / "drafts.png", draft_sheet(_samples(segmenter, run, evaluation)))
        parts.append(_figures(evaluation.summary(), segmenter.info))
    if logs:
        write_png(run.out / "curves.png", curves(logs))
        parts.append(_stages(logs, run))
    parts += [_configuration(run), _onwards(run, weights)]
    text = "\n\n".join("\n".join(part) for part in parts) + "\n"
    write_atomically(run.out / "report.md", text.encode(errors="backslashreplace"))


def _evaluate(segmenter: Segmenter, run: Run, progress: Progress) -> Evaluation:
    pairs = run.material.pairs["select"]
    done = iter(range(1, len(pairs) + 1))
    return evaluate(
        segmenter, pairs, twin=True, on_picture=lambda _: progress("report", next(done), len(pairs), {})
    )


def _samples(segmenter: Segmenter, run: Run, evaluation: Evaluation) -> list[Sample]:
    """Drafts from the worst to the best, in even steps."""
    pairs, dices = run.material.pairs["select"], np.array([score.dice for score in evaluation.pictures])
    order = np.argsort(dices, kind="stable")
    chosen = order[np.linspace(0, len(order) - 1, min(SHOWN_DRAFTS, len(order))).round().astype(int)]
    samples = []
    for index in chosen:
        picture, truth = read_pair(pairs[index])
        samples.append(
            Sample(pairs[index].stem, picture, truth, segmenter.draft(picture), float(dices[index]))
        )
    return samples


def _head(run: Run) -> Iterator[str]:
    now = datetime.now(UTC).isoformat(" ", "minutes").replace("+00:00", " UTC")
    yield f"# Training of “{run.config.name}”"
    yield ""
    yield f"Finished {now} by LSegDiff {__version__}, domain {run.config.domain}, on {run.device.type}."
    yield "For research annotation; not a medical device."


def _data(run: Run) -> Iterator[str]:
    material = run.material
    yield "## Pictures"
    yield ""
    yield f"From {', '.join(f'`{path}`' for path in run.data)}."
    yield "Those of `select` chose the weights and the calibration; nothing was trained on them."
    yield ""
    yield "| group | trained on | of these without lesion | `select` | of these without lesion |"
    yield "|---|---:|---:|---:|---:|"
    counts = {part: Counter(pair.group for pair in material.pairs[part]) for part in PARTS}
    empty = {part: _empty(material, part) for part in PARTS}
    for group in sorted(counts["train"] | counts["select"]):
        numbers = [table[part][group] for part in PARTS for table in (counts, empty)]
        yield f"| {group.rstrip('/')} | {' | '.join(map(str, numbers))} |"
    numbers = [table[part].total() for part in PARTS for table in (counts, empty)]
    yield f"| **all** | {' | '.join(map(str, numbers))} |"
    yield ""
    yield f"### Left out: {len(material.left_out)}"
    yield ""
    yield from (f"- `{item.path}`: {item.reason}" for item in material.left_out)
    if not material.left_out:
        yield "Every picture could be used."


def _empty(material: Material, part: str) -> Counter[str]:
    masks = material.sets[part].masks
    return Counter(p.group for p, mask in zip(material.pairs[part], masks, strict=True) if not mask.any())


def _figures(summary: Mapping[str, Any], info: ModelInfo) -> Iterator[str]:
    yield f"## Figures on the {summary['pictures']} pictures of `select`"
    yield ""
    yield "The drafts are those of the weight file, 5 samples in 4 steps. They flatter a little, for weights and"
    yield "calibration were chosen on the same pictures: `lsegdiff evaluate` on pictures never used tells the truth."
    yield ""
    yield "| | mean | 95 % interval |"
    yield "|---|---:|---|"
    for name, said in _FIGURES:
        if name in summary:
            interval = f"{summary[f'{name}_low']:.3f} to {summary[f'{name}_high']:.3f}"
            yield f"| {said} | {summary[name]:.3f} | {interval} |"
    for name, said in (("edge_error", "within 8 pixels of the true edge"), ("whole_error", "everywhere")):
        if (error := summary["calibration"][name]) is not None:
            yield f"| calibration error {said} | {error:.3f} | |"
    yield ""
    yield "| calibration, chosen on `select` | |"
    yield "|---|---:|"
    values = info.calibration.to_dict()
    yield from (f"| {said} | {values[name]:.3f} |" for name, said in _CALIBRATION.items())
    yield ""
    yield "![Drafts from the worst to the best](drafts.png)"


def _stages(logs: Mapping[str, StageLog], run: Run) -> Iterator[str]:
    yield "## Stages"
    yield ""
    yield "| stage | steps | kept after | Dice on `select` | lesions under 3 % | at its start | training | processes |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for name, log in logs.items():
        step, look = log.best or (0, {})
        figures = (look.get("score"), look.get("dice_small"), log.scores.get(0))
        dices = " | ".join("–" if figure is None else f"{figure:.3f}" for figure in figures)
        steps = max([*log.losses, *log.looks], default=0)
        yield f"| {name} | {steps} | {step} | {dices} | {_duration(log.seconds)} | {log.processes} |"
    yield ""
    yield "A stage that is not in the table was left as it was. Dice of `vae` is that of masks through the latent and"
    yield "back, of the others that of pictures with a lesion, at 256². The last sitting, from reading the pictures on,"
    yield f"took {_duration(run.seconds)}."
    yield ""
    yield "![Loss and Dice by step](curves.png)"


def _configuration(run: Run) -> Iterator[str]:
    yield "## Configuration"
    yield ""
    yield "```json"
    yield json.dumps(run.config.to_dict(), indent=2, ensure_ascii=False)
    yield "```"


def _onwards(run: Run, weights: Path | None) -> Iterator[str]:
    yield "## How to go on"
    yield ""
    if weights is None:
        yield "- Not all stages are done: the same command with `--stage all --resume` trains the others."
        return
    yield f"- Draft with these weights: `lsegdiff segment PICTURES… --model {weights} --out DIR`"
    yield "- Measure them on pictures that no part of this run has seen:"
    yield f"  `lsegdiff evaluate --model {weights} --images DIR --masks DIR --twin --json FILE`"
    yield "- Train longer: raise the stages' `steps` in the configuration, and begin anew with another `--out`."
    yield "- Look at the worst drafts above: a wrong mask in the data shows there, and so does the kind of picture that"
    yield "  there should be more of."
    yield "- Repeat it: the same data, configuration, seed and number of processes give the same weights on the same"
    yield "  machine."


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
