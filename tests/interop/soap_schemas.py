# SPDX-License-Identifier: Apache-2.0
"""XML schemas out of a Partner WSDL, and messages held against them."""
import os
import re
import shutil
import subprocess

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<schema xmlns="http://www.w3.org/2001/XMLSchema"
 xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
 targetNamespace="http://schemas.xmlsoap.org/soap/envelope/">
 %s
 <element name="Envelope"><complexType><sequence>
  <element ref="s:Header" minOccurs="0"/><element ref="s:Body"/>
 </sequence></complexType></element>
 <element name="Header"><complexType><sequence>
  <any namespace="##other" minOccurs="0" maxOccurs="unbounded"
   processContents="strict"/>
 </sequence></complexType></element>
 <element name="Body"><complexType><sequence>
  <any namespace="##any" processContents="strict"/>
 </sequence></complexType></element>
 <element name="Fault"><complexType><sequence>
  <element name="faultcode" type="QName"/>
  <element name="faultstring" type="string"/>
  <element name="detail" minOccurs="0"><complexType><sequence>
   <any namespace="##any" processContents="strict"/>
  </sequence></complexType></element>
 </sequence></complexType></element>
</schema>
"""


class Schemas:
    """The schemas of one WSDL, in files of their own below folder."""

    def __init__(self, wsdl, folder):
        with open(wsdl, encoding="utf-8") as file:
            text = file.read()
        os.makedirs(folder, exist_ok=True)
        prefixes = " ".join(
            re.findall(r'xmlns:(?:tns|ens|fns|xsd)="[^"]+"',
                       text[:text.index("<types>")]))
        parts = re.findall(r"<schema .*?</schema>", text, re.S)
        names = {}
        for number, part in enumerate(parts):
            urn = re.search(r'targetNamespace="([^"]+)"', part).group(1)
            names[urn] = f"part{number}.xsd"
        for part in parts:
            urn = re.search(r'targetNamespace="([^"]+)"', part).group(1)
            head, rest = part.split(">", 1)
            missing = [p for p in prefixes.split()
                       if p.split("=")[0] + "=" not in head]
            part = head + " " + " ".join(missing) + ">" + rest
            for other, name in names.items():
                part = part.replace(
                    f'<import namespace="{other}"/>',
                    f'<import namespace="{other}" schemaLocation="{name}"/>')
            with open(os.path.join(folder, names[urn]), "w",
                      encoding="utf-8") as file:
                file.write(part)
        self.path = os.path.join(folder, "envelope.xsd")
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(ENVELOPE % "\n ".join(
                f'<import namespace="{urn}" schemaLocation="{name}"/>'
                for urn, name in names.items()))

    def complaints(self, paths):
        """What is wrong with these files; "" when all of them fit."""
        done = subprocess.run(
            ["xmllint", "--noout", "--nonet", "--schema", self.path, *paths],
            stderr=subprocess.PIPE, check=False)
        return "" if done.returncode == 0 else "\n".join(
            line for line in done.stderr.decode("utf-8", "replace").split("\n")
            if line and not line.endswith(" validates"))


def available(folder, version):
    path = os.path.join(folder, f"partner-v{version}.wsdl")
    return path if os.path.exists(path) and shutil.which("xmllint") else None
