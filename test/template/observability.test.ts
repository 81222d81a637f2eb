import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  dimensionSets,
  type Emitter,
  type MetricDefinition,
  metricCatalogue,
  metricNamespace,
} from '../../functions/core/observability/metric-catalogue.ts';
import { topicGroups } from '../../lib/catalogue.ts';
import { type AwsMetricSource, awsMetrics } from '../../lib/monitoring/aws-metrics.ts';
import { savedQueries } from '../../lib/monitoring/queries.ts';
import { drills } from '../../localstack/drills/catalogue.ts';
import { functionNames } from './support/functions.ts';
import {
  alarmsOf,
  dashboardsOf,
  metricsOfAlarms,
  metricsOnDashboards,
  type NamedMetric,
} from './support/observability.ts';
import { written } from './support/statements.ts';
import { changed, imported, stage, stageNames, synthesize, templatesOf } from './support/synthesize.ts';

const root = new URL('../../', import.meta.url);
const catalogue: Readonly<Record<string, MetricDefinition>> = metricCatalogue;
const sources: readonly AwsMetricSource[] = Object.values(awsMetrics);
const metricNames = [...Object.keys(metricCatalogue), ...sources.flatMap(({ units }) => Object.keys(units))].filter(
  (metric) => /[a-z][A-Z]/.test(metric),
);
const servicesOf = (emitter: Emitter): readonly string[] =>
  emitter === 'groups' ? topicGroups.map(({ name }) => name) : [emitter];

/** Why nothing emits a metric, or null where something does. */
function unknownReason(stage: string, { namespace, name, dimensions }: NamedMetric): string | null {
  const keys = Object.keys(dimensions).sort().join();
  if (namespace !== metricNamespace) {
    const known = sources.some(
      (source) =>
        source.namespace === namespace &&
        Object.hasOwn(source.units, name) &&
        [...source.dimensions].sort().join() === keys &&
        Object.values(dimensions).every((value) => value !== ''),
    );
    return known ? null : 'not in the list of metrics of AWS';
  }
  const definition = catalogue[name];
  if (definition === undefined) return 'not in the catalogue';
  if (dimensions['stage'] !== stage) return 'of another stage';
  if (!dimensionSets[definition.breakdown].some((set) => [...set].sort().join() === keys)) return 'other dimensions';
  const { service } = dimensions;
  return service === undefined || definition.emittedBy.flatMap(servicesOf).includes(service)
    ? null
    : `not emitted by ${service}`;
}

describe.each(stageNames)('what is watched of %s', (name) => {
  const template = templatesOf(name).observability;
  const onDashboards = metricsOnDashboards(template);
  const alarms = alarmsOf(template);

  it('is emitted by something: every metric of every dashboard and alarm', () => {
    const unknown = [...onDashboards, ...metricsOfAlarms(template)].flatMap((metric) => {
      const reason = unknownReason(name, metric);
      return reason === null ? [] : [{ ...metric, reason }];
    });
    expect(unknown).toEqual([]);
  });

  it('is everything that is emitted: every metric, of every group or operation that emits it, on a dashboard', () => {
    const shown = new Set(
      onDashboards
        .filter(({ namespace }) => namespace === metricNamespace)
        .flatMap((metric) => [metric.name, `${metric.name} of ${metric.dimensions['service'] ?? 'the stage'}`]),
    );
    const whole = new Set(
      onDashboards.filter(({ dimensions }) => !('service' in dimensions)).map((metric) => metric.name),
    );
    const missing = Object.entries(catalogue).flatMap(([metric, { breakdown, emittedBy }]) =>
      breakdown === 'service'
        ? emittedBy
            .flatMap(servicesOf)
            .filter((service) => !shown.has(`${metric} of ${service}`) && !whole.has(metric))
            .map((service) => `${metric} of ${service}`)
        : shown.has(metric)
          ? []
          : [metric],
    );
    expect(missing).toEqual([]);
  });

  it('has alarms with a severity, a runbook, and a decision about missing data and how many points count', () => {
    for (const { Type, Properties } of alarms) {
      const { AlarmName, AlarmDescription } = Properties;
      const [, severity, , kind] =
        /^\[(page|ticket|part)\] (.{20,})\. Runbook: docs\/runbooks\/([a-z0-9-]+)\.md$/.exec(AlarmDescription) ?? [];
      expect(severity, AlarmDescription).toBeDefined();
      expect(AlarmName.startsWith(`nlj-events-${name}-${kind}`), AlarmName).toBe(true);
      const told = severity === 'part' ? 0 : 1;
      expect([Properties.AlarmActions.length, Properties.OKActions.length], AlarmName).toEqual([told, told]);
      if (Type === 'AWS::CloudWatch::CompositeAlarm') continue;
      expect(['breaching', 'notBreaching', 'missing'], AlarmName).toContain(Properties.TreatMissingData);
      expect(Properties.DatapointsToAlarm, AlarmName).toBeDefined();
      expect(Properties.DatapointsToAlarm, AlarmName).toBeLessThanOrEqual(Properties.EvaluationPeriods ?? 0);
    }
  });

  it('has no alarm that CloudWatch would refuse: ten metrics, a day, one period', () => {
    for (const { Properties } of alarms) {
      const stats = Properties.Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat]));
      const periods = new Set(stats.map(({ Period }) => Period));
      expect(stats.length, Properties.AlarmName).toBeLessThanOrEqual(10);
      expect(periods.size, Properties.AlarmName).toBeLessThanOrEqual(1);
      const [period = Properties.Period ?? 0] = periods;
      // An alarm whose period is an hour or longer may look back a week.
      const longest = period >= 3_600 ? 7 * 86_400 : 86_400;
      expect(period * (Properties.EvaluationPeriods ?? 0), Properties.AlarmName).toBeLessThanOrEqual(longest);
      expect(Properties.AlarmName.length).toBeLessThanOrEqual(255);
    }
  });

  it('has symptoms that are silent while a cause is known, and causes that are not', () => {
    const silenced = alarms.filter(({ Properties }) => Properties.ActionsSuppressor !== undefined);
    const kinds = silenced.map(({ Properties }) => Properties.AlarmName.replace(`nlj-events-${name}-`, '')).sort();
    expect(kinds).toEqual([
      'freshness-budget-fast',
      'freshness-budget-slow',
      'near-timeout',
      'pollers-at-maximum',
      'records-waiting',
      'stuck-partition',
    ]);
    for (const { Properties } of silenced) expect(written(Properties.ActionsSuppressor)).toContain('storesdown');
  });

  it('has widgets with a title that a person understands, and a unit', () => {
    for (const [dashboard, widgets] of dashboardsOf(template)) {
      for (const { type, properties } of widgets) {
        if (type === 'text') continue;
        const title = properties.title ?? '';
        expect(title, dashboard).toMatch(/^[A-Z0-9].{3,}/);
        // A metric's own name is not a title.
        expect(
          metricNames.filter((metric) => title.includes(metric)),
          dashboard,
        ).toEqual([]);
        if (type !== 'metric') continue;
        const unit = properties.yAxis?.left?.label ?? /\(([^)]+)\)$/.exec(title)?.[1] ?? '';
        expect(unit, `${dashboard}: ${title}`).not.toBe('');
      }
    }
  });

  it('tells a topic for pages and one for tickets, which nobody reads in clear', () => {
    const topics = Object.values(template.findResources('AWS::SNS::Topic'));
    for (const topic of topics) expect(Object(topic).Properties.KmsMasterKeyId).toBeDefined();
    expect(topics.map((topic) => Object(topic).Properties.TopicName).sort()).toEqual([
      `nlj-events-${name}-page`,
      `nlj-events-${name}-ticket`,
    ]);
    template.resourceCountIs('AWS::SNS::Subscription', 0);
  });
});

/** Files of runbooks of alarms: those of operator controls begin with `ops-`. */
function alarmRunbooks(): string[] {
  return readdirSync(new URL('docs/runbooks', root)).filter((file) => file !== 'README.md' && !file.startsWith('ops-'));
}

it('every alarm has a runbook, every runbook an alarm', () => {
  const kinds = alarmsOf(templatesOf('dev').observability).map(
    ({ Properties }) => /docs\/runbooks\/(.+)\.md$/.exec(Properties.AlarmDescription)?.[1] ?? '',
  );
  const runbooks = alarmRunbooks().map((file) => file.replace(/\.md$/, ''));
  expect([...new Set(kinds)].sort()).toEqual(runbooks.sort());
});

it('every drill waits for alarms that are deployed', () => {
  const names = alarmsOf(templatesOf('local').observability).map(({ Properties }) => Properties.AlarmName);
  for (const { name, alarms } of drills) {
    for (const alarm of alarms) expect(names, name).toContain(`nlj-events-local-${alarm}`);
  }
});

it('every runbook says what it means, where to look, what to decide, the remedy and how to verify', () => {
  const folder = new URL('docs/runbooks/', root);
  for (const file of alarmRunbooks()) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings, file).toEqual(['For users', 'First look', 'Decide', 'Remedy', 'Verify']);
    const look = /## First look\n(.*)## Decide/s.exec(text)?.[1] ?? '';
    expect(look, file).toMatch(/```|`npm run |`nlj-events[-/]/);
    for (const [, script] of text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
      expect(scripts, `${file}: npm run ${script}`).toContain(script);
    }
    for (const [, query] of text.matchAll(/`nlj-events\/<stage>\/([\w-]+)`/g)) {
      expect(
        savedQueries.map(({ name }) => name),
        `${file}: query ${query}`,
      ).toContain(query);
    }
  }
});

const scripts = Object.keys(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).scripts);

it('saved queries read log groups that there are', () => {
  for (const { functions } of savedQueries) for (const short of functions) expect(functionNames).toContain(short);
});

it('an organisation with stores of its own is watched too, but for the instance behind its proxy', () => {
  const { observability } = synthesize(changed('dev', imported));
  const names = alarmsOf(observability).map(({ Properties }) => Properties.AlarmName);
  expect(names).toContain('nlj-events-dev-broker-disk');
  expect(names).not.toContain('nlj-events-dev-database-storage');
});

it('mails go to whom the stage file names', () => {
  const { observability } = synthesize(
    changed('dev', {
      observability: {
        ...stage('dev').observability,
        emails: { page: ['on-call@example.org'], ticket: [] },
      },
    }),
  );
  observability.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'on-call@example.org' });
});

it('the pictures of docs are of the dashboards that there are', () => {
  for (const name of dashboardsOf(templatesOf('dev').observability).keys()) {
    const picture = new URL(`docs/dashboards/${name.replace('nlj-events-dev-', '')}.png`, root);
    expect(existsSync(picture), picture.pathname).toBe(true);
  }
});
