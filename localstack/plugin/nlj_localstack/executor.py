"""Functions as processes of the host: LocalStack's runtime executor without Docker.

One executor is one execution environment, as on AWS: one process, one invocation at a time. LocalStack makes as many
as there are concurrent invocations and stops those that stay idle.
"""

import json
import math
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from .metrics import EmbeddedMetricReader, record_invocation, record_log_bytes
from .process import FunctionProcess
from .runtime_api import RuntimeApi
from .settings import function_environment, function_preload, node_runtime

_here = Path(__file__).parent
_init_timeout_seconds = 10  # AWS's limit


class HostExecutorPlugin(RuntimeExecutorPlugin):
    name = "nlj"

    def load(self, *_args: object, **_kwargs: object) -> type[RuntimeExecutor]:
        return HostExecutor


@dataclass(frozen=True)
class PendingInvocation:
    """An event on its way to the process."""

    request_id: str
    function_arn: str
    trace_id: str
    body: bytes
    deadline_ms: int

    def headers(self) -> Mapping[str, str]:
        return {
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Invoked-Function-Arn": self.function_arn,
            "Lambda-Runtime-Trace-Id": self.trace_id,
            "Lambda-Runtime-Deadline-Ms": str(self.deadline_ms),
        }


@dataclass(frozen=True)
class Answer:
    body: bytes
    is_error: bool


class Generation:
    """One start of the process: each has its own API address, so that a dead one can answer nothing."""

    def __init__(
        self, command: list[str], environment: dict[str, str], directory: str, on_output: Callable[[bytes], None]
    ) -> None:
        self.initialized: Future[Answer | None] = Future()
        self._queue: queue.SimpleQueue[PendingInvocation | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._current: tuple[str, Future[Answer]] | None = None
        self._exit_answer: Answer | None = None
        self._api = RuntimeApi(self)
        self.process = FunctionProcess(
            command,
            {**environment, "AWS_LAMBDA_RUNTIME_API": self._api.address},
            directory,
            self._exited,
            on_output,
        )

    @property
    def busy(self) -> bool:
        return self._current is not None

    def invoke(self, invocation: PendingInvocation, timeout: float) -> Answer:
        """@raises TimeoutError"""
        answer: Future[Answer] = Future()
        with self._lock:
            if self._exit_answer is not None:
                return self._exit_answer
            self._current = (invocation.request_id, answer)
        try:
            self._queue.put(invocation)
            return answer.result(timeout)
        finally:
            with self._lock:
                self._current = None

    def close(self) -> None:
        self.process.kill()
        self._queue.put(None)
        self._api.close()

    # What the process says through the Runtime API.

    def next_invocation(self) -> PendingInvocation | None:
        self._settle_initialization(None)
        return self._queue.get()

    def invocation_answered(self, request_id: str, body: bytes, is_error: bool) -> None:
        with self._lock:
            if self._current is not None and self._current[0] == request_id and not self._current[1].done():
                self._current[1].set_result(Answer(body, is_error))

    def initialization_failed(self, body: bytes) -> None:
        self._settle_initialization(Answer(body, is_error=True))

    def _exited(self, _process: FunctionProcess, code: int) -> None:
        ending = f"signal: {-code}" if code < 0 else f"exit status {code}"
        answer = _error("Runtime.ExitError", f"Runtime exited with error: {ending}")
        self._settle_initialization(answer)
        with self._lock:
            self._exit_answer = answer
            if self._current is not None and not self._current[1].done():
                self._current[1].set_result(answer)

    def _settle_initialization(self, answer: Answer | None) -> None:
        with self._lock:
            if not self.initialized.done():
                self.initialized.set_result(answer)


class HostExecutor(RuntimeExecutor):
    """@see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"""

    _running: ClassVar[set["HostExecutor"]] = set()
    _running_lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self._environment: dict[str, str] = {}
        self._generation: Generation | None = None
        self._init_failure: Answer | None = None
        self._init_ms: float | None = None
        self._in_invocation = False
        self._stopped = False

    # What LocalStack calls.

    def start(self, env_vars: dict[str, str]) -> None:
        self._environment = {name: str(value) for name, value in env_vars.items()}
        self._start_process()
        with self._running_lock:
            self._running.add(self)

    def stop(self) -> None:
        self._stopped = True
        with self._running_lock:
            self._running.discard(self)
        if self._generation is not None:
            self._generation.close()

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        self._in_invocation = True
        try:
            return self._invoke(payload)
        finally:
            self._in_invocation = False

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return "http://127.0.0.1"  # used by LocalStack's own init program only

    def get_logs(self) -> str:
        return self._generation.process.take_output() if self._generation else ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        if not function_version.config.code:
            raise NotImplementedError("Functions from container images are not supported here")
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        pass

    # What the internal endpoint shows.

    @classmethod
    def describe_running(cls) -> list[dict[str, str | int | bool]]:
        """The live function processes."""
        with cls._running_lock:
            executors = list(cls._running)
        return [
            {
                "functionName": executor.function_version.id.function_name,
                "pid": executor._generation.process.pid,
                "busy": executor._in_invocation,
            }
            for executor in executors
            if executor._generation is not None and executor._generation.process.running
        ]

    # One process after the other.

    def _start_process(self) -> None:
        config = self.function_version.config
        directory = str(config.code.get_unzipped_code_location())
        started = time.perf_counter()
        if self._generation is not None:
            self._generation.close()
        identifier = self.function_version.id
        reader = EmbeddedMetricReader(identifier.account, identifier.region)
        self._generation = Generation(self._command(), self._process_environment(directory), directory, reader.read)
        if self._stopped:  # meanwhile
            self._generation.close()
        self._init_failure = self._await_initialization(self._generation)
        self._init_ms = (time.perf_counter() - started) * 1000

    @staticmethod
    def _await_initialization(generation: Generation) -> Answer | None:
        try:
            return generation.initialized.result(_init_timeout_seconds)
        except TimeoutError:
            generation.process.kill()
            return _error("Sandbox.Timedout", f"Init timed out after {_init_timeout_seconds:.2f} seconds")

    def _command(self) -> list[str]:
        runtime = self.function_version.config.runtime
        if runtime.startswith("python"):
            return [sys.executable, "-u", str(_here / "bootstrap.py")]
        if runtime.startswith("nodejs"):
            node = node_runtime()
            preloads = [function_preload(), str(_here / "preload.cjs")]
            required = [part for file in preloads if file for part in ("--require", file)]
            return [node.node, *required, node.runtime_client]
        raise NotImplementedError(f"Runtime {runtime} is not supported here")

    def _process_environment(self, directory: str) -> dict[str, str]:
        runtime = self.function_version.config.runtime
        host = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        node = {}
        if runtime.startswith("nodejs"):
            node = {
                # Read by runtime-sdk.cjs.
                "NLJ_LOCAL_NODE_PATH": node_runtime().node_path,
                # The runtime client's own HTTP client, in place of its native addon.
                "AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1": "true",
            }
        return {
            **host,
            "LANG": "en_US.UTF-8",
            **node,
            **self._environment,
            **function_environment(),
            "LAMBDA_TASK_ROOT": directory,
            "LAMBDA_RUNTIME_DIR": directory,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        }

    def _invoke(self, payload: dict[str, str]) -> InvocationResult:
        request_id = payload["invoke-id"]
        timeout = self.function_version.config.timeout
        if not self._generation.process.running and self._init_failure is None:
            self._start_process()
        init_ms, self._init_ms = self._init_ms, None
        generation = self._generation
        started = time.time()
        remark = ""
        if self._init_failure is not None:
            # Reported on this invocation; the next one starts afresh.
            answer, self._init_failure = self._init_failure, None
            generation.process.kill()
        else:
            invocation = PendingInvocation(
                request_id,
                payload["invoked-function-arn"],
                payload["trace-id"],
                payload["payload"].encode(),
                deadline_ms=int((started + timeout) * 1000),
            )
            try:
                answer = generation.invoke(invocation, timeout)
            except TimeoutError:
                message = f"Task timed out after {timeout:.2f} seconds"
                answer = _error("Sandbox.Timedout", f"RequestId: {request_id} Error: {message}")
                remark = f"{_timestamp()} {request_id} {message}\n"
        duration_ms = (time.time() - started) * 1000
        memory_mb = generation.process.peak_memory_mb()
        if remark:
            generation.process.kill()  # after its memory was read
        self._record(duration_ms)
        output = generation.process.take_output()
        logs = (
            f"START RequestId: {request_id} Version: {self.function_version.id.qualifier}\n"
            f"{output}{remark}"
            f"END RequestId: {request_id}\n"
            f"{self._report(request_id, duration_ms, memory_mb, init_ms)}\n"
        )
        group = (self.function_version.config.logging_config or {}).get("LogGroup")
        if group:
            identifier = self.function_version.id
            record_log_bytes(identifier.account, identifier.region, group, len(logs.encode()))
        return InvocationResult(request_id, answer.body, is_error=answer.is_error, logs=logs)

    def _record(self, duration_ms: float) -> None:
        identifier = self.function_version.id
        with self._running_lock:
            concurrent = sum(
                executor._in_invocation and executor.function_version.id.function_name == identifier.function_name
                for executor in self._running
            )
        record_invocation(
            identifier.account, identifier.region, identifier.function_name, duration_ms, max(1, concurrent)
        )

    def _report(self, request_id: str, duration_ms: float, memory_mb: int, init_ms: float | None) -> str:
        parts = [
            f"REPORT RequestId: {request_id}",
            f"Duration: {duration_ms:.2f} ms",
            f"Billed Duration: {math.ceil(duration_ms)} ms",
            f"Memory Size: {self.function_version.config.memory_size} MB",
            f"Max Memory Used: {memory_mb} MB",
        ]
        if init_ms is not None:
            parts.append(f"Init Duration: {init_ms:.2f} ms")
        return "\t".join(parts)


def _error(error_type: str, message: str) -> Answer:
    return Answer(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), is_error=True)


def _timestamp() -> str:
    now = time.time()
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now % 1 * 1000):03d}Z"
