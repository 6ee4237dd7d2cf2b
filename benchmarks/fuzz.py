"""Broken files through every reader: whole seeds first, then cut, flipped, blown up and mixed ones."""

import os
import sys
from collections import Counter

from fuzzing.attempt import Attempt
from fuzzing.workers import HANG_S, run_files
from report import output_file, write_report

FILES = int(os.environ.get("LSEGDIFF_FUZZ_FILES", "10000"))
FIRST = int(os.environ.get("LSEGDIFF_FUZZ_FIRST", "0"))
PROCESSES = 2


def main() -> int:
    """Read the files and report; 1 when one of them was more than refused with a sentence."""
    path = output_file(__doc__ or "")
    outcomes: Counter[str] = Counter()
    slowest = 0.0

    def note(done: Attempt) -> None:
        nonlocal slowest
        hangs = done.seconds > HANG_S
        outcomes["hangs" if hangs else done.outcome] += 1
        slowest = max(slowest, done.seconds)
        if hangs or done.outcome in ("traceback", "written"):
            print(f"file {done.number}, {done.name}, {done.seconds:.1f} s: {done.detail}", file=sys.stderr)

    megabytes = run_files(range(FIRST, FIRST + FILES), PROCESSES, note)
    figures = {
        "files": float(outcomes.total()),
        "tracebacks": float(outcomes["traceback"]),
        "hangs": float(outcomes["hangs"]),
        "files_written": float(outcomes["written"]),
        "read": float(outcomes["read"]),
        "refused": float(outcomes["refused"]),
        "slowest_s": slowest,
        "memory_mb": megabytes,
    }
    write_report({"fuzz": figures}, path)
    return 1 if outcomes["traceback"] or outcomes["hangs"] or outcomes["written"] else 0


if __name__ == "__main__":
    sys.exit(main())
