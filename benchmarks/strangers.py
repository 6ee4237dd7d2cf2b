"""Does a model know a strange picture when it sees one? `python -m benchmarks.strangers --model M --own DIR …`.

Encodes the pictures of both folders (or of their lists) and prints how well strangeness tells them apart (AUROC), how
many of its own kind it calls strange, and how many of the other kind it lets pass.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.read import list_pictures, read
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.reliability import auroc


def strangeness(
    segmenter: Segmenter, folder: Path, names: Path | None, limit: int
) -> npt.NDArray[np.float64]:
    """Of each picture in the folder's images/, or of those that `names` lists."""
    listed = None if names is None else set(names.read_text("utf-8").splitlines())
    paths = [path for path in list_pictures([folder / "images"]) if listed is None or path.stem in listed]
    return np.array([segmenter.encode(read(path)).strangeness for path in paths[:limit]])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", required=True)
    parser.add_argument("--own", type=Path, required=True, help="folder with images/ of the model's kind")
    parser.add_argument("--own-list", type=Path)
    parser.add_argument("--other", type=Path, required=True, help="folder with images/ of another kind")
    parser.add_argument("--other-list", type=Path)
    parser.add_argument("--limit", type=int, default=10_000)
    asked = parser.parse_args()
    segmenter = Segmenter.load(asked.model)
    own = strangeness(segmenter, asked.own, asked.own_list, asked.limit)
    other = strangeness(segmenter, asked.other, asked.other_list, asked.limit)
    labels = np.concatenate([np.zeros(len(own), bool), np.ones(len(other), bool)])
    print(
        f"own kind    {len(own):>5} pictures, {np.mean(own > 1):.1%} called strange, median {np.median(own):.2f}"
    )
    print(
        f"other kind  {len(other):>5} pictures, {np.mean(other > 1):.1%} called strange, median {np.median(other):.2f}"
    )
    print(f"AUROC       {auroc(np.concatenate([own, other]), labels):.4f}")


if __name__ == "__main__":
    main()
