/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_ADVICE_H
#define ETL_CLI_ADVICE_H

/*
 * What helps, in one line, for the code of a row's error: a stable name of
 * ours ("number-shape") or a status code of Salesforce. NULL when there is
 * nothing to say beyond the message.
 */
const char *advice_for(const char *code);

#endif
