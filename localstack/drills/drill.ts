import type { Bench } from './bench.ts';
import type { Values } from './runbook.ts';

/** Something that breaks, and how an operator notices, finds and mends it by the alarm's runbook. */
export interface Drill {
  readonly name: string;
  /** One sentence: what is broken. */
  readonly says: string;
  /** Kind of the alarm: its runbook is `docs/runbooks/<kind>.md`. */
  readonly runbook: string;
  /** Short names of the alarms that must go off, and end. */
  readonly alarms: readonly string[];
  /** Where LocalStack looks at them too seldom: their deployed rules are evaluated here. */
  readonly byRule?: true;
  /** Why the alarms are not waited for. */
  readonly unwaited?: string;
  /** Other runbooks that this state leads to: their first look is taken too. */
  readonly also?: readonly string[];
  /** What tells the cause: at least one line of the first look must match. */
  readonly tells: RegExp;
  /** Values of the runbook's placeholders that are known from the alarm. */
  readonly values: Values;
  /** Begins it. */
  open(bench: Bench): Promise<Breakage>;
}

/** What is broken now. */
export interface Breakage {
  /** What was done, for the reader. */
  readonly did: string;
  /** Goes on with it, each time the alarms are looked at. */
  readonly goOn?: () => Promise<void>;
  /** Values of placeholders that the first look has shown. */
  readonly read?: (look: readonly string[]) => Values;
  /** What the runbook says in words (bring it back, deploy the version before), done; null where commands are all. May be done twice. */
  readonly mend: { readonly did: string; readonly run: () => Promise<void> } | null;
  /** Undoes it without the runbook, where a stage has failed. */
  readonly undo: () => Promise<void>;
  /** Puts back what the drill had changed so that it could be seen. */
  readonly after?: () => Promise<void>;
}

/** The first group that a pattern finds in the lines, as a placeholder's value. */
export function readValue(name: string, pattern: RegExp, lines: readonly string[]): Values {
  const value = pattern.exec(lines.join('\n'))?.[1];
  return value === undefined ? {} : { [name]: value };
}
