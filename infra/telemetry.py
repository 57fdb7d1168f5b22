"""Structured logs and metrics."""

import logging
import sys
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

METRICS_CONTENT_TYPE = CONTENT_TYPE_LATEST


def configure_logging(process: str, level: str = "info") -> None:
    """Send every log line, ours and the libraries', to stderr as one JSON object."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(ensure_ascii=False), foreign_pre_chain=shared
        )
    )
    logging.basicConfig(
        handlers=[handler], level=max(logging.getLevelName(level.upper()), logging.INFO), force=True
    )
    for noisy in (
        "aiortc",
        "aioice",
        "botocore",
        "boto3",
        "urllib3",
        "websockets",
        "pymongo",
        "httpx",
        "PIL",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Give a logger that tells where a line comes from."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(source=name)
    return logger


def render_metrics() -> bytes:
    """Render this process's metrics in the Prometheus text format."""
    return generate_latest(REGISTRY)
