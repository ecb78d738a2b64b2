# SPDX-License-Identifier: Apache-2.0
"""A round that loads an XML file: customers, and the contacts nested in them,
by two loads in one pass. The judge holds each load against a CSV file of the
rows that it should have read."""

import csv
import json
import os
import shutil

from rig import Round

MAPPING = """sfetl: 1
name: fault
source: {{ format: xml, path: fault.xml, record: /File/Customer }}
loads:
  - object: Account
    operation: {operation}
    api: {api}
{key}    chunk_rows: {chunk_rows}
    fields:
      ERP_Id__c: {{ column: No, required: yes }}
      Name: Name
      Description: =JOIN("; ", [Note])
  - object: Contact
    after: Account
    each: Contact
    operation: {operation}
    api: {api}
{key}    chunk_rows: {chunk_rows}
    fields:
      ERP_Id__c: "@no"
      LastName: {{ column: Last, required: yes }}
      Account.ERP_Id__c: ../No
"""
HEADERS = {"Account": ["No", "Name", 'JOIN("; ", [Note])'],
           "Contact": ["@no", "Last", "../No"]}
KEYS = {"Account": "No=ERP_Id__c", "Contact": "@no=ERP_Id__c"}


class XmlRound(Round):
    def write_input(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        upsert = self.operation == "upsert"
        self.write("fault.yaml", MAPPING.format(
            operation=self.operation, api=self.rig.api,
            key="    external_id: ERP_Id__c\n" if upsert else "",
            chunk_rows=self.chunk_rows))
        read = {"Account": [], "Contact": []}
        self.write("fault.xml", "<File>\n" + "".join(
            self.customer(row, read) for row in range(self.rows)) +
            "</File>\n")
        for load, rows in read.items():
            with open(self.source(load), "w", encoding="utf-8",
                      newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(
                    [HEADERS[load]] + rows)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w",
                  encoding="utf-8") as file:
            file.write(text)

    def source(self, load):
        return os.path.join(self.folder, f"{load}.csv")

    def customer(self, row, read):
        """Some have no number, some a name that is too long; contacts of
        those have no parent, and some have no name."""
        number = f"K{self.number}-{row}" if row % 17 else ""
        name = f"Firm {row}" if row % 13 else "x" * 300
        refused = row % 17 == 0 or row % 13 == 0
        self.want["error" if refused else "succeeded"] += 1
        read["Account"].append([number, name, f"a{row}; b"])
        text = (f"<Customer><Name>{name}</Name><Note>a{row}</Note>"
                "<Note/><Note>b</Note>")
        for i in range(row % 4):
            last = f"Person {i}" if row % 5 or i else ""
            lost = last == "" or (refused and number != "")
            self.want["error" if lost else "succeeded"] += 1
            read["Contact"].append([f"P{self.number}-{row}-{i}", last, number])
            text += (f"\n  <Contact no='P{self.number}-{row}-{i}'>"
                     f"<Last>{last}</Last></Contact>")
        return f"{text}<No>{number}</No></Customer>\n"

    def judge(self, run, arguments=(), keys=None):
        verdicts = [self.judge_by(run, load, self.source(load), KEYS[load],
                                  ["--load", load, "--object", load] +
                                  list(arguments))
                    for load in HEADERS]
        wrong = [verdict for verdict, _ in verdicts if verdict]
        return ("\n".join(wrong) or None,
                "\n".join(text for _, text in verdicts))

    def counts(self, run):
        with open(os.path.join(run, "summary.json"),
                  encoding="utf-8") as file:
            loads = json.load(file)["loads"]
        return {name: sum(load["accounting"][name] for load in loads)
                for name in loads[0]["accounting"]}
