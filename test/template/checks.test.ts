import { readFileSync } from 'node:fs';
import { App, aws_iam as iam, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { acknowledgeWildcards } from '../../lib/constructs/acknowledge-wildcards.ts';
import { stageStacks } from '../../lib/stacks/stage-stacks.ts';
import type { StageConfiguration } from '../../lib/stage/schema.ts';
import { suppressionsOf, suppressionsText } from '../../lib/suppressions.ts';
import { cdkJson, changed, imported, stage, stageNames } from './support/synthesize.ts';

/** What cdk-nag says of an app, as `rule path` lines. */
function findings(configuration: StageConfiguration, change: (pipeline: Stack) => void = () => undefined): string[] {
  const app = new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] } });
  change(stageStacks(app, configuration).pipeline);
  // The names of exports, by which cdk-nag tells findings apart, are there once the app was synthesised.
  app.synth();
  return new AwsSolutionsChecks(app)
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
}

it('a wildcard without a reason ends the synth', () => {
  const stack = new Stack(new App(), 'Stack');
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  const statement = (resource: string) => new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [resource] });
  expect(() => acknowledgeWildcards(role, [statement('arn:aws:s3:::b/dead-letters/*')])).not.toThrow();
  expect(() => acknowledgeWildcards(role, [statement('arn:aws:s3:::b/*')])).toThrow(
    'No reason for s3:GetObject on arn:aws:s3:::b/*: see lib/constructs/wildcards.ts',
  );
});

describe('cdk-nag', () => {
  it.each(stageNames)('finds nothing on %s that no construct gives a reason for', (name) => {
    expect(findings(stage(name))).toEqual([]);
  });

  it('finds nothing on a stage of imported stores', () => {
    expect(findings(changed('dev', imported))).toEqual([]);
  });

  it('finds what is wrong', () => {
    expect(findings(stage('dev'), (stack) => new s3.Bucket(stack, 'Open', { enforceSSL: false }))).toEqual([
      'AwsSolutions-S1 nlj-events-dev-pipeline/Open/Resource',
      'AwsSolutions-S10 nlj-events-dev-pipeline/Open/Resource',
    ]);
  });
});

it('CloudFormation validation is an error', () => {
  expect(cdkJson.context['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
});

it('docs/suppressions.md is what the code says: npm run suppressions', () => {
  const text = suppressionsText(
    suppressionsOf(
      stageNames.map((name) => stage(name)),
      cdkJson.context,
    ),
    stageNames,
  );
  expect(readFileSync(new URL('../../docs/suppressions.md', import.meta.url), 'utf8')).toBe(text);
});
