"""Processes that read broken files: one that hangs or dies costs its file and is replaced."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue

from fuzzing.attempt import Attempt, attempt

HANG_S = 2.0
"""Seconds of work from which on a file counts as a hang."""

_SILENCE_S = 60.0  # of the clock, after which a process is ended: it may wait for what never comes
_MEMORY_BYTES = 4 * 2**30  # of address space beyond what a process has after importing everything
_BENCHMARKS = Path(__file__).resolve().parents[1]


def run_files(numbers: Iterable[int], processes: int, on_attempt: Callable[[Attempt], None]) -> float:
    """Read the files of these numbers; the most memory that one process held, in megabytes.

    on_attempt: called with each outcome, from one thread at a time. A process that dies or falls silent is a
    "traceback" or an attempt of more than HANG_S.
    """
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in numbers:
        waiting.put(number)
    lock, peaks = threading.Lock(), [0.0]

    def serve() -> None:
        worker = _Worker()
        try:
            while True:
                try:
                    number = waiting.get_nowait()
                except Empty:
                    return
                done = worker.attempt(number)
                with lock:
                    on_attempt(done)
                    peaks.append(worker.megabytes)
        finally:
            worker.end()

    threads = [threading.Thread(target=serve) for _ in range(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(peaks)


class _Worker:
    """One process, started when it is first needed and after each death."""

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._process: subprocess.Popen[str] | None = None

    def attempt(self, number: int) -> Attempt:
        process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None
        is_silent = threading.Event()

        def give_up() -> None:
            is_silent.set()
            process.kill()

        watchdog = threading.Timer(_SILENCE_S, give_up)
        watchdog.start()
        try:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(f"{number}\n")
                process.stdin.flush()
            line = process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            self.end()
            if is_silent.is_set():
                return Attempt(number, "", "refused", _SILENCE_S, "no answer")
            return Attempt(number, "", "traceback", 0.0, f"the process died ({process.returncode})")
        answer = json.loads(line)
        self.megabytes = answer.pop("megabytes")
        return Attempt(**answer)

    def end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.communicate()

    def _start(self) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, (_BENCHMARKS.parent, _BENCHMARKS))),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fuzzing.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=_BENCHMARKS,
            env=environment,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()  # ready: what it imported does not count as time of its first file
        return self._process


def serve() -> None:
    """What a process does: a number comes in, an outcome goes out, until the input ends."""
    _bound_memory()
    print("ready", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            done = attempt(int(line), Path(folder))
            print(json.dumps({**asdict(done), "megabytes": _peak_megabytes()}), flush=True)


def _bound_memory() -> None:
    """Refuse memory beyond a bound, where the system can: what allocates without end fails instead of swapping."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    bound = pages * resource.getpagesize() + _MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _peak_megabytes() -> float:
    if sys.platform == "win32":
        return 0.0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    serve()
