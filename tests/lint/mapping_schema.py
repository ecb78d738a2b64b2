#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds mapping.schema.json beside the key tables of the program and beside
the mappings of the project. Prints TAP."""
import glob
import json
import os
import re
import sys

import jsonschema
import yaml

SOURCES = "etl/mapping/mapping.c etl/mapping/compile/*.c etl/mapping/example/*.c"
# A key table of the program: where the schema has its keys.
PLACES = {
    "top_keys": (), "source_keys": ("source",), "field_keys": ("field",),
    "load_keys": ("load",), "example_keys": ("example",),
    "table_keys": ("table",),
    "validation_keys": ("load", "validate"),
    "header_keys": ("load", "headers"),
    "duplicate_keys": ("load", "headers", "duplicate_rule"),
    "email_keys": ("load", "headers", "email"),
}


LOAD = {"object": "Account", "operation": "insert", "fields": {"Name": "N"}}
WRONG = (
    {}, {"sfetl": "1", "source": {"path": "a"}, "loads": []},
    {"sfetl": "2", "source": {"path": "a"}, "loads": [LOAD]},
    {"sfetl": "1", "source": "a.csv", "loads": [LOAD]},
    {"sfetl": "1", "source": {"path": "a"}, "loads": LOAD},
    {"sfetl": "1", "source": {"path": "a"},
     "loads": [dict(LOAD, operation="merge")]},
    {"sfetl": "1", "source": {"path": "a"},
     "loads": [dict(LOAD, fields={"Name": {"column": "N", "date": {}}})]},
    {"sfetl": "1", "source": {"path": "a", "trim": "ja"}, "loads": [LOAD]},
)


class Editor(yaml.SafeLoader):
    """YAML 1.2 as editors read it: yes is a text, true a truth."""


Editor.yaml_implicit_resolvers = {}
for tag, pattern, first in (
        ("bool", r"true|false", "tf"), ("null", r"|~|null", ["~", "n", ""]),
        ("int", r"[-+]?[0-9]+", "-+0123456789"),
        ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789")):
    Editor.add_implicit_resolver("tag:yaml.org,2002:" + tag,
                                 re.compile(f"^(?:{pattern})$"), list(first))


class Plain(yaml.SafeLoader):
    """All scalars are texts, as the program has them."""


Plain.yaml_implicit_resolvers = {}
Plain.add_implicit_resolver("tag:yaml.org,2002:null",
                            re.compile("^(?:|null)$"), ["", "n"])

count = 0


def judge(name, complaints):
    global count
    count += 1
    print(f"{'not ok' if complaints else 'ok'} {count} - {name}")
    for complaint in complaints:
        print("#", complaint)


def program_keys(folder):
    """The keys of each table that can be used."""
    tables = {}
    for pattern in SOURCES.split():
        for path in glob.glob(os.path.join(folder, pattern)):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for name, body in re.findall(
                    r"struct mapping_key (\w+)\[\] = \{(.*?)\n\};", text, re.S):
                tables[name] = {key for key, take in re.findall(
                    r'\{"(\w+)",\s*(\w+)\}', body) if take != "NULL"}
    return tables


def node_at(schema, place):
    node = schema["definitions"][place[0]] if place else schema
    for key in place[1:]:
        node = part_with_keys(node)["properties"][key]
    return part_with_keys(node.get("items", node))


def part_with_keys(node):
    for part in node.get("anyOf", []):
        if "properties" in part:
            return part
    return node


def compare_keys(schema, folder):
    complaints = []
    tables = program_keys(folder)
    for name in sorted(set(tables) - set(PLACES)):
        complaints.append(f"no place in the schema is known for {name}")
    for name, place in PLACES.items():
        known = set(node_at(schema, place)["properties"])
        used = tables.get(name, set())
        complaints += [f"{name}: the schema lacks '{k}'" for k in used - known]
        complaints += [f"{name}: the program lacks '{k}'"
                       for k in known - used]
    return complaints


def faults(validator, path, loader):
    with open(path, encoding="utf-8") as file:
        data = yaml.load(file, loader)
    return [f"{path}: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
            for e in validator.iter_errors(data)]


def is_wrong(path):
    """A golden case whose mapping is wrong on purpose."""
    exit_file = os.path.join(os.path.dirname(path), "want", "exit")
    if not os.path.exists(exit_file):
        exit_file = os.path.join(os.path.dirname(path), "want.exit")
    if not os.path.exists(exit_file):
        return False
    with open(exit_file, encoding="utf-8") as file:
        return file.read().strip() == "3"


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "mappings/mapping.schema.json"),
              encoding="utf-8") as file:
        schema = json.load(file)
    complaints = []
    try:
        jsonschema.Draft7Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        complaints = [error.message]
    judge("the schema is one", complaints)
    judge("it knows the keys of the program", compare_keys(schema, folder))
    validator = jsonschema.Draft7Validator(schema)
    paths = sorted(glob.glob(os.path.join(folder, "mappings/*.yaml"))
                   + glob.glob(os.path.join(folder, "tests/*/*/mapping.yaml")))
    for loader in (Plain, Editor):
        complaints = []
        for path in paths:
            if not is_wrong(path):
                complaints += faults(validator, path, loader)
        judge(f"it takes {len(paths)} mappings, scalars as {loader.__name__}",
              complaints)
    path = os.path.join(folder, "tests/golden/unknown-key/mapping.yaml")
    complaints = [] if faults(validator, path, Plain) else [path]
    complaints += [json.dumps(data) for data in WRONG
                   if validator.is_valid(data)]
    judge("it refuses wrong ones", complaints)
    print(f"1..{count}")


main()
