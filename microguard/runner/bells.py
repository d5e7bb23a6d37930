"""The part of a given Redis that belongs to one folder: Celery's queues, under a prefix of their own."""

import os
from pathlib import Path

import redis

from microguard.runner.console import Failure
from microguard.runner.environment import bell_prefix


def require_redis() -> None:
    """Make sure that the Redis given by REDIS_URL answers.

    :raises Failure: when it does not
    """
    try:
        _client().ping()
    except (redis.RedisError, ValueError) as error:
        raise Failure(f"the Redis given by REDIS_URL cannot be used: {error}") from None


def silence(folder: Path) -> None:
    """Forget the folder's bells: the rows that they would ring for are gone."""
    client = _client()
    for key in client.scan_iter(f"{bell_prefix(folder)}:*"):
        client.delete(key)


def _client() -> "redis.Redis":
    # Celery and redis-py spell a socket's address differently.
    url = os.environ["REDIS_URL"].replace("redis+socket://", "unix://")
    return redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5)
