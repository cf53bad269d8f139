#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Computes pi on many machines at once.

    sciabc launch -- python3 pi.py              (or: sciabc launch -- python3 pi.py 20000000)

Pi is the area below the curve 4 / (1 + x*x) between x = 0 and x = 1. We cut that area into many thin slices, take each
for a rectangle, and add the rectangles up. Nothing keeps us from sharing the slices out: with four processes, the first
takes slices 0, 4, 8 ..., the second slices 1, 5, 9 ..., and so on. In the end their sums are added.

MPI starts this same program once for each process. A process learns its number, its "rank", only when it runs.
"""

import math
import os
import sys
from collections import Counter

from mpi4py import MPI


def number_of_slices(arguments):
    """What the person asked for, or a number that takes a second or two; None when it makes no sense."""
    if len(arguments) < 2:
        return 10_000_000
    return int(arguments[1]) if arguments[1].isdecimal() and int(arguments[1]) > 0 else None


def main():
    everybody = MPI.COMM_WORLD
    rank, ranks = everybody.rank, everybody.size

    slices = number_of_slices(sys.argv)
    if slices is None:
        if rank == 0:
            print(f"pi: '{sys.argv[1]}' is not a number of slices, such as 10000000", file=sys.stderr)
        return 64

    # All wait for each other here, so that the clock measures the work and not who was started first.
    everybody.Barrier()
    start = MPI.Wtime()

    # My share of the slices.
    width = 1.0 / slices
    total = 0.0
    for i in range(rank, slices, ranks):
        x = (i + 0.5) * width
        total += 4.0 / (1.0 + x * x)

    # The sums of all processes are added up, and rank 0 gets the result.
    pi = everybody.reduce(total * width, op=MPI.SUM, root=0)
    seconds = MPI.Wtime() - start

    # Rank 0 also gathers the names of the nodes. Simulated nodes share one machine and its name: SCIABC_NODE tells them
    # apart.
    names = everybody.gather(os.environ.get("SCIABC_NODE", MPI.Get_processor_name()), root=0)

    if rank == 0:
        print(f"pi      = {pi:.15f}")
        print(f"error   = {abs(pi - math.pi):.1e}")
        print(f"slices  = {slices}")
        print(f"elapsed = {seconds:.3f} s")
        print(f"ranks   = {ranks}")
        for name, count in Counter(names).items():
            print(f"  {name:<20} {count} rank{'' if count == 1 else 's'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
