"""MSK: clusters as moto keeps them, so that the kafka API finds them (providers.py)."""

import uuid
from typing import override

from .resource import Properties, Request, Resource, generated_name, plugin_for


class Cluster(Resource):
    type_name = "AWS::MSK::Cluster"
    identifier = "Arn"
    attributes = ("Arn",)

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        brokers = model["BrokerNodeGroupInfo"]
        model["Arn"] = request.aws_client_factory.kafka.create_cluster_v2(
            ClusterName=model.setdefault("ClusterName", generated_name(request)),
            Provisioned={
                "BrokerNodeGroupInfo": {
                    "ClientSubnets": brokers["ClientSubnets"],
                    "InstanceType": brokers["InstanceType"],
                },
                "KafkaVersion": model["KafkaVersion"],
                "NumberOfBrokerNodes": int(model["NumberOfBrokerNodes"]),
            },
        )["ClusterArn"]

    @override
    def delete_resource(self, request: Request, model: Properties) -> None:
        request.aws_client_factory.kafka.delete_cluster(ClusterArn=model["Arn"])


class ServerlessCluster(Resource):
    type_name = "AWS::MSK::ServerlessCluster"
    identifier = "Arn"
    attributes = ("Arn",)

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        model["Arn"] = request.aws_client_factory.kafka.create_cluster_v2(
            ClusterName=model["ClusterName"],
            Serverless={
                "VpcConfigs": [{"SubnetIds": vpc["SubnetIds"]} for vpc in model["VpcConfigs"]],
                "ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}},
            },
        )["ClusterArn"]

    @override
    def delete_resource(self, request: Request, model: Properties) -> None:
        request.aws_client_factory.kafka.delete_cluster(ClusterArn=model["Arn"])


class Configuration(Resource):
    """Kept by CloudFormation only: the local broker has its own configuration."""

    type_name = "AWS::MSK::Configuration"
    identifier = "Arn"
    attributes = ("Arn", "LatestRevision.Revision")

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        name = model["Name"]
        model["Arn"] = f"arn:aws:kafka:{request.region_name}:{request.account_id}:configuration/{name}/{uuid.uuid4()}-1"
        model["LatestRevision"] = {"Revision": "1"}


cluster = plugin_for(Cluster, Cluster.type_name)
serverless_cluster = plugin_for(ServerlessCluster, ServerlessCluster.type_name)
configuration = plugin_for(Configuration, Configuration.type_name)
