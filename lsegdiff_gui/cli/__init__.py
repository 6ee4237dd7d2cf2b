"""The command line: `lsegdiff segment | evaluate | train | bench | doctor`."""

import sys
from collections.abc import Sequence

from lsegdiff_gui.cli.status import INTERRUPTED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (default: of the process) and return its exit status."""
    try:
        # Half a second: long enough for a Ctrl+C.
        from lsegdiff_gui.cli.entry import main as run
    except KeyboardInterrupt:
        sys.stderr.write("Stopped before anything was done.\n")
        return INTERRUPTED
    return run(arguments)
