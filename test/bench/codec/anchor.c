/*
 * The anchor of `bench codec`: libwbxml's own tree functions in a loop. Time is this process's processor time, so that
 * other work on the machine counts as little as it can.
 *   anchor decode FILE MILLISECONDS    parse to a tree and free it; prints documents a second
 *   anchor encode FILE MILLISECONDS    tree to WBXML and free it; prints documents a second
 *   anchor again FILE 0                parse, encode, write what came out
 * Debian's package has no header for the tree functions that its library exports, so they are declared here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wbxml/wbxml.h>
#include <wbxml/wbxml_conv.h>

typedef struct WBXMLTree_s WBXMLTree;
WBXMLError wbxml_tree_from_wbxml(WB_UTINY *wbxml, WB_ULONG length, WBXMLLanguage language, WBXMLCharsetMIBEnum charset,
                                 WBXMLTree **tree);
WBXMLError wbxml_tree_to_wbxml(WBXMLTree *tree, WB_UTINY **wbxml, WB_ULONG *length, WBXMLGenWBXMLParams *params);
void wbxml_tree_destroy(WBXMLTree *tree);

static double used(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what, WBXMLError error) {
  fprintf(stderr, "%s: %s\n", what, (const char *)wbxml_errors_string(error));
  exit(1);
}

static WBXMLTree *parse(WB_UTINY *document, WB_ULONG length) {
  WBXMLTree *tree = NULL;
  WBXMLError error = wbxml_tree_from_wbxml(document, length, WBXML_LANG_UNKNOWN, WBXML_CHARSET_UNKNOWN, &tree);
  if (error != WBXML_OK) fail("parse", error);
  return tree;
}

static WB_UTINY *encode(WBXMLTree *tree, WB_ULONG *length) {
  /* The least work that it can be asked for: no string table, text as it stands. */
  WBXMLGenWBXMLParams params = {WBXML_VERSION_12, TRUE, FALSE, FALSE};
  WB_UTINY *document = NULL;
  WBXMLError error = wbxml_tree_to_wbxml(tree, &document, length, &params);
  if (error != WBXML_OK) fail("encode", error);
  return document;
}

int main(int count, char **words) {
  static WB_UTINY document[1 << 20];
  if (count != 4) return 64;
  FILE *file = fopen(words[2], "rb");
  if (file == NULL) return 1;
  WB_ULONG length = (WB_ULONG)fread(document, 1, sizeof document, file);
  fclose(file);

  int decoding = strcmp(words[1], "decode") == 0;
  WBXMLTree *tree = parse(document, length);
  WB_ULONG written = 0;
  if (strcmp(words[1], "again") == 0) {
    WB_UTINY *out = encode(tree, &written);
    fwrite(out, 1, written, stdout);
    return 0;
  }
  double limit = atof(words[3]) / 1000;
  double start = used();
  double elapsed = 0;
  long done = 0;
  while (elapsed < limit) {
    for (int turn = 0; turn < 100; turn += 1) {
      if (decoding) wbxml_tree_destroy(parse(document, length));
      else free(encode(tree, &written));
    }
    done += 100;
    elapsed = used() - start;
  }
  printf("%f\n", (double)done / elapsed);
  return 0;
}
