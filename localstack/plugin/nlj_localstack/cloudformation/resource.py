"""How a resource type is added to LocalStack, once."""

from abc import abstractmethod
from typing import Any, ClassVar

from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)
from localstack.utils.strings import short_uid

Properties = dict[str, Any]
Request = ResourceRequest[Properties]
Event = ProgressEvent[Properties]


class Resource(ResourceProvider[Properties]):
    """A resource that is ready when `create_resource` returns.

    `Ref` is `identifier`. `Fn::GetAtt` knows the properties and what is listed as `attributes`; all of those must be
    set in `model` by `create_resource`.
    """

    type_name: ClassVar[str]
    identifier: ClassVar[str]
    attributes: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if hasattr(cls, "type_name"):
            cls.TYPE = cls.type_name
            cls.SCHEMA = {
                "typeName": cls.type_name,
                "primaryIdentifier": [f"/properties/{cls.identifier}"],
                "readOnlyProperties": [f"/properties/{name}" for name in cls.attributes],
                "properties": {},
            }

    @abstractmethod
    def create_resource(self, request: Request, model: Properties) -> None:
        """Makes the resource of `model`, and sets its identifier and attributes there."""

    def update_resource(self, request: Request, model: Properties) -> None:
        """Changes the resource to `model`, which holds the old identifier and attributes."""

    def delete_resource(self, request: Request, model: Properties) -> None:
        """Removes the resource."""

    def create(self, request: Request) -> Event:
        model = dict(request.desired_state)
        self.create_resource(request, model)
        return succeeded(model)

    def update(self, request: Request) -> Event:
        previous = request.previous_state or {}
        kept = {name: previous[name] for name in (self.identifier, *_first_parts(self.attributes)) if name in previous}
        model = {**kept, **request.desired_state}
        self.update_resource(request, model)
        return succeeded(model)

    def delete(self, request: Request) -> Event:
        self.delete_resource(request, request.desired_state)
        return succeeded(request.desired_state)


def plugin_for(provider: type[ResourceProvider], type_name: str) -> type[CloudFormationResourceProviderPlugin]:
    """What an entry point names."""

    class Plugin(CloudFormationResourceProviderPlugin):
        name = type_name

        def load(self) -> None:
            self.factory = provider

    return Plugin


def succeeded(model: Properties) -> Event:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def failed(model: Properties, message: str) -> Event:
    return ProgressEvent(status=OperationStatus.FAILED, resource_model=model, message=message)


def generated_name(request: Request) -> str:
    """A name as CloudFormation makes one for a resource that has none."""
    return f"{request.stack_name}-{request.logical_resource_id}-{short_uid()}".lower()


def _first_parts(attributes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.split(".")[0] for name in attributes)
