# SPDX-License-Identifier: Apache-2.0
"""The rehearsal org's wire: python3 protocol_test.py PROGRAM DIR SCHEMA."""
import base64
import csv
import gzip
import http.client
import io
import json
import subprocess
import sys
import time
import urllib.parse

PROGRAM, DIR, SCHEMA = sys.argv[1:4]
V = "/services/data/v64.0"
UPSERT = {"object": "Account", "operation": "upsert",
          "externalIdFieldName": "ERP_Id__c"}
INSERT = {"object": "Account", "operation": "insert"}


class Org:
    def start(self):
        subprocess.run([PROGRAM, "start", "--dir", DIR, "--schema", SCHEMA,
                        "--latency-ms", "10"], check=True,
                       stdout=subprocess.DEVNULL)
        with open(DIR + "/address.json", encoding="utf-8") as file:
            self.address = json.load(file)

    def call(self, method, path, body=None, headers=None, raw=False):
        link = http.client.HTTPConnection(
            "127.0.0.1", self.address["port"], timeout=30)
        try:
            link.request(method, path, body, headers or self.headers)
            answer = link.getresponse()
            content = answer.read()
        finally:
            link.close()
        return (answer.status, content if raw else content.decode(),
                dict(answer.getheaders()))

    def token(self, **fields):
        status, body, _ = self.call(
            "POST", "/services/oauth2/token", urllib.parse.urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded"})
        return status, json.loads(body)

    def sign_in(self):
        _, body = self.token(grant_type="client_credentials",
                             client_id="rehearsal",
                             client_secret="rehearsal")
        self.headers = {"Authorization": "Bearer " + body["access_token"],
                        "Content-Type": "application/json"}

    def faults(self, *rules, settings=""):
        text = settings + "\nrules:\n" + "".join(
            "  - {%s}\n" % rule for rule in rules)
        assert self.call("POST", "/rehearsal/faults", text)[0] == 204

    def create(self, spec):
        status, body, _ = self.call("POST", V + "/jobs/ingest",
                                    json.dumps(spec))
        return status, json.loads(body)

    def upload(self, job, data, **more):
        return self.call("PUT", f"{V}/jobs/ingest/{job}/batches", data,
                         {**self.headers, "Content-Type": "text/csv", **more})

    def patch(self, job, state):
        return self.call("PATCH", f"{V}/jobs/ingest/{job}",
                         json.dumps({"state": state}))

    def wait(self, job):
        for _ in range(1000):
            info = json.loads(self.call("GET", f"{V}/jobs/ingest/{job}")[1])
            if info["state"] in ("JobComplete", "Failed", "Aborted"):
                return info
            time.sleep(0.02)
        raise AssertionError("the job does not end")

    def run(self, spec, data, **more):
        job = self.create(spec)[1]["id"]
        assert self.upload(job, data, **more)[0] == 201
        assert self.patch(job, "UploadComplete")[0] == 200
        return self.wait(job)

    def result(self, job, kind):
        status, body, _ = self.call("GET", f"{V}/jobs/ingest/{job}/{kind}")
        assert status == 200, body
        return list(csv.DictReader(io.StringIO(body)))

    def counts(self, job):
        return [len(self.result(job, kind)) for kind in
                ("successfulResults", "failedResults", "unprocessedrecords")]


org = Org()


def code(answer):
    return answer[0], json.loads(answer[1])[0]["errorCode"]


def same(got, want):
    assert got == want, f"{got!r} is not {want!r}"


def rows(count, prefix="F"):
    return "Name,ERP_Id__c\n" + "".join(
        f"Acc {i},{prefix}{i}\n" for i in range(count))


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def assertion(key, **changes):
    claims = {"iss": "rehearsal", "sub": "loader@rehearsal.example",
              "aud": "https://login.salesforce.com",
              "exp": int(time.time()) + 170, **changes}
    head = encode(b'{"alg":"RS256","typ":"JWT"}')
    text = head + "." + encode(json.dumps(claims).encode())
    signature = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(),
        capture_output=True, check=True).stdout
    return org.token(
        grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion=text + "." + encode(signature))


def test_jwt_is_checked():
    key = org.address["private_key_file"]
    same(assertion(key)[0], 200)
    now = int(time.time())
    for changes, want in (({"aud": "https://x"}, "audience is invalid"),
                          ({"exp": now - 9}, "expired authorization code"),
                          ({"exp": now + 999}, "invalid assertion"),
                          ({"sub": "x"}, "user hasn't approved this consumer"),
                          ({"iss": "x"}, "client identifier invalid")):
        same(assertion(key, **changes)[1]["error_description"], want)
    other = DIR + "/other.pem"
    subprocess.run(["openssl", "genrsa", "-out", other, "2048"], check=True,
                   capture_output=True)
    same(assertion(other)[1]["error"], "invalid_grant")


def test_sessions_are_checked():
    for header, want in (("Bearer nobody", "INVALID_SESSION_ID"),
                         ("Bearer a.b.c", "INVALID_AUTH_HEADER"),
                         ("Basic eDp5", "INVALID_AUTH_HEADER")):
        same(code(org.call("GET", V + "/limits", None,
                           {"Authorization": header})), (401, want))
    org.faults("when: limits, what: session-expired, times: 1")
    same(code(org.call("GET", V + "/limits")), (401, "INVALID_SESSION_ID"))
    org.sign_in()


def test_versions():
    same(code(org.call("GET", "/services/data/v30.0/limits"))[0], 410)
    same(code(org.call("GET", "/services/data/v99.0/limits"))[0], 404)
    same(code(org.call("PUT", V + "/limits")), (405, "METHOD_NOT_ALLOWED"))


def test_life_of_a_job():
    status, job = org.create({**UPSERT, "lineEnding": "LF"})
    same(status, 200)
    same(list(job), ["id", "operation", "object", "createdById", "createdDate",
                     "systemModstamp", "state", "externalIdFieldName",
                     "concurrencyMode", "contentType", "apiVersion",
                     "contentUrl", "lineEnding", "columnDelimiter"])
    data = 'Score__c,Name,ERP_Id__c,"Phone"\n912260031,Acme,L1,\n1,,L2,\n1,x\n'
    same(org.upload(job["id"], data)[:2], (201, ""))
    same(code(org.upload(job["id"], data)), (400, "INVALIDJOBSTATE"))
    same(code(org.call("DELETE", f"{V}/jobs/ingest/{job['id']}")),
         (400, "API_ERROR"))
    closed = json.loads(org.patch(job["id"], "UploadComplete")[1])
    same(list(closed)[-1], "apiVersion")
    same(code(org.patch(job["id"], "UploadComplete")),
         (400, "INVALIDJOBSTATE"))
    info = org.wait(job["id"])
    same((info["numberRecordsProcessed"], info["numberRecordsFailed"]), (3, 2))
    good = org.call("GET", f"{V}/jobs/ingest/{job['id']}/successfulResults")[1]
    same(good.split("\n")[0],
         '"sf__Id","sf__Created",ERP_Id__c,Name,"Phone",Score__c')
    assert good.endswith('"true","L1","Acme","","9.12260031E8"\n'), good
    errors = sorted(each["sf__Error"]
                    for each in org.result(job["id"], "failedResults"))
    same(errors, ["INVALID_FIELD:Number of fields in header is different from "
                  "the row. header = 4 row = 2:--",
                  "REQUIRED_FIELD_MISSING:Required fields are missing: "
                  "[Name]:Name --"])
    same(org.call("GET", f"{V}/jobs/ingest/{job['id']}/unprocessedrecords/")[1],
         'Score__c,Name,ERP_Id__c,"Phone"\n')
    same(org.call("DELETE", f"{V}/jobs/ingest/{job['id']}")[0], 204)
    same(code(org.call("GET", f"{V}/jobs/ingest/{job['id']}"))[0], 404)


def test_jobs_that_fail_whole():
    for data, want in (
            ("Name,Foo__c\nA,b\n",
             "InvalidBatch : Field name not found : Foo__c"),
            ("\ufeffName\nA\n",
             "InvalidBatch : Field name not found : \ufeffName"),
            ("Name\r\nA\r\n", "ClientInputError : LineEnding is invalid on "
             "user data. Current LineEnding setting is LF"),
            ("Name,Account:Parent.ERP_Id__c\nA,1\n",
             "InvalidBatch : type is not needed for non polymorphic foreign "
             "key references: Parent")):
        info = org.run(INSERT, data.encode())
        same((info["state"], info["errorMessage"],
              info["numberRecordsProcessed"]), ("Failed", want, 0))
    job = org.create(INSERT)[1]["id"]
    org.patch(job, "UploadComplete")
    same(org.wait(job)["errorMessage"],
         "InvalidBatch : Unable to find any data")
    same(org.counts(job), [0, 0, 0])
    info = org.run({"object": "Account", "operation": "update"}, "Name\nA\n")
    same(info["errorMessage"], "InvalidBatch : Field name not found : Id")


def test_jobs_that_are_refused():
    for spec, want in (
            ({**INSERT, "object": "Accounty"}, "INVALIDENTITY"),
            ({**INSERT, "operation": "hardDelete"}, "FEATURENOTENABLED"),
            ({**INSERT, "operation": "merge"}, "INVALIDJOB"),
            ({**UPSERT, "externalIdFieldName": "Phone"}, "INVALIDJOB"),
            ({**INSERT, "columnDelimiter": "DOT"}, "INVALIDJOB"),
            ({**INSERT, "nonsense": 1}, "JSON_PARSER_ERROR")):
        status, body = org.create(spec)
        same((status, body[0]["errorCode"]), (400, want))


def test_limits():
    org.faults(settings="settings: {daily_batches: 0}")
    same(org.run(INSERT, "Name\nA\n")["errorMessage"],
         "ExceededQuota : ApiBatchItems Limit exceeded")
    org.faults(settings="settings: {daily_api_requests: 1}")
    same(code(org.call("GET", V + "/limits")),
         (403, "REQUEST_LIMIT_EXCEEDED"))
    org.faults()


def test_gzip_both_ways():
    info = org.run(UPSERT, gzip.compress(rows(900, "G").encode()),
                   **{"Content-Encoding": "gzip"})
    same(info["numberRecordsProcessed"], 900)
    path = f"{V}/jobs/ingest/{info['id']}/successfulResults"
    _, body, headers = org.call(
        "GET", path, None, {**org.headers, "Accept-Encoding": "gzip"}, True)
    same(headers["Content-Encoding"], "gzip")
    same(gzip.decompress(body).decode(), org.call("GET", path)[1])


def test_job_faults():
    for rule, state, counts in (
            ("when: job.begin, what: job-failed", "Failed", [0, 0, 1000]),
            ("when: job.slice, what: job-failed, after: 2", "Failed",
             [400, 0, 600]),
            ("when: job.slice, what: job-aborted, after: 1", "Aborted",
             [200, 0, 800]),
            ("when: job.slice, what: lock-errors, rows: 7", "JobComplete",
             [965, 35, 0])):
        org.faults(rule)
        info = org.run(UPSERT, rows(1000))
        same((info["state"], org.counts(info["id"])), (state, counts))
    org.faults()
    job = org.run(UPSERT, rows(1000))["id"]
    for what, count in (("rows-missing", 997), ("rows-added", 1003),
                        ("rows-doubled", 1003)):
        org.faults(f"when: bulk2.results.success, what: {what}, rows: 3")
        same(len(org.result(job, "successfulResults")), count)
    org.faults("when: bulk2.results.success, what: columns-renamed")
    same(list(org.result(job, "successfulResults")[0]),
         ["sf__Id", "sf__Created", "x_ERP_Id__c", "x_Name"])
    org.faults()


def test_composite_refers_to_its_answers():
    name = 'say "a\\b"'
    body = {"compositeRequest": [
        {"method": "POST", "url": V + "/sobjects/Account",
         "referenceId": "one", "body": {"Name": name, "ERP_Id__c": "comp"}},
        {"method": "GET", "url": V + "/sobjects/Account/@{one.id}",
         "referenceId": "two"},
        {"method": "PATCH", "url": V + "/sobjects/Account/@{one.id}",
         "referenceId": "three", "body": {"Phone": "@{two.Name}"}},
        {"method": "GET", "url": V + "/sobjects/Foo/001",
         "referenceId": "four"}]}
    answer = json.loads(org.call("POST", V + "/composite",
                                 json.dumps(body))[1])["compositeResponse"]
    same([each["httpStatusCode"] for each in answer], [201, 200, 204, 404])
    shown = org.call("GET", V + "/sobjects/Account/ERP_Id__c/comp")[1]
    same(json.loads(shown)["Phone"], name)


def test_lost_answer_was_carried_out():
    org.faults("when: rest.create, what: lost-answer, times: 1")
    try:
        org.call("POST", V + "/sobjects/Account",
                 json.dumps({"Name": "Lost", "ERP_Id__c": "lost"}))
        raise AssertionError("there was an answer")
    except ConnectionResetError:
        pass
    same(org.call("GET", V + "/sobjects/Account/ERP_Id__c/lost")[0], 200)


def test_restart_in_mid_job():
    org.faults("when: job.slice, what: restart, after: 20, times: 1")
    job = org.create(INSERT)[1]["id"]
    org.upload(job, rows(25000, "R"))
    try:
        org.patch(job, "UploadComplete")
        for _ in range(1000):
            org.call("GET", f"{V}/jobs/ingest/{job}")
            time.sleep(0.02)
        raise AssertionError("the org goes on")
    except (ConnectionError, http.client.HTTPException):
        pass
    org.start()
    info = org.wait(job)
    same((info["state"], info["numberRecordsProcessed"],
          info["numberRecordsFailed"]), ("JobComplete", 25000, 0))
    with open(DIR + "/commits.jsonl", encoding="utf-8") as file:
        made = {change["id"]: change["fields"]["ERP_Id__c"]
                for change in map(json.loads, file) if change["call"] == job}
    same(len(set(made.values())), 25000)
    same({each["sf__Id"]: each["ERP_Id__c"]
          for each in org.result(job, "successfulResults")}, made)


def main():
    org.headers = {}
    org.start()
    org.sign_in()
    tests = [(name, body) for name, body in sorted(globals().items())
             if name.startswith("test_")]
    for number, (name, body) in enumerate(tests, 1):
        title = name[5:].replace("_", " ")
        try:
            body()
            print(f"ok {number} - {title}")
        except Exception as problem:  # any failure is the test's verdict
            print(f"not ok {number} - {title}")
            print(f"# {type(problem).__name__}: {problem}")
            org.faults()
    print(f"1..{len(tests)}")


main()
