// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast is the network? A message goes round all processes, and a clock is stopped.
//
//     mpicc -O2 -o ring ring.c
//     sciabc launch -- ./ring            (or in one: sciabc launch --build -- ring.c)
//
// The processes stand in a ring: each gets the message from its left and hands it to its right. One round has as many
// hops as there are processes. Two numbers describe such a network:
//
//     latency     how long a hop takes for a message of one byte: what a small message costs, however small
//     bandwidth   how many bytes a second pass when the message is large
//
// Start it on one node and on several ('--tag' shows who is where), over a cable and over Wi-Fi, and compare.

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST (4 * 1024 * 1024)

// Sends a message of so many bytes round the ring, so many times; returns the seconds of one hop.
static double seconds_of_a_hop(char *message, int bytes, int rounds, int rank, int ranks) {
    int left = (rank + ranks - 1) % ranks, right = (rank + 1) % ranks;

    // All wait for each other here, so that the clock measures the ring and not who was started first.
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    for (int round = 0; round < rounds; round++) {
        if (rank == 0) {
            // Rank 0 begins. Each of the others has to wait for the message before it can pass it on.
            MPI_Send(message, bytes, MPI_CHAR, right, 0, MPI_COMM_WORLD);
            MPI_Recv(message, bytes, MPI_CHAR, left, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        } else {
            MPI_Recv(message, bytes, MPI_CHAR, left, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            MPI_Send(message, bytes, MPI_CHAR, right, 0, MPI_COMM_WORLD);
        }
    }
    return (MPI_Wtime() - start) / rounds / ranks;
}

int main(int argc, char **argv) {
    int rank, ranks;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);

    if (ranks < 2) {
        fprintf(stderr, "ring: one process makes no ring; start two or more, as with 'sciabc launch -n 4'\n");
        MPI_Finalize();
        return 64;
    }
    char *message = malloc(LARGEST);
    memset(message, 'x', LARGEST);

    // The first messages open the connections, which takes longer than any message after them.
    seconds_of_a_hop(message, 1, 3, rank, ranks);

    double latency = seconds_of_a_hop(message, 1, 200, rank, ranks);
    if (rank == 0) {
        printf("ranks     = %d\n", ranks);
        printf("latency   = %.1f microseconds a hop\n\n", latency * 1e6);
        printf("%10s  %14s  %10s\n", "bytes", "us a hop", "MB/s");
    }
    double best = 0;
    for (int bytes = 1024; bytes <= LARGEST; bytes *= 8) {
        int rounds = bytes < 1024 * 1024 ? 20 : 3;
        double seconds = seconds_of_a_hop(message, bytes, rounds, rank, ranks);
        double speed = bytes / seconds / 1e6;
        best = speed > best ? speed : best;
        if (rank == 0) {
            printf("%10d  %14.1f  %10.1f\n", bytes, seconds * 1e6, speed);
        }
    }
    if (rank == 0) {
        printf("\nbandwidth = %.1f MB/s\n", best);
    }
    free(message);
    MPI_Finalize();
    return 0;
}
