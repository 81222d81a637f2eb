import { z } from 'zod';

/** A request that a role made, as LocalStack's request log has it. */
export const usedSchema = z.object({
  role: z.string(),
  action: z.string(),
  parameters: z.record(z.string(), z.string()),
});
export type Used = z.infer<typeof usedSchema>;

/** An action on a resource; either may hold a `*` where a policy grants it. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
}

const strings = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const document = z.object({
  Statement: z.array(z.object({ Effect: z.literal('Allow'), Action: strings, Resource: strings })),
});

/** What a policy document allows, action by action and resource by resource. @throws Error for a statement that is no plain Allow. */
export function grantsOf(policy: unknown): Permission[] {
  return document
    .parse(policy)
    .Statement.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => ({ action, resource }))),
    );
}

/** S3's requests whose permission has another name. */
const s3Actions: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  HeadBucket: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  DeleteObjects: 'DeleteObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
};
const versioned: ReadonlySet<string> = new Set(['GetObject', 'DeleteObject']);

/**
 * The permission that a request needs.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function neededBy({ action, parameters }: Used): Permission {
  const [service = '', operation = ''] = action.split(':');
  const { Bucket, Key, VersionId, FunctionName, SecretId, RoleArn, ClusterArn, TopicArn } = parameters;
  if (service === 's3') {
    const name = s3Actions[operation] ?? operation;
    const full = VersionId !== undefined && versioned.has(name) ? `${name}Version` : name;
    return { action: `s3:${full}`, resource: `arn:aws:s3:::${Bucket}${Key === undefined ? '' : `/${Key}/`}` };
  }
  if (service === 'lambda' && operation === 'Invoke') {
    return { action: 'lambda:InvokeFunction', resource: functionArn(FunctionName ?? '') };
  }
  return { action, resource: SecretId ?? RoleArn ?? ClusterArn ?? TopicArn ?? '*' };
}

function functionArn(name: string): string {
  return name.startsWith('arn:') ? name : `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

/** Whether a grant allows what is needed. */
export function allows(grant: Permission, needed: Permission): boolean {
  return matches(grant.action, needed.action) && matches(grant.resource, needed.resource);
}

function matches(pattern: string, value: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(value);
}

/** Grants that no log can show, or that a run need not come to use, with the reason. */
export interface Unseen {
  /** How an action begins. */
  readonly action: string;
  /** Short names of the functions that are meant; by default all. */
  readonly functions?: readonly string[];
  /** What the resource must hold; by default anything. */
  readonly resource?: string;
  readonly reason: string;
}

export interface RoleComparison {
  /** Granted, never used, and without a reason. */
  readonly unused: readonly string[];
  /** Used and not granted: AWS would refuse it. */
  readonly refused: readonly string[];
}

/** Compares what a function's role grants with what it was used for. */
export function compare(
  name: string,
  grants: readonly Permission[],
  used: readonly Used[],
  unseen: readonly Unseen[],
): RoleComparison {
  const needed = used.map(neededBy);
  const isExplained = ({ action, resource }: Permission) =>
    unseen.some(
      (one) =>
        action.startsWith(one.action) &&
        (one.functions?.includes(name) ?? true) &&
        (one.resource === undefined || resource.includes(one.resource)),
    );
  return {
    unused: grants
      .filter((grant) => !needed.some((one) => allows(grant, one)) && !isExplained(grant))
      .map(({ action, resource }) => `${action} ${resource}`),
    refused: [
      ...new Set(
        needed
          .filter((one) => !grants.some((grant) => allows(grant, one)))
          .map(({ action, resource }) => `${action} ${resource}`),
      ),
    ],
  };
}
