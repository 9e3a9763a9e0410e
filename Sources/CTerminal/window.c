// For the width of letters.
#define _XOPEN_SOURCE 700

#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <readline/readline.h>

// The editor can only draw what fits on the screen. Of a taller text it is given the lines around the
// cursor, with `...` for the others.

/// What stands for the lines above and below.
static const char above[] = "...\n";
static const char below[] = "\n...";

/// A line of the text: its place, its length in bytes, and its height on the screen.
typedef struct {
  int start, length, rows;
} Line;

/// The line at the top of the window, so that the window stays while the cursor moves inside.
static int top_line;

static bool shows_window;

bool terminal_shows_window(void) { return shows_window; }

/// The columns that a piece of text takes, and those of what the editor shows in its place.
static int columns_of(const char *text, int length) {
  int columns = 0;
  mbstate_t state = {0};
  for (int place = 0; place < length;) {
    wchar_t letter;
    size_t bytes = mbrtowc(&letter, text + place, length - place, &state);
    if (bytes == 0 || bytes > (size_t)length) {
      memset(&state, 0, sizeof state);
      bytes = 1;
      columns += 4;
    } else if (letter == L'\t') {
      columns += 8 - columns % 8;
    } else {
      int width = wcwidth(letter);
      columns += width < 0 ? 2 : width;
    }
    place += (int)bytes;
  }
  return columns;
}

/// The lines of the text and the number of rows they take; NULL if there is no memory.
static Line *lines_of_text(int screen_columns, int *count, int *rows) {
  *count = 1;
  for (int place = 0; place < rl_end; place++) *count += rl_line_buffer[place] == '\n';
  Line *lines = malloc(*count * sizeof *lines);
  if (!lines) return NULL;
  int start = 0;
  *rows = 0;
  for (int number = 0; number < *count; number++) {
    const char *end = memchr(rl_line_buffer + start, '\n', rl_end - start);
    int length = end ? (int)(end - rl_line_buffer) - start : rl_end - start;
    int columns = columns_of(rl_line_buffer + start, length);
    if (number == 0 && rl_display_prompt)
      columns += columns_of(rl_display_prompt, (int)strlen(rl_display_prompt));
    lines[number] = (Line){start, length, columns / screen_columns + 1};
    *rows += lines[number].rows;
    start += length + 1;
  }
  return lines;
}

static int line_with_cursor(const Line *lines, int count) {
  int number = 0;
  while (number + 1 < count && lines[number + 1].start <= rl_point) number++;
  return number;
}

/// The first and the last line of a window of so many rows around a line; false if that line alone is
/// taller.
static bool choose_lines(const Line *lines, int count, int cursor, int rows, int *first, int *last) {
  *first = top_line < cursor ? top_line : cursor;
  int used = 0;
  for (int number = *first; number <= cursor; number++) used += lines[number].rows;
  while (used > rows && *first < cursor) used -= lines[(*first)++].rows;
  if (used > rows) return false;
  *last = cursor;
  while (*last + 1 < count && used + lines[*last + 1].rows <= rows) used += lines[++*last].rows;
  while (*first > 0 && used + lines[*first - 1].rows <= rows) used += lines[--*first].rows;
  top_line = *first;
  return true;
}

/// Draws part of the text as if it were all.
static void draw(int start, int end, bool has_above, bool has_below) {
  int before = has_above ? (int)strlen(above) : 0;
  char *part = malloc(end - start + strlen(above) + strlen(below) + 1);
  if (!part) return rl_redisplay();
  memcpy(part, above, before);
  memcpy(part + before, rl_line_buffer + start, end - start);
  strcpy(part + before + end - start, has_below ? below : "");

  char *text = rl_line_buffer;
  int point = rl_point, length = rl_end, mark = rl_mark;
  rl_line_buffer = part;
  rl_end = (int)strlen(part);
  rl_point = point - start + before;
  rl_mark = mark < start ? before : mark > end ? before + end - start : mark - start + before;
  rl_redisplay();
  rl_line_buffer = text;
  rl_point = point;
  rl_end = length;
  rl_mark = mark;
  free(part);
}

void terminal_redisplay(void) {
  int screen_rows, screen_columns, count, rows, first, last;
  rl_get_screen_size(&screen_rows, &screen_columns);
  Line *lines =
      screen_rows > 3 && screen_columns > 1 ? lines_of_text(screen_columns, &count, &rows) : NULL;
  bool is_tall = lines && rows > screen_rows;
  if (!is_tall) top_line = 0;
  shows_window =
      is_tall
      && choose_lines(lines, count, line_with_cursor(lines, count), screen_rows - 2, &first, &last);
  if (shows_window)
    draw(
        lines[first].start, lines[last].start + lines[last].length, first > 0, last + 1 < count);
  else
    rl_redisplay();
  free(lines);
}
