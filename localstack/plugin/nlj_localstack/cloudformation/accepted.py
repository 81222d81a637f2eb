"""Types that deploy as nothing, each with its reason. Every other unknown type fails the deployment.

None of them has an attribute, so a `Fn::GetAtt` on one fails too.
"""

from typing import override

from localstack.utils.strings import short_uid

from .resource import Properties, Request, Resource, plugin_for


class Accepted(Resource):
    identifier = "__nlj_id"  # LocalStack needs one; no template names it

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        model[self.identifier] = short_uid()


def _accepted(type_name: str):
    return plugin_for(type("AcceptedResource", (Accepted,), {"type_name": type_name}), type_name)


# A broker's resource policy: the local broker knows no IAM.
msk_cluster_policy = _accepted("AWS::MSK::ClusterPolicy")
# Flow logs: no traffic passes through the local VPC.
ec2_flow_log = _accepted("AWS::EC2::FlowLog")
# Saved queries: LocalStack's Logs Insights lists log events and nothing else.
logs_query_definition = _accepted("AWS::Logs::QueryDefinition")
# Rules between security groups: nothing on the host filters by them.
ec2_security_group_ingress = _accepted("AWS::EC2::SecurityGroupIngress")
ec2_security_group_egress = _accepted("AWS::EC2::SecurityGroupEgress")
# A log group's resource policy: nothing but functions writes logs here.
logs_resource_policy = _accepted("AWS::Logs::ResourcePolicy")
# A rotation by schedule: LocalStack's own forgets it, and cannot change it. `rotate-secret` can be asked by hand.
secrets_rotation_schedule = _accepted("AWS::SecretsManager::RotationSchedule")
