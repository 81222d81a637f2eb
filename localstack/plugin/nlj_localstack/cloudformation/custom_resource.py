"""Custom resources: the function behind a service token does the work and answers over HTTP.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
import threading
import uuid
from concurrent.futures import Future
from typing import Any, ClassVar, Literal, override

from localstack import config
from localstack.services.cloudformation.resource_provider import ResourceProvider

from .resource import Event, Properties, Request, failed, plugin_for, succeeded

RequestType = Literal["Create", "Update", "Delete"]

_type_name = "AWS::CloudFormation::CustomResource"
_identifier = "PhysicalResourceId"
_answer_timeout_seconds = 15 * 60
_awaited: dict[str, Future[dict[str, Any]]] = {}


def receive_answer(request_id: str, body: bytes) -> None:
    """What a function PUT to its ResponseURL."""
    awaited = _awaited.get(request_id)
    if awaited is not None and not awaited.done():
        awaited.set_result(json.loads(body))


class CustomResource(ResourceProvider[Properties]):
    TYPE = _type_name
    SCHEMA: ClassVar[Properties] = {
        "typeName": _type_name,
        "primaryIdentifier": [f"/properties/{_identifier}"],
        "readOnlyProperties": [],
        "properties": {},
    }

    @override
    def create(self, request: Request) -> Event:
        model = dict(request.desired_state)
        return _with_data(model, _ask(request, "Create", model, {}))

    @override
    def update(self, request: Request) -> Event:
        model, previous = dict(request.desired_state), _asked_for(request.previous_state)
        old_id = (request.previous_state or {})[_identifier]
        answer = _ask(request, "Update", model, {_identifier: old_id, "OldResourceProperties": _stringified(previous)})
        event = _with_data(model, answer)
        if model.get(_identifier, old_id) != old_id:
            _ask(request, "Delete", previous, {_identifier: old_id})
        return event

    @override
    def delete(self, request: Request) -> Event:
        model = _asked_for(request.desired_state)
        if _identifier not in request.desired_state:  # never created
            return succeeded(request.desired_state)
        answer = _ask(request, "Delete", model, {_identifier: request.desired_state[_identifier]})
        return _failure(model, answer) or succeeded(request.desired_state)


# The properties of the template, kept beside those that the function's answer adds to the model.
_asked_key = "__nlj_properties"


def _asked_for(state: Properties | None) -> Properties:
    return (state or {}).get(_asked_key, {})


def _ask(request: Request, kind: RequestType, properties: Properties, more: Properties) -> dict[str, Any]:
    """Invokes the function and waits for its answer."""
    request_id = str(uuid.uuid4())
    event = {
        "RequestType": kind,
        "RequestId": request_id,
        "StackId": request.stack_id,
        "ResponseURL": f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}/_nlj/cfn-response/{request_id}",
        "ResourceType": request.resource_type,
        "LogicalResourceId": request.logical_resource_id,
        "ResourceProperties": _stringified(properties),
        **more,
    }
    answer = _awaited[request_id] = Future()

    def invoke() -> None:
        try:
            result = request.aws_client_factory.lambda_.invoke(
                FunctionName=properties["ServiceToken"], Payload=json.dumps(event)
            )
            reason = result["Payload"].read().decode() if result.get("FunctionError") else None
        except Exception as error:
            reason = str(error)
        # AWS would invoke twice more and then wait for an hour.
        if reason is not None and not answer.done():
            answer.set_result({"Status": "FAILED", "Reason": reason})

    threading.Thread(target=invoke, daemon=True, name=f"nlj-custom-resource-{request_id}").start()
    try:
        return answer.result(_answer_timeout_seconds)
    except TimeoutError:
        return {"Status": "FAILED", "Reason": f"No answer within {_answer_timeout_seconds} seconds"}
    finally:
        del _awaited[request_id]


def _with_data(model: Properties, answer: dict[str, Any]) -> Event:
    asked = dict(model)
    failure = _failure(model, answer)
    if failure is not None:
        return failure
    for name, value in _stringified(answer.get("Data") or {}).items():
        model[name] = value
        _set_nested(model, name.split("."), value)
    model[_identifier] = answer["PhysicalResourceId"]
    model[_asked_key] = asked
    return succeeded(model)


def _failure(model: Properties, answer: dict[str, Any]) -> Event | None:
    return None if answer.get("Status") == "SUCCESS" else failed(model, answer.get("Reason") or "no reason given")


def _set_nested(model: Properties, path: list[str], value: Any) -> None:
    """LocalStack looks up `Fn::GetAtt` of `a.b` as {"a": {"b": ...}}."""
    *parents, last = path
    for part in parents:
        if not isinstance(model.get(part), dict):
            model[part] = {}
        model = model[part]
    model[last] = value


def _stringified(value: Any) -> Any:
    """CloudFormation hands every number and boolean to the function as a string."""
    match value:
        case dict():
            return {name: _stringified(item) for name, item in value.items() if name != _asked_key}
        case list():
            return [_stringified(item) for item in value]
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


plugin = plugin_for(CustomResource, _type_name)
