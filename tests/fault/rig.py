# SPDX-License-Identifier: Apache-2.0
"""What the fault tests share: an org of their own, runs in it, the judge."""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKER = os.path.join(HERE, "..", "history", "check_history.py")
RESUME_LIMIT = 12
HANG_SECONDS = 120

# A ledger that was not begun: nothing can have been sent.
NEVER_BEGAN = ("before it began", "is not a ledger", "damaged or none")

MAPPING = """sfetl: 1
name: {name}
source:
  format: csv
  path: fault.csv
loads:
  - object: Account
    operation: {operation}
    api: {api}
{key}    chunk_rows: {chunk_rows}
    fields:
{fields}"""

FIELDS = """      Name: name
      ERP_Id__c: { column: id, required: yes }
      AnnualRevenue: revenue
      Description: note
"""

# Rows below one another, in an order of their own, and keys that come twice.
TREE = FIELDS + """      Parent.ERP_Id__c: parent
"""

BY_ID = """      Id: { column: id, required: yes }
      Name: name
      AnnualRevenue: revenue
      Description: note
"""


class Org:
    """A rehearsal org in a folder of its own, ended by its own command; with
    keep it is started again on its port whenever it has died."""

    def __init__(self, binary, folder, schema, extra=(), keep=False):
        self.binary, self.folder, self.schema = binary, folder, schema
        self.extra, self.starts, self.stopping = list(extra), 0, False
        self.port = "0"
        self.start()
        self.config = os.path.join(folder, "orgs.yaml")
        self.commits = os.path.join(folder, "commits.jsonl")
        with open(self.config, encoding="utf-8") as file:
            self.url = re.search(r"http://[0-9.:]+", file.read())[0]
        self.port = self.url.rsplit(":", 1)[1]
        if keep:
            self.keeper = threading.Thread(target=self.keep_up, daemon=True)
            self.keeper.start()

    def start(self):
        subprocess.run(
            [self.binary, "start", "--port", self.port, "--dir", self.folder,
             "--schema", self.schema] + self.extra,
            check=self.port == "0", stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.starts += 1

    def answers(self):
        try:
            urllib.request.urlopen(self.url + "/rehearsal/status",
                                   timeout=10).read()
        except urllib.error.HTTPError:
            return True
        except OSError as err:
            return "refused" not in str(err)
        return True

    def keep_up(self):
        while not self.stopping:
            time.sleep(0.2)
            if not self.stopping and not self.answers():
                self.start()

    def set_faults(self, plan):
        body = json.dumps(plan).encode()
        for _ in range(50):
            try:
                request = urllib.request.Request(
                    self.url + "/rehearsal/faults", data=body, method="POST")
                urllib.request.urlopen(request, timeout=10).read()
                return
            except urllib.error.HTTPError as err:
                raise RuntimeError(err.read().decode()) from err
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the org does not come back")

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
        self.stopping = True
        subprocess.run([self.binary, "stop", "--dir", self.folder],
                       stdout=subprocess.DEVNULL, check=False)


class Round:
    """One file, loaded by one run, until that run is closed and judged."""

    def __init__(self, rig, number, operation="insert", rows=60,
                 chunk_rows=20, ids=None, tree=False):
        self.rig, self.number, self.operation = rig, number, operation
        self.rows, self.chunk_rows, self.ids = rows, chunk_rows, ids
        self.folder = os.path.join(rig.work, f"round-{number}")
        self.tree = tree
        self.log, self.codes = [], []
        self.want = {"succeeded": 0, "error": 0}
        self.write_input()
        self.since = rig.org.last_seq()

    def write_input(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        upsert = self.operation == "upsert"
        by_id = self.operation in ("update", "delete")
        fields = "      Id: { column: id, required: yes }\n" \
            if self.operation == "delete" else BY_ID if by_id else \
            TREE if self.tree else FIELDS
        with open(os.path.join(self.folder, "fault.yaml"), "w",
                  encoding="utf-8") as file:
            file.write(MAPPING.format(
                name="fault", operation=self.operation, api=self.rig.api,
                key="    external_id: ERP_Id__c\n" if upsert else "",
                chunk_rows=self.chunk_rows, fields=fields))
        with open(os.path.join(self.folder, "fault.csv"), "w",
                  encoding="utf-8") as file:
            file.write("id,name,revenue,note" +
                       (",parent\n" if self.tree else "\n"))
            for row in range(self.rows):
                file.write(self.line(row, by_id))

    def line(self, row, by_id):
        refused = row % 17 == 0 or row % 13 == 0
        key = f"K{self.number}-{row}" if row % 17 else ""
        name = f"Firm {row}" if row % 13 else "x" * 300
        if by_id and key:
            key = self.ids[row]
        if self.operation == "delete" and row % 17 and row % 13 == 0:
            key = "001Re0000zzzz%02d" % (row % 100)
        parent = ""
        if self.tree:
            twice = row % 11 == 10 and not refused and row > 20 and \
                (row - 9) % 17 and (row - 9) % 13
            if twice:
                key, refused = f"K{self.number}-{row - 9}", True
            above = row + 1 if row % 2 else row - 6
            sound = all(above % part for part in (17, 13)) and \
                above % 11 != 10 and 0 < above < self.rows
            parent = f",K{self.number}-{above}" if sound else ","
        self.want["error" if refused else "succeeded"] += 1
        return f'{key},{name},{row}.50,"a ""note""\n{row}"{parent}\n'

    def sfetl(self, arguments, env=None, kill_after=None, signal=None):
        process = subprocess.Popen(
            [self.rig.sfetl] + arguments, cwd=self.folder,
            env=self.rig.environment(env), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if kill_after is not None:
            time.sleep(kill_after)
            process.send_signal(signal or 9)
        try:
            output, _ = process.communicate(timeout=HANG_SECONDS)
            code = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            code, output = 124, b"it hangs"
        text = output.decode("utf-8", "replace")
        self.log.append(f"{' '.join(arguments)}: exit {code}\n{text}")
        self.codes.append(code)
        return code, text

    def run(self, env=None, kill_after=None, signal=None):
        return self.sfetl(["run", "fault.yaml", "--org", "rehearsal"], env,
                          kill_after, signal)

    def run_folder(self):
        runs = [run for run in
                glob.glob(os.path.join(self.folder, "runs", "*"))
                if os.path.exists(os.path.join(run, "ledger.db"))]
        return max(runs, key=os.path.getmtime) if runs else None

    def go_on(self, disturb=None, limit=RESUME_LIMIT):
        """Until the run is closed or only doubt is left; its folder, or None.
        disturb() gives (kill_after, signal) of each try."""
        before = None
        for _ in range(limit):
            kill_after, signal = disturb() if disturb else (None, None)
            run = self.run_folder()
            if run is None:
                code, _ = self.run(None, kill_after, signal)
                continue
            code, text = self.sfetl(["resume", run], None, kill_after, signal)
            if code == 2 and "is closed" in text:
                return run
            if code == 1:
                return run
            if code == 6 and os.path.exists(run + "/summary.json"):
                # Rows left over beside rows in doubt: the run stays open for
                # --assume, and another resume changes nothing.
                now = self.counts(run)
                if now["in_doubt"] > 0 and now == before:
                    return run
                before = now
            if any(words in text for words in NEVER_BEGAN):
                self.run(None, kill_after, signal)
        return None

    def judge(self, run, arguments=(), keys=None):
        """What the history checker finds wrong, or None; and its words."""
        by_id = self.operation in ("update", "delete")
        return self.judge_by(run, None,
                             os.path.join(self.folder, "fault.csv"),
                             keys or ("id=Id" if by_id else "id=ERP_Id__c"),
                             arguments)

    def judge_by(self, run, load, source, keys, arguments):
        if load and not os.path.isdir(os.path.join(run, load)):
            return "the load has no result files", ""
        verdict = subprocess.run(
            [sys.executable, CHECKER, "--source", source, "--run", run,
             "--commits", self.rig.org.commits, "--key", keys,
             "--since", str(self.since)] + list(arguments),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        text = verdict.stdout.decode()
        return (None if verdict.returncode == 0 else text), text

    def counts(self, run):
        with open(os.path.join(run, "summary.json"),
                  encoding="utf-8") as file:
            return json.load(file)["loads"][0]["accounting"]

    def show(self, text):
        lines = [f"# {self.number}: {text.strip()}"]
        for entry in self.log[:6]:
            words = entry.splitlines()
            lines += [f"#   {line[:200]}" for line in words[:1] + words[-5:]]
        print("\n".join(lines), flush=True)

    def drop(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Rig:
    """An org, a state folder and the programs."""

    def __init__(self, args, work, latency=20, keep=False):
        self.sfetl = os.path.abspath(args.sfetl)
        self.work = os.path.abspath(work)
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)
        self.org = Org(os.path.abspath(args.rehearsal),
                       os.path.join(self.work, "org"), args.schema,
                       ["--latency-ms", str(latency)], keep)
        self.api = getattr(args, "api", "bulk2")
        self.preload = os.path.abspath(getattr(args, "preload", "") or ".")

    def environment(self, extra):
        env = dict(os.environ, XDG_STATE_HOME=os.path.join(self.work, "state"),
                   SFETL_CONFIG=self.org.config, HOME=self.work)
        if extra:
            env.update(extra)
            env["LD_PRELOAD"] = self.preload
        return env

    def close(self):
        self.org.stop()
