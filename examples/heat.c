// SPDX-License-Identifier: GPL-3.0-or-later
//
// Heat flows through a metal plate, computed on many machines at once; in the end there is a picture of it.
//
//     sciabc launch --build --fetch heat.ppm -- heat.c          (or: ... -- heat.c 400 5000)
//
// The plate is a grid of points. Its upper edge is hot and its other edges are cold. In each step every point takes the
// mean of its four neighbours. Each process has some rows of the grid:
//
//     rank 0   | row row row |
//              | last row    |  ---->  a copy, above rank 1's first row
//     rank 1   | first row   |  ---->  a copy, below rank 0's last row
//              | row row row |
//
// A point in the first row needs its neighbour above, which another process has. So before each step, neighbouring
// processes tell each other their outermost rows; the copies are called "halo". That is all the talking that there is,
// and it is how weather, air around wings and stars are computed, too.

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOT 1.0

// The rows of a rank: as equal as possible, the first ranks take one more where they do not fit.
static int rows_of(int rank, int ranks, int size) { return size / ranks + (rank < size % ranks); }

// Writes the whole grid as a picture, from black through red and yellow to white. PPM is the simplest format there is.
static int write_picture(const char *name, const double *grid, int size) {
    FILE *file = fopen(name, "wb");
    if (file == NULL) {
        return 1;
    }
    fprintf(file, "P6\n%d %d\n255\n", size, size);
    for (int i = 0; i < size * size; i++) {
        for (int colour = 0; colour < 3; colour++) {
            double part = grid[i] * 3.0 - colour;
            fputc(part <= 0 ? 0 : part >= 1 ? 255 : (int)(part * 255), file);
        }
    }
    return fclose(file);
}

int main(int argc, char **argv) {
    int rank, ranks;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);

    int size = argc > 1 ? atoi(argv[1]) : 300, steps = argc > 2 ? atoi(argv[2]) : 2000;
    if (size < ranks || size > 10000 || steps < 1) {
        if (rank == 0) {
            fprintf(stderr, "heat: give a size between %d and 10000, and a number of steps, such as 300 2000\n", ranks);
        }
        MPI_Finalize();
        return 64;
    }

    // My rows, with one more above and one more below for the halo. Outside of the plate it is cold, but hot above.
    int mine = rows_of(rank, ranks, size);
    double *now = calloc((size_t)(mine + 2) * size, sizeof(double));
    double *next = calloc((size_t)(mine + 2) * size, sizeof(double));
    for (int column = 0; rank == 0 && column < size; column++) {
        now[column] = next[column] = HOT;
    }
    // Who has nobody above or below talks to nobody there: MPI does nothing for MPI_PROC_NULL.
    int above = rank > 0 ? rank - 1 : MPI_PROC_NULL, below = rank < ranks - 1 ? rank + 1 : MPI_PROC_NULL;

    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    for (int step = 0; step < steps; step++) {
        // My first row goes up while I get the row below me, then my last row goes down while I get the row above me.
        MPI_Sendrecv(now + size, size, MPI_DOUBLE, above, 0, now + (size_t)(mine + 1) * size, size, MPI_DOUBLE, below, 0,
                     MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        MPI_Sendrecv(now + (size_t)mine * size, size, MPI_DOUBLE, below, 1, now, size, MPI_DOUBLE, above, 1,
                     MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        for (int row = 1; row <= mine; row++) {
            for (int column = 0; column < size; column++) {
                const double *point = now + (size_t)row * size + column;
                double left = column > 0 ? point[-1] : 0, right = column < size - 1 ? point[1] : 0;
                next[(size_t)row * size + column] = 0.25 * (left + right + point[-size] + point[size]);
            }
        }
        double *former = now;
        now = next;
        next = former;
    }
    double seconds = MPI_Wtime() - start;

    // Rank 0 gathers everybody's rows, which are not equally many, and draws.
    int *counts = malloc(ranks * sizeof(int)), *places = malloc(ranks * sizeof(int));
    for (int i = 0, place = 0; i < ranks; place += counts[i], i++) {
        counts[i] = rows_of(i, ranks, size) * size;
        places[i] = place;
    }
    double *grid = rank == 0 ? malloc((size_t)size * size * sizeof(double)) : NULL;
    MPI_Gatherv(now + size, mine * size, MPI_DOUBLE, grid, counts, places, MPI_DOUBLE, 0, MPI_COMM_WORLD);

    int failed = 0;
    if (rank == 0) {
        printf("grid    = %d x %d points\n", size, size);
        printf("steps   = %d\n", steps);
        printf("ranks   = %d\n", ranks);
        printf("elapsed = %.3f s\n", seconds);
        printf("middle  = %.6f\n", grid[(size_t)(size / 2) * size + size / 2]);
        failed = write_picture("heat.ppm", grid, size);
        printf(failed ? "heat.ppm cannot be written\n" : "picture = heat.ppm\n");
    }
    MPI_Finalize();
    return failed;
}
