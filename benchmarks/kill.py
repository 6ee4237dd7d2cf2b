"""The program is used by a hand that never rests and killed at random moments; what was called saved must be there.

Each round starts the real program offscreen on a project that outlives it: strokes, sliders, undo, statuses,
drafting all, exports. After a while it is killed (SIGKILL). Then the project is opened as a user would open it: every
step that was reported as saved is there, the file passes SQLite's integrity check and the check of its chained events,
everything can be undone and done again, and no file of an export is half written. Every fifth round kills a program
that brings a project of an older version up to this one instead.

What it does not show: a power cut. SIGKILL leaves what was handed to the system; only the syncs, which the tests
trace, see to the disk itself.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from digests import digest_of
from pictures import drawn_picture
from report import write_report

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.project import chain
from lsegdiff_gui.project.backups import check
from lsegdiff_gui.project.opening import connect_to_read
from lsegdiff_gui.project.store import Store

CHECKOUT = Path(__file__).resolve().parents[1]
MADE = CHECKOUT / "tests" / "made"

KILLS = 200
UPDATE_EVERY = 5
PICTURES = 6
LONGEST_LIFE_S = 2.5
LONGEST_START_S = 120
LONGEST_UPDATE_S = 0.25
ROUNDS_OF_A_PROJECT = 20
"""Then a new one begins, or the logs would grow and each round take longer."""

_OLDER = """
import sqlite3, sys
from pathlib import Path
from made.drafts import draft
from made.version_3 import write_project
project = Path(sys.argv[1])
write_project(project, draft(5))
with sqlite3.connect(project) as connection:
    connection.executemany(
        "INSERT INTO pictures (path, added, base) VALUES (?, '2025', zeroblob(2000))",
        [(f"more {number}.png",) for number in range(5000)],
    )
"""
_UPDATE = """
import sys
from pathlib import Path
from lsegdiff_gui.project.store import Store
print("ready", flush=True)
Store.open(Path(sys.argv[1])).close()
print("updated", flush=True)
"""


@dataclass
class Told:
    """What the program said of one picture: the digests of the states it handed over, and how many are saved."""

    sent: list[str] = field(default_factory=list)
    saved: int = 0


@dataclass
class Outcome:
    """What came of the rounds."""

    kills: int = 0
    steps: int = 0
    lost: int = 0
    sentences: list[str] = field(default_factory=list)

    def lose(self, sentence: str) -> None:
        """Note that something was not as it should be."""
        self.lost += 1
        self.sentences.append(f"kill {self.kills}: {sentence}")


def main() -> int:
    """Kill, look and report; 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    parser.add_argument(
        "--kills", type=int, default=KILLS, metavar="N", help="how often (default: %(default)s)"
    )
    parser.add_argument(
        "--every",
        type=int,
        default=UPDATE_EVERY,
        metavar="N",
        help="each Nth kill meets an update of an older project",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the moments and of what the hand does")
    chosen = parser.parse_args()
    outcome = Outcome()
    moments = random.Random(chosen.seed)
    while outcome.kills < chosen.kills:
        with tempfile.TemporaryDirectory() as folder:
            rounds = min(ROUNDS_OF_A_PROJECT, chosen.kills - outcome.kills)
            _one_project(Path(folder), rounds, chosen.every, moments, outcome)
    write_report(
        {"kill": {"kills": outcome.kills, "lost": outcome.lost, "steps_saved": outcome.steps}}, chosen.json
    )
    print("\n".join(outcome.sentences), file=sys.stderr)
    return 1 if outcome.lost else 0


def _one_project(folder: Path, rounds: int, every: int, moments: random.Random, outcome: Outcome) -> None:
    pictures = [folder / "pictures" / f"{number}.png" for number in range(PICTURES)]
    pictures[0].parent.mkdir()
    for number, path in enumerate(pictures):
        write_png(path, drawn_picture(400, 300, seed=number).rgb8)
    environment = _home(folder / "home")
    project = folder / "home" / "data" / "unnamed.lsegdiff"
    for number in range(rounds):
        if number % every == every - 1:
            _kill_an_update(folder / f"older {number}", environment, moments, outcome)
        else:
            told = _live_and_die(pictures, folder / "exports", environment, moments, outcome)
            _look(project, told, outcome)
            _look_at_exports(folder / "exports", outcome)


def _home(home: Path) -> dict[str, str]:
    """A home in which everything the program asks once is answered."""
    environment = os.environ | {
        "LSEGDIFF_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "tests")]),
    }
    answers = (
        "from lsegdiff_gui import places\n"
        "from lsegdiff_gui.project.store import Store\n"
        "from lsegdiff_gui.ui import settings\n"
        "settings.save(settings.Settings(notice_accepted=True, annotator_asked=True, annotator='Hand'))\n"
        "with Store.open(places.unnamed_project()) as store:\n"
        "    store.set_value('model', 'skin')\n"
    )
    subprocess.run([sys.executable, "-c", answers], env=environment, check=True)
    return environment


@contextmanager
def _started(
    command: list[str], environment: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """A program that has said that it is ready; killed at the end, whatever happens."""
    program = subprocess.Popen(
        [sys.executable, *command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert program.stdout is not None
    with program, program.stdout as lines:
        try:
            until = time.monotonic() + LONGEST_START_S
            while lines.readline().strip() != "ready":
                if program.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{Path(command[0]).name} does not start.")
            yield program, lines
        finally:
            program.kill()


def _live_and_die(
    pictures: list[Path], exports: Path, environment: dict[str, str], moments: random.Random, outcome: Outcome
) -> dict[str, Told]:
    told: dict[str, Told] = {}
    command = [str(MADE / "driven_window.py"), str(moments.randrange(2**31)), str(exports)]
    with _started([*command, *map(str, pictures)], environment) as (program, lines):
        time.sleep(moments.uniform(0, LONGEST_LIFE_S))
        program.kill()
        said = lines.readlines()
    outcome.kills += 1
    for line in said:
        match line.split():
            # The last line may be cut short by the kill.
            case ["sent", name, digest] if line.endswith("\n"):
                told.setdefault(name, Told()).sent.append(digest)
            case ["placed", name] if name in told:
                told[name].sent[-1] = "unknown"
            case ["saved", name] if line.endswith("\n"):
                told[name].saved += 1
    outcome.steps += sum(each.saved for each in told.values())
    return told


def _look(project: Path, told: dict[str, Told], outcome: Outcome) -> None:
    """Open the project as after a crash and compare it with what was said of it."""
    try:
        with Store.open(project, must_exist=True) as store:
            rows = store.pictures()
            documents = {
                row.path.name: store.load_document(row.id, row.width, row.height) for row in rows if row.width
            }
        check(project, project)
        with closing(connect_to_read(project)) as connection:
            for row in rows:
                chain.check(connection, row.id)
    except LSegDiffError as error:
        outcome.lose(str(error))
        return
    for name, each in told.items():
        # What was handed over and not yet called saved may be there or not.
        allowed = each.sent[max(0, each.saved - 1) :]
        found = digest_of(documents[name])
        if each.saved and "unknown" not in allowed and found not in allowed:
            outcome.lose(
                f"{name} is {found}, and {each.saved} steps of these were saved: {', '.join(each.sent)}."
            )
    for name, document in documents.items():
        _undo_everything(name, document, outcome)


def _undo_everything(name: str, document: Document, outcome: Outcome) -> None:
    before = document.override.copy()
    cursor = document.history.cursor
    while document.undo() is not None:
        pass
    if document.override.any():
        outcome.lose(f"{name}: something painted cannot be undone.")
    for _ in range(cursor):
        document.redo()
    if (document.override != before).any():
        outcome.lose(f"{name}: undoing and doing again leads elsewhere.")


def _look_at_exports(folder: Path, outcome: Outcome) -> None:
    for path in folder.glob("*.png"):
        try:
            read(path)
        except LSegDiffError as error:
            outcome.lose(f"an export is not whole: {error}")


def _kill_an_update(
    folder: Path, environment: dict[str, str], moments: random.Random, outcome: Outcome
) -> None:
    """Kill a program while it brings a project of version 3 up to this one."""
    folder.mkdir()
    project = folder / "project.lsegdiff"
    subprocess.run([sys.executable, "-c", _OLDER, str(project)], env=environment, check=True)
    with _started(["-c", _UPDATE, str(project)], environment) as (program, _):
        time.sleep(moments.uniform(0, LONGEST_UPDATE_S))
        program.kill()
    outcome.kills += 1
    try:
        with Store.open(project, must_exist=True) as store:
            document = store.load_document(1, 96, 64)
            count = len(store.pictures())
        check(project, project)
    except LSegDiffError as error:
        outcome.lose(f"after a killed update: {error}")
        return
    if count != 5002 or document.history.cursor != 3 or not (document.override[10:20, 10:20] == 1).all():
        outcome.lose("after a killed update the work is not what it was.")


if __name__ == "__main__":
    sys.exit(main())
