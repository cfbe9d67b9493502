"""scheduler, worker: the two kinds of process of a Dask cluster that `import --scheduler` lets read."""

import asyncio
import os

import click

from geodata.cli.common import Run
from geodata.errors import SetupError

PORT = 8786  # Dask's own
_QUIET = ("DASK_LOGGING__DISTRIBUTED", "warning")


@click.command("scheduler")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, help="Port to listen on; 0 takes any free one.")
def scheduler_command(host: str, port: int) -> None:
    """Run the scheduler of a Dask cluster until it is ended.

    Whoever reaches it can run programs on its workers: let it listen only in a network that you trust, or set up TLS
    by Dask's own configuration (https://distributed.dask.org/en/stable/tls.html).

    \b
    Example:
      python -m geodata scheduler --host 10.0.0.5
    """
    asyncio.run(_schedule(host, port))


async def _schedule(host: str, port: int) -> None:
    os.environ.setdefault(*_QUIET)
    from distributed import Scheduler

    from geodata.jobs.cluster import DEATHS

    try:
        async with Scheduler(host=host, port=port, dashboard=False, allowed_failures=DEATHS) as scheduler:
            click.echo(
                f"scheduler at {scheduler.address}; on each machine: python -m geodata worker {scheduler.address}"
            )
            await scheduler.finished()
    except OSError as error:
        raise SetupError(f"the scheduler cannot listen on {host}:{port}: {error}") from error


@click.command("worker")
@click.argument("address", metavar="tcp://HOST:PORT")
@click.option("--host", default=None, help="Address of this machine that others reach it at; else as seen from it.")
@click.option("--processes", default=0, help="How many; 0: one for each core (DATELINE_WORKERS).")
@click.pass_obj
def worker_command(run: Run, address: str, host: str | None, processes: int) -> None:
    """Read for the imports of a Dask cluster until it is ended.

    Each process reads one batch at a time with the gazetteer of this machine's data folder; it has to be the same file
    as where the import runs, and Dateline the same version.

    \b
    Example:
      python -m geodata --data ./data worker tcp://10.0.0.5:8786
    """
    from geodata.jobs.lent import OWN

    os.environ[OWN] = "yes"
    os.environ["DATELINE_DATA"] = str(run.settings.data.absolute())
    try:
        asyncio.run(_work(address, host, processes or run.settings.processes))
    except OSError as error:
        raise SetupError(f"no scheduler answers at {address}: {error}") from error


async def _work(address: str, host: str | None, processes: int) -> None:
    os.environ.setdefault(*_QUIET)
    from distributed import Nanny

    nannies = [Nanny(address, nthreads=1, host=host, dashboard=False) for _ in range(processes)]
    await asyncio.gather(*nannies)
    click.echo(f"{processes} process{'es' * (processes != 1)} for the scheduler at {address}")
    await asyncio.gather(*(nanny.finished() for nanny in nannies))  # type: ignore[no-untyped-call]
