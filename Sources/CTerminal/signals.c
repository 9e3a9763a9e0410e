#include "CTerminal.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/// The interrupts in a row that end the program while something runs.
static const int last_interrupt = 3;

static void (*request_stop)(void);
static void (*forget_requests)(void);
static atomic_bool is_editing;
static atomic_int interrupts;
static atomic_int known_columns;
static int signal_pipe[2] = {-1, -1};
static struct termios cooked;
static bool has_cooked;

int terminal_signal_pipe(void) { return signal_pipe[0]; }
void terminal_set_editing(bool editing) { atomic_store(&is_editing, editing); }

void terminal_forget_interrupts(void) {
  atomic_store(&interrupts, 0);
  if (forget_requests) forget_requests();
}

void terminal_request_stop(void) {
  atomic_fetch_add(&interrupts, 1);
  if (request_stop) request_stop();
}

// MARK: - Handlers: only async-signal-safe calls

static void tell_editor(char letter) {
  int saved = errno;
  ssize_t ignored = write(signal_pipe[1], &letter, 1);
  (void)ignored;
  errno = saved;
}

static void end_by_default(int number) {
  if (atomic_load(&is_editing) && has_cooked) {
    static const char paste_off[] = "\033[?2004l\r";
    ssize_t ignored = write(STDOUT_FILENO, paste_off, sizeof paste_off - 1);
    (void)ignored;
    tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
  }
  // The signal is blocked while its handler runs and takes effect on return.
  signal(number, SIG_DFL);
  raise(number);
}

static void on_interrupt(int number) {
  if (request_stop && !atomic_load(&is_editing)) {
    if (atomic_fetch_add(&interrupts, 1) + 1 >= last_interrupt) {
      end_by_default(number);
      return;
    }
    request_stop();
  }
  tell_editor(TERMINAL_SIGNAL_INTERRUPT);
}

static void on_resize(int number) {
  (void)number;
  atomic_store(&known_columns, 0);
  tell_editor(TERMINAL_SIGNAL_RESIZE);
}

static void on_continue(int number) {
  (void)number;
  tell_editor(TERMINAL_SIGNAL_CONTINUE);
}

/// The write that caused the signal fails, and says why.
static void on_failed_write(int number) { (void)number; }

// MARK: - Setting up

/// Installs a handler unless the program was started with the signal ignored (`nohup`, `&`).
static void install(int number, void (*handler)(int), int flags) {
  struct sigaction old;
  if (sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN) return;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

static void open_pipe(void) {
  if (signal_pipe[0] >= 0 || pipe(signal_pipe) != 0) return;
  for (int end = 0; end < 2; end++) {
    fcntl(signal_pipe[end], F_SETFD, FD_CLOEXEC);
    fcntl(signal_pipe[end], F_SETFL, O_NONBLOCK);
  }
}

void terminal_catch_signals(void (*request)(void), void (*forget)(void)) {
  request_stop = request;
  forget_requests = forget;
  open_pipe();
  has_cooked = tcgetattr(STDIN_FILENO, &cooked) == 0;
  // Without SA_RESTART, so that a read that waits for the user ends.
  install(SIGINT, on_interrupt, 0);
  // A handler and not SIG_IGN, which programs started from here would inherit.
  install(SIGPIPE, on_failed_write, SA_RESTART);
  install(SIGXFSZ, on_failed_write, SA_RESTART);
  install(SIGWINCH, on_resize, SA_RESTART);
  if (!has_cooked) return;
  install(SIGCONT, on_continue, SA_RESTART);
  install(SIGTERM, end_by_default, 0);
  install(SIGHUP, end_by_default, 0);
  install(SIGQUIT, end_by_default, 0);
}

void terminal_end_by_broken_pipe(void) {
  signal(SIGPIPE, SIG_DFL);
  raise(SIGPIPE);
}

int terminal_columns(void) {
  int columns = atomic_load(&known_columns);
  if (columns > 0) return columns;
  struct winsize window;
  bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 ||
               ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0;
  columns = known ? window.ws_col : 0;
  const char *named = getenv("COLUMNS");
  if (columns <= 0 && named) columns = atoi(named);
  if (columns <= 0) columns = 80;
  atomic_store(&known_columns, columns);
  return columns;
}

int terminal_rows(void) {
  struct winsize window;
  bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0;
  return known && window.ws_row > 0 ? window.ws_row : 24;
}
