# SPDX-License-Identifier: Apache-2.0
"""SOAP: python3 soap_test.py BUILD WORK SCHEMA WSDL_DIR."""
import gzip
import http.client
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import urllib.parse

import soap_schemas

BUILD, WORK, SCHEMA, WSDL_DIR = sys.argv[1:5]
VERSIONS = ("38.0", "58.0")
TESTS = []
MESSAGES = {version: [] for version in VERSIONS}


def test(check):
    TESTS.append(check)
    return check


def keep(version, what, body):
    """A message to be validated later."""
    if version not in MESSAGES:
        return
    folder = os.path.join(WORK, "messages", version)
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(
        folder, "%04d-%s.xml" % (len(MESSAGES[version]), what))
    with open(path, "wb") as file:
        file.write(body)
    MESSAGES[version].append(path)


def call_of(body):
    found = re.search(rb"Body[^>]*>\s*<(?:\w+:)?(\w+)", body)
    return found.group(1).decode() if found else "none"


class Org:
    def start(self):
        subprocess.run(
            [BUILD + "/sfetl-rehearsal", "start", "--dir", WORK + "/org",
             "--schema", SCHEMA, "--port", "0", "--latency-ms", "5"],
            check=True, stdout=subprocess.DEVNULL)
        with open(WORK + "/org/address.json", encoding="utf-8") as file:
            self.port = json.load(file)["port"]
        self.token = self.sign_in()

    def request(self, method, path, body=None, headers=None):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            link.request(method, path, body, headers or {})
            answer = link.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            link.close()

    def sign_in(self):
        form = urllib.parse.urlencode({
            "grant_type": "client_credentials", "client_id": "rehearsal",
            "client_secret": "rehearsal"})
        _, body, _ = self.request(
            "POST", "/services/oauth2/token", form,
            {"Content-Type": "application/x-www-form-urlencoded"})
        return json.loads(body)["access_token"]

    def faults(self, *rules, settings=""):
        text = settings + "\nrules:\n" + "".join(
            "  - {%s}\n" % rule for rule in rules)
        status, body, _ = self.request("POST", "/rehearsal/faults", text)
        assert status == 204, body

    def soap(self, body, version="58.0", headers="", session=True, valid=True,
             http_headers=None):
        """Status and text of a call; body is what stands in the Body."""
        if session:
            headers = (f"<SessionHeader><sessionId>{self.token}</sessionId>"
                       f"</SessionHeader>{headers}")
        text = (
            '<?xml version="1.0" encoding="UTF-8"?><s:Envelope'
            ' xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
            ' xmlns="urn:partner.soap.sforce.com"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            ' xmlns:o="urn:sobject.partner.soap.sforce.com">'
            f"<s:Header>{headers}</s:Header><s:Body>{body}</s:Body>"
            "</s:Envelope>").encode()
        status, answer, _ = self.request(
            "POST", f"/services/Soap/u/{version}", text,
            http_headers or {"Content-Type": "text/xml; charset=UTF-8",
                             "SOAPAction": '""'})
        if valid:
            keep(version, call_of(text), text)
        keep(version, "answer", answer)
        return status, answer.decode()

    def fault(self, body, **more):
        """The code of the fault that this is answered with."""
        status, answer = self.soap(body, valid=False, **more)
        assert status == 500, (status, answer)
        return re.search("<faultcode>(.*?)</faultcode>", answer).group(1)


ORG = Org()


def record(*fields, object_name="Account", record_id=None, nulls=()):
    parts = [f"<o:type>{object_name}</o:type>"]
    parts += [f"<o:fieldsToNull>{name}</o:fieldsToNull>" for name in nulls]
    parts.append(f"<o:Id>{record_id}</o:Id>" if record_id
                 else '<o:Id xsi:nil="true"/>')
    parts += [f"<o:{name}>{value}</o:{name}>" for name, value in fields]
    return "<sObjects>" + "".join(parts) + "</sObjects>"


def ids_of(answer):
    return re.findall("<id>(.*?)</id>", answer)


@test
def signs_in_and_tells_who():
    for version in VERSIONS:
        login = ("<login><username>loader@rehearsal.example</username>"
                 "<password>%s</password></login>")
        status, answer = ORG.soap(login % "rehearsal", version, session=False)
        assert status == 200 and "<sessionId>00D" in answer
        assert re.search(rf"/services/Soap/u/{version}/00D\w{{12}}<", answer)
        status, answer = ORG.soap(login % "wrong", version, session=False)
        assert status == 500 and "sf:LoginFault" in answer
        assert ("INVALID_LOGIN: Invalid username, password, security token; "
                "or user locked out.") in answer
        assert ORG.soap("<getUserInfo/>", version)[0] == 200
        assert ORG.soap("<getServerTimestamp/>", version)[0] == 200


@test
def creates_updates_upserts_deletes_and_undeletes():
    for version in VERSIONS:
        key = "S" + version
        status, answer = ORG.soap(
            "<create>" + record(("Name", "A &amp; B"), ("ERP_Id__c", key)) +
            record(("Phone", "1")) + "</create>", version)
        assert status == 200
        first, = ids_of(answer)
        assert ("<result><errors><fields>Name</fields><message>Required "
                "fields are missing: [Name]</message><statusCode>"
                "REQUIRED_FIELD_MISSING</statusCode></errors><id "
                'xsi:nil="true"/><success>false</success></result>') in answer
        status, answer = ORG.soap(
            "<update>" + record(("Name", "C"), record_id=first,
                                nulls=("Phone",)) + "</update>", version)
        assert f"<id>{first}</id><success>true</success>" in answer
        status, answer = ORG.soap(
            "<upsert><externalIDFieldName>ERP_Id__c</externalIDFieldName>" +
            record(("Name", "D"), ("ERP_Id__c", key)) +
            record(("Name", "Kind"), ("ERP_Id__c", key + "k"),
                   ("Parent", f"<o:type>Account</o:type><o:ERP_Id__c>{key}"
                              "</o:ERP_Id__c>")) + "</upsert>", version)
        assert re.findall("<created>(.*?)</created>", answer) == [
            "false", "true"], answer
        for call in ("delete", "undelete", "delete"):
            status, answer = ORG.soap(
                f"<{call}><ids>{first}</ids></{call}>", version)
            assert "<success>true</success>" in answer, answer
        status, answer = ORG.soap(
            f"<delete><ids>{first}</ids></delete>", version)
        assert "ENTITY_IS_DELETED" in answer
        assert "<limitInfo><current>" in answer


@test
def all_or_none_rolls_back():
    headers = ("<AllOrNoneHeader><allOrNone>true</allOrNone></AllOrNoneHeader>"
               "<DuplicateRuleHeader><allowSave>true</allowSave>"
               "<includeRecordDetails>false</includeRecordDetails>"
               "<runAsCurrentUser>false</runAsCurrentUser>"
               "</DuplicateRuleHeader>")
    _, answer = ORG.soap(
        "<create>" + record(("Name", "A")) + record(("Phone", "1")) +
        "</create>", headers=headers)
    assert "ALL_OR_NONE_OPERATION_ROLLED_BACK" in answer
    assert "<success>true" not in answer


@test
def pages_through_a_query():
    ORG.soap("<create>" + "".join(
        record(("Name", f"Q{i}"), ("Score__c", "1.5"))
        for i in range(200)) + "</create>")
    ORG.soap("<create>" + "".join(
        record(("Name", f"Q{i}")) for i in range(100)) + "</create>")
    options = "<QueryOptions><batchSize>200</batchSize></QueryOptions>"
    for version in VERSIONS:
        _, answer = ORG.soap(
            "<query><queryString>SELECT Id, Name, Score__c, Parent.Name, "
            "CreatedDate FROM Account WHERE Name LIKE 'Q%' ORDER BY Name"
            "</queryString></query>", version, options)
        assert "<done>false</done>" in answer, answer[:900]
        assert answer.count("<records ") == 200
        where = re.search("<queryLocator>(.*?)</queryLocator>", answer)[1]
        _, answer = ORG.soap(
            f"<queryMore><queryLocator>{where}</queryLocator></queryMore>",
            version, options)
        assert "<done>true</done><queryLocator xsi:nil" in answer
        assert answer.count("<records ") == 100
        assert re.search(r"CreatedDate>[\d-]+T[\d:]+\.\d{3}Z<", answer)
        assert ORG.soap("<queryAll><queryString>SELECT Id FROM Account LIMIT 1"
                        "</queryString></queryAll>", version)[0] == 200
    assert ORG.fault("<queryMore><queryLocator>x</queryLocator></queryMore>"
                     ) == "sf:INVALID_QUERY_LOCATOR"
    assert ORG.fault("<query><queryString>SELECT Nope FROM Account"
                     "</queryString></query>") == "sf:INVALID_FIELD"


@test
def describes():
    for version in VERSIONS:
        _, answer = ORG.soap(
            "<describeSObject><sObjectType>Account</sObjectType>"
            "</describeSObject>", version)
        field = re.search("<fields>(?:(?!</fields>).)*<name>ERP_Id__c</name>"
                          ".*?</fields>", answer)[0]
        assert "<externalId>true</externalId>" in field
        assert "<soapType>xsd:string</soapType>" in field
        _, answer = ORG.soap(
            "<describeSObjects><sObjectType>Contact</sObjectType>"
            "<sObjectType>Opportunity</sObjectType></describeSObjects>",
            version)
        assert answer.count("<result>") == 2
        assert "<referenceTo>Account</referenceTo>" in answer
        assert "<picklistValues><active>true</active>" in answer
    assert ORG.fault("<describeSObject><sObjectType>Nope</sObjectType>"
                     "</describeSObject>") == "sf:INVALID_TYPE"


@test
def is_strict():
    client = "soapenv:Client"
    good = record(("Name", "A"))
    wrong = [
        ("<create><o:type>Account</o:type></create>", client),
        ("<create><sObjects><o:Name>A</o:Name><o:type>Account</o:type>"
         "</sObjects></create>", "sf:INVALID_TYPE"),
        ("<create><sObjects><o:type>Account</o:type><o:Name>A</o:Name>"
         "<o:fieldsToNull>Fax</o:fieldsToNull></sObjects></create>", client),
        ("<create><sObjects><o:type>Account</o:type><o:Name>A</o:Name>"
         "<o:Id>001000000000001AAA</o:Id></sObjects></create>", client),
        ('<create><sObjects><type xmlns="urn:other">Account</type></sObjects>'
         "</create>", "sf:INVALID_TYPE"),
        ("<create>" + record(("Nope__c", "1")) + "</create>",
         "sf:INVALID_FIELD"),
        ("<create>" + record(object_name="Nope__c") + "</create>",
         "sf:INVALID_TYPE"),
        ("<create>" + good * 201 + "</create>", "sf:EXCEEDED_ID_LIMIT"),
        ("<create>" + (good + record(("LastName", "B"),
                                     object_name="Contact")) * 6 +
         "</create>", "sf:LIMIT_EXCEEDED"),
        ("<upsert>" + good + "</upsert>", client),
        ("<upsert><externalIDFieldName>Name</externalIDFieldName>" + good +
         "</upsert>", "sf:INVALID_FIELD"),
        ("<nothing/>", client),
        ('<create xmlns="urn:other"/>', client),
        ("<create/><create/>", client),
    ]
    for body, code in wrong:
        assert ORG.fault(body) == code, (body[:200], code)
    assert ORG.fault("<create/>", session=False) == "sf:INVALID_SESSION_ID"
    assert ORG.fault("<create/>", headers="<DuplicateRuleHeader><allowSave>"
                     "true</allowSave></DuplicateRuleHeader>") == client
    assert ORG.fault("<create/>", version="99.0"
                     ) == "sf:UNSUPPORTED_API_VERSION"
    assert ORG.fault("<create/>", http_headers={"Content-Type": "text/xml"}
                     ) == client
    bomb = ('<!DOCTYPE a [<!ENTITY b "cccc">]><s:Envelope xmlns:s='
            '"http://schemas.xmlsoap.org/soap/envelope/"><s:Body/>'
            "</s:Envelope>")
    status, answer, _ = ORG.request(
        "POST", "/services/Soap/u/58.0", bomb,
        {"Content-Type": "text/xml", "SOAPAction": '""'})
    assert status == 500 and b"soapenv:Client" in answer


@test
def faults_keep_the_shape_of_soap():
    ORG.faults("when: soap.create, what: limit-exceeded, times: 1",
               "when: soap.create, what: session-expired, times: 1")
    assert ORG.fault("<create/>") == "sf:REQUEST_LIMIT_EXCEEDED"
    assert ORG.fault("<create/>") == "sf:INVALID_SESSION_ID"
    ORG.faults()
    ORG.token = ORG.sign_in()
    assert ORG.soap("<create/>", "58.0")[0] == 200


class Recorder(http.server.BaseHTTPRequestHandler):
    """Passes everything on, and keeps what is SOAP."""
    protocol_version = "HTTP/1.1"
    seen = []

    def serve(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() != "host"}
        status, answer, back = ORG.request(self.command, self.path, body,
                                           headers)
        if "/services/Soap/" in self.path:
            version = self.path.split("/")[4]
            plain = body
            if self.headers.get("Content-Encoding") == "gzip":
                plain = gzip.decompress(body)
            shown = answer
            if back.get("Content-Encoding") == "gzip":
                shown = gzip.decompress(answer)
            self.seen.append((call_of(plain), plain,
                              self.headers.get("Content-Encoding")))
            keep(version, "sfetl-" + call_of(plain), plain)
            keep(version, "sfetl-answer", shown)
        self.send_response(status)
        for name, value in back.items():
            if name.lower() not in ("transfer-encoding", "content-length",
                                    "connection", "date"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = serve

    def log_message(self, *_):
        pass


MAPPING = """sfetl: 1
name: soap
source: {{ format: csv, path: {work}/in.csv, delimiter: "," }}
loads:
  - object: {object}
    operation: {operation}
    api: soap
    {more}
    fields: {fields}
"""


def run_sfetl(name, version, rows, **mapping):
    with open(WORK + "/in.csv", "w", encoding="utf-8") as file:
        file.write(rows)
    path = f"{WORK}/{name}.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(MAPPING.format(work=WORK, **{"more": "", **mapping}))
    done = subprocess.run(
        [BUILD + "/sfetl", "run", path, "--org", "soap" + version[:2],
         "--config", WORK + "/orgs.yaml", "--format", "json", "--progress",
         "none", "--run-dir", f"{WORK}/run-{name}-{version}"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
        env={**os.environ, "TOKEN": ORG.token})
    return done.returncode, done.stderr.decode()


@test
def sfetl_speaks_it():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(WORK + "/orgs.yaml", "w", encoding="utf-8") as file:
        file.write("orgs:\n")
        for version in VERSIONS:
            file.write(
                f"  soap{version[:2]}:\n    auth: access_token\n"
                f"    instance_url: http://127.0.0.1:{server.server_port}\n"
                "    access_token_env: TOKEN\n"
                f'    api_version: "{version}"\n'
                "    allow: [insert, update, upsert, delete, undelete]\n" +
                ("    upload_compression: gzip\n" if version == "58.0"
                 else ""))
    rule = "assignment_rule: 01Q000000000001EAA"
    headers = ("all_or_none: no\n    headers: { duplicate_rule: allow, "
               "email: { auto_response: yes, other: no, user: no } }")
    for version in VERSIONS:
        rows = "K,N,F,P\n" + "".join(
            f"W{version}-{i},Näme <{i}> & Co,{'' if i % 3 else '#N/A'},"
            f"{'' if i % 2 else 'S' + version + 'k'}\n" for i in range(250))
        code, told = run_sfetl(
            "upsert", version, rows, object="Account", operation="upsert",
            more="external_id: ERP_Id__c\n    " + rule + "\n    " + headers,
            fields='{ ERP_Id__c: K, Name: N, Fax: { column: F, null_values: '
                   '["#N/A"], blank: clear }, Parent.ERP_Id__c: '
                   '{ column: P, blank: clear } }')
        assert code == 0, told
        code, told = run_sfetl("insert", version, "N\nOne\nTwo\n",
                               object="Account", operation="insert",
                               fields="{ Name: N }")
        assert code == 0, told
        with open(f"{WORK}/run-insert-{version}/success.csv",
                  encoding="utf-8") as file:
            made = re.findall(r"^(001\w{15})", file.read(), re.M)
        assert len(made) == 2
        # 15 characters get their checksum.
        rows = "Id\n" + made[0][:15] + "\n" + made[1] + "\n"
        for operation in ("delete", "undelete"):
            code, told = run_sfetl(operation, version, rows, object="Account",
                                   operation=operation, fields="{ Id: Id }")
            assert code == 0, told
        code, told = run_sfetl("update", version, "Id,N\n" + made[0] + ",U\n",
                               object="Account", operation="update",
                               fields="{ Id: Id, Name: N }")
        assert code == 0, told
    server.shutdown()
    calls = [name for name, _, _ in Recorder.seen]
    for name in ("create", "update", "upsert", "delete", "undelete"):
        assert calls.count(name) >= 2, calls
    assert {coding for _, _, coding in Recorder.seen} == {None, "gzip"}
    upsert = next(body for name, body, _ in Recorder.seen
                  if name == "upsert").decode()
    assert "<o:fieldsToNull>ParentId</o:fieldsToNull>" in upsert
    assert "<triggerAutoResponseEmail>true<" in upsert
    assert "<assignmentRuleId>01Q" in upsert


def main():
    ORG.start()
    print(f"1..{len(TESTS) + len(VERSIONS)}")
    number = 0
    for check in TESTS:
        number += 1
        name = check.__name__.replace("_", " ")
        try:
            check()
            print(f"ok {number} - {name}")
        except Exception as err:  # pylint: disable=broad-except
            line = err.__traceback__.tb_next
            print(f"not ok {number} - {name}")
            print(f"# line {line.tb_lineno if line else 0}: {err!r:.600}")
    for version in VERSIONS:
        number += 1
        name = f"messages fit the WSDL of {version}"
        wsdl = soap_schemas.available(WSDL_DIR, version)
        if not wsdl:
            print(f"ok {number} - {name} # SKIP no WSDL, or no xmllint")
            continue
        schemas = soap_schemas.Schemas(wsdl, f"{WORK}/schema-{version}")
        told = schemas.complaints(MESSAGES[version])
        print(f"{'not ok' if told else 'ok'} {number} - {name}: "
              f"{len(MESSAGES[version])} of them")
        for line in told.split("\n")[:10]:
            if line:
                print("# " + line[:300])


main()
