#ifndef CSTDLIB_H
#define CSTDLIB_H

#include <stdbool.h>

/// One file of the language's own library.
struct rnr_module {
  /// The module's name: its file name without the ending.
  const char *name;
  /// Its text, closed by a zero byte.
  const char *text;
  /// Whether its names are known everywhere, without `use`.
  bool is_shared;
};

/// How many files there are.
int rnr_module_count(void);

/// The file with this number.
struct rnr_module rnr_module_at(int number);

#endif
