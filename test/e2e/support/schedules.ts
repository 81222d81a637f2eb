import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import { localAws } from '../../../localstack/deploy.ts';
import type { EnvironmentDescription } from '../../../localstack/environment.ts';

/** Switches the deployed schedules on or off whose rule's name matches, so that a test alone decides when something runs. */
export async function setSchedules(
  { endpoints }: EnvironmentDescription,
  name: RegExp,
  enabled: boolean,
): Promise<void> {
  const client = new EventBridgeClient({ endpoint: endpoints.aws, ...localAws });
  const { Rules: rules = [] } = await client.send(new ListRulesCommand({}));
  const meant = rules.filter((rule) => rule.ScheduleExpression !== undefined && name.test(rule.Name ?? ''));
  if (meant.length === 0) throw new Error(`No schedule is called ${name}`);
  for (const { Name } of meant) {
    await client.send(enabled ? new EnableRuleCommand({ Name }) : new DisableRuleCommand({ Name }));
  }
  client.destroy();
}
