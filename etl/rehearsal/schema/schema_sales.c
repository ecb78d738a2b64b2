/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/schema/schema_standard.h"

#include <stddef.h>

#define OBJECT_ALL                                                             \
    (OBJECT_CREATEABLE | OBJECT_UPDATEABLE | OBJECT_DELETABLE |                \
     OBJECT_UNDELETABLE)
/* Deleted for good at once. */
#define OBJECT_BURNT (OBJECT_CREATEABLE | OBJECT_UPDATEABLE | OBJECT_DELETABLE)

static const char *const account_lines[] = {
    "MasterRecordId|Master Record ID|reference N|>Account:MasterRecord",
    "Name|Account Name|string 255 cun|@Name",
    "Type|Account Type|picklist 40 Ncu|Prospect;Customer - Direct;Customer - "
    "Channel;Channel Partner / Reseller;Installation Partner;Technology "
    "Partner;Other",
    "RecordTypeId|Record Type ID|reference Ncu|>RecordType:RecordType",
    "ParentId|Parent Account ID|reference Ncu|>Account:Parent:ChildAccounts",
    "&Billing|Billing",
    "&Shipping|Shipping",
    "Phone|Account Phone|phone 40 Ncu",
    "Fax|Account Fax|phone 40 Ncu",
    "AccountNumber|Account Number|string 40 Ncu",
    "Website|Website|url 255 Ncu",
    "PhotoUrl|Photo URL|url 255 N",
    "Sic|SIC Code|string 20 Ncu",
    "Industry|Industry|picklist 40 "
    "Ncu|Agriculture;Apparel;Banking;Biotechnology;Chemicals;Communications;"
    "Construction;Consulting;Education;Electronics;Energy;Engineering;"
    "Entertainment;Environmental;Finance;Food & "
    "Beverage;Government;Healthcare;Hospitality;Insurance;Machinery;"
    "Manufacturing;Media;Not For "
    "Profit;Recreation;Retail;Shipping;Technology;Telecommunications;"
    "Transportation;Utilities;Other",
    "AnnualRevenue|Annual Revenue|currency 18 0 Ncu",
    "NumberOfEmployees|Employees|int 8 Ncu",
    "Ownership|Ownership|picklist 40 Ncu|Public;Private;Subsidiary;Other",
    "TickerSymbol|Ticker Symbol|string 20 Ncu",
    "Description|Account Description|textarea 32000 Ncu",
    "Rating|Account Rating|picklist 40 Ncu|Hot;Warm;Cold",
    "Site|Account Site|string 80 Ncu",
    "OwnerId|Owner ID|reference cud|>User:Owner",
    "LastActivityDate|Last Activity|date N",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    "IsPartner|Partner Account|boolean ud",
    "IsCustomerPortal|Customer Portal Account|boolean ud",
    "ChannelProgramName|Channel Program Name|string 255 N",
    "ChannelProgramLevelName|Channel Program Level Name|string 255 N",
    "Jigsaw|Data.com Key|string 20 Ncu",
    "JigsawCompanyId|Jigsaw Company ID|string 20 N",
    "CleanStatus|Clean Status|picklist 40 "
    "NcuR|Matched;Different;Acknowledged;NotFound;Inactive;Pending;SelectMatch;"
    "Skipped",
    "AccountSource|Account Source|picklist 40 Ncu|Web;Phone Inquiry;Partner "
    "Referral;Purchased List;Other",
    "DunsNumber|D-U-N-S Number|string 9 Ncu",
    "Tradestyle|Tradestyle|string 255 Ncu",
    "NaicsCode|NAICS Code|string 8 Ncu",
    "NaicsDesc|NAICS Description|string 120 Ncu",
    "YearStarted|Year Started|string 4 Ncu",
    "SicDesc|SIC Description|string 80 Ncu",
    "DandbCompanyId|D&B Company ID|reference Ncu|>DandBCompany:DandbCompany",
    "OperatingHoursId|Operating Hour ID|reference "
    "Ncu|>OperatingHours:OperatingHours",
    NULL,
};

static const char *const contact_lines[] = {
    "MasterRecordId|Master Record ID|reference N|>Contact:MasterRecord",
    "AccountId|Account ID|reference Ncuk|>Account:Account:Contacts",
    "LastName|Last Name|string 80 cu|@Name",
    "FirstName|First Name|string 40 Ncu|@Name",
    "Salutation|Salutation|picklist 40 Ncu|@Name|Mr.;Ms.;Mrs.;Dr.;Prof.",
    "Name|Full Name|string 121 n",
    "&Other|Other",
    "&Mailing|Mailing",
    "Phone|Business Phone|phone 40 Ncu",
    "Fax|Business Fax|phone 40 Ncu",
    "MobilePhone|Mobile Phone|phone 40 Ncu",
    "HomePhone|Home Phone|phone 40 Ncu",
    "OtherPhone|Other Phone|phone 40 Ncu",
    "AssistantPhone|Asst. Phone|phone 40 Ncu",
    "ReportsToId|Reports To ID|reference Ncu|>Contact:ReportsTo",
    "Email|Email|email 80 Ncui",
    "Title|Title|string 128 Ncu",
    "Department|Department|string 80 Ncu",
    "AssistantName|Assistant's Name|string 40 Ncu",
    "LeadSource|Lead Source|picklist 255 Ncu|Web;Phone Inquiry;Partner "
    "Referral;Purchased List;Other",
    "Birthdate|Birthdate|date Ncu",
    "Description|Contact Description|textarea 32000 Ncu",
    "OwnerId|Owner ID|reference cud|>User:Owner",
    "LastActivityDate|Last Activity|date N",
    "LastCURequestDate|Last Stay-in-Touch Request Date|datetime N",
    "LastCUUpdateDate|Last Stay-in-Touch Save Date|datetime N",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    "EmailBouncedReason|Email Bounced Reason|string 255 Ncu",
    "EmailBouncedDate|Email Bounced Date|datetime Ncu",
    "IsEmailBounced|Is Email Bounced|boolean d",
    "PhotoUrl|Photo URL|url 255 N",
    "Jigsaw|Data.com Key|string 20 Ncu",
    "JigsawContactId|Jigsaw Contact ID|string 20 N",
    "CleanStatus|Clean Status|picklist 40 "
    "NcuR|Matched;Different;Acknowledged;NotFound;Inactive;Pending;SelectMatch;"
    "Skipped",
    "IndividualId|Individual ID|reference Ncu|>Individual:Individual",
    NULL,
};

static const char *const lead_lines[] = {
    "MasterRecordId|Master Record ID|reference N|>Lead:MasterRecord",
    "LastName|Last Name|string 80 cu|@Name",
    "FirstName|First Name|string 40 Ncu|@Name",
    "Salutation|Salutation|picklist 40 Ncu|@Name|Mr.;Ms.;Mrs.;Dr.;Prof.",
    "Name|Full Name|string 121 n",
    "RecordTypeId|Record Type ID|reference Ncu|>RecordType:RecordType",
    "Title|Title|string 128 Ncu",
    "Company|Company|string 255 cu",
    "&|",
    "Phone|Phone|phone 40 Ncu",
    "MobilePhone|Mobile Phone|phone 40 Ncu",
    "Fax|Fax|phone 40 Ncu",
    "Email|Email|email 80 Ncui",
    "Website|Website|url 255 Ncu",
    "PhotoUrl|Photo URL|url 255 N",
    "Description|Description|textarea 32000 Ncu",
    "LeadSource|Lead Source|picklist 255 Ncu|Web;Phone Inquiry;Partner "
    "Referral;Purchased List;Other",
    "Status|Status|picklist 255 cud|*Open - Not Contacted;Working - "
    "Contacted;Closed - Converted;Closed - Not Converted",
    "Industry|Industry|picklist 255 "
    "Ncu|Agriculture;Apparel;Banking;Biotechnology;Chemicals;Communications;"
    "Construction;Consulting;Education;Electronics;Energy;Engineering;"
    "Entertainment;Environmental;Finance;Food & "
    "Beverage;Government;Healthcare;Hospitality;Insurance;Machinery;"
    "Manufacturing;Media;Not For "
    "Profit;Recreation;Retail;Shipping;Technology;Telecommunications;"
    "Transportation;Utilities;Other",
    "Rating|Rating|picklist 255 Ncu|Hot;Warm;Cold",
    "AnnualRevenue|Annual Revenue|currency 18 0 Ncu",
    "NumberOfEmployees|Employees|int 8 Ncu",
    "OwnerId|Owner ID|reference cud|>Group,User:Owner",
    "HasOptedOutOfEmail|Email Opt Out|boolean cud",
    "IsConverted|Converted|boolean cd",
    "ConvertedDate|Converted Date|date N",
    "ConvertedAccountId|Converted Account ID|reference "
    "N|>Account:ConvertedAccount",
    "ConvertedContactId|Converted Contact ID|reference "
    "N|>Contact:ConvertedContact",
    "ConvertedOpportunityId|Converted Opportunity ID|reference "
    "N|>Opportunity:ConvertedOpportunity",
    "IsUnreadByOwner|Unread By Owner|boolean cud|=true",
    "DoNotCall|Do Not Call|boolean cud",
    "HasOptedOutOfFax|Fax Opt Out|boolean cud",
    "LastActivityDate|Last Activity|date N",
    "LastTransferDate|Last Transfer Date|date Ncu",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    "Jigsaw|Data.com Key|string 20 Ncu",
    "EmailBouncedReason|Email Bounced Reason|string 255 Ncu",
    "EmailBouncedDate|Email Bounced Date|datetime Ncu",
    "IndividualId|Individual ID|reference Ncu|>Individual:Individual",
    NULL,
};

static const char *const opportunity_lines[] = {
    "AccountId|Account ID|reference Ncuk|>Account:Account:Opportunities",
    "RecordTypeId|Record Type ID|reference Ncu|>RecordType:RecordType",
    "IsPrivate|Private|boolean cud",
    "Name|Name|string 120 cun",
    "Description|Description|textarea 32000 Ncu",
    "StageName|Stage|picklist 255 cu|Prospecting;Qualification;Needs "
    "Analysis;Value Proposition;Id. Decision Makers;Perception "
    "Analysis;Proposal/Price Quote;Negotiation/Review;Closed Won;Closed Lost",
    "Amount|Amount|currency 18 2 Ncu",
    "Probability|Probability (%)|percent 3 0 Ncud",
    "ExpectedRevenue|Expected Amount|currency 18 2 Nf",
    "TotalOpportunityQuantity|Quantity|double 18 2 Ncu",
    "CloseDate|Close Date|date cu",
    "Type|Opportunity Type|picklist 255 Ncu|Existing Customer - "
    "Upgrade;Existing Customer - Replacement;Existing Customer - Downgrade;New "
    "Customer",
    "NextStep|Next Step|string 255 Ncu",
    "LeadSource|Lead Source|picklist 255 Ncu|Web;Phone Inquiry;Partner "
    "Referral;Purchased List;Other",
    "IsClosed|Closed|boolean d",
    "IsWon|Won|boolean d",
    "ForecastCategory|Forecast Category|picklist 40 "
    "dR|Omitted;*Pipeline;BestCase;MostLikely;Forecast;Closed",
    "ForecastCategoryName|Forecast Category|picklist 255 "
    "Ncud|Omitted;*Pipeline;Best Case;Commit;Closed",
    "CampaignId|Campaign ID|reference Ncu|>Campaign:Campaign:Opportunities",
    "HasOpportunityLineItem|Has Line Item|boolean d",
    "Pricebook2Id|Price Book ID|reference "
    "Ncu|>Pricebook2:Pricebook2:Opportunities",
    "OwnerId|Owner ID|reference cud|>User:Owner",
    "LastActivityDate|Last Activity|date N",
    "PushCount|Push Count|int 8 N",
    "LastStageChangeDate|Last Stage Change Date|datetime N",
    "FiscalQuarter|Fiscal Quarter|int 9 N",
    "FiscalYear|Fiscal Year|int 9 N",
    "Fiscal|Fiscal Period|string 6 N",
    "ContactId|Contact ID|reference Nc|>Contact:Contact:Opportunities",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    "HasOpenActivity|Has Open Activity|boolean d",
    "HasOverdueTask|Has Overdue Task|boolean d",
    NULL,
};

static const char *const opportunity_line_item_lines[] = {
    "OpportunityId|Opportunity ID|reference "
    "ckM|>Opportunity:Opportunity:OpportunityLineItems",
    "SortOrder|Sort Order|int 9 N",
    "PricebookEntryId|Price Book Entry ID|reference "
    "Nc|>PricebookEntry:PricebookEntry:OpportunityLineItems",
    "Product2Id|Product ID|reference "
    "Nc|>Product2:Product2:OpportunityLineItems",
    "ProductCode|Product Code|string 255 Nf",
    "Name|Opportunity Product Name|string 376 Nnf",
    "Quantity|Quantity|double 12 2 cu",
    "TotalPrice|Total Price|currency 18 2 Ncu",
    "UnitPrice|Sales Price|currency 18 2 Ncu",
    "ListPrice|List Price|currency 18 2 Nf",
    "ServiceDate|Date|date Ncu",
    "Description|Line Description|string 255 Ncu",
    "Discount|Discount|percent 5 2 Ncu",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    NULL,
};

static const char *const product2_lines[] = {
    "Name|Product Name|string 255 cun",
    "ProductCode|Product Code|string 255 Ncu",
    "Description|Product Description|textarea 4000 Ncu",
    "IsActive|Active|boolean cud",
    "Family|Product Family|picklist 255 Ncu|None",
    "RecordTypeId|Record Type ID|reference Ncu|>RecordType:RecordType",
    "ExternalDataSourceId|External Data Source ID|reference "
    "Ncu|>ExternalDataSource:ExternalDataSource",
    "ExternalId|External ID|string 255 Ncu",
    "DisplayUrl|Display URL|url 1000 Ncu",
    "QuantityUnitOfMeasure|Quantity Unit Of Measure|picklist 255 Ncu|Each",
    "IsArchived|Archived|boolean d",
    "StockKeepingUnit|Product SKU|string 180 Ncui",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    NULL,
};

static const char *const pricebook2_lines[] = {
    "Name|Price Book Name|string 255 cun",
    "Description|Description|string 255 Ncu",
    "IsActive|Active|boolean cud",
    "IsArchived|Archived|boolean d",
    "IsStandard|Is Standard Price Book|boolean d",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    NULL,
};

static const char *const pricebook_entry_lines[] = {
    "Name|Product Name|string 255 Nnf",
    "Pricebook2Id|Price Book ID|reference "
    "ck|>Pricebook2:Pricebook2:PricebookEntries",
    "Product2Id|Product ID|reference ck|>Product2:Product2:PricebookEntries",
    "UnitPrice|List Price|currency 18 2 cu",
    "IsActive|Active|boolean cud",
    "UseStandardPrice|Use Standard Price|boolean cud",
    "ProductCode|Product Code|string 255 Nf",
    "IsArchived|Archived|boolean d",
    NULL,
};

static const char *const campaign_lines[] = {
    "Name|Name|string 80 cun",
    "ParentId|Parent Campaign ID|reference Ncu|>Campaign:Parent:ChildCampaigns",
    "RecordTypeId|Record Type ID|reference Ncu|>RecordType:RecordType",
    "Type|Type|picklist 40 Ncu|Conference;Webinar;Trade Show;Public "
    "Relations;Partners;Referral Program;Advertisement;Banner Ads;Direct "
    "Mail;Email;Telemarketing;Other",
    "Status|Status|picklist 40 Ncud|*Planned;In Progress;Completed;Aborted",
    "StartDate|Start Date|date Ncu",
    "EndDate|End Date|date Ncu",
    "ExpectedRevenue|Expected Revenue|currency 18 0 Ncu",
    "BudgetedCost|Budgeted Cost|currency 18 0 Ncu",
    "ActualCost|Actual Cost|currency 18 0 Ncu",
    "ExpectedResponse|Expected Response (%)|percent 8 2 Ncud",
    "NumberSent|Num Sent|double 18 0 Ncud",
    "IsActive|Active|boolean cud",
    "Description|Description|textarea 32000 Ncu",
    "NumberOfLeads|Leads in Campaign|int 9 d",
    "NumberOfConvertedLeads|Converted Leads in Campaign|int 9 d",
    "NumberOfContacts|Contacts in Campaign|int 9 d",
    "NumberOfResponses|Responses in Campaign|int 9 d",
    "NumberOfOpportunities|Opportunities in Campaign|int 9 d",
    "NumberOfWonOpportunities|Won Opportunities in Campaign|int 9 d",
    "AmountAllOpportunities|Value Opportunities in Campaign|currency 18 0 d",
    "AmountWonOpportunities|Value Won Opportunities in Campaign|currency 18 0 "
    "d",
    "OwnerId|Owner ID|reference cud|>User:Owner",
    "LastActivityDate|Last Activity|date N",
    "LastViewedDate|Last Viewed Date|datetime N",
    "LastReferencedDate|Last Referenced Date|datetime N",
    "CampaignMemberRecordTypeId|Record Type ID|reference "
    "Ncu|>RecordType:CampaignMemberRecordType",
    NULL,
};

static const char *const campaign_member_lines[] = {
    "CampaignId|Campaign ID|reference ck|>Campaign:Campaign:CampaignMembers",
    "LeadId|Lead ID|reference Nck|>Lead:Lead:CampaignMembers",
    "ContactId|Contact ID|reference Nck|>Contact:Contact:CampaignMembers",
    "Status|Status|picklist 40 Ncud|*Sent;Responded",
    "HasResponded|Responded|boolean d",
    "FirstRespondedDate|First Responded Date|date N",
    "Salutation|Salutation|picklist 40 Nf",
    "Name|Name|string 255 Nnf",
    "FirstName|First Name|string 40 Nf",
    "LastName|Last Name|string 80 Nf",
    "Title|Title|string 128 Nf",
    "Street|Street|textarea 255 Nf",
    "City|City|string 40 Nf",
    "State|State/Province|string 80 Nf",
    "PostalCode|Zip/Postal Code|string 20 Nf",
    "Country|Country|string 80 Nf",
    "Email|Email|email 80 Nf",
    "Phone|Phone|phone 40 Nf",
    "Fax|Fax|phone 40 Nf",
    "MobilePhone|Mobile|phone 40 Nf",
    "Description|Description|textarea 32000 Nf",
    "DoNotCall|Do Not Call|boolean df",
    "LeadSource|Lead Source|picklist 255 Nf",
    "CompanyOrAccount|Company (Account)|string 255 Nf",
    "Type|Type|string 40 Nf",
    "LeadOrContactId|Related Record ID|reference N|>Contact,Lead:LeadOrContact",
    NULL,
};

const struct schema_standard schema_sales_objects[] = {
    {"Account|Account|Accounts|001", OBJECT_ALL, account_lines},
    {"Contact|Contact|Contacts|003", OBJECT_ALL | OBJECT_PERSON, contact_lines},
    {"Lead|Lead|Leads|00Q", OBJECT_ALL | OBJECT_PERSON, lead_lines},
    {"Opportunity|Opportunity|Opportunities|006", OBJECT_ALL,
     opportunity_lines},
    {"OpportunityLineItem|Opportunity Product|Opportunity Product|00k",
     OBJECT_BURNT, opportunity_line_item_lines},
    {"Product2|Product|Products|01t", OBJECT_ALL, product2_lines},
    {"Pricebook2|Price Book|Price Books|01s", OBJECT_ALL, pricebook2_lines},
    {"PricebookEntry|Price Book Entry|Price Book Entries|01u", OBJECT_BURNT,
     pricebook_entry_lines},
    {"Campaign|Campaign|Campaigns|701", OBJECT_ALL, campaign_lines},
    {"CampaignMember|Campaign Member|Campaign Members|00v", OBJECT_BURNT,
     campaign_member_lines},
    {NULL, 0, NULL},
};
