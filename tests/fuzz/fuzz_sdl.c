/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/convert/process_conf.h"
#include "mapping/convert/sdl_text.h"

#include "base/yaml_tree.h"

#include <stdint.h>

/*
 * Any bytes as an .sdl and as a process-conf.xml. Where an .sdl is taken, the
 * mapping that comes of it is YAML, in both forms, and all its text UTF-8.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
complain(void *cookie, const struct yaml_complaint *complaint)
{
    (void)complaint;
    ++*(unsigned *)cookie;
}

static void
check_yaml(const struct buffer *text)
{
    unsigned complaints = 0;
    struct arena arena = {0};
    const struct yaml_listener listener = {complain, &complaints};
    const struct yaml_node *root =
        yaml_tree_read(buffer_slice(text), &arena, &listener);
    if (root == NULL || complaints > 0) {
        __builtin_trap();
    }
    arena_release(&arena);
}

static void
write_both(struct sdl *sdl)
{
    const struct sdl_settings settings = {
        .name = "fuzz",
        .object = "Account",
        .operation = "upsert",
        .external_id = "Id",
        .input = "fuzz.csv",
        .insert_nulls = true,
    };
    struct buffer pretty = {0}, flow = {0};
    sdl_text_write(sdl, &settings, "fuzz.sdl", &pretty);
    check_yaml(&pretty);
    sdl_text_in_place(sdl, &settings, &flow);
    check_yaml(&flow);
    buffer_release(&pretty);
    buffer_release(&flow);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice text = {(const char *)bytes, size};
    const struct sdl_context context = {.object = "Account"};
    struct problems problems = {.path = "fuzz.sdl"};
    struct sdl sdl = {0};
    struct process_conf conf = {0};
    struct error err = {0};
    if (sdl_read(&sdl, text, &context, &problems, &err) &&
        problems.error_count == 0) {
        write_both(&sdl);
    }
    sdl_release(&sdl);
    problem_release(&problems);
    error_clear(&err);
    (void)process_conf_read(&conf, text, "fuzz.xml", &err);
    process_conf_release(&conf);
    return 0;
}
