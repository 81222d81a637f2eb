"""A minimal Lambda runtime client for Python functions; the CDK's own custom resource handlers are such.

Runs in the function's process, so it imports nothing but the standard library.
"""

import importlib
import json
import os
import sys
import time
import traceback
import urllib.request
from collections.abc import Callable
from email.message import Message
from typing import Any

_api = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime"


class Context:
    """@see https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, headers: Message) -> None:
        environment = os.environ
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = environment["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = environment["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = environment["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environment["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self) -> int:
        return self._deadline_ms - int(time.time() * 1000)


def _post(path: str, content: object) -> None:
    request = urllib.request.Request(_api + path, json.dumps(content).encode(), method="POST")
    urllib.request.urlopen(request).close()


def _describe(error: Exception) -> dict[str, object]:
    traceback.print_exc()
    return {
        "errorType": type(error).__name__,
        "errorMessage": str(error),
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


def _load() -> Callable[[Any, Context], Any]:
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    module, name = os.environ["_HANDLER"].rsplit(".", 1)
    return getattr(importlib.import_module(module.replace("/", ".")), name)


def main() -> None:
    try:
        handler = _load()
    except Exception as error:
        _post("/init/error", _describe(error))
        sys.exit(1)
    while True:
        with urllib.request.urlopen(f"{_api}/invocation/next") as response:
            event, context = json.loads(response.read()), Context(response.headers)
        try:
            result, kind = handler(event, context), "response"
        except Exception as error:
            result, kind = _describe(error), "error"
        sys.stdout.flush()
        _post(f"/invocation/{context.aws_request_id}/{kind}", result)


if __name__ == "__main__":
    main()
