/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/explain.h"

#include "cli/screen/paragraph.h"
#include "cli/screen/terminal.h"

#include <ctype.h>
#include <string.h>

#define ADVICE_INDENT 26 /* of the list of all */
#define PART_WIDTH 6     /* "Why   " */

static const struct theme {
    const char *about;
    const struct page *pages;
} themes[] = {
    {"the mapping refuses a value", pages_value},
    {"the source, and its rows", pages_source},
    {"the run, and what became of its rows", pages_run},
    {"what a mapping says", pages_mapping},
    {"a formula, or a row that it refuses", pages_formula},
    {"how a mapping is written", pages_yaml},
    {"files of Data Loader", pages_loader},
    {"Salesforce refuses a row", pages_row},
    {"Salesforce refuses a call or a job", pages_call},
};

#define THEME_COUNT (sizeof themes / sizeof themes[0])
#define NAME_LIMIT 400 /* pages, for a suggestion */

static const struct page *
find_name(struct slice name, size_t *theme)
{
    for (size_t i = 0; i < THEME_COUNT; i++) {
        for (const struct page *page = themes[i].pages; page->name; page++) {
            if (slice_is_nocase(name, page->name)) {
                *theme = i;
                return page;
            }
        }
    }
    return NULL;
}

static bool
is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* The word that it begins with. */
static struct slice
first_word(struct slice text)
{
    text = slice_trim(text);
    if (text.len > 0 && text.ptr[0] == '[') {
        text.ptr++;
        text.len--;
    }
    size_t len = 0;
    while (len < text.len && is_name_char(text.ptr[len])) {
        len++;
    }
    return (struct slice){text.ptr, len};
}

const struct page *
explain_find(struct slice text)
{
    size_t theme;
    return find_name(first_word(text), &theme);
}

const char *
explain_advice(const char *code)
{
    const struct page *page = explain_find(slice_of(code));
    return page != NULL ? page->advice : NULL;
}

const char *
explain_suggest(struct slice name, char text[SUGGEST_SIZE])
{
    const char *names[NAME_LIMIT];
    size_t count = 0;
    for (size_t i = 0; i < THEME_COUNT; i++) {
        for (const struct page *page = themes[i].pages; page->name; page++) {
            if (count < NAME_LIMIT) {
                names[count++] = page->name;
            }
        }
    }
    return suggest_phrase(text, first_word(name), names, count);
}

/* An advice as a sentence. */
static void
print_advice(const char *advice, size_t indent, FILE *stream)
{
    char text[200];
    snprintf(text, sizeof text, "%c%s.", toupper((unsigned char)advice[0]),
             advice + 1);
    paragraph_print(stream, text, indent, indent);
}

/* Lines; those that begin with a blank as they stand. */
static void
print_lines(const char *lines, size_t indent, FILE *stream)
{
    char text[600];
    while (*lines != '\0') {
        size_t len = strcspn(lines, "\n");
        fprintf(stream, "%*s", (int)indent, "");
        if (lines[0] == ' ') {
            fprintf(stream, "%.*s\n", (int)len, lines);
        } else {
            snprintf(text, sizeof text, "%.*s", (int)len, lines);
            paragraph_print(stream, text, indent, indent);
        }
        lines += len + (lines[len] == '\n');
    }
}

static void
print_part(const char *title, const char *text, size_t indent, FILE *stream)
{
    fprintf(stream, "%*s%-*s", (int)indent, "", PART_WIDTH, title);
    paragraph_print(stream, text, indent + PART_WIDTH, indent + PART_WIDTH);
}

void
explain_print_parts(const struct page *page, size_t indent, FILE *stream)
{
    print_part("What", page->what, indent, stream);
    if (page->why != NULL) {
        print_part("Why", page->why, indent, stream);
    }
    fprintf(stream, "%*s%-*s", (int)indent, "", PART_WIDTH, "Do");
    print_advice(page->advice, indent + PART_WIDTH, stream);
    if (page->more != NULL) {
        print_lines(page->more, indent + PART_WIDTH, stream);
    }
}

void
explain_print(const struct page *page, FILE *stream)
{
    struct terminal_paint paint = terminal_paint(stream);
    size_t theme = 0;
    find_name(slice_of(page->name), &theme);
    fprintf(stream, "%s%s%s (%s)\n", paint.bold, page->name, paint.off,
            themes[theme].about);
    explain_print_parts(page, 2, stream);
}

void
explain_print_all(FILE *stream)
{
    struct terminal_paint paint = terminal_paint(stream);
    for (size_t i = 0; i < THEME_COUNT; i++) {
        fprintf(stream, "%s%s%s\n", paint.bold, themes[i].about, paint.off);
        for (const struct page *page = themes[i].pages; page->name; page++) {
            int len = fprintf(stream, "  %s", page->name);
            if (len + 2 > ADVICE_INDENT) {
                fprintf(stream, "\n%*s", ADVICE_INDENT, "");
            } else {
                fprintf(stream, "%*s", ADVICE_INDENT - len, "");
            }
            paragraph_print(stream, page->advice, ADVICE_INDENT, ADVICE_INDENT);
        }
    }
}

json_t *
explain_json(const struct page *page)
{
    size_t theme = 0;
    find_name(slice_of(page->name), &theme);
    return json_pack("{s:s,s:s,s:s,s:s?,s:s,s:s?}", "name", page->name, "about",
                     themes[theme].about, "what", page->what, "why", page->why,
                     "advice", page->advice, "more", page->more);
}

json_t *
explain_json_all(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < THEME_COUNT; i++) {
        for (const struct page *page = themes[i].pages; page->name; page++) {
            json_array_append_new(list, explain_json(page));
        }
    }
    return list;
}
