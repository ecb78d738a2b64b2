/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/login/sf_cli_login.h"

#include "base/mem.h"
#include "salesforce/answer_json.h"

#include <stdlib.h>

/* The "result" of the command's JSON, to be given back by json_decref. The
 * name of the org was checked when it was read: it needs no quotes. */
static json_t *
ask(const struct org *org, const char *command, const char *more,
    struct error *err)
{
    char *line = mem_printf("exec sf org %s --target-org %s%s --json", command,
                            org->target_org, more);
    const struct secret_source source = {.command = line};
    char *text = credentials_secret_text(&source, "sf", err);
    json_t *json = text ? json_loads(text, 0, NULL) : NULL;
    json_t *result = json_incref(json_object_get(json, "result"));
    if (text == NULL) {
        error_add_context(err,
                          "org '%s': 'sf org %s' does not help, is 'sf' "
                          "installed and signed in to '%s'",
                          org->name, command, org->target_org);
    } else if (!json_is_object(result)) {
        error_set(err, ERROR_CONFIG, 0,
                  "org '%s': 'sf org %s --json' printed no result", org->name,
                  command);
    }
    json_decref(json);
    credentials_wipe(text);
    free(line);
    return result;
}

/* Newer versions print "[REDACTED] …" in its place. */
static bool
is_shown(const char *token)
{
    return token != NULL && oauth_login_is_token(token) && token[0] != '[';
}

bool
sf_cli_login(const struct org *org, struct oauth_token *token,
             struct error *err)
{
    json_t *shown = ask(org, "display", "", err);
    if (err->kind != ERROR_NONE) {
        json_decref(shown);
        return false;
    }
    json_t *told = NULL;
    const char *text = answer_json_text(shown, "accessToken");
    if (!is_shown(text)) {
        told = ask(org, "auth show-access-token", " --no-prompt", err);
        text = answer_json_text(told, "accessToken");
    }
    bool done =
        err->kind == ERROR_NONE &&
        oauth_login_take(org, text, answer_json_text(shown, "instanceUrl"),
                         token, err);
    json_decref(told);
    json_decref(shown);
    return done;
}
