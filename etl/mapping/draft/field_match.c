/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/draft/field_match.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define WORD_LIMIT 80

/* Words of exports, and the fields they are for: the first that the object
 * has. Words are as letters_of leaves them; each stands between blanks. */
static const struct alias {
    const char *words, *fields;
} aliases[] = {
    {" name ", "Name LastName Company"},
    {" lastname ", "LastName"},
    {" firstname ", "FirstName"},
    {" description ", "Description"},
    {" name1 companyname company accountname firma kundenname customername "
     "organization organisation unternehmen account client ",
     "Name Company"},
    {" nachname surname familyname familienname lname ", "LastName"},
    {" vorname givenname forename fname ", "FirstName"},
    {" anrede title1 prefix ", "Salutation"},
    {" position jobtitle funktion ", "Title"},
    {" street strasse straße str stras address address1 addressline1 adresse "
     "billingaddress mailingaddress ",
     "BillingStreet MailingStreet Street"},
    {" zip zipcode zippostalcode postalcode postcode plz pstlz billingzip "
     "mailingzip ",
     "BillingPostalCode MailingPostalCode PostalCode"},
    {" city town ort stadt ort01 ville ", "BillingCity MailingCity City"},
    {" state stateprovince province bundesland ",
     "BillingState MailingState State"},
    {" country land land1 pays countryregion ",
     "BillingCountry MailingCountry Country"},
    {" phone telephone telefon tel telf1 phonenumber telefonnummer "
     "businessphone mainphone ",
     "Phone"},
    {" mobile mobil mobilephone handy cell cellphone ", "MobilePhone"},
    {" fax telefax telfx faxnumber ", "Fax"},
    {" mail email emailaddress smtpaddr ", "Email"},
    {" web website webseite homepage url internet ", "Website"},
    {" revenue umsatz turnover sales annualsales jahresumsatz ",
     "AnnualRevenue"},
    {" employees mitarbeiter headcount staff noofemployees ",
     "NumberOfEmployees"},
    {" remark remarks comment comments note notes bemerkung notiz memo ",
     "Description"},
    {" branch branche sector ", "Industry"},
    {" amount betrag value total ", "Amount"},
    {" close closingdate closed ", "CloseDate"},
    {" stage phase ", "StageName"},
    {" birthday geburtsdatum dob ", "Birthdate"},
    {" matnr sku articleno productno itemno ", "ProductCode"},
};

static const char key_words[] =
    " id no nr number nummer key code externalid extid legacyid erpid kunnr "
    "lifnr matnr customerno customernumber customerid kundennummer kundennr "
    "accountno accountnumber accountid contactno contactid clientid orderno "
    "internalid recordid sku productcode uuid guid ";

/* Letters and digits, small; without "__c" at the end. Bytes of other letters
 * stay. */
static void
letters_of(struct slice name, char text[WORD_LIMIT])
{
    size_t len = 0;
    if (name.len > 3 &&
        slice_is_nocase((struct slice){name.ptr + name.len - 3, 3}, "__c")) {
        name.len -= 3;
    }
    for (size_t i = 0; i < name.len && len + 1 < WORD_LIMIT; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        if (isalnum(c) || c >= 0x80) {
            text[len++] = (char)tolower(c);
        }
    }
    text[len] = '\0';
}

static bool
holds_word(const char *words, const char *word)
{
    char spaced[WORD_LIMIT + 2];
    snprintf(spaced, sizeof spaced, " %s ", word);
    return *word != '\0' && strstr(words, spaced) != NULL;
}

bool
field_match_is_key_name(struct slice column)
{
    char word[WORD_LIMIT];
    letters_of(column, word);
    size_t len = strlen(word);
    const char *end = len > 3 ? word + len - 2 : "";
    return holds_word(key_words, word) || strcmp(end, "id") == 0 ||
           strcmp(end, "nr") == 0 || strcmp(end, "no") == 0;
}

/* Share of the examples that a restricted picklist has. */
static bool
fits_picklist(const struct schema_field *field,
              const struct column_profile *profile)
{
    for (size_t i = 0; i < profile->example_count; i++) {
        for (size_t j = 0; j < field->picklist_count; j++) {
            if (slice_is(profile->examples[i], field->picklist[j])) {
                return true;
            }
        }
    }
    return profile->example_count == 0;
}

/* NULL when it fits, else why not. */
static const char *
misfit(const struct schema_field *field, const struct column_guess *guess,
       const struct column_profile *profile)
{
    enum column_kind kind = guess->kind;
    if (kind == COLUMN_BLANK) {
        return NULL;
    }
    switch (field->type) {
    case FIELD_INT:
    case FIELD_LONG:
    case FIELD_DOUBLE:
    case FIELD_CURRENCY:
    case FIELD_PERCENT:
        return guess->is_number ? NULL : "not all values are numbers";
    case FIELD_DATE:
        return kind == COLUMN_DATE ? NULL : "not all values are dates";
    case FIELD_DATETIME:
        return kind == COLUMN_DATETIME ? NULL : "not all values are times";
    case FIELD_BOOLEAN:
        return kind == COLUMN_BOOLEAN ? NULL : "it holds no yes and no";
    case FIELD_EMAIL:
        return kind == COLUMN_EMAIL ? NULL : "not all values are addresses";
    case FIELD_REFERENCE:
    case FIELD_ID:
        return kind == COLUMN_ID ? NULL : "it holds no record ids";
    case FIELD_PICKLIST:
    case FIELD_MULTIPICKLIST:
        return !field->restricted_picklist || fits_picklist(field, profile)
                   ? NULL
                   : "the picklist has other values";
    case FIELD_ADDRESS:
    case FIELD_LOCATION:
    case FIELD_BASE64:
        return "that can't be written from a text";
    default:
        return NULL;
    }
}

static struct field_match
match_of(const struct schema_field *field, enum match_surety surety,
         const char *why, const struct column_guess *guess,
         const struct column_profile *profile)
{
    const char *misfits = misfit(field, guess, profile);
    return (struct field_match){
        .field = field,
        .name = field->name,
        .surety = misfits != NULL ? MATCH_POSSIBLE : surety,
        .why = misfits != NULL ? misfits : why,
    };
}

static const struct schema_field *
find_by(const struct schema_object *object, const char *word, bool by_label)
{
    char other[WORD_LIMIT];
    for (size_t i = 0; *word != '\0' && i < object->field_count; i++) {
        const struct schema_field *field = &object->fields[i];
        const char *text = by_label ? field->label : field->name;
        letters_of(slice_of(text != NULL ? text : ""), other);
        if (strcmp(word, other) == 0) {
            return field;
        }
    }
    return NULL;
}

/* The first of the fields, between blanks, that the object has. */
static const struct schema_field *
first_field(const struct schema_object *object, const char *fields)
{
    while (*fields != '\0') {
        size_t len = strcspn(fields, " ");
        const struct schema_field *field =
            schema_object_field(object, (struct slice){fields, len});
        if (field != NULL) {
            return field;
        }
        fields += len + strspn(fields + len, " ");
    }
    return NULL;
}

static const struct alias *
find_alias(const char *word)
{
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (holds_word(aliases[i].words, word)) {
            return &aliases[i];
        }
    }
    return NULL;
}

/* Without metadata: an Account has a BillingCity, a Contact a MailingCity,
 * a Lead a City, and so they stand in the list. */
static struct field_match
match_usual(const char *object_name, const struct alias *alias,
            struct arena *arena)
{
    const char *name = alias->fields;
    size_t steps = strcmp(object_name, "Contact") == 0 ? 1
                   : strcmp(object_name, "Lead") == 0  ? 2
                                                       : 0;
    for (; steps > 0 && strchr(name, ' ') != NULL; steps--) {
        name = strchr(name, ' ') + 1;
    }
    return (struct field_match){
        .name = arena_strdup(arena, (struct slice){name, strcspn(name, " ")}),
        .surety = MATCH_LIKELY,
        .why = "by what is usual, not checked",
    };
}

struct field_match
field_match_find(const struct schema_object *object, const char *object_name,
                 struct slice column, const struct column_guess *guess,
                 const struct column_profile *profile, struct arena *arena)
{
    char word[WORD_LIMIT];
    letters_of(column, word);
    const struct alias *alias = find_alias(word);
    struct field_match none = {.surety = MATCH_NONE};
    if (object == NULL) {
        return alias != NULL ? match_usual(object_name, alias, arena) : none;
    }
    const struct schema_field *field = find_by(object, word, false);
    if (field != NULL) {
        return match_of(field, MATCH_SURE, "by its name", guess, profile);
    }
    field = find_by(object, word, true);
    if (field != NULL) {
        return match_of(field, MATCH_SURE, "by its label", guess, profile);
    }
    field = alias != NULL ? first_field(object, alias->fields) : NULL;
    if (field != NULL) {
        return match_of(field, MATCH_LIKELY, "by what is usual", guess,
                        profile);
    }
    return none;
}
