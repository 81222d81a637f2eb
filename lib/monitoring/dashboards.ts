import { Duration, type Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { apiName, functionName, topicGroups } from '../catalogue.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import type { Alarms } from './alarms.ts';
import { costDashboard } from './dashboards/cost.ts';
import { apiDashboard, databaseDashboard, indexDashboard, kafkaDashboard } from './dashboards/dependencies.ts';
import { operationsDashboard } from './dashboards/operations.ts';
import { overview } from './dashboards/overview.ts';
import { topicGroupDashboard } from './dashboards/topic-group.ts';
import type { StageMetrics } from './metrics.ts';
import type { Subjects } from './subjects.ts';

export interface DashboardsProps {
  readonly stack: Stack;
  readonly stage: StageConfiguration;
  readonly metrics: StageMetrics;
  readonly subjects: Subjects;
  readonly alarms: Alarms;
}

/** Every dashboard of a stage: `nlj-events-<stage>-<name>`. */
export class Dashboards extends Construct {
  constructor(scope: Construct, id: string, { stack, stage, metrics, subjects, alarms }: DashboardsProps) {
    super(scope, id);
    const dashboards: Readonly<Record<string, cloudwatch.IWidget[][]>> = {
      overview: overview(stage, metrics, alarms.telling),
      ...Object.fromEntries(
        topicGroups.map((group) => [group.name, topicGroupDashboard(stage, metrics, subjects, group)]),
      ),
      operations: operationsDashboard(stage, metrics),
      kafka: kafkaDashboard(stage, subjects),
      database: databaseDashboard(stage, subjects),
      index: indexDashboard(stage, subjects, stack.account),
      api: apiDashboard(stage, apiName(stage.stage), functionName(stage.stage, 'api')),
      cost: costDashboard(stage, metrics, subjects),
    };
    for (const [name, widgets] of Object.entries(dashboards)) {
      new cloudwatch.Dashboard(this, name, {
        dashboardName: functionName(stage.stage, name),
        defaultInterval: Duration.hours(3),
        widgets,
      });
    }
  }
}
