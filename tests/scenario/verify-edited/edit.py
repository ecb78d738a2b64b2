# SPDX-License-Identifier: Apache-2.0
"""What people and automation do to records after a load."""
import csv
import json
import sys
import urllib.parse
import urllib.request

url, org = sys.argv[1:]
secret = open(org + "/client-secret").read().strip()
form = {"grant_type": "client_credentials", "client_id": "rehearsal",
        "client_secret": secret}
with urllib.request.urlopen(url + "/services/oauth2/token",
                            urllib.parse.urlencode(form).encode()) as answer:
    token = json.load(answer)["access_token"]
with open("run/success.csv", encoding="utf-8") as file:
    ids = {row["No"]: row["sf__Id"] for row in csv.DictReader(file)}


def change(method, key, fields=None):
    request = urllib.request.Request(
        f"{url}/services/data/v64.0/sobjects/Account/{ids[key]}",
        method=method, data=json.dumps(fields).encode() if fields else None,
        headers={"Authorization": "Bearer " + token,
                 "Content-Type": "application/json"})
    urllib.request.urlopen(request).read()


change("PATCH", "A1", {"Description": "filled by a flow"})
change("PATCH", "A2", {"BillingCity": None, "Name": "TWO 2"})
change("PATCH", "A5", {"Description": "fi", "AnnualRevenue": 50})
change("DELETE", "A6")
