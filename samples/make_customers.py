#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes customers.csv and holdings.csv: a made-up export of a German ERP.

Both files are committed; the same seed gives the same bytes. The rows named
in faults() fail on purpose, each in its own way, so that a first run shows
every kind of result. Usage: make_customers.py FOLDER
"""
import csv
import random
import sys
import unicodedata
from pathlib import Path

SEED = 20260131
ROWS = 620
HOLDINGS = 12
HEADER = (
    "Customer No.", "Name", "Street", "Postal Code", "City", "Country",
    "Phone", "Website", "Revenue", "Employees", "Customer Since",
    "Last Order", "Credit Limit", "Active", "Tier", "Group No.", "Remark",
    "Contact No.", "First Name", "Last Name", "Email")

TRADES = ("Maschinenbau", "Brauerei", "Bäckerei", "Möbelwerk", "Spedition",
          "Getränkehandel", "Gerätebau", "Süßwaren", "Druckerei", "Gärtnerei",
          "Kühltechnik", "Präzisionswerkzeuge", "Schlosserei", "Weingut")
LASTS = ("Müller", "Schäfer", "Groß", "Köhler", "Weiß", "Jäger", "Böhm",
         "Krüger", "Fuchs", "Lang", "Hübner", "Zöller", "Strauß", "O'Brien",
         "Çelik", "Nováková", "Łukasik", "von der Höh")
FIRSTS = ("Jürgen", "Bärbel", "Anna", "Günther", "Zoë", "Karl-Heinz", "Sören",
          "Mária", "Thomas", "Käthe", "Ömer", "Elif", "François", "Renate")
FORMS = ("GmbH", "AG", "KG", "GmbH & Co. KG", "e. K.", "OHG")
PLACES = (("80331", "München", "Germany"), ("50667", "Köln", "Germany"),
          ("40213", "Düsseldorf", "Germany"), ("04109", "Leipzig", "Germany"),
          ("01067", "Dresden", "Germany"), ("90402", "Nürnberg", "Germany"),
          ("1010", "Wien", "Austria"), ("5020", "Salzburg", "Austria"),
          ("8001", "Zürich", "Switzerland"), ("3011", "Bern", "Switzerland"))
STREETS = ("Königstraße", "Mühlenweg", "Am Gänsemarkt", "Bahnhofstraße",
           "Große Gasse", "Schloßallee", "Industriestraße", "Lindenweg")
REMARKS = (
    "", "", "", "", "Zahlt pünktlich",
    'Lieferung nur an "Tor 3"',
    "Anlieferung Mo–Fr\nbitte vorher anrufen",
    'Sagt: "Rechnung per Post";\nAnsprechpartner wechselt',
    "Rabatt 3 %, Skonto 2 %", "Größter Kunde im Gebiet – Priorität!",
    "Messe 2024: 5 m² Stand, 日本語 Broschüre gewünscht",
    "  eingerückt, mit Leerzeichen am Ende  ")


def german(cents):
    """1234567 -> 12.345,67"""
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", ".") + f",{rest:02d}"


def ascii_name(text):
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(c for c in plain if "a" <= c <= "z")


def customer(rng, number):
    trade, last = rng.choice(TRADES), rng.choice(LASTS)
    code, city, country = rng.choice(PLACES)
    first, contact = rng.choice(FIRSTS), rng.choice(LASTS)
    host = f"{ascii_name(trade)}-{ascii_name(last)}.example"
    since = (rng.randint(1, 28), rng.randint(1, 12), rng.randint(1991, 2025))
    order = (rng.randint(1, 28), rng.randint(1, 12), rng.randint(2023, 2025),
             rng.randint(7, 18), rng.randint(0, 59))
    return {
        "Customer No.": f"K-{10000 + number}",
        "Name": f"{trade} {last} {rng.choice(FORMS)}",
        "Street": f"{rng.choice(STREETS)} {rng.randint(1, 199)}"
                  + ("\nHinterhaus" if rng.random() < .08 else ""),
        "Postal Code": code, "City": city, "Country": country,
        "Phone": f"+49 {rng.randint(30, 999)} {rng.randint(10000, 9999999)}",
        "Website": f"https://www.{host}/" if rng.random() < .7 else "",
        "Revenue": german(rng.randint(50, 90000) * 100000)[:-3],
        "Employees": str(rng.randint(1, 4000)),
        "Customer Since": "%02d.%02d.%04d" % since
                          if rng.random() < .95 else "00.00.0000",
        "Last Order": "%02d.%02d.%04d %02d:%02d" % order
                      if rng.random() < .8 else "",
        "Credit Limit": german(rng.randint(0, 25000000)),
        "Active": rng.choice(("ja", "ja", "ja", "nein")),
        "Tier": rng.choice("AABBBC") if rng.random() < .9 else "",
        "Group No.": f"H-{rng.randint(1, HOLDINGS):03d}"
                     if rng.random() < .3 else "",
        "Remark": rng.choice(REMARKS),
        "Contact No.": f"P-{50000 + number}",
        "First Name": first, "Last Name": contact,
        "Email": f"{ascii_name(first)}.{ascii_name(contact)}@{host}",
    }


def faults(rows):
    """One row and more for each way to fail; the remark says which."""
    def spoil(index, remark, **cells):
        rows[index]["Remark"] = remark
        for name, value in cells.items():
            rows[index][name.replace("_", " ").replace("No", "No.")] = value

    spoil(17, "fault: city too long", City="Llanfairpwllgwyngyllgogerychwyrn"
                                           "drobwllllantysiliogogogoch")
    spoil(41, "fault: name missing", Name="")
    spoil(66, "fault: no such tier", Tier="Z")
    spoil(67, "fault: no such tier", Tier="a")
    spoil(102, "fault: unknown group", Group_No="H-999")
    spoil(103, "fault: unknown group", Group_No="H-998")
    spoil(104, "fault: unknown group", Group_No="H-999")
    spoil(150, "fault: customer number used before",
          Customer_No=rows[3]["Customer No."])
    spoil(151, "fault: customer number in other case",
          Customer_No=rows[5]["Customer No."].lower())
    spoil(199, "fault: credit limit is no number", Credit_Limit="12.5O0,00")
    spoil(200, "fault: credit limit in English", Credit_Limit="1,250.50")
    spoil(233, "fault: no such day", Customer_Since="31.02.2019")
    spoil(234, "fault: no date", Customer_Since="unbekannt")
    spoil(300, "fault: customer number missing", Customer_No="")
    spoil(333, "fault: neither yes nor no", Active="vielleicht")
    spoil(334, "fault: employees not whole", Employees="ca. 50")
    spoil(400, "fault: phone too long, tier unknown, date wrong",
          Phone="+49 89 123456-0 (Zentrale, bitte lange läuten lassen)",
          Tier="D", Customer_Since="1.13.2020")
    spoil(450, "fault: email address", Email="bärbel(at)example")
    spoil(451, "fault: contact number used before",
          Contact_No=rows[11]["Contact No."])
    spoil(505, "fault: contact without last name", Last_Name="")
    rows[550]["Remark"] = "fault: cells missing at the end"
    rows[551]["Remark"] = "fault: a cell too many"


def write_customers(path, rng):
    rows = [customer(rng, number) for number in range(1, ROWS + 1)]
    faults(rows)
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\n")
        out.writerow(HEADER)
        for index, row in enumerate(rows):
            cells = [row[name] for name in HEADER]
            if index == 550:
                cells = cells[:17]
            elif index == 551:
                cells.append("left over")
            out.writerow(cells)


def write_holdings(path, rng):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\n")
        out.writerow(("Group No.", "Name", "City", "Country"))
        for number in range(1, HOLDINGS + 1):
            _, city, country = rng.choice(PLACES)
            out.writerow((f"H-{number:03d}",
                          f"{rng.choice(LASTS)} Holding {rng.choice(FORMS)}",
                          city, country))


def main():
    folder = Path(sys.argv[1])
    write_customers(folder / "customers.csv", random.Random(SEED))
    write_holdings(folder / "holdings.csv", random.Random(SEED + 1))


if __name__ == "__main__":
    main()
