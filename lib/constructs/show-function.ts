import { Construct } from 'constructs';
import type { z } from 'zod';
import type { showEnvironment } from '../../functions/core/environment.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { applicationUser } from './database.ts';
import { databaseGrants } from './grant.ts';
import { NodeFunction } from './node-function.ts';
import { databaseEnvironment, databasePort, type Stores } from './stores.ts';

export interface ShowFunctionProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
}

/** The function that shows operators the state of an entity. */
export class ShowFunction extends Construct {
  readonly nodeFunction: NodeFunction;

  constructor(scope: Construct, id: string, { stage, stores }: ShowFunctionProps) {
    super(scope, id);
    const { database } = stores;
    const environment: z.input<typeof showEnvironment> = databaseEnvironment(stage, stores, {
      name: applicationUser,
      secret: database.applicationSecret,
    });
    this.nodeFunction = new NodeFunction(this, 'Function', {
      stage,
      network: stores.network,
      name: 'show',
      description: 'Shows the state of a session, booking, program or generation',
      entry: 'functions/operations/show/handler.ts',
      environment,
      permissions: databaseGrants(stage, database),
      timeoutSeconds: 30,
    });
    this.nodeFunction.mayReach('Database', database.securityGroup, databasePort);
  }
}
