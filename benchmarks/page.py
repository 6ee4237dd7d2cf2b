"""Writes what was measured into docs/performance.md: tables and plots, with the machine and the command of each.

Figures of earlier runs stay in docs/performance.json until they are measured anew.

Run: python benchmarks/page.py FILE.json...
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from svg_bars import Bar, bars, short

from lsegdiff_gui.imaging.write import make_folder, write_atomically

DOCS = Path(__file__).resolve().parents[1] / "docs"
BEGINS, ENDS = "<!-- measured: begins -->", "<!-- measured: ends -->"
Figures = Mapping[str, float]

# What is measured, in words: benchmark → what it is, then key → words and goal.
TABLES: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "draft": (
        "A draft of 4 steps and 5 samples, a new picture, weights loaded",
        {
            "encode_ms": ("encoding: five sides, and one of the twin, ms", ""),
            "step_ms": ("one step of five samples, ms", ""),
            "decode_ms": ("decoding one sample, ms", ""),
            "total_ms": ("**the whole draft with its previews**, ms", "250 with AMX, 600 without"),
            "total_ms_torch": ("the same by PyTorch alone, ms", ""),
            "new_pages": ("pages of memory it asks the system for", "0"),
            "new_pages_torch": ("the same by PyTorch alone", "0"),
            "share_of_limit": ("share of the best matrix product", "aim .25"),
            "share_of_limit_torch": ("the same by PyTorch alone", ""),
            "giga_multiply_adds": ("multiply-adds, 10⁹", ""),
            "limit_giga_per_s": ("the best matrix product, 10⁹ multiply-adds a second", ""),
        },
    ),
    "batch": (
        "A folder over one picture at a time",
        {
            "ratio": ("5 samples × 4 steps", "1.3"),
            "ratio_one_sample": ("1 sample × 4 steps", "2"),
            "one_per_s": ("pictures a second, one at a time", ""),
            "folder_per_s": ("pictures a second, a folder", ""),
            "one_per_s_one_sample": ("the same with one sample, one at a time", ""),
            "folder_per_s_one_sample": ("a folder", ""),
        },
    ),
    "agreement": ("Dice of drafts against float32 by PyTorch, one picture at a time and many", {}),
    "latent_vs_pixel": ("Latent against pixels, by PyTorch, on the same features", {}),
    "equal_hours": ("Trained from nothing for the same processor time", {}),
    "startup": (
        "From the start of the process",
        {
            "window_s": ("the window is painted, s", "1"),
            "first_draft_s": ("the first draft's last step, s", "3"),
        },
    ),
    "tick": (
        "Lateness of a 10 ms timer in the window while 20 pictures are drafted",
        {"p99_ms": ("p99, ms", "16"), "worst_ms": ("worst, ms", "")},
    ),
    "film": (
        "The film",
        {
            "cost_percent": ("of a draft for keeping and previewing it, %", "10"),
            "iou_1_2": ("IoU of steps 1 and 2", ""),
            "iou_2_3": ("2 and 3", ""),
            "iou_3_4": ("3 and 4", ""),
        },
    ),
    "paint": (
        "Painting on 8192 × 8192",
        {
            "dab_p50_ms": ("a dab, p50, ms", ""),
            "dab_p99_ms": ("p99, ms", "4"),
            "recolour_p50_ms": ("if the whole overlay were coloured anew, ms", ""),
        },
    ),
    "commands": ("Commands on a whole mask of 8192 × 8192", {}),
    "folder": (
        "A project of many pictures",
        {
            "pictures": ("pictures", ""),
            "first_picture_s": ("the first picture, s", "2"),
        },
    ),
    "memory": (
        "Pictures drafted, painted and finished in a row",
        {"pictures": ("pictures", ""), "growth_percent": ("memory from the first tenth on, %", "± 5")},
    ),
    "fuzz": ("Broken files", {}),
    "kill": ("Killed in full work", {}),
}
CONTENDERS = {"latent": "latent 32²", "fair": "pixels, five levels", "same": "pixels, same blocks"}
CLAIM_ROWS = {
    "step_s": "a step of five samples, s",
    "step_giga_multiply_adds": "of it multiply-adds, 10⁹",
    "own_steps_s": "a picture, 5 samples × 4 steps, s",
    "long_extrapolated_s": "the same in 1,000 steps, extrapolated from ten timed ones, s",
    "training_step_s": "a training step of four pictures, s",
    "sampling_mb": "memory of sampling five, MB",
    "training_mb": "memory of training, MB",
    "parameters": "parameters",
}
CLAIM_RATIOS = {
    "speedup_same_steps": ("a picture at 4 steps", "45", "7"),
    "speedup_1000_steps": ("a picture at 1,000 steps", "55", "7"),
    "train_speedup": ("a training step", "15", "7"),
    "memory_ratio": ("memory of sampling", "aim 20", "7"),
}
PLOTS = {
    "latent-time": (
        "Seconds a picture, 5 samples",
        "s",
        (("own_steps_s", "4 steps"), ("long_extrapolated_s", "1,000 steps")),
    ),
    "latent-memory": (
        "Memory above what was resident",
        "MB",
        (("sampling_mb", "sampling"), ("training_mb", "training")),
    ),
}


def main() -> None:
    """Take over new figures and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE.json", help="what benchmarks have written"
    )
    parser.add_argument("--docs", type=Path, default=DOCS, metavar="DIR", help="the folder of performance.md")
    asked = parser.parse_args()
    store = asked.docs / "performance.json"
    known: dict[str, Any] = json.loads(store.read_text("utf-8")) if store.is_file() else {}
    for path in asked.files:
        written = json.loads(path.read_text("utf-8"))
        today = datetime.now(UTC).date().isoformat()
        for name, figures in written["figures"].items():
            known[name] = {"machine": written["machine"], "date": today, "figures": figures}
    write_atomically(store, (json.dumps(known, indent=1, sort_keys=True) + "\n").encode())
    page = asked.docs / "performance.md"
    text = page.read_text("utf-8")
    before, rest = text.split(BEGINS)
    after = rest.split(ENDS)[1]
    write_atomically(page, f"{before}{BEGINS}\n\n{measured(known, asked.docs)}\n{ENDS}{after}".encode())


def measured(known: Mapping[str, Any], docs: Path) -> str:
    """All tables, and the plots written beside the page."""
    parts = []
    for name, (title, rows) in TABLES.items():
        entries = {key: entry for key, entry in known.items() if key == name or key.startswith(f"{name}_")}
        entries = {key: entry for key, entry in entries.items() if key not in TABLES or key == name}
        if not entries:
            continue
        entry = next(iter(entries.values()))
        if name == "latent_vs_pixel":
            table = _claim(entry["figures"], docs)
        elif name == "equal_hours":
            table = _equal_hours(entries)
        elif name == "agreement":
            table = _agreement(entry["figures"])
        else:
            table = _plain(entry["figures"], rows)
        parts.append(f"### {title}\n\n`benchmarks/{name}.py`, {_machine(entry)}\n\n{table}\n")
    return "\n".join(parts)


def _machine(entry: Mapping[str, Any]) -> str:
    machine = entry["machine"]
    amx = " with AMX" if machine["amx"] else ""
    return f"{machine['cpu']}{amx}, {machine['cores']} cores, torch {machine['torch']}, {entry['date']}."


def _plain(figures: Figures, rows: Mapping[str, tuple[str, str]]) -> str:
    named = rows or {key: (key.replace("_", " "), "") for key in figures}
    goals = any(goal for _, goal in named.values())
    lines = ["| what | measured | goal |", "|---|---|---|"] if goals else ["| what | measured |", "|---|---|"]
    for key, (words, goal) in named.items():
        if key in figures:
            lines.append(f"| {words} | {short(figures[key])} |{f' {goal} |' if goals else ''}")
    return "\n".join(lines)


def _claim(figures: Figures, docs: Path) -> str:
    names = [name for name in CONTENDERS if f"{name}_step_s" in figures]
    lines = [f"| | {' | '.join(CONTENDERS[name] for name in names)} |", f"|---|{'---|' * len(names)}"]
    for key, words in CLAIM_ROWS.items():
        if f"{names[0]}_{key}" in figures:
            cells = " | ".join(short(figures[f"{name}_{key}"]) for name in names)
            lines.append(f"| {words} | {cells} |")
    lines += [
        "",
        "| the latent is better by | same blocks | goal | five levels | aim |",
        "|---|---|---|---|---|",
    ]
    for key, (words, goal, aim) in CLAIM_RATIOS.items():
        same, fair = (f"**{short(figures[k])}**" if k in figures else "" for k in (key, f"{key}_fair"))
        lines.append(f"| {words} | {same} | {goal} | {fair} | {aim} |")
    for plot, (title, unit, keys) in PLOTS.items():
        drawn = [
            Bar(f"{CONTENDERS[name]}, {words}", figures[f"{name}_{key}"], colour)
            for key, words in keys
            for colour, name in enumerate(names)
            if f"{name}_{key}" in figures
        ]
        if drawn:
            make_folder(docs / "plots")
            write_atomically(docs / "plots" / f"{plot}.svg", bars(title, unit, drawn).encode())
            lines += ["", f"![{title}](plots/{plot}.svg)"]
    return "\n".join(lines)


def _equal_hours(entries: Mapping[str, Any]) -> str:
    lines = ["| | minutes of one core | steps of 16 | Dice, Kvasir-SEG `test` |", "|---|---|---|---|"]
    direct = 0.0
    for name, words in CONTENDERS.items():
        entry = entries.get(f"equal_hours_{name}")
        if entry is not None:
            f = entry["figures"]
            direct = f["direct_dice"]
            lines.append(
                f"| {words} | {short(f['processor_minutes'])} | {short(f['steps'])} | {f['dice']:.3f} |"
            )
    lines.append(f"| the features' direct head | | | {direct:.3f} |")
    return "\n".join(lines)


def _agreement(figures: Figures) -> str:
    lines = ["| way | samples | mean | least |", "|---|---|---|---|"]
    for key, value in figures.items():
        if f"{key}_least" in figures:
            way, samples = key.rsplit("_", 1)
            lines.append(
                f"| {way.replace('_', ' ')} | {samples} | {value:.5f} | {figures[f'{key}_least']:.4f} |"
            )
    return "\n".join([*lines, "", f"Over {short(figures['pictures'])} pictures of each model; asked .999."])


if __name__ == "__main__":
    main()
