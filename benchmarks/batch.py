"""What drafting a folder gains over drafting its pictures one at a time, as the window does when R is pressed.

One at a time: read, encoded from five sides, sampled with its film, by all cores. A folder: as `lsegdiff segment`
drafts it, a picture for each core, no film, from as many sides as there are samples. Both by the run time that the
program would choose here, by turns in one run; the pictures are drawn.
"""

import tempfile
import time
from pathlib import Path

from pictures import drawn_picture
from prepared import prepare_here
from report import output_file, write_report

from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.model.encoding import SIDES
from lsegdiff_gui.model.many import Ahead, at_once
from lsegdiff_gui.model.segmenter import Segmenter

MODEL = "polyp"
PICTURES = 48
ROUNDS = 2
STEPS = 4


def main() -> None:
    """Measure and report."""
    path = output_file(__doc__ or "")
    prepare_here(MODEL)
    with tempfile.TemporaryDirectory() as folder:
        paths = drawn_files(Path(folder), PICTURES)
        figures = {"pictures": float(PICTURES)} | measure(paths, samples=len(SIDES), rounds=ROUNDS)
        one = measure(paths, samples=1, rounds=ROUNDS)
    figures |= {f"{name}_one_sample": figure for name, figure in one.items()}
    write_report({"batch": figures}, path)


def drawn_files(folder: Path, count: int) -> list[Path]:
    """So many drawn pictures as PNG files."""
    paths = [folder / f"{number:03}.png" for number in range(count)]
    for number, path in enumerate(paths):
        write_png(path, drawn_picture(seed=number).rgb8)
    return paths


def measure(paths: list[Path], *, samples: int, rounds: int) -> dict[str, float]:
    """Pictures per second of both ways, and the ratio."""
    alone = Segmenter.load(MODEL)
    threads = at_once(alone.device.type, len(paths))
    together = Segmenter.load(MODEL, at_once=threads)

    def one_at_a_time(chosen: list[Path]) -> None:
        for path in chosen:
            alone.draft_encoded(alone.encode(read(path)), steps=STEPS, samples=samples)

    def folder(chosen: list[Path]) -> None:
        with Ahead(
            chosen,
            lambda path: together.draft(read(path), steps=STEPS, samples=samples, film=False),
            threads=threads,
        ) as results:
            for path in chosen:
                results.result(path)

    taken = {one_at_a_time: 0.0, folder: 0.0}
    for way in taken:
        way(paths[: 2 * threads])  # compiles and warms up
    for _ in range(rounds):
        for way in taken:
            began = time.perf_counter()
            way(paths)
            taken[way] += time.perf_counter() - began
    alone_s, folder_s = taken.values()
    many = rounds * len(paths)
    return {"ratio": alone_s / folder_s, "one_per_s": many / alone_s, "folder_per_s": many / folder_s}


if __name__ == "__main__":
    main()
