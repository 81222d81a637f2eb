import type { StatementOutput } from './model.ts';

/** Read-only all the way down. */
type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;

declare const validated: unique symbol;
declare const stored: unique symbol;

type Statement = Frozen<StatementOutput>;

/** Valid xAPI 1.0.3, as it was sent. Only `validateStatement` makes one. */
export type WireStatement = Statement & { readonly [validated]: true };

export type Actor = Statement['actor'];
export type Agent = Extract<Actor, { readonly objectType?: 'Agent' | undefined }>;
export type Authority = NonNullable<Statement['authority']>;
export type Activity = Extract<Statement['object'], { readonly objectType?: 'Activity' | undefined }>;
export type SubStatement = Extract<Statement['object'], { readonly objectType: 'SubStatement' }>;
type Context = NonNullable<Statement['context']>;

type Arrays<ContextActivities> = {
  readonly [Key in keyof ContextActivities]: readonly Activity[] | Extract<ContextActivities[Key], undefined>;
};

/** A context whose contextActivities are arrays. */
export type StoredContext = Omit<Context, 'contextActivities'> & {
  readonly contextActivities?: Arrays<NonNullable<Context['contextActivities']>> | undefined;
};

/** A SubStatement in its stored form. */
export type StoredSubStatement = Omit<SubStatement, 'context'> & { readonly context?: StoredContext | undefined };

/** What a statement can be about; absent `objectType` is an Activity. */
export type StatementObject = Exclude<Statement['object'], SubStatement> | StoredSubStatement;

/**
 * Valid xAPI 1.0.3 in the form that is stored: with id, version, authority and an RFC 3339 timestamp,
 * contextActivities as arrays, without `stored` (the ledger's). Only `storedForm` makes one.
 */
export type ValidStatement = Omit<
  Statement,
  'id' | 'timestamp' | 'version' | 'authority' | 'stored' | 'context' | 'object'
> & {
  readonly id: string;
  readonly timestamp: string;
  readonly version: string;
  readonly authority: Authority;
  readonly context?: StoredContext | undefined;
  readonly object: StatementObject;
} & { readonly [stored]: true };
