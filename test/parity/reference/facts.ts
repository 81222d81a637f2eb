/**
 * What the reference reads of a ledger row: written from the specification alone, without the code that makes documents
 * and queries, so that a mistake there cannot hide here.
 */
import type { StatementRow } from '../../../functions/core/ledger/row.ts';

export type Row = StatementRow;

const adl = 'http://adlnet.gov/expapi/verbs/';
const ext = 'http://nlj.platform/extensions/';

export const verbOf = (row: Row) => row.body.verb.id;
export const isVerb = (row: Row, ...names: readonly string[]) => names.some((name) => verbOf(row) === adl + name);

/** Milliseconds since the epoch, as the index keeps them. */
export const timeOf = (row: Row) => Date.parse(row.body.timestamp);

export const scaledOf = (row: Row) => row.body.result?.score?.scaled;

function activityOf(row: Row) {
  const { object } = row.body;
  return object.objectType === undefined || object.objectType === 'Activity' ? object : undefined;
}

export const activityIdOf = (row: Row) => activityOf(row)?.id;
export const typeOf = (row: Row) => activityOf(row)?.definition?.type;

/** English, else the first by tag. */
export function nameOf(row: Row): string | undefined {
  const names = Object.entries(activityOf(row)?.definition?.name ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return (names.find(([tag]) => tag.toLowerCase() === 'en' || tag.toLowerCase().startsWith('en-')) ?? names[0])?.[1];
}

function extensionOf(row: Row, name: string): string | undefined {
  const value = row.body.context?.extensions?.[ext + name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export const programOf = (row: Row) => extensionOf(row, 'program_id');

export function categoryOf(row: Row): string | undefined {
  const lastSegment = typeOf(row)
    ?.split(/[/#]/)
    .filter((segment) => segment !== '')
    .at(-1);
  return extensionOf(row, 'activity_type') ?? lastSegment;
}

export const registrationOf = (row: Row) => row.body.context?.registration?.toLowerCase();

export const completes = (row: Row) => isVerb(row, 'completed', 'passed') || row.body.result?.completion === true;

/** Seconds; of years and months, which no data set has, nothing is known here. */
export function secondsOf(row: Row): number | undefined {
  const text = row.body.result?.duration;
  const parts = text === undefined ? null : /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text);
  if (parts === null) return undefined;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}

/** Learner and activity, where both are known. */
export function pairOf(row: Row): string | undefined {
  const activity = activityIdOf(row);
  return row.agentKey === null || activity === undefined ? undefined : `${row.agentKey} ${activity}`;
}

/** Whatever its verb. */
export const isOfSurvey = (row: Row) =>
  row.event.startsWith('survey.') || extensionOf(row, 'parent_survey') !== undefined;

/** Statements that count in learner numbers. */
export function learnerStatements(rows: readonly Row[]): Row[] {
  return rows.filter((row) => {
    const { account } = row.body.actor;
    const isSystem = account?.homePage === 'http://nlj.platform' && account.name === 'system';
    const isLearning =
      row.event.startsWith('activity.') && !isVerb(row, 'voided') && !(isVerb(row, 'answered') && isOfSurvey(row));
    const counts = isLearning || row.event === 'survey.started' || row.event === 'survey.completed';
    return counts && !isSystem && row.origin === 'producer' && !row.voided;
  });
}

export function within(rows: readonly Row[], since?: Date, until?: Date): Row[] {
  return rows.filter(
    (row) =>
      (since === undefined || timeOf(row) >= since.getTime()) && (until === undefined || timeOf(row) < until.getTime()),
  );
}

/** Newest first; ties by id. */
export function newestFirst(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? -1 : 1));
}
