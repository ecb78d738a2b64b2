# SPDX-License-Identifier: Apache-2.0
"""Runs every command line of the README, and of the EXAMPLES of the pages on
mappings, against a rehearsal org, in their order."""
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys

SRC = os.path.abspath(os.environ.get("srcdir", "."))
BUILD = os.path.abspath(os.environ.get("builddir", "."))
WORK = os.path.join(BUILD, "tests", "manual.tmp")
SFETL = os.path.join(BUILD, "sfetl")
PAGES = ["init", "check", "preview", "convert"]


def readme_blocks():
    """The indented blocks, with the paragraph before each."""
    before, block = "", []
    for line in open(f"{SRC}/README.md", encoding="utf-8").read().split("\n"):
        if line.startswith("    "):
            block.append(line[4:])
            continue
        if block and line.strip():
            yield before, block
            before, block = "", []
        before = before + line if line.strip() else before
    if block:
        yield before, block


def commands():
    for before, block in readme_blocks():
        if "`accounts.yaml`" in before:
            with open("accounts.yaml", "w", encoding="utf-8") as file:
                file.write("\n".join(block) + "\n")
            with open("accounts.csv", "w", encoding="utf-8") as file:
                file.write("No,Name,Town,Revenue\n1,Alp,Bern,\"1.234,50\"\n")
        for line in block:
            if line.startswith("sfetl "):
                yield "README", re.sub(r"\s+# .*", "", line)
    for page in PAGES:
        for line in open(f"{SRC}/man/sfetl-{page}.1", encoding="utf-8"):
            if line.startswith(".Dl sfetl "):
                yield f"sfetl-{page}", line[4:].strip()


def newest_run():
    runs = [r for r in glob.glob("runs/*") if os.path.isdir(r)]
    return max(runs, key=os.path.getmtime) if runs else "runs"


def run(line):
    line = line.replace("runs/…", newest_run())
    words = [SFETL] + shlex.split(line)[1:]
    if words[1:3] == ["rehearsal", "start"]:
        words += ["--port", "0", "--latency-ms", "5"]
    for option in ("--output",):  # the same name may stand in two pages
        if option in words:
            shutil.rmtree(words[words.index(option) + 1], ignore_errors=True)
            try:
                os.unlink(words[words.index(option) + 1])
            except FileNotFoundError:
                pass
    return subprocess.run(words, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False, timeout=120)


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    os.chdir(WORK)
    for name in ("samples", "mappings"):
        os.symlink(f"{SRC}/{name}", name)
    os.environ.update(XDG_STATE_HOME=f"{WORK}/state", NO_COLOR="1",
                      XDG_CONFIG_HOME=f"{WORK}/config", LC_ALL="C.UTF-8")
    os.environ.pop("SFETL_CONFIG", None)
    lines = list(commands())
    # The org of the README is stopped at its end; the pages need it, too.
    stops = [c for c in lines if c[1].endswith("rehearsal stop")]
    lines = [c for c in lines if c not in stops]
    if not stops or len(lines) < 15:
        print("1..0 # SKIP no commands found: has the README changed its form?")
        sys.exit(1)
    print(f"1..{len(lines) + 1}")
    for number, (place, line) in enumerate(lines + stops[:1], 1):
        done = run(line)
        # 1: some rows are wrong, which some samples are on purpose.
        good = done.returncode in (0, 1) and "error: " not in done.stderr
        print(f"{'ok' if good else 'not ok'} {number} - {place}: {line}")
        if not good:
            print("\n".join("# " + text for text in
                            (f"exit {done.returncode}\n" + done.stdout[-500:] +
                             done.stderr[-1500:]).split("\n")))
    os.chdir(BUILD)
    shutil.rmtree(WORK, ignore_errors=True)


try:
    main()
finally:
    subprocess.run([SFETL, "rehearsal", "stop"], capture_output=True,
                   check=False)
