import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../../../functions/core/xapi/rules.ts';

interface Row {
  readonly requirement: string;
  readonly section: string;
  readonly rules: readonly string[];
  readonly test: string;
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

const rows: readonly Row[] = read('../../../../docs/conformance.md')
  .split('\n')
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .filter((cells) => cells.length === 6 && /^(?:XAPI-\d{5}|—)$/.test(cells[0] ?? ''))
  .map(([requirement = '', section = '', , ruleNames = '', test = '']) => ({
    requirement,
    section,
    rules: [...ruleNames.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name),
    test,
  }));

/** The text of each section of the tests. */
const sections = new Map(
  read('requirements.test.ts')
    .split("\ndescribe('")
    .slice(1)
    .map((text): [string, string] => [text.slice(0, text.indexOf("', ")), text]),
);

/** Numbers of a rule's requirement: one, or those of a range; none where it names a section. */
function numbersOf(requirement: string): number[] {
  const [first, last = first] = [...requirement.matchAll(/\b(?:XAPI-)?(\d{5})\b/g)].map(([, digits]) => Number(digits));
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('docs/conformance.md', () => {
  it('has all rows, and no rule that there is not', () => {
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.flatMap((row) => row.rules).filter((rule) => !Object.hasOwn(rules, rule))).toEqual([]);
  });

  it.each(Object.entries(rules))('has the rule %s beside its own requirement', (rule, { requirement }) => {
    const found = rows.filter((row) => row.rules.includes(rule));
    expect(found).not.toEqual([]);
    const numbers = numbersOf(requirement).map((number) => `XAPI-${String(number).padStart(5, '0')}`);
    expect(found.map((row) => row.requirement)).toEqual(expect.arrayContaining(numbers));
    if (numbers.length === 0) {
      const place = requirement.replace('Part 2, ', '');
      expect(found.some((row) => row.section.startsWith(place))).toBe(true);
    }
  });

  it.each(rows)('names a test that breaks the rules of $requirement ($section)', ({ rules: named, test }) => {
    const text = sections.get(test) ?? '';
    expect(text).not.toBe('');
    for (const rule of named) expect(text).toMatch(new RegExp(`(?:refuses\\(|covered\\.add\\(|, )\\s*'${rule}'`));
  });
});
