// What the files of this target share.

#ifndef CTERMINAL_INTERNAL_H
#define CTERMINAL_INTERNAL_H

#include <stdbool.h>

/// Says whether the terminal is in the editor's hands, so that signals know what to do.
void terminal_set_editing(bool editing);

/// Does what Ctrl-C does while something runs.
void terminal_request_stop(void);

/// The end of the pipe on which signals that the editor must see arrive, as these letters.
int terminal_signal_pipe(void);

enum {
  TERMINAL_SIGNAL_INTERRUPT = 'i',
  TERMINAL_SIGNAL_RESIZE = 'w',
  TERMINAL_SIGNAL_CONTINUE = 'c',
};

/// Draws the text, or, if it is taller than the screen, the lines around the cursor.
void terminal_redisplay(void);

/// Whether only a part of the text was drawn last.
bool terminal_shows_window(void);

/// Sets up completion; called once by `terminal_open`.
void terminal_open_completion(void);

/// Asks the owner to complete the text; called by completion.
void terminal_ask_owner_to_complete(const char *text, int cursor);

#endif
