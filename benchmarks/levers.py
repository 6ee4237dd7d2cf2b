"""What each lever of training is worth: `python -m benchmarks.levers --data DIR... --out DIR [--pretrained FILE]`.

Short runs of the image-only twin, all with the same seed and as many steps: one with all levers but size, the others
without one each, or with size. Short runs favour what learns fast: read the differences as signs, not as what a whole
run would gain. Runs that are finished in --out are not repeated.

all          every lever, at 256²
no-harsh     colours change, but no borders, glints, hairs, blur, noise or JPEG
no-crops     no parts without lesion
no-made      no counterfactual pictures
no-edges     pixels on an edge weigh as all others
no-balance   every picture is drawn as often
large        pictures of 352² in the last third, not 256² to the end
thawed       the encoder's first blocks are trained too
scratch      the encoder starts from nothing
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch

from lsegdiff_gui.imaging.write import write_atomically
from lsegdiff_gui.model.network import Architecture
from lsegdiff_gui.training.config import StageConfig, TrainConfig
from lsegdiff_gui.training.stages import train

LEVERS: Mapping[str, Mapping[str, object]] = {
    "all": {},
    "no-harsh": {"harsh": False},
    "no-crops": {"crops": 0.0},
    "no-made": {"counterfactual": 0.0},
    "no-edges": {"edge_weight": 0.0},
    "no-balance": {"balance": 1.0},
    "large": {"architecture": Architecture(picture_side=352)},
    "thawed": {"frozen_blocks": 0},
    "scratch": {"pretrained": ""},
}


def measure(name: str, config: TrainConfig, data: list[Path], out: Path) -> dict[str, float]:
    """Train one twin, or find it trained, and return its last figures on `select`."""

    def show(stage: str, step: int, steps: int, figures: dict[str, float]) -> None:
        if stage == "twin" and (step % 50 == 0 or step == steps):
            print(f"{name}: step {step} of {steps}", flush=True)

    changed = replace(config, **LEVERS[name])  # type: ignore[arg-type]
    train(
        changed,
        data=data,
        out=out / name,
        stages=("twin",),
        device=torch.device("cpu"),
        resume=True,
        progress=show,
    )
    entries = [json.loads(line) for line in (out / name / "log.jsonl").read_text("utf-8").splitlines()]
    figures: dict[str, float] = [entry["select"] for entry in entries if "select" in entry][-1]
    return figures


def main() -> None:
    """Run what is asked for, print a table, write levers.json."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=LEVERS, help="these runs alone")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders of images/ and masks/")
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs")
    parser.add_argument("--pretrained", default="", help="ImageNet MobileNetV2 to start from")
    parser.add_argument("--domain", default="polyp")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--threads", type=int, default=0)
    asked = parser.parse_args()
    stage = StageConfig(steps=asked.steps, evaluate_every=asked.steps, ema=0.99)
    config = TrainConfig(
        domain=asked.domain,
        pretrained=asked.pretrained,
        threads=asked.threads,
        counterfactual=0.4,
        architecture=Architecture(picture_side=256),
        vae=StageConfig(steps=0),
        twin=stage,
    )
    asked.out.mkdir(parents=True, exist_ok=True)
    found = {name: measure(name, config, asked.data, asked.out) for name in asked.only or LEVERS}
    base = found.get("all")
    for name, figures in found.items():
        change = f"{figures['score'] - base['score']:+.3f}" if base else ""
        print(f"{name:<12}{figures['score']:.3f} {change:>7}")
    write_atomically(asked.out / "levers.json", (json.dumps(found, indent=2) + "\n").encode())


if __name__ == "__main__":
    main()
