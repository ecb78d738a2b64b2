/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/draft.h"

#include "pipeline/draft/draft_lookup.h"
#include "pipeline/draft/draft_org.h"
#include "pipeline/draft/draft_plan.h"
#include "pipeline/draft/draft_text.h"
#include "pipeline/draft/draft_xml.h"

bool
draft_write(const struct draft_options *options,
            const struct draft_source *source, struct buffer *text,
            struct draft_summary *summary, struct error *err)
{
    struct draft_org org = {.name = options->org,
                            .config_path = options->config_path,
                            .offline = options->offline};
    struct slice object = slice_of(options->object);
    *summary = (struct draft_summary){.columns = source->column_count};
    bool done =
        draft_org_open(&org, err) &&
        (draft_org_describe(&org, object, err) || err->kind == ERROR_NONE);
    if (done) {
        struct draft_plan plan = {.source = source,
                                  .object_name = options->object,
                                  .object = schema_object(&org.schema, object)};
        summary->types_checked = plan.object != NULL;
        draft_plan_make(&plan);
        done = draft_lookup_add(&plan, &org, err);
        draft_text_mapping(&plan, options->source_path, text, summary);
        if (source->is_xml) {
            draft_xml_repeats(source, text);
        }
        draft_plan_release(&plan);
    }
    draft_org_close(&org);
    return done && (!text->overflowed ||
                    error_set(err, ERROR_INPUT, 0,
                              "the draft would be larger than a mapping is"));
}
