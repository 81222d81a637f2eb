import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { apiName, functionName } from '../catalogue.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import {
  type AlarmDefinition,
  type CompositeDefinition,
  comparisons,
  runbookOf,
  type Severity,
  shortName,
} from './alarms/definition.ts';
import { flowAlarms, flowComposites } from './alarms/flow.ts';
import { functionAlarms, functionComposites } from './alarms/functions.ts';
import { objectiveAlarms, objectiveComposites } from './alarms/objectives.ts';
import { healthAlarms, ownStoreAlarms, storesDown } from './alarms/stores.ts';
import type { StageMetrics } from './metrics.ts';
import type { Subjects } from './subjects.ts';

export interface AlarmsProps {
  readonly stack: Stack;
  readonly stage: StageConfiguration;
  readonly metrics: StageMetrics;
  readonly subjects: Subjects;
}

const missingData = {
  notBreaching: cloudwatch.TreatMissingData.NOT_BREACHING,
  breaching: cloudwatch.TreatMissingData.BREACHING,
  missing: cloudwatch.TreatMissingData.MISSING,
} as const;

/** A symptom's actions wait so long for a cause to be seen, and so long after the cause has gone. */
const suppression = { wait: Duration.minutes(3), extension: Duration.minutes(5) };

/** Every alarm of a stage, and a topic for each severity that tells somebody. */
export class Alarms extends Construct {
  /** Alarms that tell somebody, by severity; in the order of their definition. */
  readonly telling: Readonly<Record<'page' | 'ticket', readonly cloudwatch.AlarmBase[]>>;
  private readonly byName = new Map<string, cloudwatch.AlarmBase>();
  private readonly stage: StageConfiguration;

  constructor(scope: Construct, id: string, { stack, stage, metrics, subjects }: AlarmsProps) {
    super(scope, id);
    this.stage = stage;
    const key = this.topicKey();
    const topics = { page: this.topic('page', key), ticket: this.topic('ticket', key) };
    const definitions = [
      ...objectiveAlarms(metrics),
      ...flowAlarms(stage, metrics, subjects),
      ...functionAlarms(stage, subjects),
      ...ownStoreAlarms(stage, metrics),
      ...healthAlarms(stage, subjects, stack.account, apiName(stage.stage)),
    ];
    const telling: Record<'page' | 'ticket', cloudwatch.AlarmBase[]> = { page: [], ticket: [] };
    const tell = ({ severity }: { readonly severity: Severity }, alarm: cloudwatch.AlarmBase) => {
      if (severity === 'part') return;
      const action = new actions.SnsAction(topics[severity]);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      telling[severity].push(alarm);
    };
    for (const definition of definitions) tell(definition, this.alarm(definition));
    const cause = this.composite(storesDown);
    for (const definition of [...objectiveComposites, ...flowComposites, ...functionComposites]) {
      tell(definition, this.composite(definition, cause));
    }
    this.telling = telling;
  }

  /** Of our own, since CloudWatch may not use the one that AWS manages. */
  private topicKey(): kms.Key {
    const key = new kms.Key(this, 'TopicKey', {
      description: 'Notifications of alarms',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
    return key;
  }

  private topic(severity: 'page' | 'ticket', masterKey: kms.Key): sns.Topic {
    const topic = new sns.Topic(this, severity, {
      topicName: functionName(this.stage.stage, severity),
      displayName: functionName(this.stage.stage, severity),
      enforceSSL: true,
      masterKey,
    });
    for (const email of this.stage.observability.emails[severity]) {
      topic.addSubscription(new subscriptions.EmailSubscription(email));
    }
    return topic;
  }

  private alarm(definition: AlarmDefinition): cloudwatch.Alarm {
    const name = shortName(definition);
    const [breaching, of] = definition.points;
    const alarm = new cloudwatch.Alarm(this, name, {
      alarmName: functionName(this.stage.stage, name),
      alarmDescription: describe(definition),
      metric: unlabelled(definition.metric),
      comparisonOperator: cloudwatch.ComparisonOperator[comparisons[definition.when]],
      threshold: definition.threshold,
      evaluationPeriods: of,
      datapointsToAlarm: breaching,
      treatMissingData: missingData[definition.missing],
    });
    this.byName.set(name, alarm);
    return alarm;
  }

  /** @throws Error if it names an alarm that is not there. */
  private composite(definition: CompositeDefinition, cause?: cloudwatch.CompositeAlarm): cloudwatch.CompositeAlarm {
    // As text, without the parentheses around the whole that CDK's own rules have: LocalStack reads no others.
    const rule = definition.anyOf
      .map((names) => names.map((name) => `ALARM("${this.named(name).alarmArn}")`))
      .map((states) => (states.length === 1 ? states.join('') : `(${states.join(' AND ')})`))
      .join(' OR ');
    const suppressed = definition.symptom && cause !== undefined;
    return new cloudwatch.CompositeAlarm(this, shortName(definition) + compositeSuffix, {
      compositeAlarmName: functionName(this.stage.stage, shortName(definition)),
      alarmDescription: describe(definition),
      alarmRule: cloudwatch.AlarmRule.fromString(rule),
      ...(suppressed
        ? {
            actionsSuppressor: cause,
            actionsSuppressorWaitPeriod: suppression.wait,
            actionsSuppressorExtensionPeriod: suppression.extension,
          }
        : {}),
    });
  }

  private named(name: string): cloudwatch.AlarmBase {
    const alarm = this.byName.get(name);
    if (alarm === undefined) throw new Error(`No alarm is called ${name}`);
    return alarm;
  }
}

const compositeSuffix = '-composite';

/** An alarm on one metric is a plain one, which LocalStack evaluates, only where the metric has no label. */
function unlabelled(metric: cloudwatch.IMetric): cloudwatch.IMetric {
  if (!(metric instanceof cloudwatch.Metric)) return metric;
  const { namespace, metricName, dimensions, statistic, period } = metric;
  return new cloudwatch.Metric({
    namespace,
    metricName,
    statistic,
    period,
    ...(dimensions === undefined ? {} : { dimensionsMap: dimensions }),
  });
}

/** `[severity] what it means. Runbook: path` */
function describe({
  severity,
  says,
  kind,
}: {
  readonly severity: Severity;
  readonly says: string;
  readonly kind: string;
}) {
  return `[${severity}] ${says.charAt(0).toUpperCase()}${says.slice(1)}. Runbook: ${runbookOf(kind)}`;
}
