import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

const listed = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const statement = z.object({
  Effect: z.string(),
  Action: listed,
  Resource: z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]).optional(),
});
const document = z.object({ Statement: z.array(statement) });
const role = z.object({
  Properties: z.object({
    Description: z.string().optional(),
    ManagedPolicyArns: z.array(z.unknown()).optional(),
    Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: document })).optional(),
  }),
});

/** An action on a resource, with what CloudFormation computes written out in a readable way. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
}

export interface RolePermissions {
  readonly id: string;
  readonly description: string;
  readonly managedPolicies: number;
  readonly permissions: readonly Permission[];
}

/** Every role of a template with what its inline policies allow. */
export function rolesOf(template: Template): RolePermissions[] {
  return Object.entries(template.findResources('AWS::IAM::Role')).map(([id, resource]) => {
    const { Description, ManagedPolicyArns = [], Policies = [] } = role.parse(resource).Properties;
    const permissions = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).flatMap(
      ({ Action, Resource = [] }) =>
        Action.flatMap((action) => Resource.map((resource) => ({ action, resource: written(resource) }))),
    );
    return { id, description: Description ?? '', managedPolicies: ManagedPolicyArns.length, permissions };
  });
}

/** The role of one of our functions. */
export function roleOf(template: Template, functionName: string): RolePermissions {
  const found = rolesOf(template).find(({ description }) => description === `Execution role of ${functionName}`);
  if (found === undefined) throw new Error(`no role of ${functionName}`);
  return found;
}

const join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });
const select = z.object({
  'Fn::Select': z.tuple([z.number(), z.object({ 'Fn::Split': z.tuple([z.string(), z.unknown()]) })]),
});
const importValue = z.object({ 'Fn::ImportValue': z.string() });
const getAtt = z.object({ 'Fn::GetAtt': z.array(z.string()) });
const ref = z.object({ Ref: z.string() });

/** `<Construct>` for what another resource says, `<Construct>[n]` for a part of it. */
export function written(value: unknown): string {
  if (typeof value === 'string') return value;
  const joined = join.safeParse(value);
  if (joined.success) {
    const [delimiter, parts] = joined.data['Fn::Join'];
    return parts.map(written).join(delimiter);
  }
  const selected = select.safeParse(value);
  if (selected.success) {
    const [index, { 'Fn::Split': split }] = selected.data['Fn::Select'];
    return `${written(split[1])}[${index}]`;
  }
  const imported = importValue.safeParse(value);
  if (imported.success) return named(imported.data['Fn::ImportValue'].replace(/^.*:ExportsOutput(FnGetAtt|Ref)/, ''));
  const attribute = getAtt.safeParse(value);
  if (attribute.success) return named(attribute.data['Fn::GetAtt'].join('.'));
  const reference = ref.safeParse(value);
  if (reference.success) return named(reference.data.Ref);
  return JSON.stringify(value);
}

/** A logical id without the hashes that CDK appends. */
function named(id: string): string {
  return `<${id.replace(/[0-9A-F]{8}/g, '')}>`;
}
