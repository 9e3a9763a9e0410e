#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <readline/history.h>

// Entries of several lines are told apart by the line with the time that stands before each. It
// begins with a character that nobody types, since `#` begins comments of the language.
static void choose_form(void) {
  history_comment_char = '\001';
  history_write_timestamps = 1;
  history_multiline_entries = 1;
}

/// Opens a history file to its end, alone: several sessions write to one file.
///
/// Closing it lets others in. Shortening puts a new file in the place of the old one, so the file
/// that was waited for may be gone.
static int open_alone(const char *path) {
  for (;;) {
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return file;
    struct stat opened, present;
    bool is_alone = flock(file, LOCK_EX) == 0;
    bool is_present = fstat(file, &opened) == 0 && stat(path, &present) == 0 &&
                      opened.st_ino == present.st_ino && opened.st_dev == present.st_dev;
    if (is_alone && is_present) return file;
    close(file);
    if (!is_alone && errno != EINTR) return -1;
  }
}

void terminal_history_load(const char *path, int limit) {
  choose_form();
  using_history();
  int failed = read_history(path);
  if (!failed && history_length > limit + limit / 4) {
    int file = open_alone(path);
    if (file >= 0) {
      history_truncate_file(path, limit);
      close(file);
    }
  }
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

/// Appends one entry by a single write, so that a process that is killed leaves it whole or out.
static int append(const char *path, const char *text) {
  int file = open_alone(path);
  if (file < 0) return errno;
  size_t room = strlen(text) + 32;
  char *entry = malloc(room);
  if (!entry) {
    close(file);
    return ENOMEM;
  }
  int size = snprintf(entry, room, "%c%lld\n%s\n", history_comment_char, (long long)time(NULL), text);
  int failure = write(file, entry, size) == size ? 0 : errno;
  free(entry);
  close(file);
  return failure;
}

int terminal_history_add(const char *text, const char *path) {
  choose_form();
  using_history();
  HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
  if (last && strcmp(last->line, text) == 0) return 0;
  char *stored = without_empty_lines(text);
  if (!stored) return errno;
  add_history(stored);
  int failure = path ? append(path, stored) : 0;
  // The entry of this session is as it was typed.
  if (strcmp(stored, text) != 0) {
    HIST_ENTRY *old = replace_history_entry(history_length - 1, text, NULL);
    if (old) free_history_entry(old);
  }
  free(stored);
  return failure;
}
