#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every fault of the rehearsal org, at every phase of a run, judged.

A round loads a small file with one thing going wrong, goes on with it until
the run is closed, and has it judged. Three outcomes may be asked of it:

  same   nothing lost, nothing in doubt: as if nothing had gone wrong
  left   rows that the org did not touch may be left over, none in doubt
  doubt  rows may be in doubt, and say so

Several orgs serve the rounds, for most of a round's time is waiting. TAP on
standard output, a line an operation.
"""

import argparse
import os
import queue
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import Rig, Round  # noqa: E402  pylint: disable=C0413

PHASES = ["bulk2.create", "bulk2.upload", "bulk2.close", "bulk2.status",
          "bulk2.results.success", "bulk2.results.failed"]
# An internal error, a hang, a crash.
NEVER = {70, 124, -4, -6, -7, -8, -11}


def once(when, what, **more):
    return [dict(when=when, what=what, times=1, **more)]


def phase_cases():
    for when in PHASES:
        short = when.replace("bulk2.", "").replace("results.", "")
        yield f"lost-answer {short}", once(when, "lost-answer"), "same"
        yield f"reset {short}", once(when, "reset", at=0), "same"
        yield f"reset in the answer {short}", once(when, "reset", at=40), \
            "same"
        yield f"502 HTML {short}", once(when, "status", status=502), "same"
        yield f"503 Retry-After {short}", \
            once(when, "status", status=503, retry_after=1), "same"
        yield f"429 Retry-After {short}", \
            once(when, "status", status=429, retry_after=1), "same"
        yield f"session {short}", once(when, "session-expired"), "same"
        yield f"twice {short}", once(when, "duplicated-answer"), "same"
        yield f"length too long {short}", \
            once(when, "wrong-content-length", at=7), "same"
        yield f"restart {short}", once(when, "restart"), "same"


def result_cases():
    for name in ("success", "failed"):
        when = f"bulk2.results.{name}"
        for at in (0, 10, 60, 150):
            yield f"cut {at} {name}", once(when, "cut", at=at), "same"
            yield f"cut-declared {at} {name}", \
                once(when, "cut-declared", at=at), "same"
        for what in ("rows-missing", "rows-added", "rows-doubled",
                     "other-job", "columns-renamed"):
            yield f"{what} {name}", once(when, what, rows=1), "doubt"
            yield f"{what} for good {name}", \
                [dict(when=when, what=what, rows=1)], "doubt"
        yield f"cut for good {name}", \
            [dict(when=when, what="cut-declared", at=150)], "doubt"


def job_cases():
    text = "InvalidBatch : made up"
    for when in ("job.begin", "job.slice", "job.end"):
        if when != "job.end":
            yield f"job-failed {when}", \
                once(when, "job-failed", text=text), "left"
            yield f"job-aborted {when}", once(when, "job-aborted"), "left"
        yield f"restart {when}", once(when, "restart"), "same"
    yield "job-failed by a lock", \
        once("job.begin", "job-failed", text="TooManyLockFailure : Too many "
             "lock failure 200. Trying again later."), "same"
    yield "lock errors", \
        [dict(when="job.slice", what="lock-errors", rows=3, times=2)], "same"
    yield "lock errors for good", \
        [dict(when="job.slice", what="lock-errors", percent=50)], "lock"
    yield "clock ahead", once("bulk2.status", "clock-skew", ms=3600000), \
        "same"
    yield "clock behind", once("bulk2.status", "clock-skew", ms=-3600000), \
        "same"
    yield "drip", once("bulk2.results.success", "drip", at=200, ms=20), "same"
    yield "refused", [dict(when="connect", what="refuse", times=2)], "same"


def half_way_cases():
    """A job of more than a slice of 200 rows breaks off in its middle."""
    for what in ("job-failed", "job-aborted"):
        yield f"{what} half-way", \
            [dict(when="job.slice", what=what, after=1, times=1)], "left"
    yield "restart half-way", \
        [dict(when="job.slice", what="restart", after=1, times=1)], "same"


def call_cases(operation, api):
    """Calls of 200 rows that are answered at once: of a lost answer to an
    insert or a delete nobody can know more than that it was lost."""
    when = ("soap." if api == "soap" else "rest.collections.") + \
        ("create" if operation == "insert" else operation)
    lost = "same" if operation in ("upsert", "update") else "doubt"
    for after in (0, 1):
        def case(what, want="same", **more):
            words = [what[:12], *(str(more[key]) for key in sorted(more)),
                     "call", str(after + 1)]
            return (" ".join(words),
                    [dict(more, when=when, what=what, times=1, after=after)],
                    want, 450, 450)
        yield case("lost-answer", lost)
        yield case("reset", lost, at=0)
        yield case("reset", lost, at=40)
        yield case("status", lost, status=502)
        yield case("status", lost, status=503, retry_after=1)
        yield case("status", lost, status=429, retry_after=1)
        yield case("session-expired")
        yield case("duplicated-answer", lost)
        yield case("wrong-content-length", lost, at=7)
        yield case("restart", lost)
        yield case("cut", lost, at=60)
        yield case("cut-declared", lost, at=60)


def cases_of(quick, api="bulk2", operation=""):
    if api in ("rest", "soap"):
        return list(call_cases(operation, api))
    cases = [(*case, 30, 10) for case in
             [*phase_cases(), *result_cases(), *job_cases()]]
    cases += [(*case, 500, 500) for case in half_way_cases()]
    return cases if not quick else [
        case for case in cases if case[0] in QUICK]


# What update and delete have in make check: their ways differ in the keys of
# the results only.
QUICK = {"lost-answer upload", "lost-answer close", "reset success",
         "restart status", "rows-missing for good success",
         "rows-doubled success", "other-job for good success",
         "columns-renamed for good success", "cut 60 failed",
         "job-failed half-way", "lock errors", "restart half-way"}


class Worker(threading.Thread):
    def __init__(self, matrix, number):
        super().__init__(daemon=True)
        self.matrix, self.number = matrix, number
        self.ids = []

    def run(self):
        args = self.matrix.args
        self.rig = Rig(args, os.path.join(args.work, f"org{self.number}"),
                       latency=1, keep=True)
        try:
            while True:
                job = self.matrix.jobs.get_nowait()
                self.one(*job)
        except queue.Empty:
            pass
        except Exception as err:  # pylint: disable=W0718
            self.matrix.tell("worker", f"{type(err).__name__}: {err}")
            raise
        finally:
            self.rig.close()

    def take_ids(self, count):
        """Records to update or delete, loaded once for many rounds."""
        if len(self.ids) < count:
            rows = max(count, 600)
            seed = Round(self.rig, f"seed{time.monotonic_ns()}", "insert",
                         rows, rows)
            seed.run()
            run = seed.run_folder()
            with open(os.path.join(run, "success.csv"),
                      encoding="utf-8") as file:
                self.ids += [line.split(",")[0] for line in file
                             if line.startswith("001")]
        taken, self.ids = self.ids[:count], self.ids[count:]
        if len(taken) < count:
            return self.take_ids(count)
        return taken

    def one(self, operation, name, rules, want, rows, chunk_rows):
        ids = self.take_ids(rows) if operation in ("update", "delete") \
            else None
        number = f"{operation}-{name}".replace(" ", "-")
        this = Round(self.rig, number, operation, rows, chunk_rows, ids)
        self.rig.org.set_faults({"seed": 1, "rules": rules})
        code, _ = this.run()
        if all("times" in rule for rule in rules):
            self.rig.org.set_faults({"rules": []})
        run = this.run_folder()
        if code not in (0, 1) or run is None:
            run = this.go_on(limit=3)
        self.rig.org.set_faults({"rules": []})
        self.judge(this, run, want, name)

    def judge(self, this, run, want, name):
        wrong = "the run is never closed"
        if run is not None:
            wrong, _ = this.judge(
                run, ([] if want == "doubt" else ["--no-doubt"]) +
                (["--may-repeat"] if self.rig.api != "bulk2" else []))
        if run is not None and wrong is None:
            wrong = self.compare(this, this.counts(run), want)
        if wrong:
            this.show(f"{name}: exit codes {this.codes}: {wrong}")
        else:
            this.drop()
        self.matrix.tell(this.operation, wrong)

    @staticmethod
    def compare(this, counts, want):
        bad = counts["failed"] + counts["rejected"]
        same = counts["succeeded"] == this.want["succeeded"] and \
            bad == this.want["error"]
        if want == "same" and not same:
            return f"{counts} is not what was wanted: {this.want}"
        if want == "lock" and (counts["unprocessed"] or
                               bad + counts["succeeded"] != this.rows):
            return f"{counts}: locks that last are failed rows"
        if any(code in NEVER for code in this.codes):
            return "a code that no fault may lead to"
        return None


class Matrix:
    def __init__(self, args):
        self.args = args
        self.jobs = queue.Queue()
        self.lock = threading.Lock()
        self.done, self.bad = {}, {}

    def tell(self, operation, wrong):
        with self.lock:
            self.done[operation] = self.done.get(operation, 0) + 1
            self.bad[operation] = self.bad.get(operation, 0) + bool(wrong)

    def play(self):
        args = self.args
        for operation in args.operations.split(","):
            brief = args.quick and operation in ("update", "delete")
            for case in cases_of(brief, args.api, operation):
                if not args.only or args.only in case[0]:
                    self.jobs.put((operation, *case))
        workers = [Worker(self, n) for n in range(args.workers)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sfetl", required=True)
    parser.add_argument("--rehearsal", required=True)
    parser.add_argument("--schema", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--api", default="bulk2")
    parser.add_argument("--operations", default="insert,upsert,update,delete")
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", help="cases that hold this")
    matrix = Matrix(parser.parse_args())
    matrix.play()
    for number, operation in enumerate(sorted(matrix.done), 1):
        bad = matrix.bad[operation]
        print("ok" if bad == 0 else "not ok", number, "- fault matrix",
              f"{operation}: {matrix.done[operation]} rounds, {bad} bad")
    print(f"1..{len(matrix.done)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
