import { Reference, Stack, Tokenization, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import { networkInterfaceActions, type ReasonedWildcard, reasonedWildcards } from './wildcards.ts';

const rule = 'AwsSolutions-IAM5';

/**
 * Tells cdk-nag why a role's statements hold the wildcards that they hold.
 * @throws Error for a wildcard that `wildcards.ts` has no reason for.
 */
export function acknowledgeWildcards(role: iam.Role, statements: readonly iam.PolicyStatement[]): void {
  const network = reasonFor([...networkInterfaceActions], '*');
  Validations.of(role).acknowledge({ id: `${rule}[Resource::*]`, reason: network });
  for (const { actions, resources } of statements) {
    for (const resource of resources.filter((text) => text.includes('*'))) {
      Validations.of(role).acknowledge({
        id: `${rule}[Resource::${written(role, resource)}]`,
        reason: reasonFor(actions, resource),
      });
    }
  }
}

function reasonFor(actions: readonly string[], resource: string): string {
  const reason = reasonedWildcards.find((known) => covers(known, actions, resource))?.reason;
  if (reason === undefined)
    throw new Error(`No reason for ${actions.join(', ')} on ${resource}: see lib/constructs/wildcards.ts`);
  return reason;
}

function covers(known: ReasonedWildcard, actions: readonly string[], resource: string): boolean {
  const matches = known.resourceEnd === '*' ? resource === '*' : resource.endsWith(known.resourceEnd);
  return matches && actions.every((action) => known.actions.includes(action));
}

/** A resource as cdk-nag writes it: what another stack has is the name of that stack's export. */
function written(role: iam.Role, resource: string): string {
  const stack = Stack.of(role);
  const mapped = Tokenization.reverseString(resource).mapTokens({
    mapToken: (token) =>
      stack.resolve(
        Reference.isReference(token) && Stack.of(token.target) !== stack
          ? Stack.of(token.target).exportValue(token)
          : token,
      ),
  });
  return flattenCfnReference(
    mapped.join({ join: (left: unknown, right: unknown) => ({ 'Fn::Join': ['', [left ?? '', right ?? '']] }) }),
  );
}
