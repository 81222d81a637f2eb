import { App, Validations } from 'aws-cdk-lib';
import { z } from 'zod';
import { stageStacks } from './stacks/stage-stacks.ts';
import type { StageConfiguration } from './stage/schema.ts';

/** A rule that a construct is let off, on some stages. */
export interface Suppression {
  readonly rule: string;
  /** What of the resource is meant, where a rule has several findings. */
  readonly finding: string;
  readonly reason: string;
  /** Construct paths without the stage's name. */
  readonly constructs: readonly string[];
  readonly stages: readonly string[];
}

const acknowledged = z.record(z.string(), z.string());

/** Every suppression of these stages' apps, the same rule, finding and reason once. */
export function suppressionsOf(
  stages: readonly StageConfiguration[],
  context: Readonly<Record<string, unknown>>,
): Suppression[] {
  const found = new Map<string, Suppression>();
  for (const stage of stages) {
    const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
    stageStacks(app, stage);
    for (const construct of app.node.findAll()) {
      for (const { type, data } of construct.node.metadata) {
        if (type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
        for (const [id, reason] of Object.entries(acknowledged.parse(data))) {
          const [, rule = id, finding = ''] = /^(?:annotation::)?([^[]+)(?:\[(.*)\])?$/i.exec(id) ?? [];
          const short = finding
            .replace(/^Resource::/, '')
            .replace(/^nlj-events-[a-z]+-\w+:ExportsOutput(FnGetAtt|Ref)/, '');
          const key = [rule, short, reason].join(' ');
          const path = construct.node.path.replace(`nlj-events-${stage.stage}-`, '').replace(/\/Resource$/, '');
          const known = found.get(key);
          found.set(key, {
            rule,
            finding: short.replaceAll(/[0-9A-F]{8}/g, ''),
            reason,
            constructs: unique([...(known?.constructs ?? []), path]),
            stages: unique([...(known?.stages ?? []), stage.stage]),
          });
        }
      }
    }
  }
  return [...found.values()].sort((left, right) => orderOf(left).localeCompare(orderOf(right)));
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];
const orderOf = ({ rule, finding, reason }: Suppression): string => [rule, finding, reason].join(' ');

/** `docs/suppressions.md`. */
export function suppressionsText(suppressions: readonly Suppression[], stages: readonly string[]): string {
  const items = suppressions.map(({ rule, finding, reason, constructs, stages: where }) => {
    const what = finding === '' ? '' : ` on \`${finding}\``;
    const on = where.length === stages.length ? '' : ` (${where.join(', ')})`;
    return `- \`${rule}\`${what}${on}: ${reason}.\n${constructs.map((path) => `  - \`${path}\``).join('\n')}`;
  });
  return [
    '# Suppressed rules',
    '',
    'Written by `npm run suppressions` from the construct trees of all stages; a test fails when it is old. Rules: [cdk-nag, AwsSolutions](https://github.com/cdklabs/cdk-nag/blob/main/RULES.md#awssolutions).',
    'A suppression stands at its construct (`Validations.of(…).acknowledge`); the wildcards of roles come from `lib/constructs/wildcards.ts`.',
    '',
    ...items,
    '',
  ].join('\n');
}
