#include "CTerminal.h"
#include "internal.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

enum { indentation_step = 2 };

static TerminalHooks owner;
/// Whether one line is asked for, without completion or history.
static bool is_question;

void terminal_ask_owner_to_complete(const char *text, int cursor) {
  if (owner.complete && !is_question) owner.complete(owner.context, text, cursor);
}

// MARK: - Places in the text

static int line_start(void) {
  int place = rl_point;
  while (place > 0 && rl_line_buffer[place - 1] != '\n') place--;
  return place;
}

static int line_end(int place) {
  while (place < rl_end && rl_line_buffer[place] != '\n') place++;
  return place;
}

/// Whether only blanks stand before the cursor on its line.
static bool is_at_margin(void) {
  for (int place = line_start(); place < rl_point; place++)
    if (rl_line_buffer[place] != ' ' && rl_line_buffer[place] != '\t') return false;
  return true;
}

static void insert_spaces(int count) {
  char spaces[81];
  if (count <= 0) return;
  if (count > 80) count = 80;
  memset(spaces, ' ', count);
  spaces[count] = 0;
  rl_insert_text(spaces);
}

/// Whether keys wait already: then text is pasted, which has its own indentation.
static bool keys_wait(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&input, 1, 0) > 0;
}

// MARK: - Keys

static int insert_newline(int count, int key) {
  (void)count, (void)key;
  rl_insert_text("\n");
  return 0;
}

static int accept_or_go_on(int count, int key) {
  bool may_go_on = owner.next_indentation && !is_question;
  int indentation = may_go_on ? owner.next_indentation(owner.context, rl_line_buffer) : -1;
  if (indentation < 0) return rl_newline(count, key);
  rl_begin_undo_group();
  rl_insert_text("\n");
  if (!keys_wait()) insert_spaces(indentation);
  rl_end_undo_group();
  return 0;
}

/// A closing bracket at the margin of a further line moves one step out.
static int close_bracket(int count, int key) {
  int start = line_start();
  if (start > 0 && is_at_margin() && rl_point - start >= indentation_step) {
    rl_delete_text(rl_point - indentation_step, rl_point);
    rl_point -= indentation_step;
  }
  return rl_insert(count, key);
}

static int complete_or_indent(int count, int key) {
  if (is_question) return 0;
  if (is_at_margin()) {
    insert_spaces(indentation_step);
    return 0;
  }
  return rl_complete(count, key);
}

// MARK: - Up and down: inside a block first, then through the entries that begin like the text

static char *wanted_prefix;

static int move_up(int count, int key);
static int move_down(int count, int key);

static void choose_prefix(void) {
  if (wanted_prefix && (rl_last_func == move_up || rl_last_func == move_down)) return;
  free(wanted_prefix);
  wanted_prefix = strndup(rl_line_buffer, rl_point);
}

/// How many entries away the next one is that begins as wanted; 0 if there is none.
static int distance_to_match(int direction) {
  const char *prefix = wanted_prefix ? wanted_prefix : "";
  size_t length = strlen(prefix);
  int here = where_history();
  for (int place = here + direction; place >= 0 && place < history_length; place += direction) {
    HIST_ENTRY *entry = history_get(history_base + place);
    if (entry && strncmp(entry->line, prefix, length) == 0) return abs(place - here);
  }
  return 0;
}

static void move_to_line(int start, int column) {
  int end = line_end(start);
  rl_point = start + column < end ? start + column : end;
  while (rl_point > start && (rl_line_buffer[rl_point] & 0xC0) == 0x80) rl_point--;
}

static int move_up(int count, int key) {
  (void)count;
  int start = line_start();
  if (start > 0) {
    int column = rl_point - start;
    rl_point = start - 1;
    move_to_line(line_start(), column);
    return 0;
  }
  if (is_question) return rl_ding();
  choose_prefix();
  int distance = distance_to_match(-1);
  if (distance == 0) return rl_ding();
  rl_get_previous_history(distance, key);
  // The end of the first line, so that the next key goes on through the history.
  rl_point = line_end(0);
  return 0;
}

static int move_down(int count, int key) {
  (void)count;
  int end = line_end(rl_point);
  if (end < rl_end) {
    move_to_line(end + 1, rl_point - line_start());
    return 0;
  }
  if (is_question || where_history() >= history_length) return rl_ding();
  choose_prefix();
  int distance = distance_to_match(1);
  // Past the last match stands the text that was begun.
  rl_get_next_history(distance > 0 ? distance : history_length - where_history(), key);
  rl_point = rl_end;
  return 0;
}

// MARK: - Ends of a line: of the cursor's line first, then of the text

static int move_home(int count, int key) {
  (void)count, (void)key;
  int start = line_start();
  rl_point = rl_point == start ? 0 : start;
  return 0;
}

static int move_end(int count, int key) {
  (void)count, (void)key;
  int end = line_end(rl_point);
  rl_point = rl_point == end ? rl_end : end;
  return 0;
}

// MARK: - Binding keys

static void bind_keys(Keymap keys, bool inserts) {
  rl_bind_key_in_map('\r', accept_or_go_on, keys);
  rl_bind_key_in_map('\n', accept_or_go_on, keys);
  static const char *const up[] = {"\033[A", "\033OA"};
  static const char *const down[] = {"\033[B", "\033OB"};
  for (int form = 0; form < 2; form++) {
    rl_bind_keyseq_in_map(up[form], move_up, keys);
    rl_bind_keyseq_in_map(down[form], move_down, keys);
  }
  if (!inserts) return;
  static const char *const home[] = {"\001", "\033[H", "\033OH", "\033[1~"};
  static const char *const end[] = {"\005", "\033[F", "\033OF", "\033[4~"};
  for (int form = 0; form < 4; form++) {
    rl_bind_keyseq_in_map(home[form], move_home, keys);
    rl_bind_keyseq_in_map(end[form], move_end, keys);
  }
  rl_bind_key_in_map('\t', complete_or_indent, keys);
  for (const char *bracket = ")]}"; *bracket; bracket++)
    rl_bind_key_in_map(*bracket, close_bracket, keys);
}

// MARK: - The screen

/// The editor divides by its columns and by a third of them, so it must not know of fewer.
enum { fewest_columns = 8 };

static void keep_from_tiny_window(void) {
  int rows, columns;
  rl_get_screen_size(&rows, &columns);
  if (rows < 1 || columns < fewest_columns)
    rl_set_screen_size(rows < 1 ? 1 : rows, fewest_columns + 1);
}

/// Whether the window is too small for the editor, which is told of a larger one.
static bool take_tiny_window(void) {
  struct winsize window;
  bool known = ioctl(fileno(rl_instream), TIOCGWINSZ, &window) == 0;
  if (!known || window.ws_col == 0 || window.ws_col > fewest_columns) return false;
  rl_set_screen_size(window.ws_row > 0 ? window.ws_row : 1, fewest_columns + 1);
  return true;
}

/// The terminal was in other hands while the program was stopped.
static void take_terminal_again(void) {
  rl_deprep_terminal();
  rl_prep_terminal(1);
  rl_forced_update_display();
}

static void take_new_size(void) {
  bool had_window = terminal_shows_window();
  if (!take_tiny_window()) {
    // The editor finds the rows that it drew before only with its own way to draw.
    if (!had_window) rl_redisplay_function = rl_redisplay;
    rl_resize_terminal();
    rl_redisplay_function = terminal_redisplay;
    keep_from_tiny_window();
  }
  terminal_redisplay();
  // A part of a tall text takes the whole screen.
  if (had_window || terminal_shows_window()) rl_clear_screen(1, 0);
}

// MARK: - Reading

/// Whether the text goes on, or how it ends before its time.
static enum { goes_on, is_given_up, is_hung_up } fate;
/// What the editor is still to read so that it leaves a search and a paste.
static const char *way_out;
static bool is_end_drawn;

static void end_early(int how) {
  if (fate != goes_on) return;
  fate = how;
  way_out = RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH) ? "\007\033[201~" : "\033[201~";
}

/// Does what signals ask for.
static void answer_signals(void) {
  char letter;
  bool has_new_size = false, is_continued = false;
  while (read(terminal_signal_pipe(), &letter, 1) == 1) {
    if (letter == TERMINAL_SIGNAL_INTERRUPT) end_early(is_given_up);
    has_new_size = has_new_size || letter == TERMINAL_SIGNAL_RESIZE;
    is_continued = is_continued || letter == TERMINAL_SIGNAL_CONTINUE;
  }
  if (fate != goes_on) return;
  if (has_new_size) take_new_size();
  if (is_continued) take_terminal_again();
}

/// Whether an interrupt came; other signals are forgotten.
static bool take_old_signals(void) {
  char letter;
  bool interrupted = false;
  while (read(terminal_signal_pipe(), &letter, 1) == 1)
    interrupted = interrupted || letter == TERMINAL_SIGNAL_INTERRUPT;
  return interrupted;
}

/// Leaves the text as it stands on the screen.
static void draw_end(void) {
  is_end_drawn = true;
  rl_point = rl_end;
  terminal_redisplay();
  fputs("^C\n", rl_outstream);
  fflush(rl_outstream);
}

/// What the editor reads once the text ends before its time.
///
/// An error of reading ends everything but what would be left broken: a search puts back the line
/// and its prompt for Ctrl-G alone, and a paste that does not end is a string without an end.
static int key_that_ends(void) {
  if (!RL_ISSTATE(RL_STATE_READCMD)) return *way_out ? *way_out++ : READERR;
  if (fate == is_given_up && !is_end_drawn) draw_end();
  return READERR;
}

static UNDO_LIST *first_step(UNDO_LIST *steps) {
  while (steps && steps->next) steps = steps->next;
  return steps;
}

/// Leaves the undoing of an entry of the history to the history.
///
/// After some ways through the history the steps by which the text is undone go over into those of
/// another entry, or these into them. At the end of a text the editor frees both, the common ones twice.
static void part_from_history(void) {
  int here = where_history();
  for (int place = 0; place < history_length && rl_undo_list; place++) {
    HIST_ENTRY *entry = place == here ? NULL : history_get(history_base + place);
    bool has_steps = entry && entry->data;
    if (has_steps && first_step(entry->data) == first_step(rl_undo_list)) rl_undo_list = NULL;
  }
}

/// Waits until there is a key or a signal, and returns false if neither can come.
static bool wait_for_input(bool *has_key) {
  struct pollfd watched[2] = {
      {.fd = STDIN_FILENO, .events = POLLIN},
      {.fd = terminal_signal_pipe(), .events = POLLIN},
  };
  *has_key = false;
  if (poll(watched, 2, -1) < 0) return errno == EINTR;
  *has_key = watched[0].revents && !watched[1].revents;
  return true;
}

/// The next byte from the keyboard; while it is waited for, signals are answered.
static int next_key(FILE *stream) {
  (void)stream;
  if (RL_ISSTATE(RL_STATE_READCMD) && rl_last_func != rl_insert) part_from_history();
  // Here the editor only looks for more of the same among what was typed already.
  bool looks_ahead = !RL_ISSTATE(RL_STATE_READCMD | RL_STATE_MOREINPUT) && keys_wait();
  for (;;) {
    bool has_key = looks_ahead;
    if (!looks_ahead) {
      answer_signals();
      if (fate != goes_on) return key_that_ends();
      if (!wait_for_input(&has_key)) end_early(is_hung_up);
    }
    if (!has_key) continue;
    unsigned char byte;
    ssize_t count = read(STDIN_FILENO, &byte, 1);
    if (count == 1) return byte;
    if (count == 0 || (errno != EINTR && errno != EAGAIN)) end_early(is_hung_up);
    looks_ahead = false;
  }
}

/// Unbinds what is bound to the command of its lower case and has none: the editor would look for
/// that command for ever.
static void mend_keymap(Keymap keys, int depth) {
  for (int key = 0; key < KEYMAP_SIZE; key++) {
    bool is_map = keys[key].type == ISKMAP && keys[key].function;
    if (is_map && depth < 8) mend_keymap((Keymap)keys[key].function, depth + 1);
    bool is_lower = key >= 256 || tolower(key) == key;
    if (keys[key].type == ISFUNC && keys[key].function == rl_do_lowercase_version && is_lower)
      keys[key].function = NULL;
  }
}

static bool knows_terminal;

/// The window may have changed while nothing was edited.
static void take_size(void) {
  if (!knows_terminal) return;
  rl_reset_screen_size();
  keep_from_tiny_window();
}

/// After the terminal is known and the user's settings are read, and before anything is drawn.
static int begin_text(void) {
  if (!knows_terminal) keep_from_tiny_window();
  knows_terminal = true;
  mend_keymap(emacs_standard_keymap, 0);
  mend_keymap(vi_insertion_keymap, 0);
  mend_keymap(vi_movement_keymap, 0);
  return 0;
}

static int draw_ourselves(void) {
  rl_redisplay_function = terminal_redisplay;
  return 0;
}

/// The editor ends the line of a text at whose end it came; of one that was given up it is ended.
static void give_terminal_back(void) {
  if (is_end_drawn) rl_eof_found = 0;
  rl_deprep_terminal();
}

static TerminalEvent read_text(const char *prompt, char **text) {
  fate = goes_on;
  is_end_drawn = false;
  using_history();
  take_old_signals();
  take_size();
  terminal_set_editing(true);
  // The editor takes a terminal on which others draw for a dumb one, if it is told when it begins.
  rl_redisplay_function = rl_redisplay;
  char *line = readline(prompt);
  bool has_given_up = fate == is_given_up;
  // From here on Ctrl-C is meant for what the text asks for, even if the signal came just before.
  if (!is_question) terminal_forget_interrupts();
  terminal_set_editing(false);
  if (take_old_signals() && !has_given_up) terminal_request_stop();
  if (has_given_up) {
    free(line);
    return TERMINAL_INTERRUPTED;
  }
  if (!line) return TERMINAL_END;
  *text = line;
  return TERMINAL_TEXT;
}

void terminal_open(TerminalHooks hooks) {
  owner = hooks;
  rl_readline_name = "rnr";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_getc_function = next_key;
  rl_startup_hook = begin_text;
  rl_pre_input_hook = draw_ourselves;
  rl_deprep_term_function = give_terminal_back;
  // Before the user's own settings are read, so that theirs win.
  rl_variable_bind("show-all-if-ambiguous", "on");
  rl_variable_bind("skip-completed-text", "on");
  rl_variable_bind("match-hidden-files", "off");
  rl_variable_bind("page-completions", "off");
  rl_variable_bind("revert-all-at-newline", "on");
  bind_keys(emacs_standard_keymap, true);
  bind_keys(vi_insertion_keymap, true);
  bind_keys(vi_movement_keymap, false);
  rl_bind_key_in_map('\r', insert_newline, emacs_meta_keymap);
  rl_bind_key_in_map('\n', insert_newline, emacs_meta_keymap);
  terminal_open_completion();
}

TerminalEvent terminal_read(const char *prompt, char **text) {
  is_question = false;
  return read_text(prompt, text);
}

TerminalEvent terminal_ask(const char *question, char **text) {
  is_question = true;
  TerminalEvent event = read_text(question, text);
  is_question = false;
  return event;
}
