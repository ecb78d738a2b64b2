#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What sfetl costs, beside what its libraries alone cost for the same bytes.

Loads a generated file into a server that answers at once, runs the five floor
programs on what that run read, sent and got, and prints the ratios beside
their bars; bench.json has all figures. Whole processes are measured: CPU is
user and system time, memory the peak resident set. The middle of several
runs counts. Run by `make bench`.
"""
import argparse
import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

LOAD = "accounts"
MAPPING = f"""\
sfetl: 1
name: {LOAD}
source: {{ format: csv, path: accounts.csv, number: "1.234,56", date: dd.MM.yyyy }}
loads:
  - object: Account
    operation: upsert
    external_id: ERP_Id__c
    fields:
      ERP_Id__c: No
      Name: Name
      BillingStreet: Street
      BillingPostalCode: PostalCode
      BillingCity: City
      BillingCountry: Country
      Phone: Phone
      Website: Website
      AnnualRevenue: {{ column: Revenue, number: yes }}
      NumberOfEmployees: Employees
      Customer_Since__c: {{ column: Since, date: yes }}
      Description: Remark
"""
PHASES = ("read_ms", "deliver_ms", "conclude_ms")
STARTS = 101         # of each program, in turn
JOB_CALLS = 5        # create, upload, close, one poll, the results
OTHER_CALLS = 2      # describe, limits


class Failed(Exception):
    """A measured program did not end as it should."""


def measure(command, env=None, cwd=None, ok=(0,)):
    """Runs a command to its end: wall, cpu (seconds), rss (MiB)."""
    start = time.perf_counter()
    with open(os.devnull, "wb") as quiet:
        process = subprocess.Popen([str(word) for word in command], env=env,
                                   cwd=cwd, stdout=quiet)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ok:
        raise Failed(f"{' '.join(map(str, command))}: ended with "
                     f"{process.returncode}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
            "user": usage.ru_utime, "system": usage.ru_stime,
            "rss": usage.ru_maxrss / 1024}


def middle(samples, key):
    return statistics.median(sample[key] for sample in samples)


class Server:
    """The instant server, for as long as a with block lasts."""

    def __init__(self, program, folder):
        self.process = subprocess.Popen(
            [str(program), str(folder)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        self.counts = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.counts = json.loads(self.process.stdout.read())
        self.process.wait()


class Bench:
    def __init__(self, build, options):
        self.options = options
        self.programs = build / "tests" / "bench"
        self.sfetl = build / "sfetl"
        self.folder = build / "bench"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.env = dict(os.environ, SFETL_TOKEN="instant",
                        XDG_STATE_HOME=str(self.folder / "state"),
                        XDG_CONFIG_HOME=str(self.folder / "config"),
                        SFETL_CONFIG=str(self.folder / "orgs.yaml"))
        self.mapping = self.folder / "accounts.yaml"
        self.mapping.write_text(MAPPING, encoding="utf-8")
        self.source = self.folder / "accounts.csv"

    def floor(self, name, *arguments):
        return measure([self.programs / name, *arguments])

    def generate(self, rows):
        with open(self.source, "wb") as out:
            subprocess.run([str(self.programs / "gen_accounts"), str(rows)],
                           stdout=out, check=True)

    def write_orgs(self, url):
        packed = "gzip" if self.options.gzip else "none"
        (self.folder / "orgs.yaml").write_text(
            "default: instant\norgs:\n  instant:\n"
            f"    instance_url: {url}\n    auth: access_token\n"
            "    access_token_env: SFETL_TOKEN\n"
            f"    upload_compression: {packed}\n", encoding="utf-8")

    def run_whole(self, keep):
        """One whole run. Returns its figures and the run's folder."""
        run = self.folder / "run"
        shutil.rmtree(run, ignore_errors=True)
        with Server(self.programs / "instant_server", self.folder) as server:
            self.write_orgs(server.url)
            command = [self.sfetl, "run", self.mapping, "--run-dir", run,
                       "--progress", "none"]
            figures = measure(command + ["--keep-chunks"] * keep,
                              env=self.env, cwd=self.folder)
        figures["server"] = server.counts
        summary = json.loads((run / "summary.json").read_text())
        figures.update(summary["phases"])
        return figures, run

    def chunks(self, run):
        return sorted(path for path in (run / "chunks").iterdir()
                      if re.search(r"-\d+\.csv(\.gz)?$", path.name))

    def result_files(self, run):
        return sorted(run.rglob("success.csv")) + sorted(run.rglob("error.csv"))

    def floors(self, chunks, results):
        """The five floor programs, once each."""
        out = self.folder / "floor"
        out.mkdir(exist_ok=True)
        figures = {"csv": self.floor("floor_csv", self.source)}
        if self.options.gzip:
            plain = self.unpacked(chunks)
            figures["zlib"] = self.floor("floor_zlib", "1", *plain)
        with Server(self.programs / "instant_server", self.folder) as server:
            figures["http"] = self.floor("floor_http", server.url, out,
                                         *chunks)
        figures["results_csv"] = self.floor(
            "floor_csv", *sorted(out.glob("*.csv")))
        figures["write"] = self.floor("floor_write", out / "copy", *results)
        shutil.rmtree(out)
        return figures

    def unpacked(self, chunks):
        folder = self.folder / "plain"
        folder.mkdir(exist_ok=True)
        for chunk in chunks:
            with gzip.open(chunk) as packed, \
                    open(folder / chunk.stem, "wb") as plain:
                shutil.copyfileobj(packed, plain, 1 << 20)
        return sorted(folder.iterdir())

    def check(self):
        command = [self.sfetl, "check", self.mapping, "--rows", "all",
                   "--offline", "--progress", "none"]
        return measure(command, env=self.env, cwd=self.folder)

    def starts(self):
        """sfetl --version and a bare program in turn; and a small check."""
        version, bare, check = [], [], []
        small = self.folder / "small.yaml"
        small.write_text(MAPPING.replace("accounts.csv", "small.csv"),
                         encoding="utf-8")
        header = self.source.open("rb").readline()
        (self.folder / "small.csv").write_bytes(header)
        for _ in range(STARTS):
            bare.append(measure([self.programs / "link_only"]))
            version.append(measure([self.sfetl, "--version"], env=self.env))
        for _ in range(STARTS // 4):
            check.append(measure([self.sfetl, "check", small, "--offline",
                                  "--progress", "none"],
                                 env=self.env, cwd=self.folder))
        return {"bare_ms": middle(bare, "wall") * 1000,
                "version_ms": middle(version, "wall") * 1000,
                "check_ms": middle(check, "wall") * 1000}


def wire(server, chunk_bytes):
    """What was asked and sent over what the API needs at least."""
    jobs = max(server["creates"], 1)
    needed = jobs * JOB_CALLS + OTHER_CALLS
    return {"requests": server["requests"], "requests_needed": needed,
            "polls": server["polls"], "jobs": server["creates"],
            "bytes_in": server["bytes_in"], "bytes_needed": chunk_bytes}


def measure_main(bench):
    """Whole run and floors, side by side, as often as asked."""
    runs, floors, checks = [], [], []
    for turn in range(bench.options.repeat):
        print(f"bench: run {turn + 1} of {bench.options.repeat}",
              file=sys.stderr)
        figures, run = bench.run_whole(keep=True)
        chunks = bench.chunks(run)
        figures["chunk_bytes"] = sum(path.stat().st_size for path in chunks)
        runs.append(figures)
        floors.append(bench.floors(chunks, bench.result_files(run)))
        checks.append(bench.check())
    return runs, floors, checks


def measure_sizes(bench):
    """CPU a row and peak memory at other sizes."""
    sizes = {}
    for rows in bench.options.sizes:
        print(f"bench: {rows} rows", file=sys.stderr)
        bench.generate(rows)
        figures, _ = bench.run_whole(keep=False)
        sizes[rows] = {"rss": figures["rss"], "cpu": figures["cpu"],
                       "wall": figures["wall"],
                       "us_per_row": figures["cpu"] / rows * 1e6}
    return sizes


def table(result):
    """Lines of: what, value, bar."""
    floor, run = result["floor"], result["run"]
    server = result["wire"]
    lines = [("", "value", "bar")]
    for name, seconds in floor["parts"].items():
        lines.append((f"floor: {name}, CPU s", f"{seconds:.2f}", ""))
    lines += [
        ("floor, CPU s", f"{floor['cpu']:.2f}", ""),
        ("whole run, CPU s (user + system)",
         f"{run['cpu']:.2f} ({run['user']:.2f} + {run['system']:.2f})", ""),
        ("whole run, wall s (read, deliver, conclude)",
         f"{run['wall']:.2f} ("
         + ", ".join(f"{run[phase] / 1000:.2f}" for phase in PHASES) + ")",
         ""),
        ("whole run, CPU / floor", f"{run['cpu'] / floor['cpu']:.2f}", "2.0"),
        ("whole run, wall / floor", f"{run['wall'] / floor['cpu']:.2f}",
         "1.5"),
        ("check --rows all, CPU / libcsv",
         f"{result['check_cpu'] / floor['parts']['csv']:.2f}", "3.0"),
        (f"peak RSS at {result['rows']} rows, MiB", f"{run['rss']:.1f}",
         "64"),
    ]
    for rows, size in result["sizes"].items():
        lines.append((f"peak RSS at {rows} rows, MiB", f"{size['rss']:.1f}",
                      "64"))
        lines.append((f"CPU a row at {rows} rows, us",
                      f"{size['us_per_row']:.2f}", ""))
    start = result["start"]
    lines += [
        (f"CPU a row at {result['rows']} rows, us",
         f"{run['cpu'] / result['rows'] * 1e6:.2f}", ""),
        ("start-up, ms (bare program)",
         f"{start['version_ms']:.1f} ({start['bare_ms']:.1f})", ""),
        ("start-up / bare program",
         f"{start['version_ms'] / start['bare_ms']:.2f}", "1.3"),
        ("check of a small mapping, ms", f"{start['check_ms']:.1f}", "30"),
        ("requests / needed",
         f"{server['requests'] / server['requests_needed']:.2f} "
         f"({server['requests']} for {server['jobs']} jobs)", "1.2"),
        ("bytes sent / needed",
         f"{server['bytes_in'] / server['bytes_needed']:.3f}", "1.2"),
    ]
    return lines


def show(lines):
    width = max(len(line[0]) for line in lines)
    middle_width = max(len(line[1]) for line in lines)
    for what, value, bar in lines:
        print(f"{what:<{width}}  {value:>{middle_width}}  {bar:>4}")


def bench_all(options, build):
    bench = Bench(build, options)
    print(f"bench: {options.rows} rows", file=sys.stderr)
    bench.generate(options.rows)
    source_bytes = bench.source.stat().st_size
    runs, floors, checks = measure_main(bench)
    parts = {name: statistics.median(floor[name]["cpu"] for floor in floors)
             for name in floors[0]}
    result = {
        "rows": options.rows, "source_bytes": source_bytes,
        "gzip": options.gzip, "repeat": options.repeat,
        "run": {key: middle(runs, key)
                for key in ("cpu", "user", "system", "wall", "rss",
                            *PHASES)},
        "floor": {"parts": parts, "cpu": sum(parts.values())},
        "check_cpu": middle(checks, "cpu"),
        "wire": wire(runs[-1]["server"], runs[-1]["chunk_bytes"]),
        "start": bench.starts(),
        "samples": {"runs": runs, "floors": floors, "checks": checks},
    }
    result["sizes"] = measure_sizes(bench)
    shutil.rmtree(bench.folder)
    return result


def sizes(text):
    return [int(part) for part in text.split(",") if part]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--sizes", type=sizes, default=[])
    parser.add_argument("--gzip", type=lambda text: text == "yes",
                        default=False)
    options = parser.parse_args()
    build = options.build.resolve()
    try:
        result = bench_all(options, build)
    except Failed as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return
    show(table(result))
    (build / "bench.json").write_text(json.dumps(result, indent=2) + "\n",
                                      encoding="utf-8")


if __name__ == "__main__":
    main()
