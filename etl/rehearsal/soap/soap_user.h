/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOAP_SOAP_USER_H
#define ETL_REHEARSAL_SOAP_SOAP_USER_H

#include "rehearsal/soap/soap_request.h"

/* login, getUserInfo and getServerTimestamp. */
void soap_user_login(struct rehearsal *rehearsal, struct exchange *exchange,
                     const struct soap_request *request);
void soap_user_info(struct rehearsal *rehearsal, struct exchange *exchange,
                    const struct soap_request *request);
void soap_user_timestamp(struct rehearsal *rehearsal, struct exchange *exchange,
                         const struct soap_request *request);

#endif
