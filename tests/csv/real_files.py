#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real CSV files, cell by cell as Python's csv module reads them (TAP).

The files lie beside the checkout and are no part of it; without them the test
is skipped. READING says how a file is to be read where the usual will not do,
REFUSED what is said of one that deserves no better, REJECTED how many rows of
a file are turned away, and with which words.
"""

import csv
import glob
import io
import json
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.environ.get("srcdir", "."))
SFETL = os.path.join(os.path.abspath(os.environ.get("builddir", ".")), "sfetl")
DATA = os.path.join(TOP, "..", "shared", "data", "csv")

# What a mapping says of the source, in its own words.
READING = {
    "csvkit-header-with-newline.csv": {"delimiter": "comma"},
    "csvkit-latin1.csv": {"encoding": "ISO-8859-1"},
    "erp-datev-account-labels.csv": {"encoding": "windows-1252",
                                     "skip_lines": 1},
    "erp-datev-bookings-cp1252-metadata-line.csv": {
        "encoding": "windows-1252", "skip_lines": 1},
    "frictionless-iso-8859-7-greek.csv": {"encoding": "ISO-8859-7"},
    "national-archives-windows-1252.csv": {"encoding": "windows-1252"},
    "pollock-file-field-delimiter-0x2c-0x20.csv": {"trim": "yes"},
    "pollock-file-no-header.csv": {
        "header": ["c%d" % n for n in range(1, 10)]},
    "pollock-file-preamble.csv": {"skip_lines": 2},
    "sf-cli-backquote.csv": {"delimiter": "`"},
    "sf-cli-single-column.csv": {"delimiter": "comma"},
    "univocity-essential-dos.csv": {"skip_lines": 1, "comment": "#",
                                    "delimiter": "comma"},
    "univocity-essential-mac.csv": {"skip_lines": 1, "comment": "#",
                                    "delimiter": "comma"},
}

# exit 4, and these words.
REFUSED = {
    # UTF-32 behind the byte order mark of UTF-16.
    "dataloader-utf32le-bom.csv": "holds a NUL byte",
    "testdata-all-empty.csv": "has no header",
    "testdata-bad-missing-quote.csv": "is still open at the end",
}

RAGGED = "cells, the header"
REJECTED = {
    "csvkit-extra-header.csv": (1, RAGGED),
    "csvkit-nul-byte.csv": (1, "NUL byte at offset 6"),
    "csvkit-ragged.csv": (2, RAGGED),
    "csvkit-short-row.csv": (1, RAGGED),
    "frictionless-defective-rows.csv": (2, RAGGED),
    # Quotes escaped by a backslash.
    "pollock-file-escape-char-0x5c.csv": (6, "text follows a closing quote"),
    # A second table with a column more, and a stray quote.
    "pollock-file-multitable-more.csv": (83, ""),
    "salesforce-prodly-account.csv": (13, "would be read as null by the org"),
    "testdata-bad-header-less-fields.csv": (1, RAGGED),
    # Lines of other kinds between the rows, and blanks around quotes.
    "univocity-essential-dos.csv": (7, ""),
    "univocity-essential-mac.csv": (7, ""),
    "univocity-european-semicolon-decimal-comma.csv": (
        3, "text follows a closing quote"),
}

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


def decoded(data, encoding):
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"),
                       (b"\xff\xfe\0\0", "utf-32-le"),
                       (b"\xff\xfe", "utf-16-le"),
                       (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark):].decode(name)
    return data.decode(encoding, "replace")


def without_lines(text, count):
    for _ in range(count):
        text = re.sub(r"\A[^\r\n]*(\r\n|\r|\n)", "", text)
    return text


def as_python(text, reading, delimiter):
    """The header and the rows; blank lines are none."""
    text = without_lines(text, reading.get("skip_lines", 0))
    if "comment" in reading:
        mark = re.escape(reading["comment"])
        text = re.sub(r"(?:\A|(?<=[\r\n]))" + mark +
                      r"[^\r\n]*(\r\n|\r|\n|\Z)", "", text)
    quote = reading.get("quote", '"')
    how = {"delimiter": delimiter,
           "skipinitialspace": reading.get("trim") == "yes"}
    if quote == "none":
        how["quoting"] = csv.QUOTE_NONE
    else:
        how["quotechar"] = quote
    csv.field_size_limit(1 << 24)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), **how)
            if row]
    if isinstance(reading.get("header"), list):
        return reading["header"], rows
    rows = rows or [[""]]
    return rows[0], rows[1:]


def preview(folder, path, reading, columns):
    mapping = {
        "sfetl": "1",
        "source": {"format": "csv", "path": path,
                   **{k: str(v) if isinstance(v, int) else v
                      for k, v in reading.items()}},
        "loads": [{"object": "Row__c", "operation": "insert",
                   "fields": {"C%d__c" % n: "[#%d]" % n
                              for n in range(1, columns + 1)}}]}
    name = os.path.join(folder, "mapping.yaml")
    with open(name, "w", encoding="utf-8") as file:
        json.dump(mapping, file)
    done = subprocess.run(
        [SFETL, "preview", name, "--offline", "--rows", "all", "--format",
         "csv"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def guess(text):
    """As the sniffer has to decide: what splits the first row most."""
    first = text.split("\n")[0]
    return max(",;\t|", key=first.count)


def check(folder, path):
    """What differs, or None."""
    name = os.path.basename(path)
    reading = READING.get(name, {})
    with open(path, "rb") as file:
        data = file.read()
    text = decoded(data, reading.get("encoding", "utf-8"))
    said = reading.get("delimiter")
    delimiter = DELIMITERS.get(said, said) or guess(without_lines(
        text, reading.get("skip_lines", 0)))
    header, rows = as_python(text, reading, delimiter)
    code, out, err = preview(folder, path, reading, len(header))
    if name in REFUSED:
        if code != 4 or REFUSED[name] not in err:
            return "not refused: %d %s" % (code, err)
        return None
    if code != 0:
        return "exit %d: %s" % (code, err)
    got = list(csv.reader(io.StringIO(out, newline="")))[1:]
    left_out = re.findall(r"row (\d+) is left out: (.*)", err)
    count, why = REJECTED.get(name, (0, ""))
    other = [one for one in left_out if why not in one[1]]
    if len(left_out) != count or other:
        return "%d rows are left out: %s" % (len(left_out),
                                             (other or left_out)[:3])
    gone = {int(number) for number, _ in left_out}
    want = [row for number, row in enumerate(rows, 1) if number not in gone]
    if got != want:
        for number, (one, other) in enumerate(zip(got, want)):
            if one != other:
                return "row %d is %r instead of %r" % (number, one, other)
        return "%d rows instead of %d" % (len(got), len(want))
    return None


# Its expected.json has another telephone number.
NOT_AS_EXPECTED = {"spectrum-location-coordinates.csv"}


def check_expected(path):
    """The JSON that came with a file is what Python reads, too."""
    with open(path.replace(".csv", ".expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    with open(path, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    expected = expected if isinstance(expected, list) else [expected]
    return [list(one.values()) for one in expected] == rows[1:]


def main():
    paths = sorted(glob.glob(os.path.join(DATA, "*.csv")))
    if not paths:
        print("1..0 # SKIP no real files beside the checkout")
        return
    print("1..%d" % len(paths))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        for number, path in enumerate(paths, 1):
            differs = check(folder, path)
            expected = path.replace(".csv", ".expected.json")
            if (not differs and os.path.exists(expected)
                    and os.path.basename(path) not in NOT_AS_EXPECTED
                    and not check_expected(path)):
                differs = "its expected.json says something else"
            print("%s %d - %s" % ("not ok" if differs else "ok", number,
                                  os.path.basename(path)))
            if differs:
                print("# " + differs.replace("\n", "\n# "))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
