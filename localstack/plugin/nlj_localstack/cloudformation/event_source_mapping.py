"""LocalStack's own event source mapping, whose update forgets what Kafka mappings need."""

from typing import override

from localstack.services.lambda_.resource_providers.aws_lambda_eventsourcemapping import (
    LambdaEventSourceMappingProvider,
)

from .resource import Event, Request, plugin_for

_forgotten = ("ProvisionedPollerConfig", "MetricsConfig", "KMSKeyArn")


class EventSourceMapping(LambdaEventSourceMappingProvider):
    @override
    def update(self, request: Request) -> Event:
        event = super().update(request)
        changes = {name: request.desired_state[name] for name in _forgotten if name in request.desired_state}
        if changes:
            request.aws_client_factory.lambda_.update_event_source_mapping(UUID=event.resource_model["Id"], **changes)
        return event


plugin = plugin_for(EventSourceMapping, LambdaEventSourceMappingProvider.TYPE)
