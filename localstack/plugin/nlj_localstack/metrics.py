"""Metrics of functions: embedded ones (EMF) in their output, as AWS extracts them, and those AWS publishes of each invocation."""

import json
import logging
import queue
import threading
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from localstack.aws.connect import connect_to

LOG = logging.getLogger(__name__)

_flush_seconds = 1.0
_at_once = 500  # of one PutMetricData; AWS takes 1,000

Datum = dict[str, Any]


class MetricPublisher:
    """Collects data and publishes them once a second, so that no function waits for it."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[tuple[str, str, str, Datum]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._started = False

    def publish(self, account: str, region: str, namespace: str, data: list[Datum]) -> None:
        for datum in data:
            self._queue.put((account, region, namespace, datum))
        with self._lock:
            if not self._started:
                threading.Thread(target=self._run, daemon=True, name="nlj-metrics").start()
                self._started = True

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            batches: dict[tuple[str, str, str], list[Datum]] = defaultdict(list)
            account, region, namespace, datum = self._queue.get()
            batches[account, region, namespace].append(datum)
            pause.wait(_flush_seconds)
            while not self._queue.empty():
                account, region, namespace, datum = self._queue.get()
                batches[account, region, namespace].append(datum)
            for (account, region, namespace), data in batches.items():
                try:
                    client = connect_to(aws_access_key_id=account, region_name=region).cloudwatch
                    for start in range(0, len(data), _at_once):
                        client.put_metric_data(Namespace=namespace, MetricData=data[start : start + _at_once])
                except Exception:
                    LOG.warning("Metrics of %s were not published", namespace, exc_info=True)


publisher = MetricPublisher()


class EmbeddedMetricReader:
    """Finds the lines of a function's output that hold embedded metrics; output comes in pieces."""

    def __init__(self, account: str, region: str) -> None:
        self._account = account
        self._region = region
        self._rest = b""

    def read(self, chunk: bytes) -> None:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            if b'"_aws"' in line:
                for namespace, data in embedded_metrics(line):
                    publisher.publish(self._account, self._region, namespace, data)


def embedded_metrics(line: bytes) -> Iterator[tuple[str, list[Datum]]]:
    """The data of a line by namespace; nothing of a line that is not of the format.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    try:
        document = json.loads(line)
        metadata = document["_aws"]
        timestamp = datetime.fromtimestamp(metadata["Timestamp"] / 1000, UTC)
        for directive in metadata["CloudWatchMetrics"]:
            yield directive["Namespace"], list(_data(document, directive, timestamp))
    except (ValueError, KeyError, TypeError, AttributeError):
        LOG.warning("A line of embedded metrics could not be read")


def _data(document: dict[str, Any], directive: dict[str, Any], timestamp: datetime) -> Iterator[Datum]:
    for metric in directive["Metrics"]:
        target = document.get(metric["Name"])
        if target is None:
            continue
        values = target if isinstance(target, list) else [target]
        for names in directive["Dimensions"]:
            yield {
                "MetricName": metric["Name"],
                "Dimensions": [{"Name": name, "Value": str(document[name])} for name in names],
                "Timestamp": timestamp,
                "Values": [float(value) for value in values],
                "Unit": metric.get("Unit", "None"),
            }


def record_log_bytes(account: str, region: str, log_group: str, size: int) -> None:
    """What AWS publishes, and bills, of a log group."""
    datum = {
        "MetricName": "IncomingBytes",
        "Dimensions": [{"Name": "LogGroupName", "Value": log_group}],
        "Timestamp": datetime.now(UTC),
        "Value": size,
        "Unit": "Bytes",
    }
    publisher.publish(account, region, "AWS/Logs", [datum])


def record_invocation(account: str, region: str, function: str, duration_ms: float, concurrent: int) -> None:
    """What AWS publishes of an invocation besides Invocations and Errors, which LocalStack has."""
    values = (("Duration", duration_ms, "Milliseconds"), ("ConcurrentExecutions", concurrent, "Count"))
    _publish_of_function(account, region, function, values)


def record_throttle(account: str, region: str, function: str) -> None:
    _publish_of_function(account, region, function, (("Throttles", 1, "Count"),))


def _publish_of_function(
    account: str, region: str, function: str, values: tuple[tuple[str, float, str], ...]
) -> None:
    now = datetime.now(UTC)
    publisher.publish(
        account,
        region,
        "AWS/Lambda",
        [
            {
                "MetricName": name,
                "Dimensions": [{"Name": "FunctionName", "Value": function}],
                "Timestamp": now,
                "Value": value,
                "Unit": unit,
            }
            for name, value, unit in values
        ],
    )
