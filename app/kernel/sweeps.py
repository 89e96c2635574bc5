"""What has served its time: kept answers and runs of jobs."""

from app.kernel import idempotency
from app.kernel.runs import job_runs

SWEEPS = {
    "idempotency_keys": idempotency.sweep,
    "job_runs": job_runs.sweep,
}
