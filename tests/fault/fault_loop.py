#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks a small run again and again, goes on with it, and has it judged.

Each round loads a file of its own into the rehearsal org, with one thing
broken: the process is killed at a random instant (random-kill) or at the n-th
call (kill), loses its power there (powercut), or that call fails (fail). Then
`sfetl resume` is called until the run is closed, and the history checker
judges. TAP on standard output, one line a series.
"""

import argparse
import os
import random
import shutil
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import Rig, Round  # noqa: E402  pylint: disable=C0413
from xml_round import XmlRound  # noqa: E402  pylint: disable=C0413

# What a call of each kind fails with, and the codes that a run may end with
# when it does: 9 this machine, 6 the network, 3 and 4 what can't be read.
ERRNOS = {"connect": 111, "read": 5, "open": 13}
CODES = {"connect": {0, 1, 6}, "read": {0, 1, 3, 4, 6, 9},
         "open": {0, 1, 3, 4, 5, 6, 9}, "malloc": {0, 1, 5, 6, 9}}
MACHINE = {0, 1, 6, 9}


class Loop:
    def __init__(self, args):
        self.args = args
        self.random = random.Random(args.seed)
        self.rig = Rig(args, args.work, args.latency)
        self.work = self.rig.work
        self.done, self.bad, self.doubt, self.broken = 0, 0, 0, 0
        self.whole = 0.3  # seconds of the last run that nothing broke
        self.codes = {}

    def round(self, number, fault, kill_after=None):
        kind = XmlRound if self.args.xml else Round
        this = kind(self.rig, number, self.args.operation, self.args.rows,
                    self.args.chunk_rows, self.ids(), self.args.tree)
        fault = dict(fault)
        if fault:
            fault["FAULT_FOLDER"] = this.folder
        began = time.monotonic()
        code, output = this.run(fault, kill_after)
        broke = code not in (0, 1)
        if not fault and not broke:
            self.whole = time.monotonic() - began
        self.codes[code] = self.codes.get(code, 0) + 1
        run = this.run_folder()
        if broke or run is None:
            run = this.go_on()
        self.done += 1
        self.broken += broke
        self.judge(this, run, fault, code, output)
        return broke

    def ids(self):
        """Records of an earlier run, for update and delete."""
        if self.args.operation not in ("update", "delete"):
            return None
        rows = self.args.rows
        seed = Round(self.rig, f"seed-{self.done}", "insert", rows * 2,
                     rows * 2)
        seed.run()
        path = os.path.join(seed.run_folder(), "success.csv")
        with open(path, encoding="utf-8") as file:
            taken = [line.split(",")[0] for line in file
                     if line.startswith("001")]
        seed.drop()
        return taken[:rows]

    def judge(self, this, run, fault, code, output):
        wrong = None
        if run is None:
            wrong = "the run is never closed"
        else:
            wrong, text = this.judge(run, ["--may-repeat"]
                                     if self.args.api != "bulk2" else [])
            self.doubt += " 0 in doubt" not in text
            wrong = wrong or self.compare(this, this.counts(run))
        if wrong is None and fault.get("FAULT_MODE") == "fail":
            wrong = self.judge_failure(fault, code, output)
        if wrong is None:
            this.drop()
            return
        self.bad += 1
        this.show(f"{wrong} {fault}")

    def compare(self, this, counts):
        """Held against an undisturbed run."""
        bad = counts["failed"] + counts["rejected"]
        same = counts["succeeded"] == this.want["succeeded"] and \
            bad == this.want["error"]
        if counts["in_doubt"] and self.args.api != "bulk2":
            same = counts["unprocessed"] == counts["in_doubt"]
        return None if same else f"{counts}, {this.want} was wanted"

    @staticmethod
    def judge_failure(fault, code, output):
        allowed = CODES.get(fault["FAULT_KIND"], MACHINE)
        if code not in allowed:
            return f"exit code {code}"
        if code not in (0, 1) and "sfetl: " not in output:
            return "no error is told"
        return None

    def count_calls(self, kind):
        path = os.path.join(self.work, "count")
        self.round(f"count-{kind}", {"FAULT_MODE": "count",
                                     "FAULT_KIND": kind,
                                     "FAULT_COUNT": path})
        with open(path) as file:
            return int(file.read())

    def series(self, mode):
        if mode == "random-kill":
            self.round("whole", {})
            number = 0
            while self.broken < self.args.rounds and self.bad < 20:
                number += 1
                self.round(number, {}, self.random.uniform(
                    0, self.whole * 1.05))
            return
        kinds = self.args.kinds.split(",")
        for kind in kinds:
            count = self.count_calls(kind)
            indexes = list(range(1, count + 1))
            if self.args.rounds and len(indexes) > self.args.rounds:
                indexes = sorted(self.random.sample(indexes,
                                                    self.args.rounds))
            for at in indexes:
                self.round(f"{kind}-{at}", {
                    "FAULT_MODE": mode, "FAULT_KIND": kind,
                    "FAULT_AT": str(at),
                    "FAULT_ERRNO": str(ERRNOS.get(kind, 28))})
            codes = ", ".join(f"{self.codes[code]} of {code}"
                              for code in sorted(self.codes))
            self.codes = {}
            print(f"# {mode} {kind}: {len(indexes)} of {count} calls; exit "
                  f"codes: {codes}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=["random-kill", "kill", "powercut",
                                         "fail"])
    parser.add_argument("--sfetl", required=True)
    parser.add_argument("--rehearsal", required=True)
    parser.add_argument("--preload", default="")
    parser.add_argument("--schema", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--operation", default="insert")
    parser.add_argument("--api", default="bulk2")
    parser.add_argument("--xml", action="store_true",
                        help="two loads in one pass over an XML file")
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--chunk-rows", type=int, default=20)
    parser.add_argument("--tree", action="store_true",
                        help="rows below one another, and repeated keys")
    parser.add_argument("--rounds", type=int, default=0, help="0: all")
    parser.add_argument("--kinds", default="all")
    parser.add_argument("--latency", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    loop = Loop(parser.parse_args())
    try:
        loop.series(loop.args.mode)
    finally:
        loop.rig.close()
    name = (f"{loop.args.mode} {loop.args.operation} {loop.args.api}"
            f"{' xml' if loop.args.xml else ''}"
            f"{' tree' if loop.args.tree else ''}")
    print(f"# {name}: {loop.done} rounds, {loop.broken} broken runs, "
          f"{loop.bad} bad, {loop.doubt} with rows in doubt")
    print("ok" if loop.bad == 0 and loop.done > 0 else "not ok", "-", name)
    print("1..1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
