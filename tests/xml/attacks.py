#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hostile XML, made here: each case ends with its error, exit code 4 and a
place in the file, or is read as plain data; nothing is fetched, no entity is
expanded, and neither time nor memory runs away. TAP on standard output."""

import os
import resource
import shutil
import socket
import subprocess
import sys
import time

BUILD = os.path.abspath(os.environ.get("builddir", "."))
SFETL = os.path.join(BUILD, "sfetl")
WORK = os.path.join(BUILD, "tests", "xml-attacks.tmp")
MEMORY = 400 << 20  # address space; what sfetl links takes most of it
SECONDS = 20
SECRET = "the-text-of-another-file"

MAPPING = """sfetl: 1
source: { format: xml, path: case.xml, record: "//r" }
loads:
  - object: Account
    operation: insert
    fields: { Name: x, Description: "." }
"""


def entity(text, use="&e;"):
    return f"<!DOCTYPE a [{text}]><a><r><x>{use}</x></r></a>"


def nested(count):
    lines = ['<!ENTITY l0 "lol">'] + [
        f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, count)]
    return entity("".join(lines), f"&l{count - 1};")


def cases(url, secret):
    """name, bytes, the error's name, or None where it is plain data."""
    row = "<r><x>1</x></r>"
    return [
        ("billion laughs", nested(10), "xml-entity"),
        ("quadratic blow-up",
         entity(f'<!ENTITY e "{"a" * 50000}">', "&e;" * 5000), "xml-entity"),
        ("entities in a circle",
         entity('<!ENTITY e "&f;"><!ENTITY f "&e;">'), "xml-entity"),
        ("an outer entity, a file",
         entity(f'<!ENTITY e SYSTEM "file://{secret}">'), "xml-entity"),
        ("an outer entity, a path",
         entity(f'<!ENTITY e SYSTEM "{secret}">'), "xml-entity"),
        ("an outer entity, an address",
         entity(f'<!ENTITY e SYSTEM "{url}">'), "xml-entity"),
        ("an outer parameter entity",
         entity(f'<!ENTITY % p SYSTEM "{url}"> %p;', "1"), "xml-entity"),
        ("a parameter entity that is not declared",
         entity("%p;", "1"), "xml-entity"),
        ("an unparsed entity",
         entity(f'<!NOTATION n SYSTEM "n">'
                f'<!ENTITY e SYSTEM "{url}" NDATA n>', "1"), "xml-entity"),
        ("an entity in a value",
         '<!DOCTYPE a [<!ENTITY e "x">]><a><r k="&e;"/></a>', "xml-entity"),
        ("an entity that nobody declares",
         f"<a>{row}<r>&nbsp;</r></a>", "xml-broken"),
        ("values by default",
         f'<!DOCTYPE a [<!ATTLIST r k CDATA "{"v" * 5000}">]><a>{row}</a>',
         "xml-entity"),
        ("an outer document type",
         f'<!DOCTYPE a SYSTEM "{url}"><a>{row}</a>', None),
        ("a public document type",
         f'<!DOCTYPE a PUBLIC "-//X//Y" "{url}"><a>{row}</a>', None),
        ("an element declared, no entity",
         f"<!DOCTYPE a [<!ELEMENT a ANY>]><a>{row}</a>", None),
        ("a style sheet, a schema, XInclude",
         f'<?xml-stylesheet href="{url}"?><a '
         'xmlns:i="http://www.w3.org/2001/XInclude" '
         'xmlns:s="http://www.w3.org/2001/XMLSchema-instance" '
         f's:noNamespaceSchemaLocation="{url}"><r><x>'
         f'<i:include href="file://{secret}" parse="text"/>1</x></r></a>',
         None),
        ("deep nesting", "<a>" * 20000 + "</a>" * 20000, "xml-limit"),
        ("deep nesting without end", "<a>" * 300, "xml-limit"),
        ("20,000 attributes", "<a><r " + " ".join(
            f'k{i}="1"' for i in range(20000)) + "/></a>", "xml-limit"),
        ("3,000 short attributes", "<a><r " + " ".join(
            f'k{i}="1"' for i in range(3000)) + "/></a>", "xml-limit"),
        ("a name of 2,000 bytes", f"<a><{'n' * 2000}/></a>", "xml-limit"),
        ("an attribute's name of 2,000 bytes", f"<a><r {'n' * 2000}='1'/></a>",
         "xml-limit"),
        ("a name of 10 MB", f"<a><{'n' * 10000000}/></a>", ""),
        ("a value of 10 MB", f"<a><r k='{'v' * 10000000}'/></a>", ""),
        ("a text of 400 KB", f"<a><r><x>{'t' * 400000}</x></r></a>", None),
        ("a text of 10 MB", f"<a><r><x>{'t' * 10000000}</x></r></a>",
         "row-too-long"),
        ("text of 10 MB in pieces",
         f"<a><r><x>{('t' * 99 + '<!---->') * 100000}</x></r></a>",
         "row-too-long"),
        ("two million small elements in a record",
         f"<a><r>{'<y/>' * 2000000}</r></a>", ""),
        ("five million of them", f"<a><r>{'<y/>' * 5000000}</r></a>",
         "row-too-long"),
        ("a comment of 10 MB", f"<a><!--{'c' * 10000000}-->{row}</a>", ""),
        ("an instruction of 10 MB", f"<a><?p {'i' * 10000000}?>{row}</a>", ""),
        ("a CDATA section of 10 MB",
         f"<a><r><x><![CDATA[{'d' * 10000000}]]></x></r></a>", ""),
        ("a document type of 10 MB",
         f"<!DOCTYPE a [{'<!ELEMENT b ANY> ' * 600000}]><a>{row}</a>", ""),
        ("a tag without end", f"<a><r {'k' * 6000000}", ""),
        ("a control character", "<a><r><x>\x0b</x></r></a>", "xml-broken"),
        ("a NUL byte", "<a><r><x>\0</x></r></a>", "xml-broken"),
        ("an attribute twice", "<a><r k='1' k='2'/></a>", "xml-broken"),
        ("a prefix that is not declared", "<a><p:r/></a>", "xml-broken"),
        ("another encoding than declared",
         "<?xml version='1.0' encoding='utf-8'?><a><r>".encode() + b"\xe4" +
         b"</r></a>", "xml-broken"),
        ("half a UTF-16 character", b"\xff\xfe<\0a\0/\0>\0\x00\xd8",
         "xml-broken"),
        ("an encoding that nobody knows",
         "<?xml version='1.0' encoding='klingon'?><a/>", "xml-broken"),
        ("cut off in a row", "<a><r><x>1</x></r><r><x>2</", "xml-broken"),
        ("cut off in its declaration", "<?xml version='1.0", "xml-broken"),
        ("two roots", f"<a>{row}</a><a/>", "xml-broken"),
        ("no XML", "\x89PNG\r\n", "xml-broken"),
    ]


class Listener:
    """Who is asked for something was not to be."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/x"

    def was_asked(self):
        try:
            self.socket.accept()
        except BlockingIOError:
            return False
        return True


def limit():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def is_sanitized():
    words = subprocess.run(["ldd", SFETL], stdout=subprocess.PIPE,
                           check=False).stdout
    return b"libasan" in words or b"libubsan" in words


def read(content):
    with open(os.path.join(WORK, "case.xml"), "wb") as file:
        file.write(content if isinstance(content, bytes)
                   else content.encode())
    env = dict(os.environ, XDG_STATE_HOME=WORK, XDG_CONFIG_HOME=WORK,
               NO_COLOR="1", LC_ALL="C.UTF-8")
    began = time.monotonic()
    try:
        done = subprocess.run(
            [SFETL, "preview", "m.yaml", "--offline", "--rows", "all",
             "--format", "csv"], cwd=WORK, env=env, preexec_fn=limit,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return 124, b"", b"it hangs", SECONDS
    return (done.returncode, done.stdout, done.stderr,
            time.monotonic() - began)


def judge(listener, content, want):
    code, out, err, _ = read(content)
    told = err.decode("utf-8", "replace")
    wrong = []
    if listener.was_asked():
        wrong.append("something was fetched")
    if SECRET.encode() in out + err:
        wrong.append("another file was read")
    if want is None and code != 0:
        wrong.append("it is not read as plain data")
    if want and (code != 4 or f"[{want}]" not in told):
        wrong.append(f"it does not end with 4 and [{want}]")
    if want == "" and code not in (0, 4):
        wrong.append("it ends neither with 0 nor with 4")
    if code == 4 and "case.xml:" not in told:
        wrong.append("no line is told")
    return wrong and wrong + [f"exit {code}"] + told.splitlines()[:4]


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    secret = os.path.join(WORK, "secret")
    with open(secret, "w", encoding="utf-8") as file:
        file.write(SECRET)
    with open(os.path.join(WORK, "m.yaml"), "w", encoding="utf-8") as file:
        file.write(MAPPING)
    listener = Listener()
    all_cases = cases(listener.url, secret)
    print(f"1..{len(all_cases)}")
    for number, (name, content, want) in enumerate(all_cases, 1):
        wrong = judge(listener, content, want)
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        for line in wrong or []:
            print(f"# {line}")
        sys.stdout.flush()
    shutil.rmtree(WORK)


if __name__ == "__main__":
    SANITIZED = is_sanitized()
    main()
