#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Going on: resume, abort, retry, locks and signals, a case each. TAP."""

import argparse
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import Rig, Round  # noqa: E402  pylint: disable=C0413

MISSING = [{"when": "bulk2.results.success", "what": "rows-missing",
            "rows": 2}]
STALL_UPLOAD = [{"when": "bulk2.upload", "what": "stall", "ms": 4000}]
STALL_JOB = [{"when": "job.begin", "what": "stall", "ms": 3000}]


class Wrong(Exception):
    """What a case finds wrong."""


def want(holds, text):
    if not holds:
        raise Wrong(text)


class Cases:
    def __init__(self, rig):
        self.rig = rig
        self.round = None

    def make(self, name, *args, **more):
        self.round = Round(self.rig, name, *args, **more)
        return self.round

    def faults(self, rules, **settings):
        self.rig.org.set_faults({"rules": rules, "settings": settings})

    def start(self, this, arguments=(), stdin=subprocess.DEVNULL, env=None):
        """A run in the background."""
        return subprocess.Popen(
            [self.rig.sfetl, "run", "fault.yaml", "--org", "rehearsal",
             *arguments], cwd=this.folder, env=self.rig.environment(env),
            stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def end(self, this, process, number=None, timeout=30):
        if number is not None:
            process.send_signal(number)
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise Wrong("it hangs") from None
        text = output.decode("utf-8", "replace")
        this.log.append(f"run: exit {process.returncode}\n{text}")
        return process.returncode, text

    def wait_log(self, this, words, seconds=20):
        """Until run.log says so."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            run = this.run_folder()
            path = os.path.join(run or "", "run.log")
            if run and os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    if words in file.read():
                        return run
            time.sleep(0.02)
        raise Wrong(f"run.log never says '{words}'")

    def judge(self, this, *arguments):
        wrong, _ = this.judge(this.run_folder(), arguments)
        want(wrong is None, wrong)

    def rows_of(self, this, name):
        path = os.path.join(this.run_folder(), name)
        with open(path, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    # in doubt

    def doubtful(self, name):
        this = self.make(name)
        self.faults(MISSING)
        code, _ = this.run()
        self.faults([])
        want(code == 1, f"exit code {code}")
        counts = this.counts(this.run_folder())
        want(counts["in_doubt"] == 6, counts)
        want("in-doubt" in self.rows_of(this, "unprocessed.csv")[0]
             ["sfetl__Reason"], "no row says that it is in doubt")
        return this

    def assume_failed(self):
        this = self.doubtful("assume-failed")
        code, _ = this.sfetl(["resume", "--assume", "failed"])
        want(code == 1, f"exit code {code}")
        counts = this.counts(this.run_folder())
        want(counts["unprocessed"] == 0, counts)
        want(counts["succeeded"] == this.want["succeeded"] - 6, counts)
        code, text = this.sfetl(["resume", this.run_folder()])
        want(code == 2 and "is closed" in text, f"exit code {code}")

    def assume_succeeded(self):
        this = self.doubtful("assume-succeeded")
        code, _ = this.sfetl(["resume", "--assume", "succeeded"])
        want(code == 1, f"exit code {code}")
        counts = this.counts(this.run_folder())
        want(counts["unprocessed"] == 0, counts)
        want(counts["succeeded"] == this.want["succeeded"], counts)

    def doubt_stays(self):
        this = self.doubtful("doubt-stays")
        code, _ = this.sfetl(["resume", this.run_folder()])
        want(code == 1, f"exit code {code}")
        self.judge(this)
        want(this.counts(this.run_folder())["in_doubt"] == 6, "doubt is gone")

    # what a resume must not forget

    def counts_go_on(self):
        """--max-errors and the strays count what an earlier process saw: 8
        rows are rejected, and all others are in the org already."""
        this = self.make("counts-go-on")
        this.run()
        shutil.rmtree(os.path.join(this.folder, "runs"))
        this.since = self.rig.org.last_seq()
        self.faults([{"when": "bulk2.results.failed", "what": "rows-added",
                      "rows": 2, "times": 4},
                     {"when": "bulk2.upload", "what": "stall", "ms": 4000,
                      "after": 2}])
        process = self.start(this, ["--parallel", "1", "--max-errors", "50"])
        self.wait_log(this, "chunk 3: job 750")
        self.end(this, process, signal.SIGKILL)
        self.faults([])
        code, text = this.sfetl(["resume", this.run_folder()])
        want(code == 7 and "60 rows failed" in text, f"exit code {code}")
        with open(os.path.join(this.run_folder(), "summary.json"),
                  encoding="utf-8") as file:
            load = json.load(file)["loads"][0]
        want(load["stray_results"] > 0, "strays are forgotten")
        self.judge(this, "--no-doubt")

    def gzip_as_it_was(self):
        """orgs.yaml says something else when the run is gone on with: its
        chunks, of which some are written again, stay as they are."""
        this = self.make("gzip-as-it-was", "upsert", 6000, 500)
        path = os.path.join(this.folder, "fault.csv")
        with open(path, encoding="utf-8") as file:
            lines = file.readlines()
        lines[9:9] = lines[3:5]  # a row is two lines
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines)
        with open(self.rig.org.config, encoding="utf-8") as file:
            config = file.read()
        entry = re.search(r"\n( +)auth:", config)
        for compress in ("gzip", "none"):
            with open(self.rig.org.config, "w", encoding="utf-8") as file:
                file.write(config.replace(
                    entry[0], f"\n{entry[1]}upload_compression: {compress}"
                    f"{entry[0]}", 1))
            if compress == "gzip":
                code, _ = this.run({"FAULT_MODE": "kill",
                                    "FAULT_KIND": "fsync", "FAULT_AT": "30"})
                want(code == -9, f"no kill: exit code {code}")
        code, _ = this.sfetl(["resume", this.run_folder()])
        with open(self.rig.org.config, "w", encoding="utf-8") as file:
            file.write(config)
        want(code == 1, f"exit code {code}")
        counts = this.counts(this.run_folder())
        want(counts["succeeded"] == this.want["succeeded"], counts)
        want(counts["rejected"] + counts["failed"] ==
             this.want["error"] + 1, counts)

    def again_aborted(self):
        """Rows that met a lock were to be sent again, in a job that an abort
        gives up: what the org said of them stands."""
        this = self.make("again-aborted")
        self.faults([{"when": "job.slice", "what": "lock-errors", "rows": 3,
                      "times": 1},
                     {"when": "bulk2.upload", "what": "stall", "ms": 4000,
                      "after": 3}])
        process = self.start(this)
        self.wait_log(this, "chunk 4: job 750")
        self.end(this, process, signal.SIGKILL)
        self.faults([])
        code, _ = this.sfetl(["abort", this.run_folder()])
        want(code == 0, f"exit code {code}")
        self.judge(this, "--no-doubt")
        locked = [row for row in self.rows_of(this, "error.csv")
                  if row["sfetl__Code"] == "UNABLE_TO_LOCK_ROW"]
        counts = this.counts(this.run_folder())
        want(len(locked) == 3 and counts["unprocessed"] == 0,
             f"{len(locked)} rows met a lock; {counts}")

    # abort, a newer run

    def sent_and_killed(self, name):
        """A run killed while its upload is out: nothing can be processed."""
        this = self.make(name)
        self.faults(STALL_UPLOAD)
        process = self.start(this)
        self.wait_log(this, " uploading")
        self.end(this, process, signal.SIGKILL)
        self.faults([])
        return this

    def abort_unsent(self):
        this = self.sent_and_killed("abort-unsent")
        code, _ = this.sfetl(["abort", this.run_folder()])
        want(code == 0, f"exit code {code}")
        self.judge(this, "--no-doubt")
        counts = this.counts(this.run_folder())
        want(counts["succeeded"] == 0 and counts["unprocessed"] > 0, counts)
        code, _ = this.sfetl(["resume", this.run_folder()])
        want(code == 2, f"exit code {code}")

    def abort_at_work(self):
        this = self.make("abort-at-work")
        self.faults(STALL_JOB)
        process = self.start(this)
        self.wait_log(this, " closed")
        self.end(this, process, signal.SIGKILL)
        code, _ = this.sfetl(["abort", this.run_folder()])
        self.faults([])
        want(code == 0, f"exit code {code}")
        self.judge(this)

    def abort_alive(self):
        this = self.make("abort-alive")
        self.faults(STALL_UPLOAD)
        process = self.start(this)
        run = self.wait_log(this, " uploading")
        code, text = this.sfetl(["abort", run])
        want(code == 8 and f"process {process.pid}" in text,
             f"exit code {code}")
        code, text = this.sfetl(["resume", run])
        want(code == 8, f"exit code {code}")
        self.faults([])
        self.end(this, process)
        self.judge(this, "--no-doubt")

    def overtaken(self):
        old = self.sent_and_killed("overtaken")
        old_run = old.run_folder()
        new = self.make("overtaken-by")
        new.sfetl(["run", "fault.yaml", "--org", "rehearsal"])
        want("was interrupted" in new.log[-1], "the older run is not named")
        self.judge(new, "--no-doubt")
        seq = self.rig.org.last_seq()
        code, text = old.sfetl(["resume", old_run])
        want("has overtaken" in text, "resume does not say so")
        want(self.rig.org.last_seq() == seq, "old rows were sent")
        wrong, _ = old.judge(old_run, ["--no-doubt"])
        want(wrong is None or "never" not in wrong, wrong)
        counts = old.counts(old_run)
        want(counts["succeeded"] == 0 and counts["unprocessed"] > 0, counts)
        want(code == 1, f"exit code {code}")

    def forced(self):
        old = self.sent_and_killed("forced")
        old_run = old.run_folder()
        self.make("forced-by").run()
        self.round = old
        old.since = self.rig.org.last_seq()
        code, _ = old.sfetl(["resume", old_run, "--force"])
        want(code == 1, f"exit code {code}")
        wrong, _ = old.judge(old_run, ["--no-doubt"])
        want(wrong is None, wrong)

    def last_open(self):
        this = self.sent_and_killed("last-open")
        code, _ = this.sfetl(["resume"])
        want(code == 1, f"exit code {code}")
        self.judge(this, "--no-doubt")
        code, text = this.sfetl(["resume"])
        want(code == 2 and "no run" in text, f"exit code {code}")

    # locks

    def locked(self):
        this = self.make("locked")
        self.faults(STALL_UPLOAD)
        process = self.start(this)
        run = self.wait_log(this, " uploading")
        code, text = this.run()
        want(code == 8, f"exit code {code}")
        want(f"process {process.pid}" in text and
             os.path.basename(run) in text, "the holder is not named")
        self.end(this, process, signal.SIGKILL)
        self.faults([])
        code, _ = this.sfetl(["resume", run])
        want(code == 1, f"a dead holder's lock: exit code {code}")
        self.judge(this, "--no-doubt")

    # signals, time

    def signalled(self, number, code):
        this = self.make(f"signal-{number}")
        self.faults([{"when": "bulk2.status", "what": "stall", "ms": 700}])
        process = self.start(this)
        run = self.wait_log(this, " closed")
        got, text = self.end(this, process, number)
        self.faults([])
        want(got == code, f"exit code {got}")
        want(re.search(r"sfetl resume runs/\S+", text),
             "the resume command is not told")
        code, _ = this.sfetl(["resume", run])
        want(code == 1, f"exit code {code}")
        self.judge(this, "--no-doubt")

    def interrupted(self):
        self.signalled(signal.SIGINT, 130)

    def terminated(self):
        self.signalled(signal.SIGTERM, 143)

    def hung_up(self):
        self.signalled(signal.SIGHUP, 129)

    def twice_interrupted(self):
        this = self.make("twice-interrupted")
        self.faults(STALL_UPLOAD)
        process = self.start(this)
        run = self.wait_log(this, " uploading")
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        want(process.poll() is None, "the call that is out is not waited for")
        began = time.monotonic()
        code, _ = self.end(this, process, signal.SIGINT)
        want(time.monotonic() - began < 1, "the second INT takes long")
        self.faults([])
        want(code == 130, f"exit code {code}")
        this.sfetl(["resume", run])
        self.judge(this, "--no-doubt")

    def interrupted_signing_in(self):
        this = self.make("interrupted-signing-in")
        self.faults([{"when": "oauth.token", "what": "stall", "ms": 8000}])
        process = self.start(this)
        time.sleep(0.5)
        began = time.monotonic()
        code, _ = self.end(this, process, signal.SIGINT)
        self.faults([])
        want(code == 130, f"exit code {code}")
        want(time.monotonic() - began < 3, "the sign-in is waited for")

    def timed_out(self):
        this = self.make("timed-out")
        self.faults(STALL_JOB)
        code, text = this.sfetl(["run", "fault.yaml", "--org", "rehearsal",
                                 "--timeout", "1s"])
        self.faults([])
        want(code == 7 and "--timeout" in text, f"exit code {code}")
        self.judge(this)
        code, _ = this.sfetl(["resume", this.run_folder()])
        want(code == 1, f"exit code {code}")
        self.judge(this, "--no-doubt")

    def timed_out_reading(self):
        this = self.make("timed-out-reading", "insert", 8000, 500)
        process = self.start(this, ["--input", "-", "--timeout", "1s"],
                             subprocess.PIPE)
        with open(os.path.join(this.folder, "fault.csv"), "rb") as file:
            text = file.read()
        for half in (text[:len(text) // 2], text[len(text) // 2:]):
            try:
                process.stdin.write(half)
                process.stdin.flush()
            except BrokenPipeError:
                break
            time.sleep(1.2)
        process.stdin = None
        code, told = self.end(this, process)
        want(code == 7 and "--timeout" in told, f"exit code {code}")
        code, _ = this.sfetl(["resume", this.run_folder()])
        want(code == 4, f"exit code {code}")
        counts = this.counts(this.run_folder())
        want(counts["holds"] and counts["succeeded"] == 0, counts)

    # standard input

    def from_pipe(self, name, rows):
        """A run that reads a pipe which stays open, and what it was given."""
        this = self.make(name, "insert", rows, 500)
        process = self.start(this, ["--input", "-"], subprocess.PIPE)
        with open(os.path.join(this.folder, "fault.csv"), "rb") as file:
            process.stdin.write(file.read())
        process.stdin.flush()
        time.sleep(0.8)
        return this, process

    def stdin_killed(self):
        this, process = self.from_pipe("stdin-killed", 8000)
        process.kill()
        process.wait()
        run = this.run_folder()
        want(run is not None, "there is no run")
        code, text = this.sfetl(["resume", run])
        want(code == 4 and "standard input" in text, f"exit code {code}")
        counts = this.counts(run)
        want(counts["read"] >= 500 and counts["holds"], counts)
        want(counts["succeeded"] == 0 and counts["unprocessed"] > 0, counts)
        want(len(self.rows_of(this, "unprocessed.csv")) ==
             counts["unprocessed"], "unprocessed.csv says something else")
        code, text = this.sfetl(["resume", run])
        want(code == 2, f"exit code {code}")

    def stdin_interrupted(self):
        for rows in (1, 8000):
            this, process = self.from_pipe(f"stdin-interrupted-{rows}", rows)
            process.send_signal(signal.SIGINT)
            try:
                code = process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                raise Wrong("the input is waited for") from None
            want(code == 130, f"exit code {code}")

    # the source

    def changed(self, name, change, code, words):
        this = self.make(name, "insert", 12000, 1000)
        process = self.start(this, env={"FAULT_MODE": "kill",
                                        "FAULT_KIND": "fsync",
                                        "FAULT_AT": "60"})
        self.end(this, process)
        path = os.path.join(this.folder, "fault.csv")
        with open(path, "rb") as file:
            text = file.read()
        change(path, text)
        seq = self.rig.org.last_seq()
        got, told = this.sfetl(["resume", this.run_folder()])
        want(got == code and words in told, f"exit code {got}: {told[-300:]}")
        want(self.rig.org.last_seq() == seq, "rows were sent")
        return this

    @staticmethod
    def put(path, text):
        with open(path, "wb") as file:
            file.write(text)

    def source_changed(self):
        self.changed("source-changed", lambda path, text: self.put(
            path, text.replace(b"Firm 1\n", b"Firm X\n", 1)
            if b"Firm 1\n" in text else text.replace(b"Firm 5,", b"Firm X,",
                                                     1)),
            4, "source-changed")

    def source_truncated(self):
        self.changed("source-truncated", lambda path, text: self.put(
            path, text[:4000]), 4, "source-changed")

    def source_removed(self):
        this = self.changed("source-removed",
                            lambda path, text: os.rename(path, path + "2"),
                            4, "fault.csv")
        path = os.path.join(this.folder, "fault.csv")
        os.rename(path + "2", path)
        code, _ = this.sfetl(["resume", this.run_folder()])
        want(code == 1, f"back again: exit code {code}")
        self.judge(this, "--no-doubt")

    def source_removed_later(self):
        """All is staged: the source is of no more use."""
        this = self.sent_and_killed("source-removed-later")
        path = os.path.join(this.folder, "fault.csv")
        os.rename(path, path + "2")
        code, _ = this.sfetl(["resume", this.run_folder()])
        os.rename(path + "2", path)
        want(code == 1, f"exit code {code}")
        self.judge(this, "--no-doubt")

    # staging

    def staged_anew(self):
        """Killed thrice while it staged: the result files are those of an
        undisturbed run, ids apart."""
        whole = self.make("staged-whole", "insert", 30000, 700)
        want(whole.run()[0] == 1, "the undisturbed run fails")
        this = self.make("staged-anew", "insert", 30000, 700)
        path = os.path.join(this.folder, "fault.csv")
        for at in ("40", "55", "70"):
            env = {"FAULT_MODE": "kill", "FAULT_KIND": "fsync",
                   "FAULT_AT": at}
            run = this.run_folder()
            code, _ = this.sfetl(["resume", run], env) if run \
                else this.run(env)
            want(code == -9, f"no kill: exit code {code}")
        this.go_on()
        self.judge(this, "--no-doubt")
        want(os.path.exists(path), "the source is gone")
        for name in ("success.csv", "error.csv", "skipped.csv"):
            want(self.without_ids(whole, name) == self.without_ids(this, name),
                 f"{name} is another")

    @staticmethod
    def without_ids(this, name):
        path = os.path.join(this.run_folder(), name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"\b001[A-Za-z0-9]{15}\b", "ID", text)
        return text.replace(this.number, "N")

    # retry

    def retried(self):
        this = self.make("retried")
        this.run()
        first = this.run_folder()
        code, _ = this.sfetl(["retry", first])
        want(code == 1, f"exit code {code}")
        time.sleep(0.01)
        second = this.run_folder()
        want(second != first, "there is no second run")
        with open(os.path.join(second, "summary.json"),
                  encoding="utf-8") as file:
            summary = json.load(file)
        want(summary["retry_of"] == os.path.basename(first),
             "the second run does not name the first")
        counts = this.counts(second)
        want(counts["read"] == this.want["error"], counts)

    # this machine

    def disk_full(self):
        """Nothing can be written from some instant on."""
        for at in (3, 20, 60, 90, 120):
            this = self.make(f"disk-full-{at}")
            code, text = this.run({"FAULT_MODE": "every",
                                   "FAULT_KIND": "disk",
                                   "FAULT_AT": str(at),
                                   "FAULT_ERRNO": "28"})
            want(code == 9 and "No space left" in text or
                 code == 9 and "full" in text, f"exit code {code} at {at}")
            want(this.go_on() is not None, "it is never closed")
            self.judge(this, "--no-doubt")

    def read_only(self):
        this = self.make("read-only")
        # root writes anywhere: EROFS comes from the interposer.
        code, text = this.run({"FAULT_MODE": "every", "FAULT_KIND": "create",
                               "FAULT_AT": "1", "FAULT_ERRNO": "30"})
        want(code == 9 and "Read-only" in text, f"exit code {code}")
        want(this.go_on() is not None, "it is never closed")
        self.judge(this, "--no-doubt")

    def clock_set_back(self):
        this = self.make("clock-set-back")
        code, _ = this.run({"FAULT_MODE": "back", "FAULT_AT": "30"})
        want(code == 1, f"exit code {code}")
        self.judge(this, "--no-doubt")

    def token_expires(self):
        this = self.make("token-expires")
        self.faults([{"when": "job.begin", "what": "stall", "ms": 1500}],
                    session_seconds=1)
        code, text = this.run()
        self.faults([], session_seconds=7200)
        want(code == 1, f"exit code {code}")
        want("signing in again" in text, "no new sign-in is told")
        self.judge(this, "--no-doubt")


QUICK = ["counts_go_on", "again_aborted", "assume_failed", "assume_succeeded", "doubt_stays", "abort_unsent",
         "abort_alive", "overtaken", "forced", "last_open", "locked",
         "interrupted", "terminated", "hung_up", "timed_out", "timed_out_reading",
         "stdin_killed",
         "stdin_interrupted", "source_changed", "source_truncated",
         "source_removed", "source_removed_later", "retried"]
WHOLE = QUICK + ["gzip_as_it_was", "abort_at_work", "twice_interrupted",
                 "interrupted_signing_in", "staged_anew", "disk_full",
                 "read_only", "clock_set_back", "token_expires"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sfetl", required=True)
    parser.add_argument("--rehearsal", required=True)
    parser.add_argument("--preload", required=True)
    parser.add_argument("--schema", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    names = args.only.split(",") if args.only else \
        WHOLE if args.whole else QUICK
    rig = Rig(args, args.work, latency=1, keep=True)
    cases = Cases(rig)
    print(f"1..{len(names)}")
    try:
        for number, name in enumerate(names, 1):
            wrong = None
            try:
                getattr(cases, name)()
            except Wrong as err:
                wrong = str(err)
            cases.faults([])
            title = name.replace("_", " ")
            if wrong:
                cases.round.show(wrong)
            print("not ok" if wrong else "ok", number, "-", title, flush=True)
    finally:
        rig.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
