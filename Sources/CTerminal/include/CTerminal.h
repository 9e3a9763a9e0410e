// The line editor, signals and the processor behind a few plain functions.
//
// Everything but `terminal_columns` is to be called on the main thread.

#ifndef CTERMINAL_H
#define CTERMINAL_H

#include <stdbool.h>

// MARK: - Start

/// Reads the character set from the environment, and takes UTF-8 where there is none.
void terminal_set_locale(void);

/// Opens the null device in the place of standard streams that are closed.
///
/// The next file to be opened would take their number, and be written what is meant for them.
void terminal_open_streams(void);

/// The vector instructions this program was built for: "avx512", "avx2" or "plain".
const char *terminal_vector_level(void);

/// What the processor lacks of them, or NULL if it has all.
const char *terminal_missing_instructions(void);

// MARK: - Signals

/// Catches SIGINT, SIGPIPE, SIGWINCH, and what ends or stops the program while the terminal is in raw
/// mode, faults too.
///
/// `request` is called in a signal handler when the user presses Ctrl-C while something runs. The
/// third time in a row the signal does what it does by default: it ends the program. `forget` is
/// called before each new piece of work.
void terminal_catch_signals(void (*request)(void), void (*forget)(void));

/// Forgets how often Ctrl-C was pressed. The editor does so itself when a text is finished.
void terminal_forget_interrupts(void);

/// Ends the program as SIGPIPE does when nobody reads what it writes.
void terminal_end_by_broken_pipe(void);

/// The width of the terminal, 80 where there is none. Kept until the window changes.
int terminal_columns(void);

/// The height of the terminal, 24 where there is none.
int terminal_rows(void);

// MARK: - Line editor

/// What the editor asks; both are given `context` and the whole text under edit.
typedef struct {
  void *context;
  /// How far to indent the next line if the text needs more lines, or -1 if it is whole.
  int (*next_indentation)(void *context, const char *text);
  /// Answers with `terminal_offer_from` and `terminal_offer` what may stand at a byte.
  void (*complete)(void *context, const char *text, int cursor);
} TerminalHooks;

/// How reading ended.
typedef enum {
  TERMINAL_TEXT,
  TERMINAL_END,
  TERMINAL_INTERRUPTED,
} TerminalEvent;

/// Sets up the editor; the user's ~/.inputrc is read when it is first used.
void terminal_open(TerminalHooks hooks);

/// Edits one text after a prompt that may hold escape sequences, of one or of several lines. Free `*text` if the event is TERMINAL_TEXT.
TerminalEvent terminal_read(const char *prompt, char **text);

/// Edits an answer to a question: one line, without completion or history.
TerminalEvent terminal_ask(const char *question, char **text);

/// Where the completed word starts, and whether file names are wanted.
///
/// `endings` are those of the files to be offered beside folders, with a blank between them; "/"
/// wants folders alone, and nothing wants all.
void terminal_offer_from(int start, bool is_path, const char *endings);

/// One way to go on, with a remark that is listed beside it.
void terminal_offer(const char *text, const char *summary);

// MARK: - History

/// Reads a history file and keeps its last `limit` entries; a file that is not there is no fault.
void terminal_history_load(const char *path, int limit);

/// Adds a text to the history and to the end of the file at once (`path` may be NULL).
///
/// - Returns: 0, or the `errno` of writing.
int terminal_history_add(const char *text, const char *path);

/// Adds a text to the end of a file alone.
///
/// - Returns: 0, or the `errno` of writing.
int terminal_history_append(const char *text, const char *path);

#endif
