#include <libxml/xmlversion.h>
// Where libxml2 is built with ICU its headers name ICU's types, which clash with Foundation's own copy. Nothing here uses them.
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
