"""CloudWatch and CloudWatch Logs: dashboards and metric filters."""

from typing import Any, override

from .resource import Properties, Request, Resource, generated_name, plugin_for


class Dashboard(Resource):
    type_name = "AWS::CloudWatch::Dashboard"
    identifier = "DashboardName"

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        model.setdefault("DashboardName", generated_name(request))
        self.update_resource(request, model)

    @override
    def update_resource(self, request: Request, model: Properties) -> None:
        request.aws_client_factory.cloudwatch.put_dashboard(
            DashboardName=model["DashboardName"], DashboardBody=model["DashboardBody"]
        )

    @override
    def delete_resource(self, request: Request, model: Properties) -> None:
        request.aws_client_factory.cloudwatch.delete_dashboards(DashboardNames=[model["DashboardName"]])


class MetricFilter(Resource):
    type_name = "AWS::Logs::MetricFilter"
    identifier = "FilterName"

    @override
    def create_resource(self, request: Request, model: Properties) -> None:
        model.setdefault("FilterName", generated_name(request))
        self.update_resource(request, model)

    @override
    def update_resource(self, request: Request, model: Properties) -> None:
        request.aws_client_factory.logs.put_metric_filter(
            logGroupName=model["LogGroupName"],
            filterName=model["FilterName"],
            filterPattern=model["FilterPattern"],
            metricTransformations=[_transformation(item) for item in model["MetricTransformations"]],
        )

    @override
    def delete_resource(self, request: Request, model: Properties) -> None:
        request.aws_client_factory.logs.delete_metric_filter(
            logGroupName=model["LogGroupName"], filterName=model["FilterName"]
        )


def _transformation(item: dict[str, Any]) -> dict[str, Any]:
    """From CloudFormation's names to those of the API."""
    lowered = {name[0].lower() + name[1:]: value for name, value in item.items()}
    dimensions = lowered.pop("dimensions", None)
    if dimensions:
        lowered["dimensions"] = {dimension["Key"]: dimension["Value"] for dimension in dimensions}
    return {**lowered, "metricValue": str(lowered["metricValue"])}


dashboard = plugin_for(Dashboard, Dashboard.type_name)
metric_filter = plugin_for(MetricFilter, MetricFilter.type_name)
