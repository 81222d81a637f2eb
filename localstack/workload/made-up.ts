import { v5 as uuidv5 } from 'uuid';

/** Namespace of generated ids, so that a seed names its statements for good. */
const namespace = '6f1f1f2e-5a3b-5c0d-9e55-0d7b8f6f4c11';

export const adl = 'http://adlnet.gov/expapi/verbs/';
export const act = 'http://adlnet.gov/expapi/activities/';
export const nlj = 'http://nlj.platform/verbs/';
export const ext = 'http://nlj.platform/extensions/';
export const learners = 400;

/** A whole number from 0, less than the limit. */
export type Below = (limit: number) => number;

/** The id of a made-up thing: the same kind and name give the same id. */
export function madeUpId(kind: string, name: number | string): string {
  return uuidv5(`${kind}/${name}`, namespace);
}

/** The id of the statement that a seed has at a place of its stream; in another space another. */
export function statementId(seed: number, number: number, space = ''): string {
  return uuidv5(`${seed}/${number}${space}`, namespace);
}

export function learner(number: number) {
  return {
    objectType: 'Agent',
    name: `Learner ${number}`,
    account: { homePage: 'http://nlj.platform', name: madeUpId('learner', number) },
  };
}

/** Extensions by their bare names, under the platform's prefix; what is undefined is left out. */
export function extensions(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[ext + name, value]])),
  );
}

/** One of a list, which must not be empty. */
export function oneOf<Item>(items: readonly [Item, ...Item[]], below: Below): Item {
  return items[below(items.length)] ?? items[0];
}
