#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The judge of a run: holds source, result files and the org's commit log
against one another, with nothing of sfetl's own code.

It proves that each source row stands in exactly one place, that each accepted
row was written exactly once and each other row not at all, that each Id
belongs to its row, that result files stand in source order, and that
summary.json says the same. Prints what is wrong, a line each, and exits 1.
"""

import argparse
import csv
import gzip
import json
import os
import sys
from collections import defaultdict

csv.field_size_limit(1 << 28)

# The columns that each result file puts before the source's.
FILES = {
    "success.csv": ["sf__Id", "sf__Created"],
    "error.csv": ["sf__Id", "sf__Error", "sfetl__Origin", "sfetl__Code",
                  "sfetl__Row", "sfetl__Line"],
    "skipped.csv": ["sfetl__Reason", "sfetl__Row", "sfetl__Line"],
    "unprocessed.csv": ["sfetl__Reason", "sfetl__Row", "sfetl__Line"],
}


class Judge:
    def __init__(self, args):
        self.args = args
        self.faults = []
        self.rows = []  # source rows, cells
        self.header = []
        self.files = []  # of each row, those passed over too

    def fault(self, text):
        self.faults.append(text)

    def read_file(self, path):
        if path.endswith(".gz"):
            file = gzip.open(path, "rt", encoding="utf-8-sig", newline="")
        else:
            file = open(path, encoding="utf-8-sig", newline="")
        with file:
            reader = csv.reader(file, delimiter=self.args.delimiter)
            return [cells for cells in reader if cells]

    def read_source(self):
        rows = []
        for path in self.args.source:
            lines = self.read_file(path)
            self.header = lines[0]
            rows += lines[1:]
            self.files += [path] * (len(lines) - 1)
        first = self.args.skip
        last = first + self.args.limit if self.args.limit else len(rows)
        self.first = first
        self.rows = rows[first:last]

    def read_results(self, name):
        path = os.path.join(self.args.results, name)
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        if not text.endswith("\n"):
            self.fault(f"{name} does not end with a line end")
        lines = list(csv.reader(text.splitlines(keepends=True)))
        added = FILES[name]
        if self.args.several and name != "success.csv":
            added = added + ["sfetl__File"]
        if lines[0] != added + self.header:
            self.fault(f"{name} has the header {lines[0]}")
        return [(cells[:len(added)], cells[len(added):])
                for cells in lines[1:]]

    def place_numbered(self, name, at):
        """Rows that carry their number: index -> the added cells."""
        placed, before = {}, -1
        for added, cells in self.read_results(name):
            index = int(added[at]) - 1 - self.first
            if index <= before:
                self.fault(f"{name}: row {index + 1} is not in source order")
            before = index
            if not 0 <= index < len(self.rows):
                self.fault(f"{name}: there is no row {index + 1}")
            elif self.rows[index] != cells:
                self.fault(f"{name}: row {index + 1} is not the source's")
            if self.args.several and not (
                    "/" + self.files[index + self.first]).endswith(
                        "/" + added[at + 2]):
                self.fault(f"{name}: row {index + 1} is not of {added[at + 2]}")
            placed[index] = added
        return placed

    def place_success(self, taken):
        """success.csv carries no row number: its rows are the source's that
        stand nowhere else, in order."""
        left = [i for i in range(len(self.rows)) if i not in taken]
        results = self.read_results("success.csv")
        if len(left) != len(results):
            self.fault(f"success.csv has {len(results)} rows, "
                       f"{len(left)} source rows stand nowhere else")
        placed = {}
        for index, (added, cells) in zip(left, results):
            if self.rows[index] != cells:
                self.fault(f"success.csv: row {index + 1} is not the source's")
            placed[index] = added
        return placed

    def read_commits(self):
        commits = defaultdict(list)
        with open(self.args.commits, encoding="utf-8") as file:
            for line in file:
                commit = json.loads(line)
                if commit["object"] != self.args.object:
                    continue
                if self.args.since and commit["seq"] <= self.args.since:
                    continue
                key = commit["fields"].get(self.args.key_field)
                if key is None and self.args.key_field == "Id":
                    key = commit["id"]
                if key is None:
                    key = commit.get("externalId")
                if self.args.fold:
                    key = key.lower() if key else key
                if not self.repeats(commits[key], commit):
                    commits[key].append(commit)
        return commits

    def repeats(self, before, commit):
        """The same once more: a synchronous call whose answer was lost."""
        return (self.args.may_repeat and before and
                commit["operation"] in ("update", "upsert") and
                all(commit.get(name) == before[-1].get(name)
                    for name in ("operation", "id", "fields")))

    def key_of(self, index):
        at = self.header.index(self.args.key_column)
        key = self.rows[index][at] if at < len(self.rows[index]) else ""
        return key.lower() if self.args.fold else key

    def check_commits(self, success, doubtful, places):
        commits = self.read_commits()
        accepted = {}
        for index, (record_id, _created) in success.items():
            key = self.key_of(index)
            found = commits.get(key, [])
            if len(found) != (2 if key in self.args.twice else 1):
                self.fault(f"row {index + 1} (key {key}) was written "
                           f"{len(found)} times, and succeeded")
            elif found[0]["id"] != record_id:
                self.fault(f"row {index + 1} (key {key}) has the Id "
                           f"{record_id}, the org wrote {found[0]['id']}")
            accepted[key] = index
        keys = defaultdict(list)
        for index in places:
            keys[self.key_of(index)].append(index)
        for key, found in commits.items():
            if key in accepted:
                continue
            rows = keys.get(key, [])
            if not rows:
                self.fault(f"the org wrote the key {key}, which no row has")
            elif not any(i in doubtful for i in rows):
                self.fault(f"row {rows[0] + 1} (key {key}) was written, and "
                           f"stands in {places[rows[0]]}")
            elif len(found) > 1:
                self.fault(f"row {rows[0] + 1} (key {key}), in doubt, was "
                           f"written {len(found)} times")

    def check_summary(self, counts):
        path = os.path.join(self.args.run, "summary.json")
        with open(path, encoding="utf-8") as file:
            summary = json.load(file)
        loads = summary["loads"]
        load = loads[0]
        if self.args.load:
            load = [x for x in loads if x["name"] == self.args.load][0]
        accounting = load["accounting"]
        for name, count in counts.items():
            if accounting[name] != count:
                self.fault(f"summary.json says {name} {accounting[name]}, "
                           f"the files {count}")
        if not accounting["holds"]:
            self.fault("summary.json says that the accounting fails")

    def judge(self):
        self.read_source()
        numbered = {
            "error.csv": self.place_numbered("error.csv", 4),
            "skipped.csv": self.place_numbered("skipped.csv", 1),
            "unprocessed.csv": self.place_numbered("unprocessed.csv", 1),
        }
        places = {}
        for name, placed in numbered.items():
            for index in placed:
                if index in places:
                    self.fault(f"row {index + 1} stands in {name} and in "
                               f"{places[index]}")
                places[index] = name
        success = self.place_success(places)
        for index in success:
            places[index] = "success.csv"
        doubtful = {index for index, added in
                    numbered["unprocessed.csv"].items()
                    if added[0].startswith("in-doubt")}
        open_rows = {index for index, added in
                     numbered["unprocessed.csv"].items()
                     if "[outcome-open]" in added[0]}
        if self.args.commits:
            self.check_commits(success, doubtful | open_rows, places)
        origins = [added[2] for added in numbered["error.csv"].values()]
        self.check_summary({
            "read": len(self.rows),
            "succeeded": len(success),
            "failed": origins.count("org"),
            "rejected": origins.count("mapping"),
            "skipped": len(numbered["skipped.csv"]),
            "unprocessed": len(numbered["unprocessed.csv"]),
        })
        if self.args.no_doubt and doubtful:
            self.fault(f"{len(doubtful)} rows are in doubt")
        return len(success), len(doubtful)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", required=True, action="append",
                        help="repeated: files in the order they were read")
    parser.add_argument("--several", action="store_true",
                        help="the source is a pattern: rows name their file")
    parser.add_argument("--delimiter", default=",")
    parser.add_argument("--run", required=True, help="the run's folder")
    parser.add_argument("--load", help="of several, this one")
    parser.add_argument("--commits", help="the org's commits.jsonl")
    parser.add_argument("--object", default="Account")
    parser.add_argument("--key", help="COLUMN=Field: what is unique to a row")
    parser.add_argument("--fold", action="store_true",
                        help="case of keys does not count")
    parser.add_argument("--since", type=int, default=0,
                        help="only commits behind this sequence number")
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--no-doubt", action="store_true")
    parser.add_argument("--twice", default="",
                        help="KEY,KEY: rows that take two passes, as they "
                             "are compared")
    parser.add_argument("--may-repeat", action="store_true",
                        help="the same update or upsert twice is one")
    args = parser.parse_args()
    args.key_column, _, args.key_field = (args.key or "").partition("=")
    args.twice = args.twice.split(",") if args.twice else []
    args.results = os.path.join(args.run, args.load) if args.load else args.run
    judge = Judge(args)
    succeeded, doubtful = judge.judge()
    for fault in judge.faults[:20]:
        print(fault)
    if len(judge.faults) > 20:
        print(f"... and {len(judge.faults) - 20} more")
    print(f"{len(judge.rows)} rows, {succeeded} succeeded, {doubtful} in "
          f"doubt, {len(judge.faults)} faults")
    return 1 if judge.faults else 0


if __name__ == "__main__":
    sys.exit(main())
