"""The attachment of a secret to a database instance, which writes into the secret where the database is."""

import json
from typing import override

from .rds import target
from .resource import Properties, Request, Resource, plugin_for


class SecretTargetAttachment(Resource):
    """In place of LocalStack's own, whose `Ref` is a made-up name and which leaves the secret as it was."""

    type_name = "AWS::SecretsManager::SecretTargetAttachment"
    identifier = "Id"
    attributes = ("Id",)

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        if model["TargetType"] != "AWS::RDS::DBInstance":
            raise ValueError(f"TargetType {model['TargetType']} is not supported here")
        attached = target(model["TargetId"])
        secrets = request.aws_client_factory.secretsmanager
        secret = json.loads(secrets.get_secret_value(SecretId=model["SecretId"])["SecretString"])
        secret |= {
            "dbInstanceIdentifier": attached.identifier,
            "engine": attached.engine,
            "host": attached.host,
            "port": attached.port,
        }
        if attached.database:
            secret["dbname"] = attached.database
        secrets.put_secret_value(SecretId=model["SecretId"], SecretString=json.dumps(secret))
        model["Id"] = model["SecretId"]


plugin = plugin_for(SecretTargetAttachment, SecretTargetAttachment.type_name)
