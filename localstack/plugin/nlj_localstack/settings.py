"""The environment variables that this plugin reads, each in one place."""

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit


class SettingsError(RuntimeError):
    """A variable is missing or malformed; the message names it."""


@dataclass(frozen=True)
class DatabaseAdmin:
    """Where PostgreSQL is and how to enter it as its superuser."""

    host: str
    port: int
    user: str
    password: str
    database: str


@dataclass(frozen=True)
class NodeRuntime:
    """What runs a JavaScript function."""

    node: str
    runtime_client: str
    node_path: str


@cache
def node_runtime() -> NodeRuntime:
    return NodeRuntime(
        node=_required("NLJ_LOCAL_NODE"),
        runtime_client=_required("NLJ_LOCAL_RIC"),
        node_path=_required("NLJ_LOCAL_NODE_PATH"),
    )


@cache
def function_environment() -> dict[str, str]:
    """Variables that every function process gets last; none unless the fault harness says so."""
    return json.loads(os.environ.get("NLJ_LOCAL_FUNCTION_ENVIRONMENT", "{}"))


@cache
def function_preload() -> str | None:
    return os.environ.get("NLJ_LOCAL_FUNCTION_PRELOAD")


@cache
def request_log() -> Path | None:
    """Where it is written which role asked for what."""
    path = os.environ.get("NLJ_LOCAL_REQUEST_LOG")
    return Path(path) if path else None


@cache
def kafka_bootstrap() -> str:
    return _required("NLJ_LOCAL_KAFKA")


@cache
def database_admin() -> DatabaseAdmin:
    name = "NLJ_LOCAL_POSTGRES_ADMIN"
    url = urlsplit(_required(name))
    if url.scheme not in ("postgres", "postgresql") or not (url.hostname and url.port and url.username):
        raise SettingsError(f"{name} is not of the form postgres://user:password@host:port/database")
    return DatabaseAdmin(
        host=url.hostname,
        port=url.port,
        user=unquote(url.username),
        password=unquote(url.password or ""),
        database=url.path.lstrip("/") or "postgres",
    )


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SettingsError(f"environment variable {name} is not set")
    return value
