/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/file.h"
#include "base/log.h"
#include "cli/options.h"
#include "cli/screen/shell_word.h"
#include "cli/talk.h"
#include "pipeline/cancel.h"
#include "pipeline/draft/conf_draft.h"
#include "pipeline/draft/draft_org.h"
#include "pipeline/draft/sdl_draft.h"

#include <stdio.h>
#include <stdlib.h>

#define EXIT_DIFFERS 1
#define MAPPING_LIMIT ((size_t)4 << 20) /* bytes */

static bool
describe(void *cookie, struct slice object, struct error *err)
{
    return draft_org_describe(cookie, object, err);
}

static bool
put_out(const struct options *options, struct buffer *text, struct error *err)
{
    if (options->output == NULL) {
        fputs(buffer_text(text), stdout);
        return true;
    }
    if (file_exists(options->output)) {
        return error_set(err, ERROR_USAGE, 0,
                         "'%s' exists and is not written over; give another "
                         "name",
                         options->output);
    }
    return file_replace(options->output, buffer_slice(text), err);
}

static void
tell_next(const struct options *options)
{
    if (options->quiet || options->output == NULL) {
        return;
    }
    fputs("next: sfetl check ", stderr);
    shell_word_print(options->output, stderr);
    if (options->run.org != NULL) {
        fputs(" --org ", stderr);
        shell_word_print(options->run.org, stderr);
    }
    fputc('\n', stderr);
}

static bool
convert_sdl(const struct options *options, const char *path,
            struct problems *problems, struct buffer *text, struct error *err)
{
    struct run_options run_options = options->run;
    struct draft_org org = {.name = options->run.org,
                            .config_path = options->run.config_path,
                            .offline = options->run.offline};
    const struct sdl_describer describer = {describe, &org};
    struct sdl_settings settings;
    struct arena arena = {0};
    struct sdl sdl = {0};
    run_options.mapping_path = path;
    bool done = sdl_draft_settings(&run_options, true, &arena, &settings, err);
    if (done && settings.input == NULL) {
        settings.input = arena_printf(&arena, "%s.csv%c", settings.name, 0).ptr;
        settings.input_note = "the .sdl does not name the file";
    }
    done = done && draft_org_open(&org, err) &&
           sdl_draft_read(&sdl, path, settings.object, &org.schema, &describer,
                          NULL, problems, err);
    if (done && problems->error_count > 0) {
        done = error_set(err, ERROR_CONFIG, 0, "'%s' is not converted", path);
    }
    if (done) {
        sdl_text_write(&sdl, &settings, path, text);
    }
    sdl_release(&sdl);
    draft_org_close(&org);
    arena_release(&arena);
    return done;
}

static int
convert_one_sdl(const struct options *options)
{
    const char *path = options->operands[0];
    struct problems problems = {.path = path, .lines_only = true};
    struct buffer text = {.limit = MAPPING_LIMIT};
    struct error err = {0};
    if (convert_sdl(options, path, &problems, &text, &err) &&
        put_out(options, &text, &err)) {
        tell_next(options);
    }
    talk_problems(&problems, options);
    buffer_release(&text);
    problem_release(&problems);
    return talk_error(&err);
}

struct telling {
    const struct options *options;
};

static void
tell_bean(void *cookie, int line, const char *bean, const char *what)
{
    const struct telling *telling = cookie;
    if (!telling->options->quiet) {
        log_warning("%s:%d: the bean '%s': %s", telling->options->operands[0],
                    line, bean, what);
    }
}

static void
tell_summary(const struct options *options, const struct conf_summary *summary)
{
    if (options->quiet) {
        return;
    }
    fprintf(stderr,
            "%zu bean%s: %zu converted, %zu extract%s, %zu not converted\n"
            "next: look at %s/orgs.yaml and %s/properties.txt, then run "
            "%s/run.sh\n",
            summary->beans, summary->beans == 1 ? "" : "s", summary->converted,
            summary->extracts, summary->extracts == 1 ? "" : "s",
            summary->refused, options->output, options->output,
            options->output);
}

static bool
refuse_sdl_options(const struct options *options, struct error *err)
{
    const struct run_options *run = &options->run;
    if (run->object || run->operation || run->external_id || run->input ||
        run->param_count > 0) {
        return error_set(err, ERROR_USAGE, 0,
                         "a process configuration says object, operation and "
                         "input itself; these options are for .sdl files");
    }
    return options->output != NULL ||
           error_set(err, ERROR_USAGE, 0,
                     "a process configuration becomes a folder; name it with "
                     "'--output DIR'");
}

static int
convert_conf(const struct options *options)
{
    struct draft_org org = {.name = options->run.org,
                            .config_path = options->run.config_path,
                            .offline = options->run.offline};
    struct telling telling = {options};
    const struct conf_draft draft = {.path = options->operands[0],
                                     .folder = options->output,
                                     .org = &org,
                                     .tell = tell_bean,
                                     .cookie = &telling};
    struct conf_summary summary = {0};
    struct error err = {0};
    if (refuse_sdl_options(options, &err) && draft_org_open(&org, &err) &&
        conf_draft_write(&draft, &summary, &err)) {
        tell_summary(options, &summary);
    }
    draft_org_close(&org);
    int code = talk_error(&err);
    return code == 0 && summary.refused > 0 ? EXIT_DIFFERS : code;
}

int
cmd_convert_main(const struct options *options)
{
    cancel_install();
    return sdl_draft_is(options->operands[0]) ? convert_one_sdl(options)
                                              : convert_conf(options);
}
