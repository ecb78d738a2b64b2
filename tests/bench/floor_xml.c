/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor_xml FILE: what libxml2's xmlTextReader alone needs to walk the file, a
 * node at a time, looking at names and texts.
 */
#include <inttypes.h>
#include <libxml/xmlreader.h>
#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
    uint64_t elements = 0, bytes = 0;
    int status = -1;
    xmlTextReader *reader =
        argc > 1 ? xmlReaderForFile(argv[1], NULL, XML_PARSE_NONET) : NULL;

    while (reader != NULL && (status = xmlTextReaderRead(reader)) == 1) {
        int type = xmlTextReaderNodeType(reader);
        if (type == XML_READER_TYPE_ELEMENT)
            elements += xmlTextReaderConstLocalName(reader) != NULL;
        else if (type == XML_READER_TYPE_TEXT)
            bytes += (uint64_t)xmlStrlen(xmlTextReaderConstValue(reader));
    }
    xmlFreeTextReader(reader);
    printf("%" PRIu64 " elements, %" PRIu64 " bytes\n", elements, bytes);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
