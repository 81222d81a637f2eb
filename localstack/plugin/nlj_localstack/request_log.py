"""Which role asked for what: a file with one line for each kind of request that a function made.

A line is a JSON object {"role", "action", "parameters"}; the same line is written once. Only names of resources are
written, and of object keys the first two parts.
"""

import json
import threading
from pathlib import Path
from typing import Any

from localstack.aws import handlers
from localstack.aws.api import RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Response
from localstack.services.lambda_.invocation.execution_environment import ExecutionEnvironment
from localstack.utils.aws.request_context import extract_access_key_id_from_auth_header
from localstack.utils.patch import patch

_names = ("Bucket", "FunctionName", "RoleArn", "SecretId", "ClusterArn", "TopicArn", "QueueUrl", "VersionId")


class RequestLog:
    """Remembers whose each access key is: every execution environment assumes its function's role once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._roles: dict[str, str] = {}
        self._written: set[str] = set()

    def remember(self, access_key: str, role: str) -> None:
        with self._lock:
            self._roles[access_key] = role

    def __call__(self, _chain: HandlerChain, context: RequestContext, _response: Response) -> None:
        if context.operation is None or context.is_internal_call:
            return
        role = self._roles.get(extract_access_key_id_from_auth_header(context.request.headers) or "")
        if role is None:
            return
        line = json.dumps(
            {
                "role": role,
                "action": f"{context.service.service_name}:{context.operation.name}",
                "parameters": _parameters(context.service_request or {}),
            },
            sort_keys=True,
        )
        with self._lock:
            if line in self._written:
                return
            self._written.add(line)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")


def _parameters(request: dict[str, Any]) -> dict[str, str]:
    found = {name: str(request[name]) for name in _names if request.get(name)}
    deleted = (request.get("Delete") or {}).get("Objects") or [{}]
    key = request.get("Key") or deleted[0].get("Key")
    if key:
        found["Key"] = "/".join(str(key).split("/")[:2])
    if "VersionId" in found or "VersionId" in deleted[0]:
        found["VersionId"] = "some"
    return found


def start(path: Path) -> None:
    log = RequestLog(path)
    handlers.run_custom_response_handlers.append(log)

    @patch(ExecutionEnvironment.get_credentials)
    def remembered(get_credentials: Any, self: ExecutionEnvironment) -> Any:
        credentials = get_credentials(self)
        log.remember(credentials["AccessKeyId"], self.function_version.config.role)
        return credentials
