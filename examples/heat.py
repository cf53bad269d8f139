#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Heat flows through a metal plate, computed on many machines at once; in the end there is a picture of it.

    sciabc launch --fetch heat.ppm -- python3 heat.py          (or: ... -- python3 heat.py 80 400)

The plate is a grid of points. Its upper edge is hot and its other edges are cold. In each step every point takes the mean of
its four neighbours. Each process has some rows of the grid:

    rank 0   | row row row |
             | last row    |  ---->  a copy, above rank 1's first row
    rank 1   | first row   |  ---->  a copy, below rank 0's last row
             | row row row |

A point in the first row needs its neighbour above, which another process has. So before each step, neighbouring processes tell
each other their outermost rows; the copies are called "halo". That is all the talking that there is, and it is how weather,
air around wings and stars are computed, too.

This needs nothing but Python and mpi4py. It is slow that way, about a hundred times slower than heat.c: try both.
"""

import sys
from array import array

from mpi4py import MPI

HOT = 1.0


def rows_of(rank, ranks, size):
    """As equal as possible; the first ranks take one more where they do not fit."""
    return size // ranks + (rank < size % ranks)


def write_picture(name, rows):
    """From black through red and yellow to white. PPM is the simplest format there is."""
    with open(name, "wb") as picture:
        picture.write(f"P6\n{len(rows[0])} {len(rows)}\n255\n".encode())
        for row in rows:
            for heat in row:
                picture.write(bytes(int(255 * min(1, max(0, heat * 3 - colour))) for colour in range(3)))


def step(rows):
    """The rows after one step. The first and the last are halo, and the next exchange fills them."""
    after = [rows[0]]
    for above, row, below in zip(rows, rows[1:], rows[2:]):
        left = array("d", [0.0]) + row[:-1]
        right = row[1:] + array("d", [0.0])
        after.append(array("d", [0.25 * sum(four) for four in zip(left, right, above, below)]))
    after.append(rows[-1])
    return after


def numbers(arguments):
    """The size and the number of steps that the person asked for; None when they make no sense."""
    given = arguments[1:] + ["60", "300"][len(arguments) - 1 :]
    return [int(each) for each in given] if len(given) == 2 and all(each.isdecimal() for each in given) else None


def main():
    everybody = MPI.COMM_WORLD
    rank, ranks = everybody.rank, everybody.size

    asked = numbers(sys.argv)
    if asked is None or asked[0] < ranks or asked[1] < 1:
        if rank == 0:
            print(f"heat: give a size of at least {ranks}, and a number of steps, such as 60 300", file=sys.stderr)
        return 64
    size, steps = asked

    # My rows, with one more above and one more below for the halo. Outside of the plate it is cold, but hot above.
    mine = rows_of(rank, ranks, size)
    rows = [array("d", [0.0]) * size for _ in range(mine + 2)]
    if rank == 0:
        rows[0] = array("d", [HOT]) * size
    # Who has nobody above or below talks to nobody there: MPI does nothing for PROC_NULL.
    above = rank - 1 if rank > 0 else MPI.PROC_NULL
    below = rank + 1 if rank < ranks - 1 else MPI.PROC_NULL

    everybody.Barrier()
    start = MPI.Wtime()
    for _ in range(steps):
        # My first row goes up while I get the row below me, then my last row goes down while I get the row above me.
        everybody.Sendrecv(rows[1], dest=above, recvbuf=rows[-1], source=below)
        everybody.Sendrecv(rows[-2], dest=below, recvbuf=rows[0], source=above)
        rows = step(rows)
    seconds = MPI.Wtime() - start

    # Rank 0 gathers everybody's rows and draws.
    parts = everybody.gather(rows[1:-1], root=0)
    if rank == 0:
        grid = [row for part in parts for row in part]
        print(f"grid    = {size} x {size} points")
        print(f"steps   = {steps}")
        print(f"ranks   = {ranks}")
        print(f"elapsed = {seconds:.3f} s")
        print(f"middle  = {grid[size // 2][size // 2]:.6f}")
        write_picture("heat.ppm", grid)
        print("picture = heat.ppm")
    return 0


if __name__ == "__main__":
    sys.exit(main())
