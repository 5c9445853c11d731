"""The same batch on a dask cluster: each worker makes reports in its own warm kernels, the caller writes them.

Workers need the same installation and see the notebooks and the data at the same paths (a shared folder). A report whose worker
is lost is made again elsewhere by the scheduler.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from helpers.errors import RunError, UsageError
from helpers.pipeline import cache

PATIENCE = "20s"

if TYPE_CHECKING:
    from helpers.pipeline.batch import Made, Options
    from helpers.pipeline.plan import Report


def make_all(reports: list[Report], options: Options) -> Iterator[tuple[int, Made]]:
    """Rank and content of the reports made by the workers of the scheduler at `options.scheduler`, as they come.

    Raises UsageError when the extra [cluster] is not installed, RunError when the scheduler does not answer.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise UsageError(
            "--scheduler demande l'extra « cluster » : python -m pip install 'observatoire-cpts[cluster]'."
        ) from None
    try:
        client = Client(options.scheduler, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError):
        raise RunError(
            f"L'ordonnanceur « {options.scheduler} » ne répond pas : vérifiez son adresse."
        ) from None
    with client:
        modules = cache.needed(report.notebook for report in reports)
        futures = {
            client.submit(_make, report, options, modules, pure=False, retries=3): rank
            for rank, report in enumerate(reports)
        }
        waiting = as_completed(list(futures), with_results=False)
        for future in waiting:
            yield futures.pop(future), _result(future)
            # The page is written: the scheduler must not keep it for the rest of the batch.
            future.release()


def _result(future: object) -> Made:
    from helpers.pipeline.batch import Made

    try:
        result: Made = future.result()  # type: ignore[attr-defined]
    except Exception as error:  # any fault of the cluster is the fault of one report, not of the batch
        return Made(error=f"le travail a été perdu sur le cluster ({type(error).__name__} : {error})")
    return result


def _make(report: Report, options: Options, modules: list[str]) -> Made:
    from helpers.pipeline import batch, kernels

    kernels.prepare(modules, cold=options.cold)
    return batch.make(report, options)
