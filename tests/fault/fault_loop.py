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
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKER = os.path.join(HERE, "..", "history", "check_history.py")
RESUME_LIMIT = 12

# What a call of each kind fails with, and the codes that a run may end with
# when it does: 9 this machine, 6 the network, 3 and 4 what can't be read.
ERRNOS = {"connect": 111, "read": 5, "open": 13}
CODES = {"connect": {0, 1, 6}, "read": {0, 1, 3, 4, 6, 9},
         "open": {0, 1, 3, 4, 5, 6, 9}}
MACHINE = {0, 1, 6, 9}
# A ledger that was not begun: nothing can have been sent.
NEVER_BEGAN = ("before it began", "is not a ledger", "damaged or none")

MAPPING = """sfetl: 1
name: fault
source:
  format: csv
  path: fault.csv
loads:
  - object: Account
    operation: {operation}
{key}    chunk_rows: {chunk_rows}
    fields:
      Name: name
      ERP_Id__c: {{ column: id, required: yes }}
      AnnualRevenue: revenue
      Description: note
"""


class Org:
    """A rehearsal org in a folder of its own, ended by its own command."""

    def __init__(self, binary, folder, schema, extra):
        self.binary, self.folder = binary, folder
        command = [binary, "start", "--port", "0", "--dir", folder,
                   "--schema", schema] + extra
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        self.config = os.path.join(folder, "orgs.yaml")
        self.commits = os.path.join(folder, "commits.jsonl")

    def last_seq(self):
        if not os.path.exists(self.commits):
            return 0
        last = 0
        with open(self.commits, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 65536))
            for line in file.read().splitlines()[-1:]:
                last = json.loads(line)["seq"]
        return last

    def stop(self):
        subprocess.run([self.binary, "stop", "--dir", self.folder],
                       stdout=subprocess.DEVNULL, check=False)


class Loop:
    def __init__(self, args):
        self.args = args
        self.random = random.Random(args.seed)
        self.work = os.path.abspath(args.work)
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)
        extra = ["--latency-ms", str(args.latency)]
        self.org = Org(args.rehearsal, os.path.join(self.work, "org"),
                       args.schema, extra)
        self.done, self.bad, self.doubt, self.broken = 0, 0, 0, 0
        self.longest = 0.3
        self.codes = {}

    def environment(self, fault):
        env = dict(os.environ, XDG_STATE_HOME=os.path.join(self.work, "state"),
                   SFETL_CONFIG=self.org.config, HOME=self.work)
        env.update(fault)
        if fault:
            env["LD_PRELOAD"] = os.path.abspath(self.args.preload)
        return env

    def write_input(self, folder, number):
        os.makedirs(folder)
        key = "    external_id: ERP_Id__c\n"
        with open(os.path.join(folder, "fault.yaml"), "w") as file:
            file.write(MAPPING.format(
                operation=self.args.operation,
                key=key if self.args.operation == "upsert" else "",
                chunk_rows=self.args.chunk_rows))
        with open(os.path.join(folder, "fault.csv"), "w") as file:
            file.write("id,name,revenue,note\n")
            for row in range(self.args.rows):
                key = f"K{number}-{row}" if row % 17 else ""
                name = f"Firm {row}" if row % 13 else "x" * 300
                file.write(f'{key},{name},{row}.50,"a ""note""\n{row}"\n')

    def sfetl(self, folder, arguments, fault, kill_after=None):
        process = subprocess.Popen(
            [self.args.sfetl] + arguments, cwd=folder,
            env=self.environment(fault), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if kill_after is not None:
            time.sleep(kill_after)
            process.kill()
        try:
            output, _ = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return 124, "hung for 60 s"
        return process.returncode, output.decode("utf-8", "replace")

    def is_closed(self, run):
        return os.path.exists(os.path.join(run, "summary.json")) and \
            not os.path.exists(os.path.join(run, "rows"))

    def go_on(self, folder, log):
        """Until the run is closed; its folder, or None."""
        for _ in range(RESUME_LIMIT):
            runs = sorted(glob.glob(os.path.join(folder, "runs", "*")),
                          key=os.path.getmtime)
            runs = [run for run in runs
                    if os.path.exists(os.path.join(run, "ledger.db"))]
            if runs and self.is_closed(runs[-1]):
                return runs[-1]
            if runs:
                code, output = self.sfetl(folder, ["resume", runs[-1]], {})
                if "is closed" in output:
                    return runs[-1]
                if any(words in output for words in NEVER_BEGAN):
                    log.append(output)
                    code, output = self.sfetl(
                        folder, ["run", "fault.yaml", "--org", "rehearsal"],
                        {})
            else:
                code, output = self.sfetl(
                    folder, ["run", "fault.yaml", "--org", "rehearsal"], {})
            log.append(f"exit {code}\n{output}")
        return None

    def round(self, number, fault, kill_after=None):
        folder = os.path.join(self.work, f"round-{number}")
        self.write_input(folder, number)
        since = self.org.last_seq()
        fault = dict(fault)
        if fault:
            fault["FAULT_FOLDER"] = folder
        began = time.monotonic()
        code, output = self.sfetl(
            folder, ["run", "fault.yaml", "--org", "rehearsal"], fault,
            kill_after)
        if not fault and kill_after is None:
            self.longest = time.monotonic() - began
        broke = code not in (0, 1)
        self.codes[code] = self.codes.get(code, 0) + 1
        log = [f"exit {code}\n{output}"]
        if fault.get("FAULT_MODE") == "fail":
            self.judge_failure(number, fault, code, output, log)
        run = self.go_on(folder, log)
        self.done += 1
        self.broken += broke
        if run is None:
            self.fail(number, fault, "the run is never closed", log)
            return broke
        verdict = subprocess.run(
            [sys.executable, CHECKER, "--source",
             os.path.join(folder, "fault.csv"), "--run", run, "--commits",
             self.org.commits, "--key", "id=ERP_Id__c", "--since",
             str(since)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        text = verdict.stdout.decode()
        if " 0 in doubt" not in text:
            self.doubt += 1
        if verdict.returncode != 0:
            self.fail(number, fault, text, log)
        else:
            shutil.rmtree(folder)
        return broke

    def judge_failure(self, number, fault, code, output, log):
        allowed = CODES.get(fault["FAULT_KIND"], MACHINE)
        if code not in allowed:
            self.fail(number, fault, f"exit code {code}", log)
        elif code not in (0, 1) and "sfetl: " not in output:
            self.fail(number, fault, "no error is told", log)

    def fail(self, number, fault, text, log):
        self.bad += 1
        print(f"# round {number} {fault}: {text}")
        for entry in log[:4]:
            for line in entry.splitlines()[-6:]:
                print(f"#   {line}")
        sys.stdout.flush()

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
            for number in range(self.args.rounds):
                self.round(number, {}, self.random.uniform(
                    0, self.longest * 1.1))
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
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--chunk-rows", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=0, help="0: all")
    parser.add_argument("--kinds", default="all")
    parser.add_argument("--latency", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    loop = Loop(parser.parse_args())
    try:
        loop.series(loop.args.mode)
    finally:
        loop.org.stop()
    name = f"{loop.args.mode} {loop.args.operation}"
    print(f"# {name}: {loop.done} rounds, {loop.broken} broken runs, "
          f"{loop.bad} bad, {loop.doubt} with rows in doubt")
    print("ok" if loop.bad == 0 and loop.done > 0 else "not ok", "-", name)
    print("1..1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
