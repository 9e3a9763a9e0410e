// For `wcwidth`.
#define _XOPEN_SOURCE 700

#include "CTerminal.h"
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <wchar.h>

#include <readline/readline.h>

/// The candidates listed at once; of more, only the number is told.
enum { listed_at_once = 200 };

typedef struct {
  char *text;
  char *summary;
} Candidate;

static struct {
  int start;
  bool is_path;
  char endings[256];
  Candidate *candidates;
  int count;
  int capacity;
} reply;

static void forget_reply(void) {
  for (int i = 0; i < reply.count; i++) {
    free(reply.candidates[i].text);
    free(reply.candidates[i].summary);
  }
  reply.count = 0;
}

void terminal_offer_from(int start, bool is_path, const char *endings) {
  reply.start = start;
  reply.is_path = is_path;
  snprintf(reply.endings, sizeof reply.endings, "%s", endings);
}

void terminal_offer(const char *text, const char *summary) {
  if (reply.count == reply.capacity) {
    int capacity = reply.capacity ? 2 * reply.capacity : 64;
    Candidate *larger = realloc(reply.candidates, capacity * sizeof *larger);
    if (!larger) return;
    reply.candidates = larger;
    reply.capacity = capacity;
  }
  reply.candidates[reply.count++] = (Candidate){strdup(text), strdup(summary)};
}

/// Asks the owner, and returns break characters by which readline finds the same start of the word.
static char *find_word(void) {
  static char break_characters[2];
  forget_reply();
  terminal_offer_from(rl_point, false, "");
  terminal_ask_owner_to_complete(rl_line_buffer, rl_point);
  if (reply.start < 0 || reply.start > rl_point) reply.start = rl_point;
  break_characters[0] = reply.start > 0 ? rl_line_buffer[reply.start - 1] : 0;
  return break_characters;
}

static char *next_candidate(const char *text, int state) {
  static int next;
  if (state == 0) next = 0;
  size_t length = strlen(text);
  while (next < reply.count) {
    const char *candidate = reply.candidates[next++].text;
    if (strncmp(candidate, text, length) == 0) return strdup(candidate);
  }
  return NULL;
}

/// Whether a file is of a kind that is wanted here.
static bool has_wanted_ending(const char *path) {
  size_t length = strlen(path);
  for (const char *ending = reply.endings; *ending;) {
    size_t size = strcspn(ending, " ");
    if (size <= length && strncasecmp(path + length - size, ending, size) == 0) return true;
    ending += size + (ending[size] == ' ');
  }
  return false;
}

static bool is_folder(const char *path) {
  char *expanded = tilde_expand(path);
  struct stat information;
  bool result = expanded && stat(expanded, &information) == 0 && S_ISDIR(information.st_mode);
  free(expanded);
  return result;
}

static char *next_path(const char *text, int state) {
  char *path = rl_filename_completion_function(text, state);
  while (path && *reply.endings && !has_wanted_ending(path) && !is_folder(path)) {
    free(path);
    path = rl_filename_completion_function(text, 1);
  }
  return path;
}

static char **attempt(const char *text, int start, int end) {
  (void)end;
  rl_attempted_completion_over = 1;
  rl_completion_suppress_append = 1;
  rl_filename_completion_desired = reply.is_path;
  rl_filename_quoting_desired = 0;
  rl_sort_completion_matches = reply.is_path;
  if (start != reply.start) return NULL;
  return rl_completion_matches(text, reply.is_path ? next_path : next_candidate);
}

static const char *summary_of(const char *text) {
  for (int i = 0; i < reply.count; i++)
    if (strcmp(reply.candidates[i].text, text) == 0) return reply.candidates[i].summary;
  return "";
}

/// The bytes of the next character, and how many columns it takes.
static size_t character(const char *text, int *columns) {
  wchar_t letter;
  mbstate_t state = {0};
  size_t size = mbrtowc(&letter, text, MB_CUR_MAX, &state);
  if (size == 0 || size > MB_CUR_MAX) {
    *columns = 1;
    return 1;
  }
  int width = wcwidth(letter);
  *columns = width < 0 ? 0 : width;
  return size;
}

/// Columns of a text.
static int width(const char *text) {
  int total = 0;
  while (*text) {
    int columns;
    text += character(text, &columns);
    total += columns;
  }
  return total;
}

/// Prints as much of a text as fits; dots say that there is more.
static void print_cut(const char *text, int room) {
  bool is_cut = width(text) > room && room > 3;
  if (is_cut) room -= 3;
  while (*text) {
    int columns;
    size_t size = character(text, &columns);
    if (columns > room) break;
    room -= columns;
    fwrite(text, 1, size, rl_outstream);
    text += size;
  }
  if (is_cut) fputs("...", rl_outstream);
}

static void print_with_summaries(char **matches, int count, int widest) {
  rl_crlf();
  int columns = terminal_columns();
  for (int i = 1; i <= count; i++) {
    int used = width(matches[i]);
    print_cut(matches[i], columns - 1);
    const char *summary = summary_of(matches[i]);
    if (*summary) {
      fprintf(rl_outstream, "%*s", widest - used + 2, "");
      print_cut(summary, columns - widest - 3);
    }
    rl_crlf();
  }
}

static void display(char **matches, int count, int longest) {
  int shown = count < listed_at_once ? count : listed_at_once;
  bool any_summary = false;
  int widest = 0;
  for (int i = 1; i <= shown; i++) {
    any_summary = any_summary || *summary_of(matches[i]);
    if (width(matches[i]) > widest) widest = width(matches[i]);
  }
  int rows, columns;
  rl_get_screen_size(&rows, &columns);
  // What would scroll away is listed by name alone, in columns.
  if (any_summary && !reply.is_path && count <= rows - 2)
    print_with_summaries(matches, shown, widest);
  else
    rl_display_match_list(matches, shown, longest);
  if (shown < count) {
    fprintf(rl_outstream, "... and %d more", count - shown);
    rl_crlf();
  }
  rl_forced_update_display();
}

void terminal_open_completion(void) {
  rl_completion_word_break_hook = find_word;
  rl_attempted_completion_function = attempt;
  rl_completion_display_matches_hook = display;
  rl_completer_quote_characters = NULL;
}
