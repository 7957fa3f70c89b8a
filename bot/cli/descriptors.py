"""The number of files and connections that the operating system allows this process."""

import resource
from contextlib import suppress

MOST_DESCRIPTORS = 65_536
"""The most descriptors that are useful; the limit of the system may be millions."""
RESERVED = 256
"""Descriptors for databases, platforms, feeds, and connections that are accepted at once."""
MOST_CONNECTIONS, LEAST_CONNECTIONS = 1_000, 16


def raise_descriptor_limit() -> int:
    """Raise the soft limit of open files as far as the hard limit allows, and return it.

    Services and shells often start a process with a soft limit of 1,024 for the sake of old programs, and a hard limit
    that is far higher.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MOST_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def most_connections(descriptors: int) -> int:
    """How many connections the HTTP server may hold, so that descriptors are left for everything else."""
    return max(LEAST_CONNECTIONS, min(MOST_CONNECTIONS, (descriptors - RESERVED) // 2))
