"""Event source mappings of Kafka clusters: kept whole by LocalStack, worked off by a process outside of it.

Community LocalStack refuses them. Here they are accepted with all their properties and never polled;
localstack/event-source reads them by ListEventSourceMappings and invokes the functions.
"""

import threading
from collections.abc import MutableMapping
from typing import Any
from weakref import WeakValueDictionary

from localstack.services.lambda_ import hooks as lambda_hooks
from localstack.services.lambda_.event_source_mapping.esm_config_factory import EsmConfigFactory
from localstack.services.lambda_.event_source_mapping.esm_worker import EsmState, EsmWorker
from localstack.services.lambda_.event_source_mapping.esm_worker_factory import PollerHolder
from localstack.services.lambda_.event_source_mapping.pollers.poller import EmptyPollResultsException, Poller
from localstack.utils.patch import patch


@lambda_hooks.set_event_source_config_defaults()
def set_kafka_defaults(defaults: MutableMapping[str, Any], request: MutableMapping[str, Any], service: str) -> None:
    """@see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"""
    if service != "kafka":
        return
    # merge_recursive keeps what the request says. A batching window is left out: AWS's 500 ms have no value in seconds.
    defaults["BatchSize"] = 100
    defaults["DestinationConfig"] = {"OnFailure": {}}


@lambda_hooks.create_event_source_poller()
def create_kafka_poller(holder: PollerHolder, source_service: str, esm_config: MutableMapping[str, Any]) -> None:
    if source_service == "kafka":
        arn = esm_config["EventSourceArn"]
        holder.create_poller_fn = lambda **_: IdlePoller(arn)


class IdlePoller(Poller):
    """Finds nothing, ever: LocalStack keeps the state of a mapping in the loop that calls a poller."""

    def __init__(self, arn: str) -> None:
        self._arn = arn

    def event_source(self) -> str:
        return "aws:kafka"

    def poll_events(self) -> None:
        raise EmptyPollResultsException("kafka", self._arn)


def let_latest_worker_set_state() -> None:
    """An update replaces the worker of a mapping; the old one's thread ends later and then wrote its own state,
    `Disabled`, over that of its successor.
    """
    latest: WeakValueDictionary[str, EsmWorker] = WeakValueDictionary()
    lock = threading.Lock()

    @patch(EsmWorker.__init__)
    def remember(init: Any, self: EsmWorker, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        with lock:
            latest[self.uuid] = self

    @patch(EsmWorker.update_esm_state_in_store)
    def update_unless_replaced(update: Any, self: EsmWorker, new_state: EsmState) -> None:
        with lock:
            if latest.get(self.uuid, self) is self:
                update(self, new_state)


def keep_tags_apart() -> None:
    """A mapping's configuration holds no tags, on AWS; LocalStack keeps them there too and warns at each reading."""

    @patch(EsmConfigFactory.get_esm_config)
    def without_tags(get_esm_config: Any, self: EsmConfigFactory) -> MutableMapping[str, Any]:
        configuration = get_esm_config(self)
        configuration.pop("Tags", None)
        return configuration
