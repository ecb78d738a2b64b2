#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Date patterns and time zones against Python's re, datetime and zoneinfo:
seeded cases go through the driver, each result must be the same. Texts are
printed by a random pattern, many of them spoiled after. Prints TAP."""
import datetime
import random
import re
import subprocess
import sys
import zoneinfo

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
ZONES = ("Europe/Berlin Europe/London America/New_York Asia/Kolkata "
         "Australia/Lord_Howe America/St_Johns Africa/Casablanca Asia/Tehran "
         "Pacific/Apia America/Sao_Paulo UTC Antarctica/Troll").split()
ZONE_RE = r"Z|[+-][0-9]{2}:?[0-9]{2}"
# Token: what reads it.
READS = {
    "yyyy": r"(?P<year>[0-9]{4})", "yy": r"(?P<short>[0-9]{2})",
    "MMM": r"(?P<name>(?i:" + "|".join(MONTHS) + "))",
    "MM": r"(?P<month>[0-9]{2})", "M": r"(?P<month>[0-9]{1,2})",
    "dd": r"(?P<day>[0-9]{2})", "d": r"(?P<day>[0-9]{1,2})",
    "HH": r"(?P<hour>[0-9]{2})", "H": r"(?P<hour>[0-9]{1,2})",
    "hh": r"(?P<half>[0-9]{2})", "h": r"(?P<half>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})", "m": r"(?P<minute>[0-9]{1,2})",
    "ss": r"(?P<second>[0-9]{2})", "s": r"(?P<second>[0-9]{1,2})",
    "SSS": r"(?P<milli>[0-9]{3})", "XXX": f"(?P<zone>{ZONE_RE})",
    "a": r"(?P<ampm>(?i:AM|PM))",
}


def offset_text(seconds):
    sign = "-" if seconds < 0 else "+"
    minutes = abs(seconds) // 60
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}"


def spell(token, when, seconds):
    half = when.hour % 12 or 12
    texts = {
        "yyyy": f"{when.year:04}", "yy": f"{when.year % 100:02}",
        "MMM": MONTHS[when.month - 1], "MM": f"{when.month:02}",
        "M": str(when.month), "dd": f"{when.day:02}", "d": str(when.day),
        "HH": f"{when.hour:02}", "H": str(when.hour), "hh": f"{half:02}",
        "h": str(half), "mm": f"{when.minute:02}", "m": str(when.minute),
        "ss": f"{when.second:02}", "s": str(when.second),
        "SSS": f"{when.microsecond // 1000:03}",
        "XXX": "Z" if seconds == 0 else offset_text(seconds),
        "a": "AM" if when.hour < 12 else "PM",
    }
    return texts[token]


def is_loose(token):
    return token in ("M", "d", "H", "h", "m", "s")


def is_digits(token):
    return token not in ("XXX", "a", "MMM")


def make_pattern(rng, with_zone):
    """A list of (token, None) and (None, literal)."""
    date = [rng.choice(["yyyy", "yyyy", "yy"]),
            rng.choice(["MM", "MM", "M", "MMM"]), rng.choice(["dd", "d"])]
    rng.shuffle(date)
    time = []
    if rng.random() < 0.6:
        half = rng.random() < 0.3
        time = [rng.choice(["hh", "h"] if half else ["HH", "H"])]
        time += [rng.choice(["mm", "m"])] if rng.random() < 0.9 else []
        if len(time) == 2 and rng.random() < 0.7:
            time.append(rng.choice(["ss", "s"]))
            time += ["SSS"] if rng.random() < 0.5 else []
        time += ["a"] if half else []
    if with_zone and rng.random() < 0.4:
        time.append("XXX")
    items, tokens = [], date + time
    for i, token in enumerate(tokens):
        if i > 0:
            need = is_loose(tokens[i - 1]) and is_digits(token)
            literal = rng.choice(["-", ".", "/", " ", ":", "T", ", ", "ß",
                                  "um", "'"] + ([] if need else ["", ""]))
            items.append((None, literal))
        items.append((token, None))
    return items


def pattern_text(items):
    def quote(literal):
        if literal in ("um", "ß"):
            return f"'{literal}'"
        return "''" if literal == "'" else literal
    return "".join(token or quote(literal) for token, literal in items)


def as_regex(items):
    return "".join(READS[token] if token else re.escape(literal)
                   for token, literal in items)


def random_time(rng):
    year = rng.choice([rng.randrange(1, 10000), rng.randrange(1970, 2070),
                       rng.randrange(1970, 2070)])
    when = datetime.datetime(year, 1, 1) + datetime.timedelta(
        days=rng.randrange(365), seconds=rng.randrange(86400))
    return when.replace(microsecond=rng.randrange(1000) * 1000)


def spoil(rng, text):
    at = rng.randrange(len(text) + 1)
    kind = rng.random()
    if kind < 0.4:
        return text[:at] + rng.choice("0123456789") + text[at + 1:]
    if kind < 0.6:
        return text[:at] + text[at + 1:]
    if kind < 0.8:
        return text[:at] + rng.choice("0189 .-Zap") + text[at:]
    return rng.choice([text.lower(), text.upper(), text + " ", ""])


def zone_seconds(text):
    if text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 18 or minutes > 59:
        return None
    return (hours * 60 + minutes) * 60 * (-1 if text[0] == "-" else 1)


def read(items, text):
    """(datetime, zone seconds or None), or None."""
    match = re.fullmatch(as_regex(items), text)
    if match is None:
        return None
    part = match.groupdict()
    year = part.get("year")
    if year is None:
        short = int(part["short"])
        year = short + (2000 if short < 70 else 1900)
    month = part.get("month")
    if month is None:
        month = MONTHS.index(part["name"].title()) + 1
    hour = int(part.get("hour") or 0)
    if part.get("half"):
        hour = int(part["half"])
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if part["ampm"].lower() == "pm" else 0)
    seconds = None
    if part.get("zone"):
        seconds = zone_seconds(part["zone"])
        if seconds is None:
            return None
    try:
        return datetime.datetime(
            int(year), int(month), int(part["day"]), hour,
            int(part.get("minute") or 0), int(part.get("second") or 0),
            int(part.get("milli") or 0) * 1000), seconds
    except ValueError:
        return None


def millis(when):
    return f"{when.microsecond // 1000:03}"


def read_case(rng):
    items = make_pattern(rng, True)
    when, seconds = random_time(rng), rng.choice([0, 3600, -12600, 20700])
    text = "".join(spell(t, when, seconds) if t else x for t, x in items)
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        text = spoil(rng, text)
    result = read(items, text)
    want = "none"
    if result is not None:
        got, zone = result
        want = (f"{got.year:04}-{got.month:02}-{got.day:02} {got.hour:02}:"
                f"{got.minute:02}:{got.second:02}.{millis(got)}")
        want += "" if zone is None else f" {zone}"
    return f"r\t{pattern_text(items)}\t{text}", want


def utc_case(rng):
    name = rng.choice(ZONES)
    zone = zoneinfo.ZoneInfo(name)
    when = datetime.datetime(rng.randrange(1910, 2200), 1, 1)
    when += datetime.timedelta(minutes=rng.randrange(365 * 1440))
    if rng.random() < 0.5:  # near a change of the clocks: spring or autumn
        when = when.replace(month=rng.choice([3, 4, 9, 10, 11]),
                            day=rng.randrange(1, 31), hour=rng.randrange(4))
    local = when.replace(tzinfo=zone)
    utc = local.astimezone(datetime.timezone.utc)
    at_change = local.utcoffset() != local.replace(fold=1).utcoffset()
    want = (f"{utc.year:04}-{utc.month:02}-{utc.day:02}T{utc.hour:02}:"
            f"{utc.minute:02}:{utc.second:02}.000Z{'!' if at_change else ''}")
    return (f"u\t{name}\tyyyy-MM-dd HH:mm\t{when.year:04}-{when.month:02}-"
            f"{when.day:02} {when.hour:02}:{when.minute:02}", want)


def print_case(rng):
    items = make_pattern(rng, True)
    when, seconds = random_time(rng), rng.choice([0, 3600, -12600, 20700])
    want = "".join(spell(t, when, seconds) if t else x for t, x in items)
    iso = (f"{when.year:04}-{when.month:02}-{when.day:02}T{when.hour:02}:"
           f"{when.minute:02}:{when.second:02}.{millis(when)}"
           f"{offset_text(seconds)}")
    return f"p\t{pattern_text(items)}\t{iso}", want


def main():
    driver, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(seed)
    makers = [read_case, read_case, read_case, utc_case, print_case]
    cases = [rng.choice(makers)(rng) for _ in range(count)]
    text = "".join(line + "\n" for line, _ in cases)
    got = subprocess.run([driver], input=text, capture_output=True, text=True,
                         check=True, encoding="utf-8").stdout.split("\n")
    differences = [(case, want, have)
                   for (case, want), have in zip(cases, got) if want != have]
    print("1..1")
    for case, want, have in differences[:20]:
        print(f"# {case!r}: Python says {want}, value_date.c {have}")
    refused = sum(want == "none" for _, want in cases)
    print("not ok" if differences or len(got) != count + 1 else "ok",
          f"1 - {count} cases with seed {seed}, {refused} of them refused,",
          f"{len(differences)} differences")


main()
