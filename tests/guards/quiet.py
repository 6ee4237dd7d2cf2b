"""Fails a test whose code logs a warning nobody asked for."""

import logging
from collections.abc import Iterator

import pytest


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_unexpected_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on log records of WARNING and above. A test that takes `caplog` looks at the log itself."""
    if "caplog" in request.fixturenames:
        yield
        return
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    if collector.lines:
        pytest.fail(
            "logged what the test did not expect (take the fixture `caplog` if it is meant):\n  "
            + "\n  ".join(collector.lines),
            pytrace=False,
        )
