/** The stacks of a stage, in the order of deployment. */
export const stackSuffixes = ['stateful', 'pipeline', 'api', 'observability'] as const;

/** The name of one of a stage's stacks. */
export function stackName(stage: string, suffix: (typeof stackSuffixes)[number]): string {
  return `nlj-events-${stage}-${suffix}`;
}
