"""Whether drafts agree with plain float32 by PyTorch, whatever computes them: Dice over pictures of both models.

Every run time and precision that this machine has, chosen by the program or not, one picture at a time and several at
once, batches of one sample and of five. Real pictures where `../shared/data` lies, drawn ones elsewhere.
"""

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from pictures import drawn_picture
from prepared import openvino_here, prepare_here
from report import write_report

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.model.checkpoint import load_network, read_info
from lsegdiff_gui.model.device import choose_dtype
from lsegdiff_gui.model.encoding import SIDES
from lsegdiff_gui.model.many import Ahead
from lsegdiff_gui.model.runtime import Runtime
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.metrics import dice

PICTURES = 100
STEPS = 4
HALF = 128
THREADS = 2
CPU = torch.device("cpu")
REAL = {"polyp": "polyp/kvasir_seg", "skin": "skin/isic2017"}


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    parser.add_argument("--pictures", type=int, default=PICTURES, help="how many of each model's")
    asked = parser.parse_args()
    figures: dict[str, float] = {"pictures": float(asked.pictures)}
    for model in REAL:
        prepare_here(model)
        figures |= {
            f"{model}_{key}": value
            for key, value in measure(model, pictures_for(model, asked.pictures)).items()
        }
    write_report({"agreement": figures}, asked.json)


def pictures_for(model: str, count: int) -> list[Picture]:
    """Pictures of the `test` list, or drawn ones."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data" / REAL[model]
    if not folder.is_dir():
        return [drawn_picture(seed=seed) for seed in range(count)]
    stems = (folder / "test.txt").read_text(encoding="utf-8").split()[:count]
    return [read(next((folder / "images").glob(f"{stem}.*"))) for stem in stems]


def measure(model: str, pictures: list[Picture]) -> dict[str, float]:
    """The mean Dice, and the least, of every way to draft against float32 by PyTorch."""
    info = read_info(model)
    exact = Segmenter(load_network(info), info, device=CPU, dtype=torch.float32)
    by_samples = {
        n: [mask(exact.draft(p, steps=STEPS, samples=n)) for p in pictures] for n in (1, len(SIDES))
    }
    figures = {}
    for name, samples, drafts in ways(model, pictures):
        found = [dice(mask(draft), truth) for draft, truth in zip(drafts(), by_samples[samples], strict=True)]
        figures[f"{name}_{samples}"], figures[f"{name}_{samples}_least"] = float(np.mean(found)), min(found)
    return figures


def ways(model: str, pictures: list[Picture]) -> Iterator[tuple[str, int, Callable[[], list[Draft]]]]:
    """Name, samples and the drafts of each way that there is on this machine.

    One picture at a time, and by several threads; OpenVINO is compiled apart for these.
    """
    info, dtype = read_info(model), choose_dtype(CPU)

    def by(runtime: Runtime | None) -> Segmenter:
        return Segmenter(load_network(info), info, device=CPU, dtype=dtype, runtime=runtime)

    found = {"torch": (by(None), by(None))}
    if (alone := openvino_here(info)) and (together := openvino_here(info, streams=THREADS)):
        found["openvino"] = (by(alone), by(together))
    for name, (one, many) in found.items():
        for samples in (1, len(SIDES)):
            yield name, samples, partial(_in_turn, one, pictures, samples)
            yield f"{name}_many", samples, partial(_together, many, pictures, samples)
    if torch.cuda.is_available():
        card = Segmenter.load(model, device="cuda")
        for samples in (1, len(SIDES)):
            yield "cuda", samples, partial(_in_turn, card, pictures, samples)


def _in_turn(segmenter: Segmenter, pictures: list[Picture], samples: int) -> list[Draft]:
    return [segmenter.draft(picture, steps=STEPS, samples=samples) for picture in pictures]


def _together(segmenter: Segmenter, pictures: list[Picture], samples: int) -> list[Draft]:
    order = range(len(pictures))

    def draft(index: int) -> Draft:
        return segmenter.draft(pictures[index], steps=STEPS, samples=samples, film=False)

    with Ahead(order, draft, threads=THREADS) as results:
        return [results.result(index) for index in order]


def mask(draft: Draft) -> npt.NDArray[np.uint8]:
    """The draft's lesion on the model's grid, 0/1."""
    return (draft.probability >= HALF).astype(np.uint8)


if __name__ == "__main__":
    main()
