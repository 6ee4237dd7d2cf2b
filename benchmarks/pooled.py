"""One way of drafting against another over several test sets: `python -m benchmarks.pooled A.json B.json …`.

The files are those of `lsegdiff evaluate --twin --json`. Each is summed up, then the pictures of all together, by a
bootstrap that draws pictures from the pool; a picture in several files (models of several seeds) counts once, with
its mean.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.write import write_atomically
from lsegdiff_gui.training.comparison import Row, column, one_row_a_picture, paired, with_interval
from lsegdiff_gui.training.summary import summarise, table


class NoEvaluation(LSegDiffError):
    """A file is not what `lsegdiff evaluate --json` writes."""


def pool(files: Sequence[Path]) -> dict[str, Any]:
    """The files' comparisons by their names, and under `pooled` the summary of all pictures.

    Raises NoEvaluation with a sentence that names a file that cannot be used.
    """
    sets = {path: _pictures(path) for path in files}
    figures: dict[str, Any] = {}
    for path, rows in sets.items():
        try:
            alone: dict[str, Any] = {"pictures": len(rows), **with_interval("dice", column(rows, "dice"))}
            figures[path.stem if path.stem not in figures else str(path)] = alone | paired(rows)
            one_row_a_picture([rows])
        except ValueError as error:
            raise NoEvaluation(f"“{path}” is of an older evaluation. {error} Evaluate again.") from error
    return figures | {"pooled": summarise(one_row_a_picture(sets.values()))}


def _pictures(path: Path) -> list[Row]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["pictures"]
    except OSError as error:
        raise NoEvaluation(f"“{path}” cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise NoEvaluation(f"“{path}” is not a file of lsegdiff evaluate --json.") from error
    if not isinstance(rows, list) or not rows:
        raise NoEvaluation(f"“{path}” holds no pictures.")
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures and, with `--json`, write them; 2 where a file cannot be used."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="of lsegdiff evaluate --twin --json"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    asked = parser.parse_args(arguments)
    try:
        figures = pool(asked.files)
        if asked.json is not None:
            write_atomically(asked.json, (json.dumps(figures, indent=2, allow_nan=False) + "\n").encode())
    except LSegDiffError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(table(figures)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
