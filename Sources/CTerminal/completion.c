#include "CTerminal.h"
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

/// The candidates listed at once; of more, only the number is told.
enum { listed_at_once = 60 };

typedef struct {
  char *text;
  char *summary;
} Candidate;

static struct {
  int start;
  bool is_path;
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

void terminal_offer_from(int start, bool is_path) {
  reply.start = start;
  reply.is_path = is_path;
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
  terminal_offer_from(rl_point, false);
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

static char **attempt(const char *text, int start, int end) {
  (void)end;
  rl_attempted_completion_over = 1;
  rl_completion_suppress_append = 1;
  rl_filename_completion_desired = reply.is_path;
  rl_filename_quoting_desired = 0;
  rl_sort_completion_matches = reply.is_path;
  if (start != reply.start) return NULL;
  return rl_completion_matches(
      text, reply.is_path ? rl_filename_completion_function : next_candidate);
}

static const char *summary_of(const char *text) {
  for (int i = 0; i < reply.count; i++)
    if (strcmp(reply.candidates[i].text, text) == 0) return reply.candidates[i].summary;
  return "";
}

/// Columns of a text, if each character takes one.
static int width(const char *text) {
  int columns = 0;
  for (; *text; text++) columns += (*text & 0xC0) != 0x80;
  return columns;
}

/// Prints as much of a text as fits.
static void print_cut(const char *text, int columns) {
  for (; *text; text++) {
    if ((*text & 0xC0) != 0x80 && columns-- <= 0) return;
    putc(*text, rl_outstream);
  }
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
  if (any_summary && !reply.is_path)
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
