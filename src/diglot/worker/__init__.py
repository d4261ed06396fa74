"""The worker: claims jobs, ingests, purges, rebuilds; one process may run several of its jobs at once."""

from diglot.worker.working import House, Worker, run_once, running_worker

__all__ = ["House", "Worker", "run_once", "running_worker"]
