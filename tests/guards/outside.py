"""Fails a test that calls another machine or writes outside its temporary folders.

An audit hook sees both before they happen, whoever asks: the interpreter reports opening, renaming and
removing files, and connecting sockets. What C++ code does on its own (Qt, SQLite's journal) is not seen.
"""

import ipaddress
import itertools
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DEVICES = (Path("/dev"), Path("/proc/self"))
# Written beside the sources by the interpreter, hypothesis and coverage, never by the code under test.
_CACHES = frozenset({"__pycache__", ".hypothesis", ".pytest_cache"})

# Which arguments of an audit event name something that is about to change, and which one holds the descriptor
# of the folder that a relative name starts from (None: there is no such argument).
_CHANGES: dict[str, list[tuple[int, int | None]]] = {
    "os.mkdir": [(0, 2)],
    "os.remove": [(0, 1)],
    "os.rmdir": [(0, 1)],
    "os.truncate": [(0, None)],
    "os.rename": [(0, 2), (1, 3)],
    "os.link": [(1, 3)],
    "os.symlink": [(1, 2)],
    "sqlite3.connect": [(0, None)],
}


class Forbidden(OSError):
    """What the code under test gets instead of the socket or the file."""


@dataclass
class _Guard:
    """What the running test may do. `folder` is None between tests, when everything is allowed."""

    folder: Path | None = None
    loopback: bool = False
    broken: list[str] = field(default_factory=list)

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.folder is None:
            return
        if event == "open":
            path, _mode, flags = arguments
            if isinstance(flags, int) and flags & _WRITING:
                self._check_path(event, path)
        elif event in _CHANGES:
            for name, folder in _CHANGES[event]:
                self._check_path(event, arguments[name], -1 if folder is None else arguments[folder])
        elif event in ("socket.connect", "socket.bind", "socket.sendto"):
            self._check_address(event, arguments[1])
        elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
            self._check_address(event, arguments)

    def _check_path(self, event: str, named: object, folder: object = -1) -> None:
        if not isinstance(named, str | bytes | os.PathLike) or os.fsdecode(named) in (":memory:", ""):
            return
        # An address of SQLite: file:PATH?mode=…
        plain = os.fsdecode(named).removeprefix("file:").partition("?mode=")[0]
        if isinstance(folder, int) and folder >= 0:
            plain = str(Path(Path(f"/proc/self/fd/{folder}").readlink(), plain))
        path = Path(os.path.abspath(plain))  # noqa: PTH100 (resolve() would touch the disk)
        if not self._may_write(path):
            self._refuse(f"{event} {path}: outside the test's temporary folders")

    def _may_write(self, path: Path) -> bool:
        assert self.folder is not None
        if _CACHES.intersection(path.parts) or any(path.is_relative_to(device) for device in _DEVICES):
            return True
        return path.is_relative_to(self.folder)

    def _check_address(self, event: str, address: object) -> None:
        if not (self.loopback and _is_loopback(address)):
            self._refuse(f"{event} {address!r}: no sockets (mark the test `sockets` for the loopback)")

    def _refuse(self, sentence: str) -> None:
        # Kept as well as raised: the code under test may well catch OSError.
        self.broken.append(sentence)
        raise Forbidden(sentence)


def _is_loopback(address: object) -> bool:
    if isinstance(address, str | bytes):
        return True  # a path: sockets of the family UNIX stay on this machine
    host = address[0] if isinstance(address, tuple) and address else ""
    if isinstance(host, bytes):
        host = host.decode()
    if host in ("localhost", "", None):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


_guard = _Guard()
_home_numbers = itertools.count()
sys.addaudithook(_guard.hook)


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder under which all tests of this run may write."""
    return tmp_path_factory.getbasetemp().resolve()


@pytest.fixture(autouse=True)
def keep_inside(
    session_folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Give the test a home and temporary folder of its own, and fail it if it reaches beyond them."""
    home = session_folder / "homes" / str(next(_home_numbers))
    temporary = home / "tmp"
    temporary.mkdir(parents=True)
    for variable, folder in {
        "HOME": home,
        "USERPROFILE": home,
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "share",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_STATE_HOME": home / "state",
        "LSEGDIFF_HOME": home / "LSegDiff",
        "TMPDIR": temporary,
    }.items():
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    _guard.folder, _guard.loopback = session_folder, request.node.get_closest_marker("sockets") is not None
    _guard.broken.clear()
    yield
    _guard.folder = None
    if _guard.broken:
        pytest.fail("reached outside:\n  " + "\n  ".join(_guard.broken), pytrace=False)
