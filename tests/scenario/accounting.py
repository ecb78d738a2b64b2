#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Row accounting, counted by somebody else.

For each run folder below FOLDER: the rows of its result files are counted and
held against its summary.json, and against the promise
read = succeeded + failed + rejected + skipped + unprocessed, a load. The
source row numbers in the files must ascend and be each there once. Prints
what differs; exit code 1 then.
"""
import csv
import json
import sys
from pathlib import Path

csv.field_size_limit(1 << 30)
FILES = {"success.csv": ("succeeded",), "error.csv": ("failed", "rejected"),
         "skipped.csv": ("skipped",), "unprocessed.csv": ("unprocessed",)}
FATES = ("succeeded", "failed", "rejected", "skipped", "unprocessed")


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def ascending(header, rows):
    if "sfetl__Row" not in header:
        return True
    place = header.index("sfetl__Row")
    numbers = [int(row[place]) for row in rows]
    return all(a < b for a, b in zip(numbers, numbers[1:]))


def judge_load(folder, counts):
    for name, fates in FILES.items():
        if not (folder / name).exists():
            yield f"{name} is missing"
            continue
        header, rows = rows_of(folder / name)
        stated = sum(counts[fate] for fate in fates)
        if len(rows) != stated:
            yield f"{name}: {len(rows)} rows, summary says {stated}"
        if not ascending(header, rows):
            yield f"{name}: rows do not stand in source order"
    fated = sum(counts[fate] for fate in FATES)
    if counts["read"] != fated:
        yield f"read {counts['read']}, but {fated} have a fate"


def judge_run(summary_path):
    summary = json.loads(summary_path.read_text(encoding="utf-8"))
    for load in summary["loads"]:
        folder = summary_path.parent
        if len(summary["loads"]) > 1:
            folder = folder / load["name"]
        for fault in judge_load(folder, load["accounting"]):
            yield f"{folder}: {fault}"


def main():
    faults = [fault for path in sorted(Path(sys.argv[1]).rglob("summary.json"))
              for fault in judge_run(path)]
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
