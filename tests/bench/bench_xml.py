#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What reading XML and other encodings costs, as ratios in one run.

CPU of reading and mapping nested XML beside xmlTextReader walking the same
file; the peak memory at a small and at a large size, from a pipe; CPU of CSV
in UTF-16 and windows-1252 beside the same rows in UTF-8. Run by `make
bench-xml`; it is no test.
"""
import argparse
import os
import statistics
import subprocess
from pathlib import Path

from bench import MAPPING as CSV_MAPPING
from bench import measure

XML_MAPPING = """\
sfetl: 1
name: idoc
source: { format: xml, path: idoc.xml, record: /DEBMAS06/IDOC/E1KNA1M }
loads:
  - object: Account
    operation: upsert
    external_id: ERP_Id__c
    fields:
      ERP_Id__c: KUNNR
      Name: NAME1
      BillingStreet: STRAS
      BillingPostalCode: PSTLZ
      BillingCity: ORT01
      BillingCountry: LAND1
      Customer_Since__c: { column: ERDAT, date: yyyyMMdd }
      Rating_Tier__c: E1KNVVM[1]/KLABC
      Source_System__c: ../EDI_DC40/DOCNUM
      Description: =JOIN(", ", [E1KNVVM/VKORG])
  - object: Contact
    after: Account
    each: E1KNVKM
    operation: upsert
    external_id: ERP_Id__c
    fields:
      ERP_Id__c: PARNR
      FirstName: NAMEV
      LastName: NAME1
      Phone: TELF1
      Account.ERP_Id__c: ../KUNNR
"""
REJECTED = (0, 1)  # exit codes of a check that went through


class Bench:
    def __init__(self, build, options):
        self.options = options
        self.programs = build / "tests" / "bench"
        self.sfetl = build / "sfetl"
        self.folder = build / "bench-xml"
        self.folder.mkdir(exist_ok=True)
        self.env = dict(os.environ, XDG_STATE_HOME=str(self.folder),
                        XDG_CONFIG_HOME=str(self.folder))

    def check(self, mapping, *more):
        return measure(["nice", self.sfetl, "check", "-q", self.folder / mapping,
                        "--offline", *more], env=self.env, ok=REJECTED)

    def generate(self, program, size, name):
        with open(self.folder / name, "wb") as out:
            subprocess.run([str(self.programs / program), str(size)],
                           stdout=out, check=True)

    def ratio(self, name, samples, floors, bar):
        value = (statistics.median(s["cpu"] for s in samples) /
                 statistics.median(f["cpu"] for f in floors))
        print(f"{name:<56} {value:5.2f}  (bar {bar})", flush=True)

    def xml(self):
        (self.folder / "idoc.yaml").write_text(XML_MAPPING, encoding="utf-8")
        self.generate("gen_idoc", self.options.megabytes, "idoc.xml")
        pairs = [(measure(["nice", self.programs / "floor_xml",
                           self.folder / "idoc.xml"]),
                  self.check("idoc.yaml"))
                 for _ in range(self.options.repeat)]
        self.ratio("XML: CPU of read and map / xmlTextReader",
                   [pair[1] for pair in pairs], [pair[0] for pair in pairs],
                   1.0)
        os.unlink(self.folder / "idoc.xml")

    def memory(self):
        for size in self.options.sizes.split(","):
            command = (f"'{self.programs}/gen_idoc' {int(size)} | exec nice "
                       f"'{self.sfetl}' check '{self.folder}/idoc.yaml' "
                       "--offline --input -")
            peak = measure(["sh", "-c", f"exec 3>&1; {command}"],
                           env=self.env, ok=REJECTED)["rss"]
            print(f"{f'XML: peak memory at {int(size)} MB, MiB':<56} "
                  f"{peak:5.1f}  (bar 64)", flush=True)

    def encodings(self):
        self.generate("gen_accounts", self.options.rows, "utf8.csv")
        text = (self.folder / "utf8.csv").read_text(encoding="utf-8")
        samples = {}
        for name, encoding in (("utf8", "utf-8"), ("utf16", "utf-16"),
                               ("cp1252", "cp1252")):
            said = "windows-1252" if encoding == "cp1252" else "UTF-8"
            (self.folder / f"{name}.csv").write_bytes(
                text.encode(encoding, "replace"))
            (self.folder / f"{name}.yaml").write_text(
                CSV_MAPPING.replace("path: accounts.csv",
                                    f"path: {name}.csv, encoding: {said}"),
                encoding="utf-8")
            samples[name] = []
        for _ in range(self.options.repeat):
            for name, runs in samples.items():
                runs.append(self.check(f"{name}.yaml"))
        for name in ("utf16", "cp1252"):
            self.ratio(f"CSV: CPU in {name} / in UTF-8", samples[name],
                       samples["utf8"], 1.3)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--sizes", default="30,300")
    parser.add_argument("--rows", type=int, default=300000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    bench = Bench(options.build.resolve(), options)
    bench.xml()
    bench.memory()
    bench.encodings()


if __name__ == "__main__":
    main()
