"""What runs when LocalStack starts."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from localstack import config
from localstack.http import Request, Response
from localstack.runtime import hooks
from localstack.services.edge import ROUTER
from localstack.utils.patch import patch

if TYPE_CHECKING:
    from localstack.services.lambda_.invocation.lambda_models import FunctionVersion

LOG = logging.getLogger(__name__)


@hooks.on_runtime_create()
def choose_this_plugin() -> None:
    """Being on the path is enough: a forgotten variable must not open a server to the network."""
    config.GATEWAY_SERVER = "nlj"
    config.LAMBDA_RUNTIME_EXECUTOR = "nlj"


@hooks.on_infra_start()
def add_routes() -> None:
    from .cloudformation.custom_resource import receive_answer
    from .executor import HostExecutor

    def functions(_request: Request) -> Response:
        return Response(json.dumps(HostExecutor.describe_running()), content_type="application/json")

    def custom_resource_answer(request: Request, request_id: str) -> Response:
        receive_answer(request_id, request.get_data())
        return Response(status=200)

    ROUTER.add("/_nlj/functions", functions, methods=["GET"])
    ROUTER.add("/_nlj/cfn-response/<request_id>", custom_resource_answer, methods=["PUT"])


@hooks.on_infra_start()
def honour_log_group() -> None:
    """LocalStack writes every function's logs to /aws/lambda/<name>, whatever its LoggingConfig says."""
    from localstack.services.lambda_.invocation.execution_environment import ExecutionEnvironment

    @patch(ExecutionEnvironment.get_log_group_name)
    def configured(default, self) -> str:
        return (self.function_version.config.logging_config or {}).get("LogGroup") or default(self)


@hooks.on_infra_start()
def log_requests() -> None:
    from .request_log import start
    from .settings import request_log

    path = request_log()
    if path is not None:
        start(path)


@hooks.on_infra_start()
def correct_metrics() -> None:
    from localstack.aws.api.lambda_ import TooManyRequestsException
    from localstack.services.lambda_.invocation.counting_service import CountingService

    from .metric_store import correct_metric_store, evaluate_alarms_as_aws_does
    from .metrics import record_throttle

    correct_metric_store()
    evaluate_alarms_as_aws_does()
    inherited = CountingService.get_invocation_lease

    @contextmanager
    def lease(
        self: CountingService, function: object, function_version: "FunctionVersion", *state: object
    ) -> Iterator[object]:
        try:
            with inherited(self, function, function_version, *state) as kind:
                yield kind
        except TooManyRequestsException:
            identifier = function_version.id
            record_throttle(identifier.account, identifier.region, identifier.function_name)
            raise

    CountingService.get_invocation_lease = lease


@hooks.on_infra_start()
def measure_apis() -> None:
    from .gateway_metrics import record_requests

    record_requests()


@hooks.on_infra_start()
def correct_mappings() -> None:
    from .event_source import keep_tags_apart, let_latest_worker_set_state

    keep_tags_apart()
    let_latest_worker_set_state()


@hooks.on_infra_start()
def fail_on_missing_attributes() -> None:
    """LocalStack resolves a `Fn::GetAtt` of what a resource does not have to nothing, and deploys on."""
    from localstack.services.cloudformation.engine.v2.change_set_model_executor import ChangeSetModelExecutor
    from localstack.services.cloudformation.engine.validations import ValidationError

    inherited = ChangeSetModelExecutor._resolve_attribute

    def resolve(self: ChangeSetModelExecutor, arguments: str | list[str], select_before: bool) -> object:
        value = inherited(self, arguments=arguments, select_before=select_before)
        if value is None and not select_before:
            raise ValidationError(f"Template error: Fn::GetAtt of {arguments}: there is no such attribute here")
        return value

    # Not by `patch`, which would change the class that this is inherited from.
    ChangeSetModelExecutor._resolve_attribute = resolve
