/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/convert/loader_property.h"

#define RETRIES "sfetl repeats what may be repeated, and backs off, by itself"
#define CHUNKS "sfetl cuts chunks to what the API takes; chunk_rows in the load"
#define API "sfetl chooses the API by size; api in the load, or --api"
#define RESULTS                                                                \
    "each run has a folder with success.csv and error.csv; --run-dir names it"
#define LAST_RUN "each run has a ledger; 'sfetl status' lists them"
#define DEBUG "each run has a run.log; -v says more"
#define SECRET "it is a secret, encrypted for Data Loader alone; see orgs.yaml"
#define WINDOWS "it is about Data Loader's windows"
#define EXTRACT "the bean extracts; see run.sh"

static const struct loader_property known[] = {
    {"sfdc.entity", "object of the load", NULL},
    {"process.operation", "operation of the load", NULL},
    {"sfdc.externalIdField", "external_id of the load", NULL},
    {"process.mappingFile", "fields of the load", NULL},
    {"dataAccess.name", "path of the source", NULL},
    {"dataAccess.type", "format of the source", NULL},
    {"dataAccess.readUTF8", "encoding of the source", NULL},
    {"dataAccess.readCharset", "encoding of the source", NULL},
    {"sfdc.insertNulls", "blank: clear of each field", NULL},
    {"sfdc.truncateFields", "truncate: yes of each text field", NULL},
    {"process.useEuropeanDates", "date patterns of the source", NULL},
    {"sfdc.timezone", "timezone of the source", NULL},
    {"sfdc.assignmentRule", "assignment_rule of the load", NULL},
    {"process.loadRowToStartAt", "--skip in run.sh", NULL},
    {"sfdc.endpoint", "login_url in orgs.yaml", NULL},
    {"sfdc.username", "a comment in orgs.yaml", NULL},
    {"sfdc.proxyHost", "proxy in orgs.yaml", NULL},
    {"sfdc.proxyPort", "proxy in orgs.yaml", NULL},
    {"sfdc.extractionSOQL", NULL, EXTRACT},
    {"sfdc.extractionRequestSize", NULL, EXTRACT},
    {"sfdc.extractionAllRecords*", NULL, EXTRACT},
    {"process.enableExtractStatusOutput", NULL, EXTRACT},
    {"sfdc.password", NULL, SECRET},
    {"sfdc.proxyPassword", NULL, SECRET},
    {"sfdc.oauth.*", NULL, SECRET},
    {"sfdc.oAuth.*", NULL, SECRET},
    {"process.encryptionKeyFile", NULL, "no password is encrypted any more"},
    {"sfdc.proxyUsername", NULL, "a proxy's sign-in is not in orgs.yaml"},
    {"sfdc.proxyNtlmDomain", NULL, "NTLM proxies are not spoken to"},
    {"sfdc.loadBatchSize", NULL, CHUNKS},
    {"sfdc.bulkApiZipContent", NULL, API},
    {"sfdc.bulkApiSerialMode", NULL,
     "rows of one parent go together, so that jobs need not go one by one"},
    {"sfdc.bulkApiCheckStatusInterval", NULL,
     "sfetl asks as often as the job's progress makes sense"},
    {"sfdc.useBulkApi", NULL, API},
    {"sfdc.useBulkV2Api", NULL, API},
    {"process.bulk*", NULL, API},
    {"sfdc.enableRetries", NULL, RETRIES},
    {"sfdc.maxRetries", NULL, RETRIES},
    {"sfdc.minRetrySleepSecs", NULL, RETRIES},
    {"sfdc.timeoutSecs", NULL, "--timeout is for a whole run"},
    {"sfdc.connectionTimeoutSecs", NULL, "--timeout is for a whole run"},
    {"sfdc.noCompression", NULL, "upload_compression in orgs.yaml"},
    {"sfdc.resetUrlOnLogin", NULL, "sfetl goes where the org says"},
    {"sfdc.debugMessages", NULL, DEBUG},
    {"sfdc.debugMessagesFile", NULL, DEBUG},
    {"process.outputSuccess", NULL, RESULTS},
    {"process.outputError", NULL, RESULTS},
    {"process.statusOutputDirectory", NULL, RESULTS},
    {"process.enableLastRunOutput", NULL, LAST_RUN},
    {"process.lastRunOutputDirectory", NULL, LAST_RUN},
    {"process.initialLastRunDate", NULL, LAST_RUN},
    {"process.name", NULL, "the mapping is named after the bean"},
    {"process.thread.name", NULL, "the mapping is named after the bean"},
    {"dataAccess.writeUTF8", NULL, "results are UTF-8, always"},
    {"dataAccess.writeCharset", NULL, "results are UTF-8, always"},
    {"dataAccess.readBatchSize", NULL, "rows are read as they are needed"},
    {"dataAccess.writeBatchSize", NULL, "rows are written as they come"},
    {"loader.csv*", NULL, "the delimiter is found in the file"},
    {"loader.*", NULL, WINDOWS},
};

static const struct loader_property unknown = {
    "", NULL, "it is no setting of Data Loader that sfetl knows"};

const struct loader_property *
loader_property_find(struct slice name)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t len = strlen(known[i].name);
        bool is_group = known[i].name[len - 1] == '*';
        if (is_group ? name.len >= len - 1 &&
                           memcmp(name.ptr, known[i].name, len - 1) == 0
                     : slice_is(name, known[i].name)) {
            return &known[i];
        }
    }
    return &unknown;
}
