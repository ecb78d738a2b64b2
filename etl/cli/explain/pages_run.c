/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/page.h"

const struct page pages_run[] = {
    {.name = "batch-budget",
     .what = "The run has used the batches of the Bulk API that it may use.",
     .why = "'--batch-budget' keeps the rest of the org's daily batches for "
            "others. A batch is up to 10,000 rows.",
     .advice = "go on with 'sfetl resume', which has the same number anew",
     .more = "Small loads by REST use none. 'sfetl plan' says how many a run "
             "takes."},
    {.name = "call-budget",
     .what = "Loads of this machine have made the API calls that they may make "
             "in the org in 24 hours.",
     .why = "'daily_api_calls' in the org's 'limits' of orgs.yaml keeps the "
            "rest for others.",
     .advice = "go on with 'sfetl resume' some hours later, or raise it",
     .more = "Large loads take the fewest calls by the Bulk API."},
    {.name = "contradicting-results",
     .what = "The org's result files say two different things of the same row, "
             "so that its fate is in doubt.",
     .why = "Rows with the same content can't be told apart in results, or a "
            "result file came damaged.",
     .advice = "look for the row in the org before it is loaded again",
     .more = "'sfetl resume RUN --assume failed' or '--assume succeeded' "
             "settles such rows once you have looked."},
    {.name = "export-cut",
     .what = "A page of an export holds other rows than the org announced, "
             "also when it is fetched again; no file was written.",
     .why = "Something between here and the org cuts answers short, or the "
            "query's results changed in the org.",
     .advice = "give the same command again; look at the proxy when it stays",
     .more = NULL},
    {.name = "export-open",
     .what = "Beside the output lies what an interrupted export of another "
             "query, or from another org, has fetched so far.",
     .why = "Its command was not given again, or the query was changed.",
     .advice = "give the old command to end that export, give another "
               "--output, or drop what is there with --force",
     .more = "It is kept in OUTPUT.part and OUTPUT.state."},
    {.name = "export-query",
     .what = "The query's records make no table with a line each, or the API "
             "that was asked for can't take it.",
     .why = "A CSV file has one value in a cell: a query inside the select "
            "list, TYPEOF and FIELDS() give more. The Bulk API knows no "
            "aggregates, GROUP BY and OFFSET.",
     .advice = "name the fields one by one, and export children by a query of "
               "their own",
     .more = NULL},
    {.name = "job-failed",
     .what = "The org gave up the job before it tried this row; the message is "
             "the job's.",
     .why = "A field of the header is unknown to the loading user, the org's "
            "automation ran into limits, or rows locked one another.",
     .advice =
         "mend what the job's message says, then go on with 'sfetl resume'",
     .more = "Such rows are unprocessed, not failed: they are not in the org."},
    {.name = "locked",
     .what = "Another run of the same mapping and org is at work, and two at "
             "once would load rows twice.",
     .why = "A scheduled run takes longer than its interval, or somebody runs "
            "the mapping by hand.",
     .advice = "wait for the other run, or end it with a signal",
     .more = "The lock goes with the process: a run that was killed does not "
             "hold it."},
    {.name = "org-calls",
     .what = "The org says that hardly an API call of its 24 hours is left, so "
             "that no further chunk is begun.",
     .why = "All programs of the org share one number of calls.",
     .advice = "go on with 'sfetl resume' when calls are free again",
     .more = "'sfetl org limits' shows what is left."},
    {.name = "other-org",
     .what = "The run was begun in one org, and its entry in orgs.yaml now "
             "leads to another: what is staged is not for that one.",
     .why = "A sandbox was refreshed, or the entry was changed since.",
     .advice = "mend orgs.yaml, or give --config the file as it was",
     .more = "'sfetl abort RUN' needs the first org, too: its jobs are "
             "there."},
    {.name = "no-answer",
     .what = "The call that held the row was sent, and its answer was lost: "
             "whether it was loaded is not known.",
     .why = "The connection broke, or this machine stopped, between the call "
            "and its answer.",
     .advice = "look for the row in the org before it is loaded again",
     .more = "'sfetl resume RUN --assume failed' or '--assume succeeded' "
             "settles such rows once you have looked."},
    {.name = "no-result",
     .what = "The row was sent, and the org's results do not name it: whether "
             "it was loaded is not known.",
     .why = "The results are gone after 7 days, or the org left the row out of "
            "them.",
     .advice = "look for the row in the org before it is loaded again",
     .more = "'sfetl resume RUN --assume failed' or '--assume succeeded' "
             "settles such rows once you have looked."},
    {.name = "not-allowed",
     .what = "The org's entry in orgs.yaml does not allow the load's "
             "operation. Deletes have to be named there.",
     .why = "It keeps a mapping from deleting in an org that nobody meant.",
     .advice = "add the operation to the org's 'allow' in orgs.yaml",
     .more = "  allow: [insert, update, upsert, delete]"},
    {.name = "not-sent",
     .what =
         "The run stopped before the row was sent; the org has not seen it.",
     .why = "An error, a limit or a signal ended the run early. The message "
            "says which.",
     .advice = "the run stopped before these rows were sent",
     .more = "'sfetl resume RUN' sends them."},
    {.name = "outcome-open",
     .what = "The row was sent, and the org was still at work on its job when "
             "the run ended.",
     .why = NULL,
     .advice =
         "the org was still at work; look at the job before loading again",
     .more = "'sfetl resume RUN' asks the org what became of it. Do not load "
             "the rows anew before that."},
    {.name = "parent-cycle",
     .what = "The row's parent stands in the same file, and the parents above "
             "it lead back to themselves: none can be the first.",
     .why = "Two rows name one another as parent, or a row names itself; rows "
            "below such rows are told, too.",
     .advice = "mend the parents in the source, or load by 'operation: upsert' "
               "with an external id",
     .more = "An upsert and an update load such rows in two passes: first "
             "without the lookup, then again with it. An insert would make "
             "each record twice. The message names the parent's row: follow "
             "it from row to row."},
    {.name = "parent-failed",
     .what = "The load says 'require: parent', and the row's parent did not "
             "get into the org in the same run.",
     .why = "The parent's row failed or was rejected; sending the child would "
            "only fail too.",
     .advice = "mend the parent's row, which is in the other load's error.csv",
     .more = "'sfetl retry RUN' then loads the parents and these rows."},
    {.name = "row-accounting",
     .what = "The counts of the run do not add up, which must never happen: "
             "read = succeeded + failed + rejected + skipped + unprocessed.",
     .why = "There is a fault in sfetl, or the run's folder was changed from "
            "outside.",
     .advice = "keep the run's folder, and report it",
     .more = "Do not trust the counts of that run: look in the org for what "
             "was loaded."},
    {.name = "secret-exposed",
     .what = "A file with a password, a key or a token can be read by other "
             "users of the machine.",
     .why = NULL,
     .advice = "run 'chmod 600' on the file",
     .more = NULL},
    {.name = "sign-in",
     .what = "The org refused the sign-in.",
     .why = "The client id, the user, the key or the login_url is wrong, or "
            "the connected app is not approved for the user.",
     .advice = "compare the org's entry in orgs.yaml with the connected app, "
               "then 'sfetl org login'",
     .more = "Sandboxes and production sign in at different hosts; use the "
             "org's own My Domain host as login_url."},
    {.name = "stray-result",
     .what = "The org's results hold rows that fit none of those that were "
             "sent; they are left out.",
     .why = "A trigger changed values that the results repeat, or the file "
            "came damaged.",
     .advice = "look at run.log for the job, and at the job in the org",
     .more = NULL},
    {.name = "too-many-waves",
     .what = "The order of the rows would take more jobs one after the other "
             "than a load may have (65,535).",
     .why = "Parents stand in the same file, level above level; or one lock "
            "group, or one key with 'duplicates: allow', has that many rows.",
     .advice = "take the lookup to the parent out and set it in a second load "
               "of the mapping, or group by something smaller",
     .more = NULL},
    {.name = "unmatched-results",
     .what = "No result names this row, and some results fit no row, so that "
             "it is not known whether this one was loaded.",
     .why = "The org renders values anew in its results (numbers, dates); rows "
            "without a key are matched by them.",
     .advice = "look for the row in the org before it is loaded again",
     .more = "An upsert by an external id does not run into this: results are "
             "matched by the key."},
    {.name = "verify-files",
     .what = "A result file of the run is not as the run left it, so that its "
             "rows can't be told apart.",
     .why = "It was edited, or sorted, or another program wrote it.",
     .advice = "take it back from a copy; mend rows in a copy of error.csv, "
               "never in the run's folder",
     .more = NULL},
    {0}};
