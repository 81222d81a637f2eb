"""LocalStack's store of metrics, corrected: a metric is its name and exactly its dimensions.

LocalStack finds a metric by a part of its dimensions, so that `{stage}` counts what is of `{stage, service}` too; it reads its
whole table for each point, and commits each datum by itself.
"""

import math
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from localstack.services.cloudwatch import alarm_scheduler
from localstack.services.cloudwatch.alarm_scheduler import AlarmScheduler, get_metric_alarm_details_for_alarm_arn
from localstack.services.cloudwatch.cloudwatch_database_helper import CloudwatchDatabase
from localstack.utils.patch import patch

_columns = "account_id, region, metric_name, namespace, timestamp, dimensions, unit, storage_resolution"
_index = (
    "CREATE INDEX IF NOT EXISTS nlj_metric ON SINGLE_METRICS (namespace, metric_name, dimensions, timestamp)"
)
_combine = {
    "Sum": sum,
    "Minimum": min,
    "Maximum": max,
    "SampleCount": len,
    "Average": lambda values: sum(values) / len(values),
    "p90": lambda values: sorted(values)[math.ceil(0.9 * len(values)) - 1],
}


def correct_metric_store() -> None:
    @patch(CloudwatchDatabase.add_metric_data)
    def add(fn, self, account_id: str, region: str, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        single = [datum for datum in metric_data if not datum.get("StatisticValues")]
        rows = [
            (
                account_id,
                region,
                datum["MetricName"],
                namespace,
                self._convert_timestamp_to_unix(datum["Timestamp"])
                if datum.get("Timestamp")
                else int(datetime.now().timestamp()),
                self._get_ordered_dimensions_with_separator(datum.get("Dimensions")),
                datum.get("Unit"),
                datum.get("StorageResolution"),
                value,
            )
            for datum in single
            for value in _values(datum)
        ]
        with self.DATABASE_LOCK, closing(sqlite3.connect(self.METRICS_DB)) as connection, connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(_index)
            connection.executemany(
                f"INSERT INTO SINGLE_METRICS ({_columns}, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )
        rest = [datum for datum in metric_data if datum.get("StatisticValues")]
        if rest:
            fn(self, account_id, region, namespace, rest)

    @patch(CloudwatchDatabase.get_metric_data_stat)
    def get(fn, self, account_id: str, region: str, query: dict[str, Any], start_time, end_time, scan_by) -> dict:
        stat = query["MetricStat"]
        metric, period, combine = stat["Metric"], stat["Period"], _combine.get(stat["Stat"])
        if combine is None:
            return fn(self, account_id, region, query, start_time, end_time, scan_by)
        start, end = self._convert_timestamp_to_unix(start_time), self._convert_timestamp_to_unix(end_time)
        with self.DATABASE_LOCK, closing(sqlite3.connect(self.METRICS_DB_READ_ONLY, uri=True)) as connection:
            found = connection.execute(
                "SELECT timestamp, value FROM SINGLE_METRICS WHERE namespace = ? AND metric_name = ? AND dimensions IS ?"
                " AND timestamp >= ? AND timestamp < ? AND account_id = ? AND region = ?",
                (
                    metric["Namespace"],
                    metric["MetricName"],
                    self._get_ordered_dimensions_with_separator(list(metric.get("Dimensions", []))),
                    start,
                    end,
                    account_id,
                    region,
                ),
            ).fetchall()
        points: dict[int, list[float]] = {}
        for timestamp, value in found:
            begin = start + (timestamp - start) // period * period
            points.setdefault(begin, []).append(value)
        timestamps = sorted(points, reverse=scan_by != "TimestampAscending")
        return {"timestamps": timestamps, "values": [combine(points[begin]) for begin in timestamps]}


def evaluate_alarms_as_aws_does() -> None:
    """Every minute, those of a shorter period every ten seconds, with one request for all points of an alarm.

    LocalStack waits for as many periods as an alarm looks at, and asks for each point by itself.
    """

    @patch(AlarmScheduler.schedule_metric_alarm)
    def schedule(fn, self, alarm_arn: str) -> None:
        fn(self, alarm_arn)
        task = self.scheduled_alarms.get(alarm_arn)
        alarm = get_metric_alarm_details_for_alarm_arn(alarm_arn)
        if task is not None and alarm is not None:
            task.period = 10 if alarm["Period"] < 60 else 60

    def collect(alarm: dict[str, Any], client) -> list[float | None]:
        period, periods = alarm["Period"], alarm["EvaluationPeriods"]
        count = periods + max(periods // 3, 2)
        end = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
        start = end - timedelta(seconds=count * period)
        [result] = client.get_metric_data(
            MetricDataQueries=[alarm_scheduler.generate_metric_query(alarm)], StartTime=start, EndTime=end
        )["MetricDataResults"]
        points = dict(zip(result["Timestamps"], result["Values"], strict=True))
        return [points.get(start + timedelta(seconds=position * period)) for position in range(count)]

    alarm_scheduler.collect_metric_data = collect


def _values(datum: dict[str, Any]) -> list[float]:
    if datum.get("Value") is not None:
        return [datum["Value"]]
    values = datum.get("Values") or []
    counts = datum.get("Counts") or [1] * len(values)
    return [value for value, count in zip(values, counts, strict=True) for _ in range(int(count))]
