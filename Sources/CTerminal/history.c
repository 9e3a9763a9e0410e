// For `mkostemp`.
#define _GNU_SOURCE

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
    // A named pipe must not make this wait.
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0600);
    if (file < 0) return file;
    struct stat opened, present;
    if (fstat(file, &opened) == 0 && !S_ISREG(opened.st_mode)) {
      close(file);
      errno = EINVAL;
      return -1;
    }
    bool is_alone = flock(file, LOCK_EX) == 0;
    bool is_present = fstat(file, &opened) == 0 && stat(path, &present) == 0 &&
                      opened.st_ino == present.st_ino && opened.st_dev == present.st_dev;
    if (is_alone && is_present) return file;
    close(file);
    if (!is_alone && errno != EINTR) return -1;
  }
}

// MARK: - Reading

/// All bytes of a file with a zero behind them, or NULL.
static char *read_whole(const char *path, size_t *size) {
  int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return NULL;
  struct stat information;
  char *bytes = NULL;
  *size = 0;
  bool is_plain = fstat(file, &information) == 0 && S_ISREG(information.st_mode);
  if (is_plain && (bytes = malloc(information.st_size + 1))) {
    ssize_t count;
    while ((count = read(file, bytes + *size, information.st_size - *size)) > 0) *size += count;
    bytes[*size] = 0;
  }
  close(file);
  return bytes;
}

static bool begins_entry(const char *line) {
  return line[0] == history_comment_char && line[1] >= '0' && line[1] <= '9';
}

static const char *next_line(const char *line) {
  const char *end = strchr(line, '\n');
  return end ? end + 1 : line + strlen(line);
}

static char *copy(const char *start, const char *end) {
  if (end > start && end[-1] == '\n') end--;
  return strndup(start, end - start);
}

/// Makes the last `limit` of the entries that a file of `choose_form` holds the history.
///
/// readline reads such a file too, but takes six times as long, which is felt at the start.
static bool take_entries(const char *bytes, int limit) {
  int count = 0;
  for (const char *line = bytes; *line; line = next_line(line)) count += begins_entry(line);
  int skipped = count > limit ? count - limit : 0;
  // Room for a session's own entries, so that the list grows rarely.
  int room = count - skipped + 1000;
  HIST_ENTRY **entries = calloc(room, sizeof *entries);
  if (!entries) return false;
  int taken = 0;
  for (const char *line = bytes; *line;) {
    const char *text = next_line(line);
    const char *end = text;
    while (*end && !begins_entry(end)) end = next_line(end);
    if (skipped-- <= 0 && end > text) {
      HIST_ENTRY *entry = calloc(1, sizeof *entry);
      if (!entry) break;
      entry->line = copy(text, end);
      entry->timestamp = copy(line, text);
      entries[taken++] = entry;
    }
    line = end;
  }
  HISTORY_STATE state = {.entries = entries, .offset = taken, .length = taken, .size = room};
  history_set_history_state(&state);
  return true;
}

/// Reads a history file, and returns false if there is none.
static bool read_entries(const char *path, int limit) {
  size_t size = 0;
  char *bytes = read_whole(path, &size);
  bool is_ours = bytes && begins_entry(bytes) && take_entries(bytes, limit + limit / 4 + 1);
  bool has_text = bytes && size > 0;
  free(bytes);
  return is_ours || (has_text && read_history(path) == 0);
}

// MARK: - Shortening

/// The place where the last `limit` entries begin.
static const char *last_entries(const char *bytes, int limit) {
  int count = 0;
  for (const char *line = bytes; *line; line = next_line(line)) count += begins_entry(line);
  for (const char *line = bytes; *line; line = next_line(line))
    if (begins_entry(line) && count-- <= limit) return line;
  return bytes;
}

static bool write_whole(int file, const char *bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t count = write(file, bytes + done, size - done);
    if (count <= 0 && errno != EINTR) return false;
    if (count > 0) done += count;
  }
  return true;
}

/// Puts a file with the last entries in the place of a history file that nobody else writes to.
///
/// readline does so by a name that others can know beforehand, and follows a link that waits there.
static void shorten(const char *path, int limit) {
  size_t size;
  char *place = realpath(path, NULL);
  char *bytes = place ? read_whole(place, &size) : NULL;
  char *aside = bytes ? malloc(strlen(place) + 8) : NULL;
  if (aside) {
    sprintf(aside, "%s.XXXXXX", place);
    int file = mkostemp(aside, O_CLOEXEC);
    const char *kept = last_entries(bytes, limit);
    bool is_whole = file >= 0 && write_whole(file, kept, strlen(kept)) && fsync(file) == 0;
    if (file >= 0) close(file);
    if (file >= 0 && (!is_whole || rename(aside, place) != 0)) unlink(aside);
  }
  free(aside);
  free(bytes);
  free(place);
}

void terminal_history_load(const char *path, int limit) {
  choose_form();
  using_history();
  if (read_entries(path, limit) && history_length > limit + limit / 4) {
    int file = open_alone(path);
    if (file >= 0) {
      shorten(path, limit);
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

int terminal_history_append(const char *text, const char *path) {
  choose_form();
  char *stored = without_empty_lines(text);
  if (!stored) return errno;
  int failure = append(path, stored);
  free(stored);
  return failure;
}
