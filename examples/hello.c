// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every process says who it is and where it runs.
//
//     mpicc -O2 -o hello hello.c
//     sciabc launch -- ./hello           (or in one: sciabc launch --build -- hello.c)

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    int rank, ranks, length;
    char machine[MPI_MAX_PROCESSOR_NAME];

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    MPI_Get_processor_name(machine, &length);

    // Simulated nodes share one machine and its name: SCIABC_NODE tells them apart.
    const char *node = getenv("SCIABC_NODE");
    printf("hello from rank %d of %d on %s\n", rank, ranks, node != NULL ? node : machine);

    MPI_Finalize();
    return 0;
}
