"""EC2: elastic addresses, which NAT gateways refer to."""

from typing import override

from .resource import Properties, Request, Resource, plugin_for


class ElasticIp(Resource):
    type_name = "AWS::EC2::EIP"
    identifier = "PublicIp"
    attributes = ("AllocationId", "PublicIp")

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        address = request.aws_client_factory.ec2.allocate_address(Domain="vpc")
        model["AllocationId"], model["PublicIp"] = address["AllocationId"], address["PublicIp"]

    @override
    def delete_resource(self, request: Request, model: Properties) -> None:
        request.aws_client_factory.ec2.release_address(AllocationId=model["AllocationId"])


elastic_ip = plugin_for(ElasticIp, ElasticIp.type_name)
