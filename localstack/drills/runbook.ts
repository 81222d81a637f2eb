import { readFile } from 'node:fs/promises';

/** Headings of a runbook under which commands stand. */
export const sections = ['First look', 'Decide', 'Remedy', 'Verify'] as const;
export type Section = (typeof sections)[number];

/** A command of a runbook, as it is written. */
export interface RunbookCommand {
  readonly section: Section;
  readonly language: 'sh' | 'sql';
  readonly text: string;
  /** What it needs that only AWS has; null where it runs locally. */
  readonly awsOnly: string | null;
  /** Names in angle brackets. */
  readonly placeholders: readonly string[];
}

export type Values = Readonly<Record<string, string>>;

const fence = /^```(sh|sql)\n(.*?)^```$/gms;
const placeholder = /<([a-z]+)>/g;
const awsMark = /^(?:#|--) on AWS only: (.+)$/;
const comment = /^(?:#|--) /;

/** The commands of a runbook's fenced blocks: of shell one a line, of SQL one up to each semicolon. */
export function commandsIn(markdown: string): readonly RunbookCommand[] {
  return sections.flatMap((section) => {
    const text = new RegExp(`^## ${section}\\n(.*?)(?=^## |$(?![^]))`, 'ms').exec(markdown)?.[1] ?? '';
    return [...text.matchAll(fence)].flatMap(([, language, body = '']) => {
      const lines = body.trimEnd().split('\n');
      const awsOnly = awsMark.exec(lines[0] ?? '')?.[1] ?? null;
      const rest = lines.filter((line) => !comment.test(line)).join('\n');
      const parts = language === 'sql' ? rest.split(/;\s*(?:\n|$)/) : rest.split(/(?<!\\)\n/);
      return parts
        .filter((part) => part.trim() !== '')
        .map((part) => ({
          section,
          language: language === 'sql' ? ('sql' as const) : ('sh' as const),
          text: part.trim(),
          awsOnly,
          placeholders: [...new Set([...part.matchAll(placeholder)].map(([, name = '']) => name))],
        }));
    });
  });
}

/** Where the runbook of a kind of alarm is. */
export function runbookFile(kind: string): URL {
  return new URL(`../../docs/runbooks/${kind}.md`, import.meta.url);
}

export async function readRunbook(kind: string): Promise<readonly RunbookCommand[]> {
  return commandsIn(await readFile(runbookFile(kind), 'utf8'));
}

/** A command with its placeholders filled in, or null where a value is not known: then it is of another case. */
export function filled({ text, placeholders }: RunbookCommand, values: Values): string | null {
  if (placeholders.some((name) => values[name] === undefined)) return null;
  return text.replaceAll(placeholder, (written, name: string) => values[name] ?? written);
}
