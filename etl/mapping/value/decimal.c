/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/decimal.h"

/* How libbidgcc000 was built: arguments and flags by value. */
#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>

#include <bid_functions.h>

__extension__ typedef unsigned __int128 wide;

#define EXPONENT_BIAS 6176
#define EXPONENT_SHIFT 49 /* in the upper half */
#define SIGN_BIT ((uint64_t)1 << 63)
#define DIGITS_MASK (((uint64_t)1 << EXPONENT_SHIFT) - 1)

static BID_UINT128
to_bid(struct decimal number)
{
    BID_UINT128 bid;
    bid.w[0] = number.low;
    bid.w[1] = number.high;
    return bid;
}

static struct decimal
of_bid(BID_UINT128 bid)
{
    return (struct decimal){bid.w[0], bid.w[1]};
}

/* Infinities and NaNs have the four bits behind the sign set. */
static bool
take(BID_UINT128 bid, struct decimal *number)
{
    *number = of_bid(bid);
    return (bid.w[1] >> 59 & 0xF) != 0xF;
}

static struct decimal
build(bool negative, wide digits, int exponent)
{
    uint64_t high = (uint64_t)(digits >> 64) |
                    (uint64_t)(exponent + EXPONENT_BIAS) << EXPONENT_SHIFT;
    return (struct decimal){(uint64_t)digits,
                            negative ? high | SIGN_BIT : high};
}

static wide
digits_of(struct decimal number)
{
    return (wide)(number.high & DIGITS_MASK) << 64 | number.low;
}

static int
exponent_of(struct decimal number)
{
    return (int)((number.high & ~SIGN_BIT) >> EXPONENT_SHIFT) - EXPONENT_BIAS;
}

bool
decimal_read(struct slice text, struct decimal *number)
{
    bool negative = text.len > 0 && text.ptr[0] == '-';
    bool behind_point = false;
    size_t count = 0, seen = 0, places = 0;
    wide digits = 0;
    for (size_t i = negative; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && !behind_point && seen > 0 && i + 1 < text.len) {
            behind_point = true;
            continue;
        }
        if (c < '0' || c > '9') {
            return false;
        }
        digits = digits * 10 + (unsigned)(c - '0');
        count += digits > 0;
        if (count > DECIMAL_DIGITS) {
            return false;
        }
        places += behind_point;
        seen++;
    }
    if (seen == 0 || places > EXPONENT_BIAS) {
        return false;
    }
    *number = build(negative && digits > 0, digits, -(int)places);
    return true;
}

struct slice
decimal_print(struct decimal number, struct arena *arena)
{
    char digits[40];
    size_t first = sizeof digits;
    wide rest = digits_of(number);
    bool is_zero = rest == 0;
    while (rest > UINT64_MAX) {
        digits[--first] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    for (uint64_t low = (uint64_t)rest; low > 0 || first == sizeof digits;
         low /= 10) {
        digits[--first] = (char)('0' + (int)(low % 10));
    }
    size_t count = sizeof digits - first;
    int exponent = exponent_of(number);
    size_t zeros = exponent > 0 && !is_zero ? (size_t)exponent : 0;
    size_t places = exponent < 0 ? (size_t)-exponent : 0;
    size_t lead = places >= count ? places + 1 - count : 0; /* zeros before */
    char *text = arena_bytes(arena, count + zeros + lead + 2);
    size_t len = 0;
    if ((number.high & SIGN_BIT) != 0 && !is_zero) {
        text[len++] = '-';
    }
    for (size_t i = 0; i < lead + count + zeros; i++) {
        if (places > 0 && i + places == lead + count) {
            text[len++] = '.';
        }
        text[len++] =
            i < lead || i >= lead + count ? '0' : digits[first + i - lead];
    }
    return (struct slice){text, len};
}

struct decimal
decimal_of(int64_t whole)
{
    uint64_t size = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole;
    return build(whole < 0, size, 0);
}

bool
decimal_to_whole(struct decimal number, int64_t *whole)
{
    unsigned flags = 0;
    *whole = bid128_to_int64_xint(to_bid(number), &flags);
    return flags == 0;
}

bool
decimal_is_zero(struct decimal number)
{
    return digits_of(number) == 0;
}

bool
decimal_is_negative(struct decimal number)
{
    return (number.high & SIGN_BIT) != 0 && !decimal_is_zero(number);
}

int
decimal_compare(struct decimal a, struct decimal b)
{
    unsigned flags = 0;
    BID_UINT128 x = to_bid(a), y = to_bid(b);
    return bid128_quiet_less(x, y, &flags)      ? -1
           : bid128_quiet_greater(x, y, &flags) ? 1
                                                : 0;
}

struct decimal
decimal_negate(struct decimal number)
{
    number.high ^= SIGN_BIT;
    return number;
}

bool
decimal_add(struct decimal a, struct decimal b, struct decimal *sum)
{
    unsigned flags = 0;
    return take(
        bid128_add(to_bid(a), to_bid(b), BID_ROUNDING_TO_NEAREST, &flags), sum);
}

bool
decimal_subtract(struct decimal a, struct decimal b, struct decimal *difference)
{
    return decimal_add(a, decimal_negate(b), difference);
}

bool
decimal_multiply(struct decimal a, struct decimal b, struct decimal *product)
{
    unsigned flags = 0;
    return take(
        bid128_mul(to_bid(a), to_bid(b), BID_ROUNDING_TO_NEAREST, &flags),
        product);
}

bool
decimal_divide(struct decimal a, struct decimal b, struct decimal *quotient)
{
    unsigned flags = 0;
    return take(
        bid128_div(to_bid(a), to_bid(b), BID_ROUNDING_TO_NEAREST, &flags),
        quotient);
}

bool
decimal_modulo(struct decimal a, struct decimal b, struct decimal *rest)
{
    unsigned flags = 0;
    if (!take(bid128_fmod(to_bid(a), to_bid(b), &flags), rest)) {
        return false;
    }
    bool turned = !decimal_is_zero(*rest) &&
                  decimal_is_negative(*rest) != decimal_is_negative(b);
    return !turned || decimal_add(*rest, b, rest);
}

struct decimal
decimal_round(struct decimal number, int64_t places)
{
    unsigned flags = 0;
    struct decimal rounded;
    int64_t most = places > EXPONENT_BIAS    ? EXPONENT_BIAS
                   : places < -EXPONENT_BIAS ? -EXPONENT_BIAS
                                             : places;
    struct decimal unit = build(false, 1, (int)-most);
    if (take(bid128_quantize(to_bid(number), to_bid(unit),
                             BID_ROUNDING_TIES_AWAY, &flags),
             &rounded)) {
        return rounded;
    }
    return number; /* no room for more places, so there is nothing to cut */
}

struct decimal
decimal_whole(struct decimal number, enum decimal_direction direction)
{
    unsigned flags = 0;
    BID_UINT128 bid = to_bid(number);
    switch (direction) {
    case DECIMAL_UP:
        return of_bid(bid128_round_integral_positive(bid, &flags));
    case DECIMAL_DOWN:
        return of_bid(bid128_round_integral_negative(bid, &flags));
    case DECIMAL_TO_ZERO:
        break;
    }
    return of_bid(bid128_round_integral_zero(bid, &flags));
}
