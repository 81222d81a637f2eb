"""The kafka and rds APIs, served by the moto backends that LocalStack ships and does not use."""

from typing import Any

from localstack.aws.api import RequestContext, handler
from localstack.aws.spec import load_service
from localstack.services.moto import MotoFallbackDispatcher
from localstack.services.plugins import Service
from localstack.services.providers import aws_provider

from .settings import kafka_bootstrap

_bootstrap_strings = (
    "BootstrapBrokerString",
    "BootstrapBrokerStringTls",
    "BootstrapBrokerStringSaslScram",
    "BootstrapBrokerStringSaslIam",
    "BootstrapBrokerStringPublicTls",
    "BootstrapBrokerStringPublicSaslScram",
    "BootstrapBrokerStringPublicSaslIam",
    "BootstrapBrokerStringVpcConnectivityTls",
    "BootstrapBrokerStringVpcConnectivitySaslScram",
    "BootstrapBrokerStringVpcConnectivitySaslIam",
)


class KafkaAnswers:
    """What must not come from moto."""

    @handler("GetBootstrapBrokers", expand=False)
    def operation_GetBootstrapBrokers(self, context: RequestContext, request: dict[str, Any]) -> dict[str, str]:
        """The one local broker, whatever the authentication."""
        return dict.fromkeys(_bootstrap_strings, kafka_bootstrap())


@aws_provider(api="kafka")
def kafka() -> Service:
    return _moto_service("kafka", KafkaAnswers)


@aws_provider(api="rds")
def rds() -> Service:
    return _moto_service("rds")


def _moto_service(api: str, answers: type = object) -> Service:
    """A provider with one handler per operation of the API; one that raises NotImplementedError goes on to moto."""

    def forwarder(operation: str) -> Any:
        @handler(operation, expand=False)
        def forward(self: Any, context: RequestContext, request: dict[str, Any]) -> None:
            raise NotImplementedError

        forward.__name__ = f"operation_{operation}"  # LocalStack calls a handler by its name
        return forward

    forwarders = {f"operation_{name}": forwarder(name) for name in load_service(api).operation_names}
    base = type("MotoProvider", (), {"service": api, **forwarders})
    provider = base() if answers is object else type("Provider", (answers, base), {})()
    return Service.for_provider(provider, dispatch_table_factory=MotoFallbackDispatcher)
