#include "CTerminal.h"

#include <locale.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void terminal_set_locale(void) {
  // LC_CTYPE only: other categories would change the decimal point.
  setlocale(LC_CTYPE, "");
  if (MB_CUR_MAX > 1) return;
  // In the environment, too: the editor asks it again when it begins.
  setenv("LC_ALL", "C.UTF-8", 1);
  setlocale(LC_CTYPE, "");
}

const char *terminal_vector_level(void) {
#if defined(RNR_AVX512)
  return "avx512";
#elif defined(RNR_AVX2)
  return "avx2";
#else
  return "plain";
#endif
}

#if defined(RNR_AVX512) || defined(RNR_AVX2)
static const char *missing_of_avx2(void) {
  if (!__builtin_cpu_supports("avx2")) return "AVX2";
  if (!__builtin_cpu_supports("fma")) return "FMA";
  if (!__builtin_cpu_supports("bmi")) return "BMI1";
  if (!__builtin_cpu_supports("bmi2")) return "BMI2";
  return NULL;
}
#endif

#if defined(RNR_AVX512)
static const char *missing_of_avx512(void) {
  if (!__builtin_cpu_supports("avx512f")) return "AVX-512F";
  if (!__builtin_cpu_supports("avx512bw")) return "AVX-512BW";
  if (!__builtin_cpu_supports("avx512cd")) return "AVX-512CD";
  if (!__builtin_cpu_supports("avx512dq")) return "AVX-512DQ";
  if (!__builtin_cpu_supports("avx512vl")) return "AVX-512VL";
  return NULL;
}
#endif

const char *terminal_missing_instructions(void) {
#if defined(RNR_AVX512)
  const char *missing = missing_of_avx2();
  return missing ? missing : missing_of_avx512();
#elif defined(RNR_AVX2)
  return missing_of_avx2();
#else
  return NULL;
#endif
}
