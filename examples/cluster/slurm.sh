#!/bin/bash
# Trains a zoo as an array of Slurm jobs, each with a shard of the runs:
#
#     sbatch examples/cluster/slurm.sh [--zoo FOLDER]
#     sbatch --array=1-64 --cpus-per-task=8 examples/cluster/slurm.sh --zoo zoos/formal
#
# The folder must be on a disk that all nodes share. Submit the same again after a time limit or a
# failure: finished runs are kept. SHARDS=16 tells how many shards there are where only some are
# submitted again (--array=3,7).
#SBATCH --job-name=rnr-zoo
#SBATCH --array=1-16
#SBATCH --cpus-per-task=2
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --output=rnr-zoo-%A-%a.log
set -euo pipefail

export RNR_SHARD=$SLURM_ARRAY_TASK_ID/${SHARDS:-$SLURM_ARRAY_TASK_MAX}
export RNR_THREADS=${SLURM_CPUS_PER_TASK:-1}
# Slurm runs a copy of this script; its folder is told by where it was submitted from.
exec "${RNR:-rnr}" --no-init "${SCRIPT:-examples/cluster/zoo.rnr}" "$@"
