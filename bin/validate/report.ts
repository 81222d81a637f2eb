import type { ValidationError } from '../../functions/core/xapi/index.ts';
import type { Verdict } from './verdict.ts';

/** A verdict as one line of text. */
export function textLine({ valid, errors, upcast }: Verdict): string {
  const upcasting = upcast?.map(({ rules, event }) => ` ${event ?? '-'} (${rules.join(', ')})`).join(';') ?? '';
  return valid ? `valid${upcasting}` : `invalid ${errors.map(errorText).join('; ')}`;
}

function errorText({ path, rule, requirement, expected, found }: ValidationError): string {
  return `${path} ${rule} [${requirement}]: expected ${expected}, found ${found}`;
}

/** A verdict as one line of JSON. What `--upcast` did to a batch is told statement by statement. */
export function jsonLine({ valid, errors, upcast, isBatch }: Verdict): string {
  const upcasting = upcast === undefined ? {} : isBatch ? { statements: upcast } : upcast[0];
  return JSON.stringify({ valid, errors, ...upcasting });
}

/** Counts over all lines. */
export class Summary {
  #valid = 0;
  #invalid = 0;
  readonly #broken = new Map<string, number>();
  readonly #fired = new Map<string, number>();

  get hasInvalid(): boolean {
    return this.#invalid > 0;
  }

  add({ valid, errors, upcast = [] }: Verdict): void {
    if (valid) this.#valid += 1;
    else this.#invalid += 1;
    for (const { rule } of errors) increment(this.#broken, rule);
    for (const { rules } of upcast) for (const rule of rules) increment(this.#fired, rule);
  }

  text(): string {
    return [
      `${this.#valid + this.#invalid} lines: ${this.#valid} valid, ${this.#invalid} invalid`,
      ...listed('upcast', this.#fired),
      ...listed('broken', this.#broken),
    ].join('\n');
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function listed(what: string, counts: ReadonlyMap<string, number>): string[] {
  const sorted = [...counts].toSorted(([, left], [, right]) => right - left);
  return sorted.length === 0 ? [] : [`${what}: ${sorted.map(([rule, count]) => `${rule} ${count}`).join(', ')}`];
}
