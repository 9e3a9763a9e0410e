#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>

// Entries of several lines are told apart by the line with the time that stands before each. It
// begins with a character that nobody types, since `#` begins comments of the language.
static void choose_form(void) {
  history_comment_char = '\001';
  history_write_timestamps = 1;
  history_multiline_entries = 1;
}

void terminal_history_load(const char *path, int limit) {
  choose_form();
  using_history();
  int failed = read_history(path);
  if (!failed && history_length > limit + limit / 4) history_truncate_file(path, limit);
  stifle_history(limit);
  using_history();
}

/// The text with a space on each empty line: the reader of history files passes over empty lines.
static char *without_empty_lines(const char *text) {
  char *result = malloc(2 * strlen(text) + 1);
  if (!result) return NULL;
  char *next = result;
  for (const char *byte = text; *byte; byte++) {
    if (*byte == '\n' && byte > text && byte[-1] == '\n') *next++ = ' ';
    *next++ = *byte;
  }
  *next = 0;
  return result;
}

static int append_last(const char *path) {
  // append_history does not create the file.
  int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  close(file);
  return append_history(1, path);
}

int terminal_history_add(const char *text, const char *path) {
  choose_form();
  using_history();
  HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
  if (last && strcmp(last->line, text) == 0) return 0;
  char *stored = without_empty_lines(text);
  if (!stored) return errno;
  add_history(stored);
  int failure = path ? append_last(path) : 0;
  // The entry of this session is as it was typed.
  if (strcmp(stored, text) != 0) {
    HIST_ENTRY *old = replace_history_entry(history_length - 1, text, NULL);
    if (old) free_history_entry(old);
  }
  free(stored);
  return failure;
}
