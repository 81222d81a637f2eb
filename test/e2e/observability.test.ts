import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicGroups } from '../../lib/catalogue.ts';
import { openWatch, type Watch } from '../../localstack/cloudwatch/watch.ts';
import { statement } from '../support/statement.ts';
import { withServerFrozen } from './support/processes.ts';
import { openRun, type Run } from './support/run.ts';
import { setSchedules } from './support/schedules.ts';

const stoppedTopic = 'nlj.activities.reviews';
const frozenTopic = 'nlj.survey.responses';
const poison = 3;
const frozenRecords = 40;
const outboxRows = 5;
/** Alarms that go off while all of it is broken, and end when it is mended. */
const plainAlarms = [
  'index-unavailable',
  'stores-down',
  'dead-letters-arriving-learning',
  'records-waiting-content',
  'records-waiting',
  'outbox-age',
];

describe('an operator, while the index, a consumer, a producer and the relay are broken at once', () => {
  let run: Run;
  let watch: Watch;
  let broken: Record<string, string> = {};
  let judged: ReadonlyMap<string, string> = new Map();
  let mended: Record<string, string> = {};
  let judgedLater: ReadonlyMap<string, string> = new Map();

  beforeAll(async () => {
    run = await openRun();
    await run.settled();
    watch = openWatch(run.environment);
    const text = () => Buffer.from(JSON.stringify(statement()));
    const key = () => Buffer.from(randomUUID());
    await setSchedules(run.environment, /OutboxRelay/, false);
    await watch.setMapping(stoppedTopic, false);
    // Until the pollers have left their group.
    await sleep(4_000);
    await run.pool.query(
      `insert into outbox (statement_id, topic, key, body, created)
       select gen_random_uuid(), 'nlj.training.outcomes', 'of a test', '{"made":"for a test"}', now() - interval '10 minutes'
         from generate_series(1, $1)`,
      [outboxRows],
    );
    await withServerFrozen(run.environment, 'opensearch', async () => {
      const frozen = Date.now();
      await run.sender.send([
        ...Array.from({ length: 2 }, () => ({ topic: stoppedTopic, key: key(), value: text() })),
        ...Array.from({ length: poison }, () => ({ topic: 'xapi-events', key: key(), value: Buffer.from('poison') })),
        ...Array.from({ length: frozenRecords }, () => ({ topic: frozenTopic, key: key(), value: text() })),
      ]);
      broken = await watch.until(
        () => watch.states(plainAlarms),
        (states) => Object.values(states).every((state) => state === 'ALARM'),
        60,
      );
      // Long enough for a record to miss the objective.
      while (Date.now() < frozen + 66_000) {
        await watch.measure();
        await sleep(3_000);
      }
      judged = await watch.evaluated();
    });
    await watch.setMapping(stoppedTopic, true);
    await setSchedules(run.environment, /OutboxRelay/, true);
    await watch.publishOutbox();
    await run.settled();
    mended = await watch.until(
      () => watch.states(plainAlarms),
      (states) => Object.values(states).every((state) => state === 'OK'),
      90,
    );
    judgedLater = await watch.evaluated();
  });
  afterAll(async () => {
    watch.close();
    await run.close();
  });

  it('finds every dashboard deployed, with its widgets', async () => {
    const dashboards = await watch.dashboards();
    const names = [
      'overview',
      ...topicGroups.map(({ name }) => name),
      'operations',
      'kafka',
      'database',
      'index',
      'api',
    ];
    expect([...dashboards.keys()].sort()).toEqual([...names, 'cost'].map((name) => `nlj-events-local-${name}`).sort());
    for (const [name, widgets] of dashboards) expect(widgets.length, name).toBeGreaterThan(3);
  });

  it('sees the alarms that mean it, and sees them end', () => {
    expect(broken).toEqual(Object.fromEntries(plainAlarms.map((name) => [name, 'ALARM'])));
    expect(mended).toEqual(Object.fromEntries(plainAlarms.map((name) => [name, 'OK'])));
  });

  it('reads the right values: refused records, of one group and of the stage, by rule and by class', async () => {
    expect(await watch.since('rejected', { service: 'learning' }, 'Sum')).toBe(poison);
    expect(await watch.since('rejected', {}, 'Sum')).toBe(poison);
    expect(await watch.since('rejectedByRule', { rule: 'json-syntax' }, 'Sum')).toBe(poison);
    expect(await watch.since('deadLettersByClass', { class: 'undecodable' }, 'Sum')).toBe(poison);
  });

  it('reads the right values: records that waited for the index, and were late', async () => {
    expect(await watch.since('accepted', { service: 'survey' }, 'Sum')).toBe(frozenRecords);
    expect(await watch.since('searchable', { service: 'survey' }, 'Sum')).toBe(frozenRecords);
    expect(await watch.since('late', { service: 'survey' }, 'Sum')).toBe(frozenRecords);
    expect(await watch.since('freshness', { service: 'survey' }, 'Maximum')).toBeGreaterThan(60_000);
    expect(await watch.since('indexMillis', { service: 'survey' }, 'Maximum')).toBeGreaterThan(60_000);
    expect(await watch.since('storeWaits', { store: 'index' }, 'Sum')).toBeGreaterThan(1);
    expect(await watch.since('storeWaits', { store: 'database' }, 'Sum')).toBeNaN();
  });

  it('reads the right values: of the mapping whose records waited, as AWS publishes them', async () => {
    expect(await watch.ofMapping(frozenTopic, 'CommittedEventCount', 'Sum')).toBe(frozenRecords);
    expect(await watch.ofMapping(frozenTopic, 'PolledEventCount', 'Sum')).toBe(frozenRecords);
    expect(await watch.ofMapping(frozenTopic, 'SumOffsetLag', 'Maximum')).toBe(frozenRecords);
    expect(await watch.ofMapping(frozenTopic, 'FailedInvokeEventCount', 'Sum')).toBe(0);
    expect(await watch.ofMapping(frozenTopic, 'ProvisionedPollers', 'Maximum')).toBe(4);
  });

  it('reads the right values: what waited where nobody read, and in the outbox', async () => {
    expect(await watch.since('unreadAge', { service: 'content' }, 'Maximum')).toBeGreaterThanOrEqual(30);
    expect(await watch.since('outboxAge', { service: 'maintenance' }, 'Maximum')).toBeGreaterThan(590);
    expect(await watch.since('outboxWaiting', { service: 'maintenance' }, 'Maximum')).toBe(outboxRows);
    expect(await watch.since('announced', { service: 'relay' }, 'Sum')).toBe(outboxRows);
  });

  it('has points of what the servers and the gateway publish', async () => {
    const refused = await fetch(`${run.environment.endpoints.api}/api/analytics/health`);
    expect(refused.status).toBe(401);
    const { rules } = await watch.alarms();
    for (const name of ['index-red', 'index-storage', 'database-connections', 'broker-under-min-isr', 'api-slow']) {
      const rule = rules.get(`nlj-events-local-${name}`);
      if (rule === undefined) throw new Error(`${name} is not deployed`);
      expect(
        await watch.until(
          () => watch.hasPoints(rule),
          (has) => has,
          90,
        ),
        name,
      ).toBe(true);
      expect(judgedLater.get(name), name).not.toBe('ALARM');
    }
  });

  it('is told of a stuck partition by its deployed rule, and not paged for it while the store is known to be down', async () => {
    expect(judged.get(`stuck-partition-${frozenTopic}`)).toBe('ALARM');
    expect(judged.get('stuck-partition')).toBe('ALARM');
    const { composites } = await watch.alarms();
    const suppressor = composites.get('nlj-events-local-stuck-partition')?.suppressor;
    expect(suppressor).toBe('nlj-events-local-stores-down');
    expect(judged.get('stores-down')).toBe('ALARM');
    expect(judgedLater.get('stuck-partition')).toBe('OK');
    expect(judgedLater.get('stores-down')).toBe('OK');
  });

  it('is told of a burning budget by the deployed rule, over the long and the short window', () => {
    expect(judgedLater.get('freshness-budget-5m')).toBe('ALARM');
    // What the windows hold depends on what the tests before have sent, and how many of it in time.
    for (const states of [judged, judgedLater]) {
      for (const budget of ['freshness-budget', 'correctness-budget']) {
        const both = states.get(`${budget}-1h`) === 'ALARM' && states.get(`${budget}-5m`) === 'ALARM';
        expect(states.get(`${budget}-fast`), budget).toBe(both ? 'ALARM' : 'OK');
      }
    }
  });

  it('sees every plain alarm as LocalStack evaluated it where its rule is evaluated here', () => {
    // The dead letters are older than what their alarm looks at by then.
    const lasting = plainAlarms.filter((name) => !name.startsWith('dead-letters'));
    for (const name of lasting) expect(judged.get(name), name).toBe('ALARM');
    for (const name of plainAlarms) expect(judgedLater.get(name), name).toBe('OK');
  });
});
