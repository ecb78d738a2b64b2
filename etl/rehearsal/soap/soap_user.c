/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soap/soap_user.h"

#include "rehearsal/api/api_oauth.h"
#include "rehearsal/soap/soap_reply.h"

#include <stdio.h>
#include <time.h>

/* SOAP login() ends with this version. */
#define LOGIN_VERSION_HIGHEST 640
/* The WSDL of 58.0 has chatterExternal, that of 38.0 has not (which version
 * was the first is unconfirmed). */
#define CHATTER_VERSION 580

static void
append_info(struct rehearsal *rehearsal, struct exchange *exchange)
{
    struct buffer *out = &exchange->answer;
    buffer_append_text(out, "<accessibilityMode>false</accessibilityMode>");
    if (router_read_version(exchange->captures[0]) >= CHATTER_VERSION) {
        buffer_append_text(out, "<chatterExternal>false</chatterExternal>");
    }
    buffer_append_text(
        out, "<currencySymbol>$</currencySymbol>"
             "<orgAttachmentFileSizeLimit>26214400"
             "</orgAttachmentFileSizeLimit>"
             "<orgDefaultCurrencyIsoCode>USD</orgDefaultCurrencyIsoCode>"
             "<orgDefaultCurrencyLocale>en_US</orgDefaultCurrencyLocale>"
             "<orgDisallowHtmlAttachments>false</orgDisallowHtmlAttachments>"
             "<orgHasPersonAccounts>false</orgHasPersonAccounts>");
    soap_reply_element(out, "organizationId", store_org_id(rehearsal->store));
    buffer_append_text(
        out,
        "<organizationMultiCurrency>false</organizationMultiCurrency>"
        "<organizationName>Rehearsal</organizationName>"
        "<profileId>00e000000000001AAA</profileId><roleId xsi:nil=\"true\"/>"
        "<sessionSecondsValid>7200</sessionSecondsValid>"
        "<userDefaultCurrencyIsoCode xsi:nil=\"true\"/>"
        "<userEmail>" REHEARSAL_USERNAME "</userEmail>"
        "<userFullName>Rehearsal Loader</userFullName>");
    soap_reply_element(out, "userId", store_user_id(rehearsal->store));
    buffer_append_text(out, "<userLanguage>en_US</userLanguage>"
                            "<userLocale>en_US</userLocale>"
                            "<userName>" REHEARSAL_USERNAME "</userName>"
                            "<userTimeZone>UTC</userTimeZone>"
                            "<userType>Standard</userType>"
                            "<userUiSkin>Theme3</userUiSkin>");
}

static void
answer_login(struct rehearsal *rehearsal, struct exchange *exchange,
             const char *token)
{
    struct arena *arena = &exchange->arena;
    const char *version = exchange->captures[0];
    const char *org = store_org_id(rehearsal->store);
    soap_reply_begin(rehearsal, exchange, "loginResponse");
    struct buffer *out = &exchange->answer;
    buffer_append_text(out, "<result>");
    soap_reply_element(out, "metadataServerUrl",
                       arena_printf(arena, "%s/services/Soap/m/%s/%.15s",
                                    rehearsal->instance_url, version, org)
                           .ptr);
    soap_reply_element(out, "passwordExpired", "false");
    soap_reply_element(out, "sandbox", "true");
    soap_reply_element(out, "serverUrl",
                       arena_printf(arena, "%s/services/Soap/u/%s/%.15s",
                                    rehearsal->instance_url, version, org)
                           .ptr);
    soap_reply_element(out, "sessionId", token);
    soap_reply_element(out, "userId", store_user_id(rehearsal->store));
    buffer_append_text(out, "<userInfo>");
    append_info(rehearsal, exchange);
    buffer_append_text(out, "</userInfo></result>");
    soap_reply_end(exchange, "loginResponse");
}

static bool
check_login(struct rehearsal *rehearsal, struct exchange *exchange,
            const char *user, const char *password)
{
    if (router_read_version(exchange->captures[0]) > LOGIN_VERSION_HIGHEST) {
        return soap_reply_fault(exchange, "UnexpectedErrorFault",
                                "INVALID_OPERATION",
                                "SOAP API login() is not available in this "
                                "version");
    }
    if (!faults_settings(rehearsal->faults).soap_login) {
        return soap_reply_fault(
            exchange, "LoginFault", "INVALID_OPERATION",
            "SOAP API login() is disabled by default in this org");
    }
    return (user && password && strcasecmp(user, REHEARSAL_USERNAME) == 0 &&
            strcmp(password, REHEARSAL_PASSWORD) == 0) ||
           soap_reply_fault(exchange, "LoginFault", "INVALID_LOGIN",
                            "Invalid username, password, security token; or "
                            "user locked out.");
}

void
soap_user_login(struct rehearsal *rehearsal, struct exchange *exchange,
                const struct soap_request *request)
{
    static const char *const names[] = {"username", "password", NULL};
    const char *texts[2] = {NULL, NULL};
    if (!soap_request_members(exchange, request->call, SOAP_REQUEST_PARTNER,
                              names, texts) ||
        !check_login(rehearsal, exchange, texts[0], texts[1])) {
        return;
    }
    const char *token = api_oauth_open_session(rehearsal, &exchange->arena);
    if (token) {
        answer_login(rehearsal, exchange, token);
    } else {
        soap_reply_fault(exchange, "UnexpectedErrorFault", "UNKNOWN_EXCEPTION",
                         "An unexpected error occurred.");
    }
}

/* The call's element must have nothing in it. */
static bool
is_bare(struct exchange *exchange, const struct soap_request *request)
{
    static const char *const none[] = {NULL};
    return soap_request_members(exchange, request->call, SOAP_REQUEST_PARTNER,
                                none, NULL);
}

void
soap_user_info(struct rehearsal *rehearsal, struct exchange *exchange,
               const struct soap_request *request)
{
    if (is_bare(exchange, request)) {
        soap_reply_begin(rehearsal, exchange, "getUserInfoResponse");
        buffer_append_text(&exchange->answer, "<result>");
        append_info(rehearsal, exchange);
        buffer_append_text(&exchange->answer, "</result>");
        soap_reply_end(exchange, "getUserInfoResponse");
    }
}

void
soap_user_timestamp(struct rehearsal *rehearsal, struct exchange *exchange,
                    const struct soap_request *request)
{
    int64_t now_ms = faults_now_ms(rehearsal->faults);
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm parts;
    char day[40], text[64];
    if (!is_bare(exchange, request)) {
        return;
    }
    gmtime_r(&seconds, &parts);
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text, sizeof text, "%s.%03dZ", day, (int)(now_ms % 1000));
    soap_reply_begin(rehearsal, exchange, "getServerTimestampResponse");
    buffer_append_text(&exchange->answer, "<result>");
    soap_reply_element(&exchange->answer, "timestamp", text);
    buffer_append_text(&exchange->answer, "</result>");
    soap_reply_end(exchange, "getServerTimestampResponse");
}
