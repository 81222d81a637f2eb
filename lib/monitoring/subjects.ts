import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { StageConfiguration } from '../stage/schema.ts';

/**
 * Names that a stack hands to the observability stack go by SSM parameters: CloudFormation forbids to change what another
 * stack imports, and a mapping or an instance must be replaceable.
 */
const parameterName = (stage: string, name: string) => `/nlj-events/${stage}/${name}`;

/** Of what is measured: things whose name is known when they are deployed only. */
export type Subject = 'kafka-cluster' | 'database-instance' | 'database-proxy' | 'search-domain' | `mapping/${string}`;

/** Says a name that the observability stack reads. */
export function publishSubject(scope: Construct, stage: string, subject: Subject, value: string): void {
  new ssm.StringParameter(scope, `Subject-${subject.replace('/', '-')}`, {
    parameterName: parameterName(stage, subject),
    description: 'Read by the observability stack',
    stringValue: value,
  });
}

/** A name that another stack has said. */
export function readSubject(scope: Construct, stage: string, subject: Subject): string {
  return ssm.StringParameter.valueForStringParameter(scope, parameterName(stage, subject));
}

/** What is measured on a stage. Null: not ours, or not known of an imported store. */
export interface Subjects {
  readonly cluster: { readonly name: string; readonly brokers: number };
  readonly databaseInstance: string | null;
  readonly databaseProxy: string;
  readonly searchDomain: string;
  /** UUID of the mapping of a topic. */
  readonly mapping: (topic: string) => string;
}

/** Brokers that are assumed of an imported cluster. */
const importedBrokers = 3;

export function subjectsOf(scope: Construct, stage: StageConfiguration): Subjects {
  const read = (subject: Subject) => readSubject(scope, stage.stage, subject);
  const mappings = new Map<string, string>();
  return {
    cluster: {
      name: read('kafka-cluster'),
      brokers: stage.cluster.mode === 'create' ? stage.cluster.brokers : importedBrokers,
    },
    databaseInstance: stage.database.mode === 'create' ? read('database-instance') : null,
    databaseProxy: read('database-proxy'),
    searchDomain: read('search-domain'),
    mapping(topic) {
      const uuid = mappings.get(topic) ?? read(`mapping/${topic}`);
      mappings.set(topic, uuid);
      return uuid;
    },
  };
}
