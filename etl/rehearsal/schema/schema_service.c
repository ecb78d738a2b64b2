/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/schema/schema_standard.h"

#include <stddef.h>

#define OBJECT_ALL                                                             \
    (OBJECT_CREATEABLE | OBJECT_UPDATEABLE | OBJECT_DELETABLE |                \
     OBJECT_UNDELETABLE)
/* Deleted for good at once. */
#define OBJECT_BURNT (OBJECT_CREATEABLE | OBJECT_UPDATEABLE | OBJECT_DELETABLE)
/* Never deleted through an API. */
#define OBJECT_KEPT (OBJECT_CREATEABLE | OBJECT_UPDATEABLE)

static const char *const order_lines[] = {
    "OwnerId|Owner ID|reference cud|>Group,User:Owner",
    "ContractId|Contract ID|reference Ncu|>Contract:Contract:Orders",
    "AccountId|Account ID|reference Ncuk|>Account:Account:Orders",
    "Pricebook2Id|Price Book ID|reference Ncu|>Pricebook2:Pricebook2:Orders",
    "OriginalOrderId|Order ID|reference Nc|>Order:OriginalOrder:Orders",
    "RecordTypeId|Record Type ID|reference Ncu|>RecordType:RecordType",
    "EffectiveDate|Order Start Date|date cu",
    "EndDate|Order End Date|date Ncu",
    "IsReductionOrder|Reduction Order|boolean cd",
    "Status|Status|picklist 255 cu|Draft;Activated",
    "Description|Description|textarea 32000 Ncu",
    "CustomerAuthorizedById|Customer Authorized By ID|reference "
    "Ncu|>Contact:CustomerAuthorizedBy",
    "CustomerAuthorizedDate|Customer Authorized Date|date Ncu",
    "CompanyAuthorizedById|Company Authorized By ID|reference "
    "Ncu|>User:CompanyAuthorizedBy",
    "CompanyAuthorizedDate|Company Authorized Date|date Ncu",
    "Type|Order Type|picklist 255 Ncu",
    "&Billing|Billing",
    "&Shipping|Shipping",
    "Name|Order Name|string 80 Ncu",
    "PoDate|PO Date|date Ncu",
    "PoNumber|PO Number|string 80 Ncu",
    "OrderReferenceNumber|Order Reference Number|string 80 Ncu",
    "BillToContactId|Bill To Contact ID|reference Ncu|>Contact:BillToContact",
    "ShipToContactId|Ship To Contact ID|reference Ncu|>Contact:ShipToContact",
    "ActivatedDate|Activated Date|datetime N",
    "ActivatedById|Activated By ID|reference N|>User:ActivatedBy",
    "StatusCode|Status Category|picklist 40 "
    "dR|*Draft;Activated;Canceled;Expired",
    "OrderNumber|Order Number|string 30 inad",
    "TotalAmount|Order Amount|currency 18 2 df",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    NULL,
};

static const char *const order_item_lines[] = {
    "Product2Id|Product ID|reference c|>Product2:Product2:OrderItems",
    "OrderId|Order ID|reference ckM|>Order:Order:OrderItems",
    "PricebookEntryId|Price Book Entry ID|reference "
    "c|>PricebookEntry:PricebookEntry:OrderItems",
    "OriginalOrderItemId|Order Product ID|reference "
    "Nc|>OrderItem:OriginalOrderItem:ChildOrderItems",
    "AvailableQuantity|Available Quantity|double 18 2 Nf",
    "Quantity|Quantity|double 18 2 cu",
    "UnitPrice|Unit Price|currency 18 2 Ncu",
    "ListPrice|List Price|currency 18 2 Ncf",
    "TotalPrice|Total Price|currency 18 2 Nf",
    "ServiceDate|Start Date|date Ncu",
    "EndDate|End Date|date Ncu",
    "Description|Line Description|string 255 Ncu",
    "OrderItemNumber|Order Product Number|string 30 inad",
    NULL,
};

static const char *const asset_lines[] = {
    "ContactId|Contact ID|reference Ncuk|>Contact:Contact:Assets",
    "AccountId|Account ID|reference Ncuk|>Account:Account:Assets",
    "ParentId|Parent Asset ID|reference Ncu|>Asset:Parent:ChildAssets",
    "RootAssetId|Root Asset ID|reference N|>Asset:RootAsset",
    "Product2Id|Product ID|reference Ncu|>Product2:Product2:Assets",
    "RecordTypeId|Record Type ID|reference Ncu|>RecordType:RecordType",
    "ProductCode|Product Code|string 255 N",
    "IsCompetitorProduct|Competitor Asset|boolean cud",
    "SerialNumber|Serial Number|string 80 Ncu",
    "InstallDate|Install Date|date Ncu",
    "PurchaseDate|Purchase Date|date Ncu",
    "UsageEndDate|Usage End Date|date Ncu",
    "Status|Status|picklist 40 "
    "Ncu|Shipped;Installed;Registered;Obsolete;Purchased",
    "Price|Price|currency 18 0 Ncu",
    "Quantity|Quantity|double 18 2 Ncu",
    "Description|Description|textarea 32000 Ncu",
    "Name|Asset Name|string 255 cun",
    "OwnerId|Asset Owner ID|reference cud|>User:Owner",
    "AssetProvidedById|Account ID|reference "
    "Ncu|>Account:AssetProvidedBy:ProvidedAssets",
    "AssetServicedById|Account ID|reference "
    "Ncu|>Account:AssetServicedBy:ServicedAssets",
    "IsInternal|Internal Asset|boolean cud",
    "StockKeepingUnit|Product SKU|string 180 N",
    "AssetLevel|Asset Level|int 9 N",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    NULL,
};

static const char *const contract_lines[] = {
    "AccountId|Account ID|reference cuk|>Account:Account:Contracts",
    "Pricebook2Id|Price Book ID|reference Ncu|>Pricebook2:Pricebook2:Contracts",
    "OwnerExpirationNotice|Owner Expiration Notice|picklist 40 "
    "Ncu|15;30;45;60;90;120",
    "StartDate|Contract Start Date|date Ncu",
    "EndDate|Contract End Date|date N",
    "&Billing|Billing",
    "ContractTerm|Contract Term|int 9 Ncu",
    "OwnerId|Owner ID|reference cud|>User:Owner",
    "RecordTypeId|Record Type ID|reference Ncu|>RecordType:RecordType",
    "Status|Status|picklist 40 cud|*Draft;In Approval Process;Activated",
    "CompanySignedId|Company Signed By ID|reference "
    "Ncu|>User:CompanySigned:ContractsSigned",
    "CompanySignedDate|Company Signed Date|date Ncu",
    "CustomerSignedId|Customer Signed By ID|reference "
    "Ncu|>Contact:CustomerSigned:ContractsSigned",
    "CustomerSignedTitle|Customer Signed Title|string 40 Ncu",
    "CustomerSignedDate|Customer Signed Date|date Ncu",
    "SpecialTerms|Special Terms|textarea 4000 Ncu",
    "ActivatedById|Activated By ID|reference Nu|>User:ActivatedBy",
    "ActivatedDate|Activated Date|datetime Nu",
    "StatusCode|Status Category|picklist 40 "
    "dR|*Draft;InApproval;Activated;Terminated;Expired;Rejected;Negotiating",
    "Description|Description|textarea 32000 Ncu",
    "Name|Contract Name|string 80 Ncu",
    "ContractNumber|Contract Number|string 30 inad",
    "LastApprovedDate|Last Approved Date|datetime N",
    "LastActivityDate|Last Activity|date N",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    NULL,
};

static const char *const case_lines[] = {
    "MasterRecordId|Master Record ID|reference N|>Case:MasterRecord",
    "CaseNumber|Case Number|string 30 inad",
    "ContactId|Contact ID|reference Ncu|>Contact:Contact:Cases",
    "AccountId|Account ID|reference Ncu|>Account:Account:Cases",
    "AssetId|Asset ID|reference Ncu|>Asset:Asset:Cases",
    "ParentId|Parent Case ID|reference Ncu|>Case:Parent:Cases",
    "RecordTypeId|Record Type ID|reference Ncu|>RecordType:RecordType",
    "SuppliedName|Name|string 80 Ncu",
    "SuppliedEmail|Email Address|email 80 Ncu",
    "SuppliedPhone|Phone|string 40 Ncu",
    "SuppliedCompany|Company|string 80 Ncu",
    "Type|Case Type|picklist 255 "
    "Ncu|Mechanical;Electrical;Electronic;Structural;Other",
    "Status|Status|picklist 255 Ncud|*New;Working;Escalated;Closed",
    "Reason|Case Reason|picklist 255 Ncu|Installation;Equipment "
    "Complexity;Performance;Breakdown;Equipment Design;Feedback;Other",
    "Origin|Case Origin|picklist 255 Ncu|Phone;Email;Web",
    "Subject|Subject|string 255 Ncu",
    "Priority|Priority|picklist 255 Ncud|High;*Medium;Low",
    "Description|Description|textarea 32000 Ncu",
    "IsClosed|Closed|boolean d",
    "ClosedDate|Closed Date|datetime N",
    "IsEscalated|Escalated|boolean cud",
    "OwnerId|Owner ID|reference cud|>Group,User:Owner",
    "ContactPhone|Contact Phone|phone 40 Nf",
    "ContactMobile|Contact Mobile|phone 40 Nf",
    "ContactEmail|Contact Email|email 80 Nf",
    "ContactFax|Contact Fax|phone 40 Nf",
    "Comments|Internal Comments|textarea 4000 Ncu",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    NULL,
};

static const char *const task_lines[] = {
    "WhoId|Name ID|reference Ncuk|>Contact,Lead:Who:Tasks",
    "WhatId|Related To ID|reference "
    "Ncuk|>Account,Asset,Campaign,Case,Contract,Opportunity,Order,Product2:"
    "What:Tasks",
    "Subject|Subject|combobox 255 Ncun|Call;Email;Meeting;Send "
    "Letter/Quote;Other",
    "ActivityDate|Due Date Only|date Ncu",
    "Status|Status|picklist 255 cud|*Not Started;In Progress;Completed;Waiting "
    "on someone else;Deferred",
    "Priority|Priority|picklist 255 cud|High;*Normal;Low",
    "IsHighPriority|High Priority|boolean d",
    "OwnerId|Assigned To ID|reference cud|>Group,User:Owner",
    "Description|Description|textarea 32000 Ncu",
    "Type|Type|picklist 255 Ncu|Call;Meeting;Other",
    "AccountId|Account ID|reference N|>Account:Account",
    "IsClosed|Closed|boolean d",
    "IsArchived|Archived|boolean d",
    "CallDurationInSeconds|Call Duration|int 8 Ncu",
    "CallType|Call Type|picklist 40 NcuR|Internal;Inbound;Outbound",
    "CallDisposition|Call Result|string 255 Ncu",
    "CallObject|Call Object Identifier|string 255 Ncu",
    "ReminderDateTime|Reminder Date/Time|datetime Ncu",
    "IsReminderSet|Reminder Set|boolean cud",
    "RecurrenceActivityId|Recurrence Activity ID|reference N|>Task:",
    "IsRecurrence|Create Recurring Series of Tasks|boolean cd",
    "RecurrenceStartDateOnly|Recurrence Start|date Ncu",
    "RecurrenceEndDateOnly|Recurrence End|date Ncu",
    "RecurrenceType|Recurrence Type|picklist 40 "
    "NcuR|RecursDaily;RecursEveryWeekday;RecursMonthly;RecursMonthlyNth;"
    "RecursWeekly;RecursYearly;RecursYearlyNth",
    "RecurrenceInterval|Recurrence Interval|int 9 Ncu",
    "TaskSubtype|Task Subtype|picklist 40 "
    "NcR|*Task;Email;ListEmail;Cadence;Call;LinkedIn",
    "CompletedDateTime|Completed Date|datetime N",
    NULL,
};

static const char *const event_lines[] = {
    "WhoId|Name ID|reference Ncuk|>Contact,Lead:Who:Events",
    "WhatId|Related To ID|reference "
    "Ncuk|>Account,Asset,Campaign,Case,Contract,Opportunity,Order,Product2:"
    "What:Events",
    "Subject|Subject|combobox 255 Ncun|Call;Email;Meeting;Send "
    "Letter/Quote;Other",
    "Location|Location|string 255 Ncu",
    "IsAllDayEvent|All-Day Event|boolean cud",
    "ActivityDateTime|Due Date Time|datetime Ncu",
    "ActivityDate|Due Date Only|date Ncu",
    "DurationInMinutes|Duration|int 8 Ncu",
    "StartDateTime|Start Date Time|datetime Ncu",
    "EndDateTime|End Date Time|datetime Ncu",
    "EndDate|End Date|date N",
    "Description|Description|textarea 32000 Ncu",
    "AccountId|Account ID|reference N|>Account:Account",
    "OwnerId|Assigned To ID|reference cud|>Calendar,User:Owner",
    "IsPrivate|Private|boolean cud",
    "ShowAs|Show Time As|picklist 40 NcudR|*Busy;OutOfOffice;Free",
    "IsChild|Is Child|boolean d",
    "IsGroupEvent|Is Group Event|boolean d",
    "GroupEventType|Group Event Type|picklist 40 NdR|*0;1;2;3",
    "IsArchived|Archived|boolean d",
    "RecurrenceActivityId|Recurrence Activity ID|reference N|>Event:",
    "IsRecurrence|Create Recurring Series of Events|boolean cd",
    "RecurrenceStartDateTime|Recurrence Start|datetime Ncu",
    "RecurrenceEndDateOnly|Recurrence End|date Ncu",
    "RecurrenceTimeZoneSidKey|Recurrence Time Zone|picklist 40 Ncu",
    "RecurrenceType|Recurrence Type|picklist 40 "
    "NcuR|RecursDaily;RecursEveryWeekday;RecursMonthly;RecursMonthlyNth;"
    "RecursWeekly;RecursYearly;RecursYearlyNth",
    "RecurrenceInterval|Recurrence Interval|int 9 Ncu",
    "RecurrenceDayOfWeekMask|Recurrence Day of Week Mask|int 9 Ncu",
    "RecurrenceDayOfMonth|Recurrence Day of Month|int 9 Ncu",
    "RecurrenceInstance|Recurrence Instance|picklist 40 "
    "NcuR|First;Second;Third;Fourth;Last",
    "RecurrenceMonthOfYear|Recurrence Month of Year|picklist 40 "
    "NcuR|January;February;March;April;May;June;July;August;September;October;"
    "November;December",
    "ReminderDateTime|Reminder Date/Time|datetime Ncu",
    "IsReminderSet|Reminder Set|boolean cud",
    "EventSubtype|Event Subtype|picklist 40 NcR|Event",
    "IsRecurrence2Exclusion|Historical Event, Not Following Recurrence|boolean "
    "d",
    "Recurrence2PatternText|Recurrence Pattern|textarea 512 Nc",
    "Recurrence2PatternVersion|Pattern Version|picklist 40 NR|1;2",
    "IsRecurrence2|Repeat|boolean d",
    "IsRecurrence2Exception|Is Exception|boolean d",
    "Recurrence2PatternStartDate|Recurrence Pattern Start Date|datetime N",
    "Recurrence2PatternTimeZone|Recurrence Pattern Time Zone Reference|string "
    "255 N",
    NULL,
};

static const char *const user_lines[] = {
    "Username|Username|string 80 cui",
    "LastName|Last Name|string 80 cu",
    "FirstName|First Name|string 40 Ncu",
    "Name|Full Name|string 121 n",
    "CompanyName|Company Name|string 80 Ncu",
    "Division|Division|string 80 Ncu",
    "Department|Department|string 80 Ncu",
    "Title|Title|string 80 Ncu",
    "&|",
    "Email|E-mail|email 128 cui",
    "EmailPreferencesAutoBcc|AutoBcc|boolean cu",
    "EmailPreferencesAutoBccStayInTouch|AutoBccStayInTouch|boolean cu",
    "EmailPreferencesStayInTouchReminder|StayInTouchReminder|boolean cu",
    "SenderEmail|Email Sender Address|email 80 Ncu",
    "SenderName|Email Sender Name|string 80 Ncu",
    "Signature|Email Signature|string 1333 Ncu",
    "StayInTouchSubject|Stay-in-Touch Email Subject|string 80 Ncu",
    "StayInTouchSignature|Stay-in-Touch Email Signature|string 512 Ncu",
    "StayInTouchNote|Stay-in-Touch Email Note|string 512 Ncu",
    "Phone|Phone|phone 40 Ncu",
    "Fax|Fax|phone 40 Ncu",
    "MobilePhone|Cell|phone 40 Ncu",
    "Alias|Alias|string 8 cu",
    "CommunityNickname|Nickname|string 40 cu",
    "IsActive|Active|boolean cud|=true",
    "TimeZoneSidKey|Time Zone|picklist 40 cu",
    "UserRoleId|Role ID|reference Ncu|>UserRole:UserRole",
    "LocaleSidKey|Locale|picklist 40 cu",
    "ReceivesInfoEmails|Info Emails|boolean cud",
    "ReceivesAdminInfoEmails|Admin Info Emails|boolean cud",
    "EmailEncodingKey|Email Encoding|picklist 40 "
    "cuR|UTF-8;ISO-8859-1;Shift_JIS;ISO-2022-JP;EUC-JP;ks_c_5601-1987;Big5;"
    "GB2312;Big5-HKSCS;x-SJIS_0213",
    "ProfileId|Profile ID|reference cu|>Profile:Profile",
    "UserType|User Type|picklist 40 "
    "NR|Standard;PowerPartner;PowerCustomerSuccess;CustomerSuccess;Guest;"
    "CspLitePortal;CsnOnly;SelfService",
    "LanguageLocaleKey|Language|picklist 40 "
    "cuR|en_US;de;es;fr;it;ja;sv;ko;zh_TW;zh_CN;pt_BR;nl_NL;da;th;fi;ru",
    "EmployeeNumber|Employee Number|string 20 Ncu",
    "DelegatedApproverId|Delegated Approver ID|reference Ncu|>Group,User:",
    "ManagerId|Manager ID|reference Ncu|>User:Manager:ManagedUsers",
    "LastLoginDate|Last Login|datetime N",
    "LastPasswordChangeDate|Last Password Change or Reset|datetime N",
    "OfflineTrialExpirationDate|Offline Edition Trial Expiration Date|datetime "
    "N",
    "OfflinePdaTrialExpirationDate|Sales Anywhere Trial Expiration "
    "Date|datetime N",
    "UserPermissionsMarketingUser|Marketing User|boolean cu",
    "UserPermissionsOfflineUser|Offline User|boolean cu",
    "UserPermissionsCallCenterAutoLogin|Auto-login To Call Center|boolean cu",
    "UserPermissionsMobileUser|Apex Mobile User|boolean cu",
    "UserPermissionsSFContentUser|Salesforce CRM Content User|boolean cu",
    "UserPermissionsKnowledgeUser|Knowledge User|boolean cu",
    "UserPermissionsInteractionUser|Force.com Flow User|boolean cu",
    "UserPermissionsSupportUser|Service Cloud User|boolean cu",
    "UserPermissionsSiteforceContributorUser|Site.com Contributor User|boolean "
    "cu",
    "UserPermissionsSiteforcePublisherUser|Site.com Publisher User|boolean cu",
    "UserPermissionsChatterAnswersUser|Chatter Answers User|boolean cu",
    "ForecastEnabled|Allow Forecasting|boolean cud",
    "ContactId|Contact ID|reference Nc|>Contact:Contact:Users",
    "AccountId|Account ID|reference N|>Account:",
    "CallCenterId|Call Center ID|reference Ncu|>CallCenter:",
    "Extension|Extension|phone 40 Ncu",
    "FederationIdentifier|SAML Federation ID|string 512 Ncui",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    NULL,
};

static const char *const record_type_lines[] = {
    "Name|Record Type Name|string 80 cun",
    "DeveloperName|Record Type Name|string 80 cu",
    "NamespacePrefix|Namespace Prefix|string 15 N",
    "Description|Description|string 255 Ncu",
    "BusinessProcessId|Business Process ID|reference Ncu|>BusinessProcess:",
    "SobjectType|SObject Type Name|picklist 40 c",
    "IsActive|Active|boolean cud",
    NULL,
};

static const char *const attachment_lines[] = {
    "ParentId|Parent ID|reference "
    "ckM|>Account,Asset,Campaign,Case,Contact,Contract,Event,Lead,Opportunity,"
    "Order,Product2,Task:Parent:Attachments",
    "Name|File Name|string 255 cun",
    "IsPrivate|Private|boolean cud",
    "ContentType|Content Type|string 120 Ncu",
    "BodyLength|Body Length|int 9 N",
    "Body|Body|base64 26214400 cu",
    "OwnerId|Owner ID|reference cud|>Calendar,User:Owner",
    "Description|Description|string 500 Ncu",
    NULL,
};

static const char *const content_version_lines[] = {
    "ContentDocumentId|ContentDocument ID|reference "
    "cd|>ContentDocument:ContentDocument",
    "IsLatest|Is Latest|boolean d|=true",
    "ContentUrl|Content URL|url 1300 Ncu",
    "ContentBodyId|Content Body ID|reference Nc|>ContentBody:ContentBody",
    "VersionNumber|Version Number|string 20 Nd|=1",
    "Title|Title|string 255 cun",
    "Description|Description|textarea 1000 Ncu",
    "ReasonForChange|Reason For Change|string 1000 Ncu",
    "SharingOption|Prevent others from sharing and unsharing|picklist 40 "
    "cudR|*A;R",
    "SharingPrivacy|File Privacy on Records|picklist 40 cudR|*N;P",
    "PathOnClient|Path On Client|string 500 cu",
    "RatingCount|Rating Count|int 9 N",
    "ContentModifiedDate|Content Modified Date|datetime N",
    "ContentModifiedById|User ID|reference N|>User:ContentModifiedBy",
    "PositiveRatingCount|Positive Rating Count|int 9 N",
    "NegativeRatingCount|Negative Rating Count|int 9 N",
    "FeaturedContentBoost|Featured Content Boost|int 9 N",
    "FeaturedContentDate|Featured Content Date|date N",
    "OwnerId|Owner ID|reference cud|>User:Owner",
    "TagCsv|Tags|textarea 2000 Ncu",
    "FileType|File Type|string 20 N",
    "PublishStatus|Publish Status|picklist 40 dR|*U;P;R",
    "VersionData|Version Data|base64 2147483647 Ncu",
    "ContentSize|Size|int 9 N",
    "FileExtension|File Extension|string 40 N",
    "FirstPublishLocationId|First Publish Location ID|reference "
    "Nc|>Account,Asset,Campaign,Case,Contact,Contract,Event,Lead,Opportunity,"
    "Order,Product2,Task,User:FirstPublishLocation",
    "Origin|Content Origin|picklist 40 cudR|C;*H",
    "ContentLocation|Content Location|picklist 40 cudR|*S;E;L",
    "TextPreview|Text Preview|string 255 N",
    "Checksum|Checksum|string 50 N",
    "IsMajorVersion|Major Version|boolean cd",
    "IsAssetEnabled|Asset File Enabled|boolean cud",
    NULL,
};

const struct schema_standard schema_service_objects[] = {
    {"Order|Order|Orders|801", OBJECT_ALL, order_lines},
    {"OrderItem|Order Product|Order Products|802", OBJECT_BURNT,
     order_item_lines},
    {"Asset|Asset|Assets|02i", OBJECT_ALL, asset_lines},
    {"Contract|Contract|Contracts|800", OBJECT_ALL, contract_lines},
    {"Case|Case|Cases|500", OBJECT_ALL, case_lines},
    {"Task|Task|Tasks|00T", OBJECT_ALL, task_lines},
    {"Event|Event|Events|00U", OBJECT_ALL, event_lines},
    {"User|User|Users|005", OBJECT_KEPT | OBJECT_PERSON, user_lines},
    {"RecordType|Record Type|Record Types|012", OBJECT_KEPT, record_type_lines},
    {"Attachment|Attachment|Attachments|00P", OBJECT_ALL, attachment_lines},
    {"ContentVersion|Content Version|Content Versions|068", OBJECT_KEPT,
     content_version_lines},
    {NULL, 0, NULL},
};
