"""RDS: an instance is a role and a database of the local PostgreSQL server, and a proxy is that server again."""

from dataclasses import dataclass
from typing import override

import pg8000.native
from localstack.utils.strings import short_uid

from ..settings import DatabaseAdmin, database_admin
from .resource import Properties, Request, Resource, generated_name, plugin_for


@dataclass(frozen=True)
class Target:
    """What a secret attached to an instance gains."""

    identifier: str
    engine: str
    database: str | None
    host: str
    port: int


_targets: dict[str, Target] = {}


def target(identifier: str) -> Target:
    """The instance of that identifier; a KeyError if there is none."""
    return _targets[identifier]


class Instance(Resource):
    """@see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbinstance.html"""

    type_name = "AWS::RDS::DBInstance"
    identifier = "DBInstanceIdentifier"
    attributes = ("DBInstanceArn", "DbiResourceId", "Endpoint.Address", "Endpoint.Port")

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        admin = database_admin()
        _create_master(admin, model)
        name = model.setdefault("DBInstanceIdentifier", generated_name(request))
        model["DbiResourceId"] = f"db-{short_uid().upper()}"
        model["DBInstanceArn"] = _arn(request, "db", name)
        model["Endpoint"] = {"Address": admin.host, "Port": str(admin.port)}
        _targets[name] = Target(name, model["Engine"], model.get("DBName"), admin.host, admin.port)

    @override
    def update_resource(self, request: Request, model: Properties) -> None:
        _create_master(database_admin(), model)

    @override
    def delete_resource(self, request: Request, model: Properties) -> None:
        """Leaves the data alone: LocalStack forgets everything at its end, the database must not."""
        _targets.pop(model["DBInstanceIdentifier"], None)


class SubnetGroup(Resource):
    type_name = "AWS::RDS::DBSubnetGroup"
    identifier = "DBSubnetGroupName"

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        model.setdefault("DBSubnetGroupName", generated_name(request))


class ParameterGroup(Resource):
    """Kept by CloudFormation only: the local server has its own configuration."""

    type_name = "AWS::RDS::DBParameterGroup"
    identifier = "DBParameterGroupName"
    attributes = ("DBParameterGroupName",)

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        model.setdefault("DBParameterGroupName", generated_name(request))


class Proxy(Resource):
    """Pools nothing."""

    type_name = "AWS::RDS::DBProxy"
    identifier = "DBProxyName"
    attributes = ("DBProxyArn", "Endpoint")

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        model["DBProxyArn"] = _arn(request, "db-proxy", f"prx-{short_uid()}")
        model["Endpoint"] = database_admin().host


class ProxyTargetGroup(Resource):
    type_name = "AWS::RDS::DBProxyTargetGroup"
    identifier = "TargetGroupName"
    attributes = ("TargetGroupArn",)

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        model["TargetGroupArn"] = _arn(request, "target-group", f"prx-tg-{short_uid()}")


def _create_master(admin: DatabaseAdmin, model: Properties) -> None:
    """The master user and the database, as RDS makes them. Can be repeated; a repetition sets the password."""
    if model.get("ManageMasterUserPassword"):
        raise ValueError("ManageMasterUserPassword is not supported here: give the instance a secret")
    user, password, database = model["MasterUsername"], model["MasterUserPassword"], model.get("DBName")
    if user == admin.user:
        raise ValueError(f'MasterUsername "{user}" is the local superuser: choose another')
    connection = pg8000.native.Connection(
        admin.user, host=admin.host, port=admin.port, password=admin.password, database=admin.database
    )
    try:
        role = pg8000.native.identifier(user)
        exists = connection.run("SELECT 1 FROM pg_roles WHERE rolname = :name", name=user)
        connection.run(
            f"{'ALTER' if exists else 'CREATE'} ROLE {role} "
            f"LOGIN CREATEROLE CREATEDB PASSWORD {pg8000.native.literal(password)}"
        )
        if database and not connection.run("SELECT 1 FROM pg_database WHERE datname = :name", name=database):
            connection.run(f"CREATE DATABASE {pg8000.native.identifier(database)} OWNER {role}")
    finally:
        connection.close()


def _arn(request: Request, kind: str, name: str) -> str:
    return f"arn:aws:rds:{request.region_name}:{request.account_id}:{kind}:{name}"


instance = plugin_for(Instance, Instance.type_name)
subnet_group = plugin_for(SubnetGroup, SubnetGroup.type_name)
parameter_group = plugin_for(ParameterGroup, ParameterGroup.type_name)
proxy = plugin_for(Proxy, Proxy.type_name)
proxy_target_group = plugin_for(ProxyTargetGroup, ProxyTargetGroup.type_name)
