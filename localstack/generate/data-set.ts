import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { contentMessage } from '../workload/content.ts';
import { badKinds, spoil } from '../workload/generator.ts';
import { statementId } from '../workload/made-up.ts';
import type { OutgoingMessage } from '../workload/message.ts';
import { trainingMessage } from '../workload/training.ts';
import { chance, type Draft, type Stage, skewed } from './draft.ts';
import { linking, oddStatement, visit } from './learning.ts';
import { linkTime, populationOf } from './people.ts';
import { surveyResponse } from './surveys.ts';
import { clockChanges, day, hour, minute } from './time.ts';
import { inTurn } from './turns.ts';

export interface DataSetOptions {
  /** The same seed, count and window make the same messages; other ones make other statement ids. */
  readonly seed: number;
  /** Messages, those that repeat others, are bad or void something included. */
  readonly count: number;
  /** End of the time that statements are from, milliseconds since the epoch. Default: `defaultUntil`. */
  readonly until?: number | undefined;
}

/** Statements are from so many days before the end: the clocks of Europe and America change two or three times in them. */
export const windowDays = 400;
export const defaultUntil = Date.UTC(2026, 10, 10);

/** Training and content messages are few: their decisions cost much, and few numbers of analytics count them. */
const mostTraining = 4_000;

/**
 * A made-up history of a learning platform, as its producers would send it, for analytics: learners with one identity and
 * with several that are linked late, activities in programs, surveys that share question ids, answers given again, scores
 * that are missing or 0, streaks, days on which clocks change, late and out-of-order arrivals, repeats, voided statements
 * (the voiding before and after its target), and a few records that are rejected.
 *
 * Lazy, and of constant memory whatever the count.
 */
export function* generateDataSet({ seed, count, until = defaultUntil }: DataSetOptions): Generator<OutgoingMessage> {
  const window = { since: until - windowDays * day, until };
  const random = xoroshiro128plus(seed);
  const below = (limit: number) => uniformInt(random, 0, limit - 1);
  const stage: Stage = {
    seed,
    window,
    population: populationOf(count),
    activities: Math.min(3_000, Math.max(30, Math.floor(count / 250))),
    surveys: Math.min(200, Math.max(5, Math.floor(count / 4_000))),
    below,
  };
  const space = `data-set/${count}/${until}`;
  let number = 0;
  const id = () => statementId(seed, number++, space);
  let left = count;
  for (const message of inTurn(scenes(stage, count), { id, below, left: () => left, until: until - 1 })) {
    if (left === 0) return;
    left -= 1;
    yield chance(1, below) && below(5) === 0 ? spoil(message, below(badKinds.length)) : message;
  }
}

/** Scenes without end, in the order of their time; `count` statements or so fill the window. */
function* scenes(stage: Stage, count: number): Generator<readonly Draft[]> {
  const { window, population, below } = stage;
  const changes = clockChanges(window);
  const span = window.until - window.since;
  let drafted = 0;
  let linked = 0;
  let today = window.since - 1;
  for (;;) {
    // A scene may last an hour.
    const now = window.since + Math.floor(span * Math.min(1, drafted / count));
    const time = Math.min(now + below(hour), window.until - 1 - below(minute));
    const due: Draft[][] = [];
    for (; linked < population && linkTime(linked, population, window) <= time; linked += 1) {
      due.push(linking({ person: linked, activity: below(stage.activities), time }, stage));
    }
    for (let change = changes[0]; change !== undefined && change <= time; change = changes[0]) {
      changes.shift();
      due.push(
        visit({ person: skewed(population, below), activity: skewed(stage.activities, below), time: change }, stage),
      );
    }
    for (; today + day <= time; today += day) due.push(...habits(today + day, stage, count));
    due.push(scene(time, stage, count));
    for (const drafts of due) {
      drafted += drafts.length;
      yield drafts;
    }
  }
}

function scene(time: number, stage: Stage, count: number): Draft[] {
  const { below, window, population } = stage;
  const draw = below(1_000);
  const training = Math.min(30, Math.ceil((1_000 * mostTraining) / count));
  if (draw < training) return [message(trainingMessage, time, stage)];
  if (draw < 2 * training) return [message(contentMessage, time, stage)];
  if (draw < 75) return [oddStatement(time, stage)];
  // What was done without a connection arrives long after.
  const isLate = draw < 95;
  const then = isLate ? Math.max(window.since, time - below(60 * day)) : time;
  const person = skewed(population, below);
  if (draw < 250) {
    // The last survey has few respondents.
    const survey = below(60) === 0 ? stage.surveys - 1 : below(stage.surveys - 1);
    return surveyResponse({ person, survey, time: then }, stage);
  }
  return visit({ person, activity: skewed(stage.activities, below), time: then }, stage);
}

function message(make: typeof trainingMessage, time: number, { below }: Stage): Draft {
  const text = new Date(time).toISOString();
  return { make: (id) => make(id, text, below), voidable: false };
}

/** Learners that come every day, some with a pause, some until yesterday or the day before, for as long as the data set has room. */
function habits(start: number, stage: Stage, count: number): Draft[][] {
  const { below, window, population } = stage;
  const regulars = Math.min(12, Math.max(3, Math.floor(count / 5_000)));
  const daysLeft = Math.floor((window.until - 1 - start) / day);
  return Array.from({ length: regulars }, (_, habit) => habit).flatMap((habit) => {
    const isActive = daysLeft >= habit % 4 && daysLeft <= 10 + 13 * habit && (habit % 3 !== 2 || daysLeft !== 9);
    if (!isActive) return [];
    const time = Math.min(start + below(day), window.until - 1);
    return [visit({ person: (habit * 7) % population, activity: below(stage.activities), time }, stage)];
  });
}
