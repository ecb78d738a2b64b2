#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a kill costs: the CPU of a run killed at a share of its way and of its
resume, over an undisturbed run's. A figure, no test.

Loads tests/bench's generated file into its instant server, in the build
folder given: resume_cost.py BUILD [ROWS [SHARE]]. Needs `make bench`'s
programs there: make tests/bench/gen_accounts tests/bench/instant_server.
"""

import os
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "bench"))
import bench  # noqa: E402  pylint: disable=C0413

REPEAT = 3


class Options:
    gzip = False


def cpu_of(pid):
    """Seconds so far, also of threads that have ended."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def run_for(rig, command, seconds=None):
    """CPU and wall seconds of a process, killed when it has used so many
    seconds of CPU: what else the machine does makes no difference."""
    process = subprocess.Popen([str(word) for word in command], env=rig.env,
                               cwd=rig.folder, stdout=subprocess.DEVNULL)
    began = time.perf_counter()
    if seconds is not None:
        while cpu_of(process.pid) < seconds:
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (usage.ru_utime + usage.ru_stime, time.perf_counter() - began,
            process.returncode)


def load(rig, name, share, whole):
    """One load, killed at a share of its CPU or not at all."""
    run = rig.folder / name
    with bench.Server(rig.programs / "instant_server", rig.folder) as server:
        rig.write_orgs(server.url)
        first = [rig.sfetl, "run", rig.mapping, "--run-dir", run,
                 "--progress", "none"]
        cpu, wall, code = run_for(rig, first,
                                  share * whole if share else None)
        if share:
            if code != -9:
                raise SystemExit(f"{name}: not killed, exit code {code}")
            more, _, code = run_for(rig, [rig.sfetl, "resume", run,
                                          "--progress", "none"])
            cpu += more
        if code != 0:
            raise SystemExit(f"{name}: exit code {code}")
    text = (run / "success.csv").read_text(encoding="utf-8")
    subprocess.run(["rm", "-rf", str(run)], check=True)
    return cpu, wall, re.sub(r"(?m)^\"?001\w+\"?,", "ID,", text)


def main():
    build = Path(sys.argv[1]).resolve()
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    shares = [float(sys.argv[3])] if len(sys.argv) > 3 else \
        [0.25, 0.5, 0.75]
    rig = bench.Bench(build, Options())
    rig.generate(rows)
    whole = [load(rig, f"whole{n}", None, 0) for n in range(REPEAT)]
    cpu = statistics.median(one[0] for one in whole)
    wall = statistics.median(one[1] for one in whole)
    print(f"# {rows} rows undisturbed: {cpu:.2f} s CPU, {wall:.2f} s wall")
    for share in shares:
        parts = [load(rig, f"cut{n}", share, cpu) for n in range(REPEAT)]
        both = statistics.median(one[0] for one in parts)
        same = all(one[2] == whole[0][2] for one in parts)
        print(f"# killed at {share:.0%}: {both:.2f} s CPU in both parts, "
              f"{both / cpu:.2f} of an undisturbed run; result files "
              f"{'equal, ids apart' if same else 'DIFFER'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
