import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from '../monitoring/alarms.ts';
import { Dashboards } from '../monitoring/dashboards.ts';
import { stageMetrics } from '../monitoring/metrics.ts';
import { saveQueries } from '../monitoring/queries.ts';
import { subjectsOf } from '../monitoring/subjects.ts';
import type { StageConfiguration } from '../stage/schema.ts';

/** What operators see of a stage: dashboards, alarms, saved queries. It holds no data and can be made anew at any time. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { readonly stage: StageConfiguration }) {
    super(scope, id, props);
    const metrics = stageMetrics(stage.stage);
    const subjects = subjectsOf(this, stage);
    const alarms = new Alarms(this, 'Alarms', { stack: this, stage, metrics, subjects });
    new Dashboards(this, 'Dashboards', { stack: this, stage, metrics, subjects, alarms });
    saveQueries(this, stage.stage);
  }
}
