"""What this machine gives the process."""

import os
import sys

MULTIPLIES_BF16 = {"amx_bf16": "AMX", "avx512_bf16": "AVX-512 BF16"}
"""What makes a processor multiply bfloat16 natively, as Linux and PyTorch name it → as makers do. Without one PyTorch
computes it ten times slower."""


def usable_cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
