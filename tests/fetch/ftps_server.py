#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An FTPS server (TLS from the first byte) that gives files away to the user
sfetl with the password "pass word": ftps_server.py FOLDER. FOLDER holds
server.pem; `ftps_port` is written there. The first transfer is cut half-way.
"""
import os
import socket
import ssl
import sys
import threading
import time

folder = sys.argv[1]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(folder, "server.pem"))
transfers = 0


class Session:
    def __init__(self, plain):
        self.control = context.wrap_socket(plain, server_side=True)
        self.lines = self.control.makefile("r", encoding="utf-8")
        self.user = self.data = None
        self.signed_in = False
        self.begin = 0

    def say(self, line):
        self.control.sendall((line + "\r\n").encode())

    def path(self, name):
        return os.path.join(folder, name.lstrip("/"))

    def passive(self):
        self.data = socket.create_server(("127.0.0.1", 0))
        self.say(f"229 come (|||{self.data.getsockname()[1]}|)")

    def send(self, path):
        global transfers
        transfers += 1
        with open(path, "rb") as file:
            body = file.read()
        self.say("150 here it comes")
        plain, _ = self.data.accept()
        self.data.close()
        data = context.wrap_socket(plain, server_side=True)
        end = len(body) // 2 if transfers == 1 else len(body)
        data.sendall(body[self.begin:end])
        data.unwrap()
        data.close()
        self.begin = 0
        self.say("226 done" if end == len(body) else "426 cut")

    def answer(self, word, rest):
        if word == "USER":
            self.user = rest
            return self.say("331 and the password")
        if word == "PASS":
            self.signed_in = (self.user, rest) == ("sfetl", "pass word")
            return self.say("230 in" if self.signed_in else "530 no")
        if word == "EPSV" and self.signed_in:
            return self.passive()
        if word in ("SIZE", "MDTM", "RETR") and self.signed_in:
            path = self.path(rest)
            if not os.path.isfile(path):
                return self.say("550 there is none")
            if word == "RETR":
                return self.send(path)
            about = os.stat(path)
            changed = time.strftime("%Y%m%d%H%M%S", time.gmtime(about.st_mtime))
            return self.say(f"213 {about.st_size if word == 'SIZE' else changed}")
        if word == "REST":
            self.begin = int(rest)
            return self.say("350 from there")
        if word == "PWD":
            return self.say('257 "/"')
        return self.say("200 well" if word in ("TYPE", "PBSZ", "PROT", "CWD")
                        else "502 not here")

    def run(self):
        self.say("220 hello")
        for line in self.lines:
            word, _, rest = line.strip().partition(" ")
            if word == "QUIT":
                break
            self.answer(word.upper(), rest)
        self.control.close()


def serve(plain):
    try:
        Session(plain).run()
    except OSError:
        pass


server = socket.create_server(("127.0.0.1", 0))
with open(os.path.join(folder, "ftps_port.part"), "w") as out:
    out.write(str(server.getsockname()[1]))
os.rename(os.path.join(folder, "ftps_port.part"),
          os.path.join(folder, "ftps_port"))
while True:
    client, _ = server.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
