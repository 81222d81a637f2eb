import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isJsonObject, validateBatch, validateStatement } from '../../functions/core/xapi/index.ts';

/** Statements of the ADL conformance suite, kept beside the repository. */
const file = new URL('../../../shared/conformance/statements.jsonl', import.meta.url);

interface Case {
  readonly id: string;
  readonly section: string;
  readonly title: string;
  readonly expect: 'valid' | 'invalid';
  readonly input: unknown;
}

function isCase(value: unknown): value is Case {
  return (
    isJsonObject(value) &&
    typeof value['id'] === 'string' &&
    (value['expect'] === 'valid' || value['expect'] === 'invalid')
  );
}

function casesOf(text: string): Case[] {
  const lines: unknown[] = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return lines.filter(isCase);
}

const isPresent = existsSync(file);

describe.skipIf(!isPresent)(
  'ADL conformance cases (shared/conformance/statements.jsonl, skipped where the file is absent)',
  () => {
    const cases = isPresent ? casesOf(readFileSync(file, 'utf8')) : [];

    it('are all read', () => {
      expect(cases.length).toBeGreaterThan(400);
    });

    it.each(cases)('$id: $section $title: $expect', ({ input, expect: expected }) => {
      const outcome = Array.isArray(input) ? validateBatch(input) : validateStatement(input);
      expect(outcome.ok ? 'valid' : 'invalid').toBe(expected);
    });
  },
);
