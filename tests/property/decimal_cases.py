#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decimal arithmetic against Python's decimal module: seeded cases go through
the driver, each result must be the same to the last digit. Prints TAP."""
import decimal
import random
import subprocess
import sys

DIGITS = 34
CONTEXT = decimal.Context(prec=DIGITS, rounding=decimal.ROUND_HALF_EVEN,
                          Emin=-6143, Emax=6144, clamp=1)
OPERATIONS = "+-*/%rcfi?"


def number(rng):
    digits = rng.choice([1, 2, 5, 9, 18, 19, 20, 33, 34])
    whole = str(rng.randrange(10 ** digits))
    places = rng.choice([0, 0, 1, 2, 2, 3, 10, len(whole)])
    whole = whole.rjust(places + 1, "0")
    text = whole[:-places] + "." + whole[-places:] if places else whole
    return rng.choice(["", "", "-"]) + text


def plain(value):
    if value.is_zero():
        value = value.copy_abs()
        if value.as_tuple().exponent > 0:
            return "0"
    return format(value, "f")


def modulo(a, b):
    if a.copy_abs() / b.copy_abs() >= decimal.Decimal(10) ** DIGITS:
        return None
    rest = CONTEXT.remainder(a, b)
    if not rest.is_zero() and rest.is_signed() != b.is_signed():
        rest = CONTEXT.add(rest, b)
    return rest


def rounded(a, places):
    unit = decimal.Decimal((0, (1,), -places))
    context = CONTEXT.copy()
    context.rounding = decimal.ROUND_HALF_UP
    try:
        return a.quantize(unit, context=context)
    except decimal.InvalidOperation:
        return a


def whole(a, rounding):
    context = CONTEXT.copy()
    context.rounding = rounding
    return a.to_integral_value(rounding=rounding, context=context)


def result(operation, a, b):
    if operation in "/%" and b.is_zero():
        return "none"
    if operation == "?":
        return str(int(a.compare(b)))
    value = {
        "+": lambda: CONTEXT.add(a, b),
        "-": lambda: CONTEXT.subtract(a, b),
        "*": lambda: CONTEXT.multiply(a, b),
        "/": lambda: CONTEXT.divide(a, b),
        "%": lambda: modulo(a, b),
        "r": lambda: rounded(a, int(b)),
        "c": lambda: whole(a, decimal.ROUND_CEILING),
        "f": lambda: whole(a, decimal.ROUND_FLOOR),
        "i": lambda: whole(a, decimal.ROUND_DOWN),
    }[operation]()
    return None if value is None else plain(value)


def main():
    driver, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(seed)
    decimal.getcontext().prec = 80
    cases = []
    while len(cases) < count:
        operation = rng.choice(OPERATIONS)
        a = number(rng)
        b = str(rng.randrange(-6, 12)) if operation == "r" else number(rng)
        want = result(operation, decimal.Decimal(a), decimal.Decimal(b))
        if want is not None:
            cases.append((operation + " " + a + " " + b, want))
    text = "".join(line + "\n" for line, _ in cases)
    got = subprocess.run([driver], input=text, capture_output=True, text=True,
                         check=True).stdout.split("\n")
    differences = [(case, want, have)
                   for (case, want), have in zip(cases, got) if want != have]
    print("1..1")
    for case, want, have in differences[:20]:
        print(f"# {case}: Python says {want}, decimal.c {have}")
    print("not ok" if differences else "ok",
          f"1 - {count} cases with seed {seed}, {len(differences)} differences")


main()
