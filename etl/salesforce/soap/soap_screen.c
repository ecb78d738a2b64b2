/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/soap/soap_screen.h"

/* An envelope's has some eight. */
#define ATTRIBUTE_LIMIT 64

/* Behind the next mark; NULL: there is none. */
static const char *
behind(const char *at, const char *end, const char *mark)
{
    const char *found = memmem(at, (size_t)(end - at), mark, strlen(mark));
    return found != NULL ? found + strlen(mark) : NULL;
}

/* Behind the tag's '>'; NULL: it has none, or too many attributes. */
static const char *
behind_tag(const char *at, const char *end)
{
    size_t values = 0;
    while (at < end && *at != '>') {
        if (*at == '"' || *at == '\'') {
            at = memchr(at + 1, *at, (size_t)(end - at - 1));
            if (at == NULL || ++values > ATTRIBUTE_LIMIT) {
                return NULL;
            }
        }
        at++;
    }
    return at < end ? at + 1 : NULL;
}

static const char *
behind_markup(const char *at, const char *end)
{
    struct slice rest = {at, (size_t)(end - at)};
    if (slice_begins(rest, "<!--")) {
        return behind(at + 4, end, "-->");
    }
    if (slice_begins(rest, "<![CDATA[")) {
        return behind(at + 9, end, "]]>");
    }
    if (slice_begins(rest, "<!")) {
        return NULL;
    }
    return slice_begins(rest, "<?") ? behind(at, end, "?>")
                                    : behind_tag(at + 1, end);
}

bool
soap_screen_passes(struct slice body)
{
    if (slice_begins(body, "\xEF\xBB\xBF")) {
        body.ptr += 3;
        body.len -= 3;
    }
    struct slice text = slice_trim(body);
    if (text.len == 0 || text.ptr[0] != '<' ||
        memchr(text.ptr, '\0', text.len) != NULL) {
        return false;
    }
    const char *end = text.ptr + text.len;
    const char *at = text.ptr;
    while (at != NULL && at < end) {
        at = memchr(at, '<', (size_t)(end - at));
        if (at == NULL) {
            return true;
        }
        at = behind_markup(at, end);
    }
    return at != NULL;
}
