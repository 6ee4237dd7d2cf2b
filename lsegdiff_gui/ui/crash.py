"""What happens when the program itself is at fault: it is written down, said, and survived where possible."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QObject, Qt, Signal

from lsegdiff_gui import places

log = logging.getLogger(__name__)

_LOG_BYTES = 1_000_000
_CRASH_FILE = "crash.log"


class CrashLog:
    """The log files of one run: `lsegdiff.log` for faults that were survived, `crash.log` for those that were not.

    The crash log stays empty in a run that ends well, so what is in it at the start is the last run's end.
    """

    def __init__(self) -> None:
        folder = places.log_folder()
        self.log_file = folder / "lsegdiff.log"
        self._crash_file = folder / _CRASH_FILE
        self.previous = _set_aside(self._crash_file)
        self._handler = logging.handlers.RotatingFileHandler(
            self.log_file, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
        )
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._handler.setLevel(logging.WARNING)
        logging.getLogger().addHandler(self._handler)
        # Held open for the whole run: faulthandler writes to the bare descriptor when the process is dying.
        self._crash: IO[str] = self._crash_file.open("w", encoding="utf-8")
        faulthandler.enable(self._crash)

    def close(self) -> None:
        """End of a run that ended well."""
        faulthandler.disable()
        self._crash.close()
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()


def _set_aside(crash_file: Path) -> Path | None:
    """Keep the last run's crash under another name; None when there was none."""
    try:
        if crash_file.stat().st_size == 0:
            return None
    except FileNotFoundError:
        return None
    kept = crash_file.with_name("crash-previous.log")
    crash_file.replace(kept)
    return kept


class FaultReporter(QObject):
    """Catches exceptions that nobody caught, on any thread, and tells the GUI thread.

    Signals: fault(str sentence), always delivered on the thread this object lives on: an exception in a
    worker's slot calls the hook on the worker's thread, where no widget may be touched.
    """

    fault = Signal(str)
    _raised = Signal(str)

    def __init__(self, log_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._raised.connect(self.fault, Qt.ConnectionType.QueuedConnection)
        self._before = (sys.excepthook, threading.excepthook)

    def install(self) -> None:
        """Become the hook of the interpreter and of its threads."""
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._hook(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def _hook(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, traceback)
            return
        log.critical("a fault of the program", exc_info=(kind, error, traceback))
        self._raised.emit(
            f"A fault of the program ({kind.__name__}). What you painted is saved; you can go on, "
            f"and if something looks wrong, close and open the window again. Details: {self._log_file}"
        )
