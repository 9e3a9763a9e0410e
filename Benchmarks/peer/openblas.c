// GFLOP/s of OpenBLAS at the shapes of products.txt: `openblas products.txt`, one thread.
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

extern void openblas_set_num_threads(int);

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

static float *filled(size_t count, float value) {
  float *numbers = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
  for (size_t place = 0; place < count; place++) numbers[place] = value;
  return numbers;
}

int main(int count, char **arguments) {
  FILE *file = count > 1 ? fopen(arguments[1], "r") : NULL;
  if (!file) return 1;
  openblas_set_num_threads(1);
  char line[256], name[64], form[8];
  int m, n, k;
  while (fgets(line, sizeof line, file)) {
    if (line[0] == '#' || sscanf(line, "%63s %7s %d %d %d", name, form, &m, &n, &k) != 5) continue;
    float *a = filled((size_t)m * k, 0.5f), *b = filled((size_t)k * n, 0.25f);
    float *c = filled((size_t)m * n, 0);
    int turned_a = form[0] == 't', turned_b = form[1] == 't';
    double best = 1e30;
    int calls = 1;
    // The first call touches the memory, the second tells how many calls take 30 ms.
    for (int repetition = 0; repetition < 9; repetition++) {
      double start = now();
      for (int call = 0; call < calls; call++)
        cblas_sgemm(CblasRowMajor, turned_a ? CblasTrans : CblasNoTrans,
                    turned_b ? CblasTrans : CblasNoTrans, m, n, k, 1, a, turned_a ? m : k, b,
                    turned_b ? k : n, 0, c, n);
      double each = (now() - start) / calls;
      if (repetition == 1) {
        calls = (int)(0.03 / each);
        if (calls < 1) calls = 1;
        if (calls > 10000) calls = 10000;
      } else if (repetition > 1 && each < best) {
        best = each;
      }
    }
    printf("product %s %s %d %d %d\t%.5f\n", name, form, m, n, k, 2.0 * m * n * k / best * 1e-9);
    free(a);
    free(b);
    free(c);
  }
  return 0;
}
