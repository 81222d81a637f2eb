import type { z } from 'zod';
import { dev } from './dev.ts';
import { local } from './local.ts';
import { prod } from './prod.ts';
import { type StageConfiguration, type StageInput, stageConfiguration } from './schema.ts';
import { StageError } from './stage-error.ts';
import { staging } from './staging.ts';

/** Reads a CDK context value (`-c name=value`). */
export type ContextReader = (name: string) => unknown;

/** A new stage is one file in this folder and one entry here. */
const stages: Readonly<Record<string, (context: ContextReader) => StageInput>> = {
  dev: () => dev,
  staging: () => staging,
  prod: () => prod,
  local: (context) =>
    local(
      {
        opensearch: String(context('opensearchEndpoint') ?? 'http://127.0.0.1:19200'),
        databasePort: Number(context('databasePort') ?? 15432),
        issuer: String(context('issuer') ?? 'http://127.0.0.1:18088'),
      },
      {
        functionTimeoutSeconds: numberOf(context('functionTimeoutSeconds')),
        maximumRetryAttempts: numberOf(context('maximumRetryAttempts')),
      },
    ),
};

/** Every stage with a file here. */
export const stageNames: readonly string[] = Object.keys(stages);

function numberOf(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/**
 * The configuration of a stage, checked.
 * @throws StageError
 */
export function loadStage(name: unknown, context: ContextReader): StageConfiguration {
  const stage = typeof name === 'string' && Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (stage === undefined) {
    throw new StageError(`stage: no stage ${JSON.stringify(name)}; use -c stage=${stageNames.join('|')}`);
  }
  return checkStage(String(name), stage(context));
}

/**
 * Checks a stage's configuration.
 * @throws StageError
 */
export function checkStage(name: string, input: StageInput): StageConfiguration {
  const parsed = stageConfiguration.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${pathOf(issue)}: ${issue.message}`);
  const remedy = name === 'local' ? 'correct lib/stage/local.ts or the -c values' : `correct lib/stage/${name}.ts`;
  throw new StageError(`stage ${name}: ${faults.join('; ')}; ${remedy}`);
}

function pathOf({ path }: z.core.$ZodIssue): string {
  return path.length === 0 ? 'configuration' : path.map(String).join('.');
}
