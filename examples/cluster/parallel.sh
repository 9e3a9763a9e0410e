#!/bin/bash
# Trains a zoo with GNU parallel, one process a core, each with a shard of the runs:
#
#     examples/cluster/parallel.sh [--zoo FOLDER]
#     SHARDS=64 OPTIONS="--sshlogin 8/alpha,8/beta --workdir ." examples/cluster/parallel.sh
#
# Over ssh the folder must be on a disk that all machines share. Start the same again after a
# failure: finished runs are kept.
set -euo pipefail

shards=${SHARDS:-$(nproc)}
# shellcheck disable=SC2086 # options are words
seq "$shards" | parallel --will-cite --line-buffer --tag --halt soon,fail=1 ${OPTIONS:-} \
  RNR_THREADS=1 "RNR_SHARD={}/$shards" \
  "${RNR:-rnr}" --no-init "${SCRIPT:-examples/cluster/zoo.rnr}" "${@@Q}"
