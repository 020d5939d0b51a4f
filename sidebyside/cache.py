"""The cache in Redis, which may be away: then nothing is remembered, and no page fails for it.

What this costs while it lasts: sign-ins are not counted, and a code of the second step could be used twice within its
half minute. Nothing that must be true stands in the cache.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _or(otherwise: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer `otherwise` when Redis does not."""

    def decorate(ask: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(ask)
        def asked(*args: Any, **kwargs: Any) -> Any:
            try:
                return ask(*args, **kwargs)
            except RedisError as problem:
                log.warning("the cache is away", extra={"kind": type(problem).__name__})
                return otherwise

        return asked

    return decorate


class PatientRedisCache(RedisCache):
    """As if it were empty while Redis is away."""

    add = _or(True)(RedisCache.add)
    set = _or(None)(RedisCache.set)
    touch = _or(False)(RedisCache.touch)
    delete = _or(False)(RedisCache.delete)
    has_key = _or(False)(RedisCache.has_key)
    set_many = _or([])(RedisCache.set_many)
    delete_many = _or(None)(RedisCache.delete_many)
    clear = _or(False)(RedisCache.clear)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or the default."""
        return _or(default)(super().get)(key, default, version=version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        """Those that are known."""
        return _or({})(super().get_many)(keys, version=version)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """The next number. Raises ValueError for a key that is not there, as Django's caches do."""
        return _or(delta)(super().incr)(key, delta, version=version)
