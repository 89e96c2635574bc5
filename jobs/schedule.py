"""Every job in one table, merged from what each subject brings."""

from app.kernel import discovery
from jobs.kit import Job


def _all_jobs() -> tuple[Job, ...]:
    """The `JOBS` of the modules in jobs/subjects; raises ExportedTwice when two jobs have one name."""
    found: dict[str, Job] = {}
    for module in discovery.modules_in("jobs.subjects"):
        for job in module.JOBS:
            if job.name in found:
                raise discovery.ExportedTwice(f"two jobs are called {job.name}, one of them in {module.__name__}")
            found[job.name] = job
    return tuple(found.values())


JOBS = _all_jobs()


def find_job(name: str) -> Job | None:
    return next((job for job in JOBS if job.name == name), None)
