#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chaos: a seeded mixture of faults, kills, signals and resumes.

Each round loads a file while several things go wrong at random, goes on with
the run, disturbed at first, until it is closed, and has it judged: the outcome
is an undisturbed run's, or rows say that they are in doubt or left over, and
only where something happened that makes them so. TAP on standard output.
"""

import argparse
import os
import random
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fault_matrix import Worker  # noqa: E402  pylint: disable=C0413
from rig import Rig, Round  # noqa: E402  pylint: disable=C0413

CALLS = ["bulk2.create", "bulk2.upload", "bulk2.close", "bulk2.status",
         "bulk2.results.*", "oauth.token", "describe*", "*"]
RESULTS = ["bulk2.results.success", "bulk2.results.failed"]

# What leaves no trace in the outcome; what may leave rows over, and what may
# bring them into doubt.
HARMLESS = [("lost-answer", {}), ("reset", {"at": 0}), ("reset", {"at": 90}),
            ("status", {"status": 502}), ("status", {"status": 503}),
            ("status", {"status": 429, "retry_after": 1}),
            ("session-expired", {}), ("duplicated-answer", {}),
            ("wrong-content-length", {"at": 9}), ("cut", {"at": 50}),
            ("stall", {"ms": 300}), ("drip", {"at": 100, "ms": 5}),
            ("restart", {})]
LEAVING = [("job-failed", {"text": "InvalidBatch : chaos"}),
           ("job-aborted", {})]
DOUBTFUL = [("rows-missing", {"rows": 2}), ("rows-added", {"rows": 2}),
            ("rows-doubled", {"rows": 2}), ("other-job", {}),
            ("columns-renamed", {}), ("cut-declared", {"at": 120})]


def rules_of(rng):
    """Some rules, and the worst that they may lead to."""
    rules, worst = [], "same"
    for _ in range(rng.randrange(6)):
        what, more = rng.choice(HARMLESS)
        rules.append(dict(more, when=rng.choice(CALLS), what=what,
                          times=rng.randint(1, 3),
                          probability=rng.choice([0.1, 0.3, 1])))
    if rng.random() < 0.3:
        rules.append({"when": "job.slice", "what": "lock-errors", "rows": 2,
                      "times": rng.randint(1, 3)})
    if rng.random() < 0.2:
        rules.append({"when": rng.choice(["job.begin", "job.slice",
                                          "job.end"]),
                      "what": "restart", "times": 1,
                      "after": rng.randrange(3)})
    if rng.random() < 0.15:
        what, more = rng.choice(LEAVING)
        rules.append(dict(more, when=rng.choice(["job.begin", "job.slice"]),
                          what=what, times=1, after=rng.randrange(4)))
        worst = "left"
    if rng.random() < 0.3:
        what, more = rng.choice(DOUBTFUL)
        rules.append(dict(more, when=rng.choice(RESULTS), what=what,
                          times=rng.randint(1, 6)))
        worst = "doubt"
    rng.shuffle(rules)
    return rules, worst


class Agent(threading.Thread):
    def __init__(self, chaos, number):
        super().__init__(daemon=True)
        self.chaos, self.number = chaos, number
        self.random = random.Random(f"{chaos.args.seed}-{number}")
        self.ids = []

    take_ids = Worker.take_ids

    def run(self):
        args = self.chaos.args
        self.rig = Rig(args, os.path.join(args.work, f"org{self.number}"),
                       latency=self.random.choice([1, 10, 40]), keep=True)
        try:
            number = 0
            while time.monotonic() < self.chaos.until:
                number += 1
                self.one(f"{self.number}-{number}")
        except Exception as err:  # pylint: disable=W0718
            self.chaos.tell("worker", [], f"{type(err).__name__}: {err}")
            raise
        finally:
            self.rig.close()

    def disturbance(self):
        """When a process is ended, and how; often not at all."""
        rng = self.random
        if rng.random() < 0.4:
            return None, None
        return rng.uniform(0, 1.2), rng.choice([9, 9, 9, 15, 2, 1])

    def one(self, number):
        rng = self.random
        operation = rng.choice(["insert", "insert", "upsert", "update",
                                "delete"])
        rows = rng.choice([7, 30, 60, 450])
        chunk_rows = rng.choice([5, 20, 100, 450])
        if rows // chunk_rows > 12:
            chunk_rows = 100
        rules, worst = rules_of(rng)
        ids = self.take_ids(rows) if operation in ("update", "delete") \
            else None
        this = Round(self.rig, number, operation, rows, chunk_rows, ids)
        self.rig.org.set_faults({"seed": rng.randrange(1 << 30),
                                 "rules": rules})
        code, _ = this.run(None, *self.disturbance())
        run = this.run_folder()
        if code not in (0, 1) or run is None:
            run = this.go_on(self.disturbance, limit=2)
        self.rig.org.set_faults({"rules": []})
        if run is None:
            run = this.go_on()
        self.judge(this, run, worst, rules)

    def judge(self, this, run, worst, rules):
        wrong, doubt = "the run is never closed", False
        if run is not None:
            wrong, text = this.judge(
                run, [] if worst == "doubt" else ["--no-doubt"])
            doubt = " 0 in doubt" not in text
        if wrong is None:
            counts = this.counts(run)
            wrong = Worker.compare(this, counts,
                                   "same" if worst == "same" else "any")
        if wrong:
            this.show(f"exit codes {this.codes}, {worst} wanted: {wrong}\n"
                      f"# faults: {rules}")
        else:
            this.drop()
        self.chaos.tell(this, rules, wrong, doubt)


class Chaos:
    def __init__(self, args):
        self.args = args
        self.until = time.monotonic() + args.seconds
        self.lock = threading.Lock()
        self.rounds, self.bad, self.doubt = 0, 0, 0
        self.faults, self.kills, self.resumes = 0, 0, 0

    def tell(self, this, rules, wrong, doubt=False):
        with self.lock:
            self.rounds += 1
            self.bad += bool(wrong)
            self.doubt += doubt
            self.faults += len(rules)
            codes = getattr(this, "codes", [])
            self.kills += sum(code in (-9, -15, -2, -1, 129, 130, 143)
                              for code in codes)
            self.resumes += max(0, len(codes) - 1)

    def play(self):
        agents = [Agent(self, n) for n in range(self.args.workers)]
        for agent in agents:
            agent.start()
        for agent in agents:
            agent.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sfetl", required=True)
    parser.add_argument("--rehearsal", required=True)
    parser.add_argument("--schema", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--api", default="bulk2")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--workers", type=int, default=4)
    args = parser.parse_args()
    chaos = Chaos(args)
    chaos.play()
    print(f"# seed {args.seed}, {args.seconds} s: {chaos.rounds} rounds, "
          f"{chaos.faults} rules of faults, {chaos.kills} kills and signals, "
          f"{chaos.resumes} resumes, {chaos.doubt} rounds with rows in doubt")
    print("ok" if chaos.bad == 0 and chaos.rounds else "not ok", 1, "- chaos:",
          f"{chaos.bad} of {chaos.rounds} rounds bad")
    print("1..1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
