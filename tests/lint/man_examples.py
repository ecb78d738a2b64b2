#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs 'sfetl test' on the mappings of a manual page. A piece is put where it
belongs in a whole one. Prints TAP."""
import re
import subprocess
import sys
import tempfile

HEAD = "sfetl: 1\n"
SOURCE = "source: { path: in.csv }\n"
LOAD = """loads:
  - object: Account
    operation: upsert
    external_id: ERP_Id__c
    where: NOT ISBLANK(KUNNR)
    fields:
      ERP_Id__c: =LPAD(TRIM(KUNNR), 10, "0")
      Name: NAME1
      Website: WEB
      BillingCountry: { column: LAND1, translate: countries }
"""
TABLES = "tables: { countries: { DE: Germany, AT: Austria } }\n"
SIGNS = {"\\(dq": '"', "\\(aq": "'", "\\e": "\\", "\\&": "", "\\-": "-"}


def blocks(page):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    for match in re.finditer(r"^\.Bd[^\n]*\n(.*?)^\.Ed", text, re.S | re.M):
        block = match.group(1)
        for sign, meant in SIGNS.items():
            block = block.replace(sign, meant)
        if re.match(r"(sfetl|source|tables|loads|validate|examples|fields):",
                    block):
            yield text.count("\n", 0, match.start()) + 1, block


def whole(block):
    if block.startswith("sfetl:"):
        return block
    if re.match(r"(validate|examples):", block):
        piece = "".join("    " + line for line in block.splitlines(True))
        return HEAD + SOURCE + TABLES + LOAD + piece
    text = HEAD + ("" if "source:" in block else SOURCE) + block
    if "fields:" not in block:
        text += "    fields: { ERP_Id__c: No }\n"
    return text


def main():
    page, sfetl = sys.argv[1:]
    count = 0
    with tempfile.NamedTemporaryFile("w", suffix=".yaml",
                                     encoding="utf-8") as file:
        for line, block in blocks(page):
            count += 1
            file.seek(0)
            file.truncate()
            file.write(whole(block))
            file.flush()
            run = subprocess.run([sfetl, "test", file.name], text=True,
                                 capture_output=True, check=False)
            print(f"{'not ok' if run.returncode else 'ok'} {count} - "
                  f"the one of line {line}")
            if run.returncode:
                for told in (run.stdout + run.stderr).splitlines():
                    print("#", told)
    if count < 5:
        print(f"not ok {count + 1} - {count} mappings are shown")
        count += 1
    print(f"1..{count}")


main()
