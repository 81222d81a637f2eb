import { adl, type Below } from '../workload/made-up.ts';
import type { OutgoingMessage } from '../workload/message.ts';
import { chance, type Draft, draft } from './draft.ts';
import { systemActor } from './people.ts';

export interface Turns {
  /** A new statement id at each call. */
  readonly id: () => string;
  readonly below: Below;
  /** Messages that are still asked for. */
  readonly left: () => number;
  /** Time of voiding statements, milliseconds since the epoch. */
  readonly until: number;
}

/** Of 1,000 statements, how many are voided; their voidings come so many at once, as when somebody cleans up. */
const voidedPerMille = 6;
const voidedAtOnce = 30;
/** Messages that a repetition is chosen from. */
const remembered = 256;

/** A message that is held back until so many others have gone. */
interface Held {
  readonly due: number;
  readonly message: OutgoingMessage;
}

/**
 * The messages of scenes in the order in which they arrive: some late, some twice, some voided. What is held back is
 * bounded. Without end, as the scenes are: the caller stops it; shortly before, everything that is held back is let go.
 */
export function* inTurn(
  scenes: Iterable<readonly Draft[]>,
  { id, below, left, until }: Turns,
): Generator<OutgoingMessage> {
  const recent: OutgoingMessage[] = [];
  const voids: { readonly id: string; readonly target: OutgoingMessage | null }[] = [];
  let held: Held[] = [];
  let sent = 0;

  function* send(message: OutgoingMessage): Generator<OutgoingMessage> {
    recent[sent % remembered] = message;
    sent += 1;
    yield message;
    if (!chance(1, below)) return;
    const again = recent[below(recent.length)];
    if (again !== undefined) yield again;
  }
  function* cleanUp(): Generator<OutgoingMessage> {
    for (const { id: target, target: message } of voids.splice(0)) {
      yield* send(voiding(target, until).make(id()));
      if (message !== null) yield* send(message);
    }
    // A target that is not there, and a voiding statement, which nothing voids.
    yield* send(voiding(id(), until).make(id()));
    const other = id();
    yield* send(voiding(id(), until).make(other));
    yield* send(voiding(other, until).make(id()));
  }
  function* release(): Generator<OutgoingMessage> {
    const due = held.filter((item) => item.due <= sent);
    if (due.length === 0) return;
    held = held.filter((item) => item.due > sent);
    for (const { message } of due) yield* send(message);
  }

  let isClosing = false;
  for (const drafts of scenes) {
    if (!isClosing && held.length + 2 * voids.length + 4 >= left()) {
      isClosing = true;
      yield* cleanUp();
      for (const { message } of held) yield* send(message);
    }
    for (const item of drafts) {
      const statement = id();
      const message = item.make(statement);
      const draw = isClosing ? 0 : below(1_000);
      const isVoided = item.voidable && !isClosing && draw >= 1_000 - voidedPerMille;
      // The voiding may come first.
      const isTargetLast = isVoided && chance(40, below);
      if (isVoided) voids.push({ id: statement, target: isTargetLast ? message : null });
      if (isTargetLast) continue;
      if (draw < 850 || isVoided) yield* send(message);
      else held.push({ due: sent + 1 + below(draw < 965 ? 50 : 2_000), message });
    }
    if (isClosing) continue;
    yield* release();
    if (voids.length >= voidedAtOnce) yield* cleanUp();
  }
}

function voiding(target: string, time: number): Draft {
  return draft('xapi-events', 'system', {
    actor: systemActor,
    verb: { id: `${adl}voided`, display: { 'en-US': 'voided' } },
    object: { objectType: 'StatementRef', id: target },
    timestamp: new Date(time).toISOString(),
  });
}
