# SPDX-License-Identifier: Apache-2.0
"""Plants secrets, runs sfetl, and looks for them in the arguments and the
environment of every process it starts and in every file that is left."""
import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request

SFETL, URL, ORG = sys.argv[1:]
TOKEN = re.compile(rb"00D[0-9A-Za-z]{12}[0-9A-Za-z]{0,3}!")


def plant(name, text):
    with open(os.open(name, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(text)


with open(ORG + "/client-secret") as file:
    secret = file.read().strip()
with open(ORG + "/jwt-key.pem") as file:
    key = file.read()
form = {"grant_type": "client_credentials", "client_id": "rehearsal",
        "client_secret": secret}
with urllib.request.urlopen(URL + "/services/oauth2/token",
                            urllib.parse.urlencode(form).encode()) as answer:
    token = json.load(answer)["access_token"]
plant("key.pem", key)
plant("token", token + "\n")
plant("password", "Planted-Passw0rd\n")
plant("client-secret", "Planted-Client-Secret\n")
own = {"key.pem", "token", "password", "client-secret", "watch.py"}
planted = [token.encode(), b"Planted-Passw0rd", b"Planted-Client-Secret"]
planted += [line.encode() for line in key.splitlines()
            if len(line) > 40 and "-----" not in line]
with open("accounts.csv", "w") as file:
    file.write("No\n" + "".join(f"K{i}\n" for i in range(300)))

faults = 0


def look(where, content):
    global faults
    for word in planted:
        if word in content:
            print("a secret stands in", where)
            faults += 1
    if TOKEN.search(content):
        print("a session id stands in", where)
        faults += 1


def children(pid):
    found = [pid]
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            for child in file.read().split():
                found += children(int(child))
    except OSError:
        pass
    return found


def run(name, *arguments, want=0):
    seen = set()
    with open(name + ".out", "wb") as out:
        process = subprocess.Popen([SFETL, *arguments], stdout=out,
                                   stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL)
        while process.poll() is None:
            for pid in children(process.pid):
                for part in ("cmdline", "environ"):
                    try:
                        with open(f"/proc/{pid}/{part}", "rb") as file:
                            seen.add((part, file.read()))
                    except OSError:
                        pass
    for part, content in seen:
        look(f"{part} of {name}", content)
    if process.returncode != want:
        sys.exit(f"{name} ends with {process.returncode}")
    return len(seen)


count = 0
for org in ("key", "token"):
    for api in ("rest", "bulk2"):
        name = f"{org}-{api}"
        count += run(name, "run", "accounts.yaml", "--org", org, "--api", api,
                     "--run-dir", "run-" + name, "-vv", "--keep-chunks")
count += run("export", "export", "SELECT Id FROM Account", "--output", "f.csv",
             "--org", "token", "-vv")
count += run("verify", "verify", "run-key-rest", "-vv")
count += run("test", "org", "login", "wrong", "-vv", want=5)
files = 0
for top in (".", os.environ["XDG_STATE_HOME"]):
    for folder, _, names in os.walk(top):
        if os.path.abspath(folder).startswith(os.path.abspath(ORG)):
            continue
        for name in names:
            if top == "." and folder == "." and name in own:
                continue
            files += 1
            with open(os.path.join(folder, name), "rb") as file:
                look(os.path.join(folder, name), file.read())
print(f"{files} files, {'some' if count > 4 else count} processes, "
      f"{faults} faults")
sys.exit(1 if faults else 0)
