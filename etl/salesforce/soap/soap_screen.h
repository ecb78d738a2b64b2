/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_SOAP_SOAP_SCREEN_H
#define ETL_SALESFORCE_SOAP_SOAP_SCREEN_H

#include "base/slice.h"

/*
 * What an answer must be like before libxml2 sees it: UTF-8 (or ASCII) that
 * begins with '<', without a document type, which could declare entities, and
 * with few attributes a tag, for they are compared with one another. It knows
 * no more XML than it takes to find the tags.
 */
bool soap_screen_passes(struct slice body);

#endif
