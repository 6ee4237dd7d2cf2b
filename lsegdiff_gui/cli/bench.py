"""`lsegdiff bench`: starts the measurements of a checkout and gathers their figures."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from lsegdiff_gui import places
from lsegdiff_gui.cli.screen import complain, say
from lsegdiff_gui.cli.status import SOME_FAILED
from lsegdiff_gui.imaging.write import make_folder, write_atomically

# What the benchmarks are made with, and what compares models and needs to be told which.
_OTHERS = {
    "report",
    "pictures",
    "digests",
    "drawn_canvas",
    "opened",
    "pixel_denoisers",
    "prepared",
    "real_window",
    "svg_bars",
    "page",
    "equal_hours",
    "ablation",
    "levers",
    "pooled",
    "strangers",
}


def bench(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="draft, batch, tick, startup, paint, commands, fuzz, kill"),
    ],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures to this file as well.")
    ] = None,
) -> None:
    """Measure this machine: start benchmarks/NAME.py one after the other and gather the figures."""
    folder = places.bundled("benchmarks")
    known = sorted(path.stem for path in folder.glob("*.py") if path.stem not in _OTHERS)
    if not known:
        raise typer.BadParameter("the benchmarks come with a checkout of the sources, and this is none.")
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"there is no benchmark “{name}”; there are {', '.join(known)}.")

    if json_file is not None:
        make_folder(json_file.parent)
    gathered: dict[str, Any] = {"machine": {}, "figures": {}}
    failed = [name for name in names if not _measure(folder / f"{name}.py", gathered)]
    if json_file is not None:
        write_atomically(json_file, (json.dumps(gathered, indent=2) + "\n").encode())
    for name in failed:
        complain(f"The benchmark “{name}” failed; what it said is above.")
    if failed:
        raise typer.Exit(SOME_FAILED)


def _measure(script: Path, gathered: dict[str, Any]) -> bool:
    """Run one benchmark in a process of its own and take over its figures; False when it failed."""
    say(f"measuring {script.stem} …")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        ended = subprocess.run([sys.executable, str(script), "--json", str(report)], check=False)
        if ended.returncode != 0 or not report.is_file():
            return False
        written = json.loads(report.read_text(encoding="utf-8"))
    gathered["machine"] = written["machine"]
    gathered["figures"] |= written["figures"]
    return True
