// SPDX-License-Identifier: GPL-3.0-or-later
//
// Computes pi on many machines at once.
//
//     mpicc -O2 -o pi pi.c -lm
//     sciabc launch -- ./pi              (or: sciabc launch -- ./pi 500000000)
//
// Pi is the area below the curve 4 / (1 + x*x) between x = 0 and x = 1. We cut that area into many thin slices, take each
// for a rectangle, and add the rectangles up. Nothing keeps us from sharing the slices out: with four processes, the
// first takes slices 0, 4, 8 ..., the second slices 1, 5, 9 ..., and so on. In the end their sums are added.
//
// MPI starts this same program once for each process. A process learns its number, its "rank", only when it runs.

#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LENGTH MPI_MAX_PROCESSOR_NAME

// The name of the node that we run on. Simulated nodes share one machine and its name: SCIABC_NODE tells them apart.
static void node_name(char name[NAME_LENGTH]) {
    char machine[NAME_LENGTH];
    int length;
    MPI_Get_processor_name(machine, &length);
    const char *node = getenv("SCIABC_NODE");
    snprintf(name, NAME_LENGTH, "%s", node != NULL ? node : machine);
}

// Prints how many ranks each node had, in the order in which the nodes first appear.
static void print_ranks_per_node(const char *names, int ranks) {
    for (int i = 0; i < ranks; i++) {
        const char *name = names + i * NAME_LENGTH;
        int before = 0, in_all = 0;
        for (int j = 0; j < ranks; j++) {
            if (strcmp(name, names + j * NAME_LENGTH) == 0) {
                in_all++;
                before += j < i;
            }
        }
        if (before == 0) {
            printf("  %-20s %d rank%s\n", name, in_all, in_all == 1 ? "" : "s");
        }
    }
}

int main(int argc, char **argv) {
    int rank, ranks;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);

    long slices = argc > 1 ? atol(argv[1]) : 100000000;
    if (slices < 1) {
        if (rank == 0) {
            fprintf(stderr, "pi: '%s' is not a number of slices, such as 100000000\n", argv[1]);
        }
        MPI_Finalize();
        return 64;
    }

    // All wait for each other here, so that the clock measures the work and not who was started first.
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();

    // My share of the slices.
    double width = 1.0 / (double)slices, sum = 0.0;
    for (long i = rank; i < slices; i += ranks) {
        double x = ((double)i + 0.5) * width;
        sum += 4.0 / (1.0 + x * x);
    }
    double mine = sum * width, pi = 0.0;

    // The sums of all processes are added up, and rank 0 gets the result.
    MPI_Reduce(&mine, &pi, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
    double seconds = MPI_Wtime() - start;

    // Rank 0 also gathers the names of the nodes, one after the other.
    char name[NAME_LENGTH] = "";
    node_name(name);
    char *names = rank == 0 ? malloc((size_t)ranks * NAME_LENGTH) : NULL;
    MPI_Gather(name, NAME_LENGTH, MPI_CHAR, names, NAME_LENGTH, MPI_CHAR, 0, MPI_COMM_WORLD);

    if (rank == 0) {
        printf("pi      = %.15f\n", pi);
        printf("error   = %.1e\n", fabs(pi - acos(-1.0)));
        printf("slices  = %ld\n", slices);
        printf("elapsed = %.3f s\n", seconds);
        printf("ranks   = %d\n", ranks);
        print_ranks_per_node(names, ranks);
        free(names);
    }
    MPI_Finalize();
    return 0;
}
