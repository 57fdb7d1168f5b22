"""The jobs process: uploads, replays, clips and covers; and the rounds of the orders."""

from workers.jobs.process import run

__all__ = ["run"]
