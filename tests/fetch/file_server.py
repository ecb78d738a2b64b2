#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An HTTPS server of one file, customers.csv, that shows what goes wrong on
the way: file_server.py FOLDER. FOLDER holds server.pem (certificate and key)
and customers.csv; `port` and `requests` are written there.

/KIND/customers.csv: plain; cut (the first answer ends half-way); changed (and
is another file then); untagged (cut, and proves nothing); busy (503 first);
auth (user and password); token; moved; else there is no such file.
"""
import base64
import http.server
import os
import ssl
import sys
import threading

folder = sys.argv[1]
seen = {}
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def note(self, status):
        with lock, open(os.path.join(folder, "requests"), "a") as file:
            file.write(f"{self.path} {self.headers.get('Range', '-')} "
                       f"{self.headers.get('If-Range', '-')} {status}\n")

    def empty(self, status, *headers):
        self.note(status)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def refused(self, kind):
        said = self.headers.get("Authorization", "")
        wanted = {
            "auth": "Basic " + base64.b64encode(b"sfetl:pass word").decode(),
            "token": "Bearer abc123",
        }
        return kind in wanted and said != wanted[kind]

    def do_GET(self):
        kind, _, name = self.path.strip("/").partition("/")
        with lock:
            number = seen[kind] = seen.get(kind, 0) + 1
        if kind == "moved":
            return self.empty(302, ("Location", "/plain/customers.csv"))
        if kind == "busy" and number == 1:
            return self.empty(503, ("Retry-After", "0"))
        if self.refused(kind):
            return self.empty(401)
        path = os.path.join(folder, name)
        if kind == "gone" or "/" in name or not os.path.exists(path):
            return self.empty(404)
        with open(path, "rb") as file:
            body = file.read()
        tag = f'"{kind}-{number if kind == "changed" else 1}"'
        if kind == "changed" and number > 1:
            body = body.replace(b"first", b"other")
        self.send_file(kind, number, body, tag)

    def send_file(self, kind, number, body, tag):
        begin = 0
        asked = self.headers.get("Range", "")
        whole = len(body)
        if (asked.startswith("bytes=") and kind != "untagged" and
                self.headers.get("If-Range") == tag):
            begin = int(asked[6:].rstrip("-"))
        status = 206 if begin else 200
        self.note(status)
        self.send_response(status)
        if kind != "untagged":
            self.send_header("ETag", tag)
        if begin:
            self.send_header("Content-Range",
                             f"bytes {begin}-{whole - 1}/{whole}")
        self.send_header("Content-Length", str(whole - begin))
        self.end_headers()
        cut = kind in ("cut", "changed", "untagged") and number == 1
        self.wfile.write(body[begin:whole // 2 if cut else whole])
        if cut:
            self.wfile.flush()
            self.close_connection = True


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(folder, "server.pem"))
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(os.path.join(folder, "port.part"), "w") as out:
    out.write(str(server.server_port))
os.rename(os.path.join(folder, "port.part"), os.path.join(folder, "port"))
server.serve_forever()
