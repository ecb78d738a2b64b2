/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_API_LIMITS_H
#define ETL_SALESFORCE_API_LIMITS_H

/*
 * Every ceiling of the org that we respect, with where it is written: the
 * "Bulk API 2.0 and Bulk API Developer Guide", page "Limits and Allocations"
 * (BULK), and the "REST API Developer Guide" (REST).
 */
#define API_VERSION_DEFAULT "64.0"
#define API_VERSION_LOWEST 31

/* BULK: 150 MB a job after base64, which is 4/3 of the upload; the guide
 * advises 100 MB. A little below, for the header and what proxies add. */
#define BULK2_UPLOAD_BYTES ((uint64_t)99 * 1000 * 1000)
/* BULK: the org cuts a job into batches of 10,000. */
#define BULK2_BATCH_ROWS ((uint64_t)10000)
/* Our own: memory is a chunk (architecture.md). */
#define BULK2_CHUNK_ROWS ((uint64_t)500000)
/* BULK: results are kept 7 days. */
#define BULK2_RESULT_DAYS 7
/* BULK: the first version that has Bulk API 2.0. */
#define BULK2_VERSION_LOWEST 41
/* BULK: characters in a field, characters in a record, fields in a record. */
#define BULK_FIELD_CHARACTERS 131072
#define BULK_RECORD_CHARACTERS 400000
#define BULK_RECORD_FIELDS 5000
/* "Concurrent API Request Limits": calls of 20 s and more at once in an org;
 * uploads are such. */
#define API_LONG_CALLS 25
/* REST, "sObject Collections": records a call. */
#define REST_COLLECTION_ROWS ((uint64_t)200)
/* REST: the first versions that have collections, and upserts of them. */
#define REST_COLLECTION_VERSION 42
#define REST_COLLECTION_UPSERT_VERSION 46
/* Ours: so much of a chunk is in flight as one JSON text; small ones keep
 * several going. */
#define REST_CHUNK_ROWS ((uint64_t)2000)
#define REST_CHUNK_BYTES ((uint64_t)4 * 1000 * 1000)
/* salesforce.md, "Choosing the API": up to so many rows REST is the quicker. */
#define REST_AUTO_ROWS ((uint64_t)2000)
/* Ours: 200 results, each with an id and some messages. */
#define REST_COLLECTION_ANSWER_BYTES ((size_t)8 << 20)
/* SOAP, "create()" and its like: records a call. */
#define SOAP_CALL_ROWS ((uint64_t)200)
/* SOAP, "Implementation Considerations": a call has at most 50 MB. */
#define SOAP_REQUEST_BYTES ((size_t)50 * 1000 * 1000)
/* Ours: so much of a chunk is in flight as one XML text of at most six times
 * its size; small ones keep several going. */
#define SOAP_CHUNK_ROWS ((uint64_t)2000)
#define SOAP_CHUNK_BYTES ((uint64_t)4 * 1000 * 1000)
/* Ours: 200 results, each with an id and some messages. */
#define SOAP_ANSWER_BYTES ((size_t)8 << 20)
/* SOAP login() ends with this version (salesforce.md, "Signing in"). */
#define SOAP_LOGIN_VERSION_HIGHEST 64
/* REST, "Status Codes" (414): the URI has at most 16,384 bytes. A little below,
 * for what stands before the query. */
#define QUERY_URL_BYTES 15000
/* REST, "Query": at most 2,000 records a page. Ours: of so many bytes. */
#define QUERY_ANSWER_BYTES ((size_t)64 << 20)

/* Ours, for answers: nothing that a job or describe says is larger. */
#define API_JOB_ANSWER_BYTES ((size_t)1 << 20)
#define API_DESCRIBE_ANSWER_BYTES ((size_t)16 << 20)
/* Ours: results are the upload again, with an id and a message a row. */
#define BULK2_RESULT_BYTES ((size_t)4 << 30)
/* Ours: a row of a result is a record and its messages, in UTF-8. */
#define BULK2_RESULT_ROW_BYTES ((size_t)16 << 20)

#endif
