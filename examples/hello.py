#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every process says who it is and where it runs.

    sciabc launch -- python3 hello.py
"""

import os

from mpi4py import MPI

# Simulated nodes share one machine and its name: SCIABC_NODE tells them apart.
node = os.environ.get("SCIABC_NODE", MPI.Get_processor_name())
print(f"hello from rank {MPI.COMM_WORLD.rank} of {MPI.COMM_WORLD.size} on {node}", flush=True)
