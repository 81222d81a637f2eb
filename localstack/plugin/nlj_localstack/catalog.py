"""Which resource types there are, answered from what is installed.

LocalStack asks a service on the Internet, and a deployment fails on what that service does not list.
"""

from typing import override

from localstack.utils.catalog.catalog import (
    AwsServicesSupportStatus,
    CatalogPlugin,
    CfnResourceSupportStatus,
)
from localstack.utils.catalog.common import (
    CloudFormationResourcesSupportAtRuntime,
    CloudFormationResourcesSupportInLatest,
)


class LocalCatalog(CatalogPlugin):
    name = "aws-catalog-remote-state"

    @override
    def get_aws_service_status(
        self, service_name: str, operation_name: str | None = None
    ) -> AwsServicesSupportStatus | None:
        return None  # no opinion: LocalStack's usual message

    @override
    def get_cloudformation_resource_status(
        self, resource_name: str, service_name: str, is_pro_resource: bool = False
    ) -> CfnResourceSupportStatus:
        known = resource_name.startswith("Custom::") or resource_name in self._get_cfn_resources_available_at_runtime()
        if known:
            return CloudFormationResourcesSupportAtRuntime.AVAILABLE
        return CloudFormationResourcesSupportInLatest.NOT_SUPPORTED
