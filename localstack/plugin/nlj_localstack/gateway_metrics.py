"""What AWS publishes of each request to a REST API."""

import time
from datetime import UTC, datetime

from localstack.http import Response
from localstack.services.apigateway.next_gen.execute_api.context import RestApiInvocationContext
from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway
from localstack.services.apigateway.next_gen.execute_api.handlers.integration import IntegrationHandler
from localstack.utils.patch import patch

from .metrics import publisher

_integration_ms = "nlj_integration_ms"


def record_requests() -> None:
    @patch(IntegrationHandler.__call__)
    def integrate(fn, self, chain, context: RestApiInvocationContext, response) -> None:
        started = time.monotonic()
        try:
            fn(self, chain, context, response)
        finally:
            setattr(context, _integration_ms, _since(started))

    @patch(RestApiGateway.process_with_context)
    def process(fn, self, context: RestApiInvocationContext, response: Response) -> None:
        started = time.monotonic()
        fn(self, context, response)
        values = {
            "Count": 1.0,
            "4XXError": float(400 <= response.status_code < 500),
            "5XXError": float(response.status_code >= 500),
            "Latency": _since(started),
        }
        integration = getattr(context, _integration_ms, None)
        if integration is not None:
            values["IntegrationLatency"] = integration
        _publish(context, values)


def _since(started: float) -> float:
    return (time.monotonic() - started) * 1000


def _publish(context: RestApiInvocationContext, values: dict[str, float]) -> None:
    if context.deployment is None:
        return
    name = context.deployment.rest_api.rest_api["name"]
    now = datetime.now(UTC)
    publisher.publish(
        context.account_id,
        context.region,
        "AWS/ApiGateway",
        [
            {
                "MetricName": metric,
                "Dimensions": [{"Name": "ApiName", "Value": name}],
                "Timestamp": now,
                "Value": value,
                "Unit": "Milliseconds" if metric.endswith("Latency") else "Count",
            }
            for metric, value in values.items()
        ],
    )
