"""How a good file is broken. The same number breaks the same file in the same way everywhere."""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable

Breaking = Callable[[random.Random, bytearray], bytes]

# Numbers at which sizes, offsets and counts go wrong.
_EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
# Sizes stand at the beginning, and at the end in a TIFF file.
_NEAR_THE_ENDS = 512
_DEPTH = 100_000  # of nested JSON: far beyond what a parser that calls itself can take
_TOKENS = (
    b"NaN", b"Infinity", b"-Infinity", b"1e400", b"-1", b"0", b"99999999999999999999999", b"null", b"true", b"[]",
    b"{}", b'""', b'"../../../etc/passwd"', b'"/etc/passwd"', b'"C:\\\\Windows\\\\CON"', b'"\\u0000"', b'"\\ud800"',
    b"[[[[]]]]", b"1.5",
)  # fmt: skip
_VALUE = re.compile(rb'-?\d+(?:\.\d+)?|"(?:[^"\\]|\\.)*"|true|false|null')


def broken(data: bytes, seed: int, *, is_text: bool = False) -> bytes:
    """Break a file; `seed` decides how. Text is broken by its values half of the time."""
    chance = random.Random(seed)
    ways = _TEXT_WAYS if is_text and chance.random() < 0.5 else _WAYS
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(ways)(chance, bytearray(data)) if data else data
    return data


def _flip_bits(chance: random.Random, data: bytearray) -> bytes:
    for _ in range(chance.choice((1, 2, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _flip_header_bits(chance: random.Random, data: bytearray) -> bytes:
    for _ in range(chance.choice((1, 2, 8))):
        data[_near_an_end(chance, data)] ^= 1 << chance.randrange(8)
    return bytes(data)


def _cut(chance: random.Random, data: bytearray) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def _cut_the_middle(chance: random.Random, data: bytearray) -> bytes:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice((1, 2, 16, 300))]
    return bytes(data)


def _insert(chance: random.Random, data: bytearray) -> bytes:
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.randbytes(chance.choice((1, 2, 16, 300)))
    return bytes(data)


def _repeat(chance: random.Random, data: bytearray) -> bytes:
    start = chance.randrange(len(data))
    piece = data[start : start + chance.choice((4, 64, 1000))]
    data[start:start] = piece * chance.choice((1, 3, 50))
    return bytes(data)


def _wipe(chance: random.Random, data: bytearray) -> bytes:
    start = chance.randrange(len(data))
    length = min(chance.choice((1, 4, 64, 1000)), len(data) - start)
    data[start : start + length] = bytes([chance.choice((0, 0xFF, 0x20))]) * length
    return bytes(data)


def _edge_number(chance: random.Random, data: bytearray) -> bytes:
    """A number of 2 or 4 bytes becomes an extreme one, mostly in the header: huge sizes, 0 × 0, wild offsets."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        width, letter = chance.choice(((2, "H"), (4, "I")))
        at = _near_an_end(chance, data)
        value = chance.choice(_EDGES) & (2 ** (8 * width) - 1)
        packed = struct.pack(chance.choice("<>") + letter, value)
        data[at : at + width] = packed[: len(data) - at]
    return bytes(data)


def _append(chance: random.Random, data: bytearray) -> bytes:
    return bytes(data) + chance.randbytes(chance.choice((1, 100, 5000)))


def _other_value(chance: random.Random, data: bytearray) -> bytes:
    values = list(_VALUE.finditer(data))
    if not values:
        return bytes(data)
    for value in sorted(
        chance.sample(values, min(len(values), chance.choice((1, 1, 3)))), key=_start, reverse=True
    ):
        data[value.start() : value.end()] = chance.choice(_TOKENS)
    return bytes(data)


def _swap_values(chance: random.Random, data: bytearray) -> bytes:
    values = list(_VALUE.finditer(data))
    if len(values) < 2:
        return bytes(data)
    first, second = sorted(chance.sample(values, 2), key=_start)
    one, other = first.group(), second.group()
    data[second.start() : second.end()] = one
    data[first.start() : first.end()] = other
    return bytes(data)


def _nest(chance: random.Random, data: bytearray) -> bytes:
    values = list(_VALUE.finditer(data))
    at = chance.choice(values).start() if values else 0
    opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    data[at:at] = opening * _DEPTH + b"0" + closing * _DEPTH + b","
    return bytes(data)


def _start(found: re.Match[bytes]) -> int:
    return found.start()


def _near_an_end(chance: random.Random, data: bytearray) -> int:
    reach = min(_NEAR_THE_ENDS, len(data))
    at = chance.randrange(reach)
    return at if chance.random() < 0.7 else len(data) - 1 - at


_WAYS: tuple[Breaking, ...] = (
    _flip_bits, _flip_header_bits, _cut, _cut_the_middle, _insert, _repeat, _wipe, _edge_number, _edge_number, _append,
)  # fmt: skip
_TEXT_WAYS: tuple[Breaking, ...] = (_other_value, _other_value, _other_value, _swap_values, _nest)
