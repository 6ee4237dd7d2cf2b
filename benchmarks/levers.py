"""What each lever of training is worth: `python -m benchmarks.levers --data DIR... --out DIR [--pretrained FILE]`.

Short runs of the image-only twin, all with the same seed and as many steps: one with all levers but size, the others
without one each, or with size. Short runs favour what learns fast: read the differences as signs, not as what a whole
run would gain. With `--unseen DIR...`, pictures of hospitals that --data does not hold, each run is tried on them too:
the Dice of their lesions, and how well presence tells their empty pictures from all lesions of `select`.
Runs that are finished in --out are not repeated, and what would change nothing in a domain is not run.

all          every lever, at 256²
no-harsh     colours change, but no borders, glints, hairs, blur, noise or JPEG
grey         what moved pictures leave free is grey, not black
no-hairs     no hairs and no rulers, which skin alone has
no-crops     no parts without lesion
no-made      no counterfactual pictures
no-edges     pixels on an edge weigh as all others
no-balance   every picture is drawn as often
one-rate     what starts from ImageNet learns as fast as what starts from nothing
large        pictures of 352² in the last third, not 256² to the end
thawed       the encoder's first blocks are trained too
scratch      the encoder starts from nothing
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from lsegdiff_gui.imaging.write import write_atomically
from lsegdiff_gui.model.network import Architecture
from lsegdiff_gui.training.appearance import HAIRY
from lsegdiff_gui.training.config import StageConfig, TrainConfig
from lsegdiff_gui.training.data import PictureSet
from lsegdiff_gui.training.direct_stage import TwinTask
from lsegdiff_gui.training.loop import Surroundings, run_stage
from lsegdiff_gui.training.material import find, load
from lsegdiff_gui.training.reliability import auroc
from lsegdiff_gui.training.stages import build_network, train

LEVERS: Mapping[str, Mapping[str, Any]] = {
    "all": {},
    "no-harsh": {"harsh": False},
    "grey": {"outside": 0.0},
    "no-hairs": {"hairs": 0.0},
    "no-crops": {"crops": 0.0},
    "no-made": {"counterfactual": 0.0},
    "no-edges": {"edge_weight": 0.0},
    "no-balance": {"balance": 1.0},
    "one-rate": {"twin": {"pretrained_rate": StageConfig.rate}},
    "large": {"architecture": {"picture_side": 352}},
    "thawed": {"frozen_blocks": 0},
    "scratch": {"pretrained": ""},
}


COLUMNS = ("score", "dice_small", "unseen_score", "unseen_presence")
CPU = torch.device("cpu")


def tell(stage: str, step: int, steps: int, figures: dict[str, float]) -> None:
    """Say how far the twin is, now and then."""
    if stage == TwinTask.name and (step % 50 == 0 or step == steps):
        print(f"step {step} of {steps}", flush=True)


def measure(config: TrainConfig, data: list[Path], unseen: list[Path], out: Path) -> dict[str, float]:
    """Train one twin, or find it trained, and return its figures on `select` and on what is unseen."""
    train(config, data=data, out=out, stages=(TwinTask.name,), device=CPU, resume=True, progress=tell)
    side = config.architecture.picture_side
    select = load(find(data), side).sets["select"]
    task = TwinTask(build_network(config), select, select, config, CPU)
    around = Surroundings(CPU, False, out, config.seed, tell)
    run_stage(task, around, resume=True)
    task.module.eval()
    with torch.inference_mode():
        figures = task.evaluate()
        if not unseen:
            return figures
        strange = _whole(load(find(unseen), side).sets)
        other = TwinTask(task.network, strange, strange, config, CPU)
        elsewhere = other.evaluate()
        figures |= {f"unseen_{key}": elsewhere[key] for key in ("score", "dice_small") if key in elsewhere}
        known, presences = _presences(task), _presences(other)
    lesions = known[select.masks.any(axis=(1, 2, 3))]
    empty = presences[~strange.masks.any(axis=(1, 2, 3))]
    told_apart = auroc(np.concatenate([lesions, empty]), np.repeat([True, False], [len(lesions), len(empty)]))
    return figures if told_apart is None else figures | {"unseen_presence": told_apart}


def _whole(sets: Mapping[str, PictureSet]) -> PictureSet:
    """All parts as one."""
    parts = list(sets.values())
    pictures, masks, weights = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("pictures", "masks", "weights")
    )
    return PictureSet(pictures, masks, weights)


def _presences(task: TwinTask) -> npt.NDArray[np.float32]:
    """The presence logits of the task's `select` pictures, (N,)."""
    network = task.module
    found = [network.presence(network.encoder(pictures)) for pictures, _ in task.select_batches()]
    return torch.cat(found).numpy()


def telling(config: TrainConfig) -> list[str]:
    """The runs that differ: `all`, and each lever that changes something of it."""
    return [name for name, values in LEVERS.items() if not values or config.changed(values) != config]


def main() -> None:
    """Run what is asked for, print a table, write levers.json."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=LEVERS, help="these runs alone")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders of images/ and masks/")
    parser.add_argument("--unseen", type=Path, nargs="+", default=[], help="the same, of other hospitals")
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs")
    parser.add_argument("--pretrained", default="", help="ImageNet MobileNetV2 to start from")
    parser.add_argument("--domain", default="polyp")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--threads", type=int, default=0)
    asked = parser.parse_args()
    config = TrainConfig(
        domain=asked.domain,
        pretrained=asked.pretrained,
        threads=asked.threads,
        counterfactual=0.4 if asked.domain == "polyp" else 0.0,  # skin has no empty pictures to tell from
        hairs=HAIRY if asked.domain == "skin" else 0.0,
        architecture=Architecture(picture_side=256),
        vae=StageConfig(steps=0),
        twin=StageConfig(steps=asked.steps, evaluate_every=asked.steps, ema=0.99),
    )
    asked.out.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, float]] = {}
    for name in asked.only or telling(config):
        print(name, flush=True)
        found[name] = measure(config.changed(LEVERS[name]), asked.data, asked.unseen, asked.out / name)
        write_atomically(asked.out / "levers.json", (json.dumps(found, indent=2) + "\n").encode())
    print(table(found))


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """The runs' figures, each with its difference from those of `all` where that was run."""
    base = found.get("all", {})
    lines = [f"{'':<12}" + "".join(f"{key:>24}" for key in COLUMNS)]
    for name, figures in found.items():
        cells = []
        for key in COLUMNS:
            figure = f"{figures[key]:.3f}" if key in figures else ""
            change = f" {figures[key] - base[key]:+.3f}" if key in figures and key in base else ""
            cells.append(f"{figure + change:>24}")
        lines.append(f"{name:<12}" + "".join(cells))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
