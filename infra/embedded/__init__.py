"""Servers that Kaibo starts itself on a bare machine: a real mongod and a real S3 server."""

from infra.embedded.libcurl import mongod_environment
from infra.embedded.mongod import MongodMissing, find_mongod, initiate, mongod_command
from infra.embedded.store import store_command, store_environment, wait_for_store

__all__ = [
    "MongodMissing",
    "find_mongod",
    "initiate",
    "mongod_command",
    "mongod_environment",
    "store_command",
    "store_environment",
    "wait_for_store",
]
