#include "CTerminal.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
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

void terminal_set_editing(bool editing) {
  // The modes to go back to: others may have changed them since the start.
  if (editing) has_cooked = tcgetattr(STDIN_FILENO, &cooked) == 0;
  atomic_store(&is_editing, editing);
}

void terminal_forget_interrupts(void) {
  atomic_store(&interrupts, 0);
  if (forget_requests) forget_requests();
}

void terminal_request_stop(void) {
  atomic_fetch_add(&interrupts, 1);
  if (request_stop) request_stop();
}

// MARK: - Handlers: only async-signal-safe calls

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

static void tell_editor(char letter) {
  int saved = errno;
  ssize_t ignored = write(signal_pipe[1], &letter, 1);
  (void)ignored;
  errno = saved;
}

/// Gives the terminal back as it was before the editor took it, unless another program has it.
static void give_terminal_back(void) {
  if (!atomic_load(&is_editing) || !has_cooked) return;
  pid_t owner = tcgetpgrp(STDIN_FILENO);
  if (owner >= 0 && owner != getpgrp()) return;
  // Ctrl-S holds back what is written, and whoever writes; stopping once more and starting undoes it.
  tcflow(STDIN_FILENO, TCOOFF);
  tcflow(STDIN_FILENO, TCOON);
  static const char paste_off[] = "\033[?2004l\r";
  struct pollfd screen = {.fd = STDOUT_FILENO, .events = POLLOUT};
  // Nobody may read what is written here, and this must not wait for them.
  if (poll(&screen, 1, 0) == 1) {
    ssize_t ignored = write(STDOUT_FILENO, paste_off, sizeof paste_off - 1);
    (void)ignored;
  }
  tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
}

static void end_by_default(int number) {
  give_terminal_back();
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

static atomic_bool is_continued;

static void on_continue(int number) {
  (void)number;
  atomic_store(&is_continued, true);
  tell_editor(TERMINAL_SIGNAL_CONTINUE);
}

static void on_stop(int number) {
  int saved = errno;
  give_terminal_back();
  atomic_store(&is_continued, false);
  signal(number, SIG_DFL);
  raise(number);
  sigset_t stop, before;
  sigemptyset(&stop);
  sigaddset(&stop, number);
  // Here the program stands still until it is continued.
  pthread_sigmask(SIG_UNBLOCK, &stop, &before);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  install(number, on_stop, SA_RESTART);
  // Nobody continues a program that did not stop, as one without a shell above it does not.
  if (!atomic_load(&is_continued)) tell_editor(TERMINAL_SIGNAL_CONTINUE);
  errno = saved;
}

/// The write that caused the signal fails, and says why.
static void on_failed_write(int number) { (void)number; }

// MARK: - Setting up

/// A fault of the program itself must not leave the terminal without echo either.
///
/// On a terminal Swift would show where it happened and wait half a minute for a key; it does so only
/// for those who ask for it.
static void catch_faults(void) {
  if (getenv("SWIFT_BACKTRACE")) return;
  // The stack may be what is exhausted.
  static char stack[1 << 16];
  stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&other, NULL);
  static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
  for (size_t place = 0; place < sizeof faults / sizeof *faults; place++)
    install(faults[place], end_by_default, SA_ONSTACK);
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
  install(SIGTSTP, on_stop, SA_RESTART);
  static const int last[] = {SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU, SIGVTALRM};
  for (size_t place = 0; place < sizeof last / sizeof *last; place++)
    install(last[place], end_by_default, 0);
  catch_faults();
}

void terminal_end_by_broken_pipe(void) {
  signal(SIGPIPE, SIG_DFL);
  raise(SIGPIPE);
}

void terminal_open_streams(void) {
  for (int stream = 0; stream < 3; stream++)
    // The lowest free number is given, which is this one.
    if (fcntl(stream, F_GETFD) < 0 && errno == EBADF) (void)!open("/dev/null", O_RDWR);
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
