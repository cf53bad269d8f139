#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast is the network? A message goes round all processes, and a clock is stopped.

    sciabc launch -- python3 ring.py

The processes stand in a ring: each gets the message from its left and hands it to its right. One round has as many hops as
there are processes. Two numbers describe such a network:

    latency     how long a hop takes for a message of one byte: what a small message costs, however small
    bandwidth   how many bytes a second pass when the message is large

Start it on one node and on several ('--tag' shows who is where), over a cable and over Wi-Fi, and compare. In C
(ring.c) the latency is smaller: the rest is Python's own.
"""

import sys

from mpi4py import MPI

LARGEST = 4 * 1024 * 1024


def seconds_of_a_hop(everybody, message, rounds):
    """Sends the message round the ring, so many times; returns the seconds of one hop."""
    rank, ranks = everybody.rank, everybody.size
    left, right = (rank - 1) % ranks, (rank + 1) % ranks

    # All wait for each other here, so that the clock measures the ring and not who was started first.
    everybody.Barrier()
    start = MPI.Wtime()
    for _ in range(rounds):
        # The capital letters mean: these bytes as they are, without packing them up as a Python object first.
        if rank == 0:
            # Rank 0 begins. Each of the others has to wait for the message before it can pass it on.
            everybody.Send(message, dest=right)
            everybody.Recv(message, source=left)
        else:
            everybody.Recv(message, source=left)
            everybody.Send(message, dest=right)
    return (MPI.Wtime() - start) / rounds / ranks


def main():
    everybody = MPI.COMM_WORLD
    if everybody.size < 2:
        print("ring: one process makes no ring; start two or more, as with 'sciabc launch -n 4'", file=sys.stderr)
        return 64
    am_first = everybody.rank == 0

    # The first messages open the connections, which takes longer than any message after them.
    seconds_of_a_hop(everybody, bytearray(1), 3)

    latency = seconds_of_a_hop(everybody, bytearray(1), 200)
    if am_first:
        print(f"ranks     = {everybody.size}")
        print(f"latency   = {latency * 1e6:.1f} microseconds a hop\n")
        print(f"{'bytes':>10}  {'us a hop':>14}  {'MB/s':>10}")
    best = 0.0
    size = 1024
    while size <= LARGEST:
        seconds = seconds_of_a_hop(everybody, bytearray(size), 20 if size < 1024 * 1024 else 3)
        speed = size / seconds / 1e6
        best = max(best, speed)
        if am_first:
            print(f"{size:>10}  {seconds * 1e6:>14.1f}  {speed:>10.1f}")
        size *= 8
    if am_first:
        print(f"\nbandwidth = {best:.1f} MB/s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
