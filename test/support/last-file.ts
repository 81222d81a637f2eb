import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Runs the comparison of policies after every other test, which it judges by what they had the functions do. */
export class PoliciesLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLast = ({ moduleId }: TestSpecification) => moduleId.endsWith('/test/e2e/policies.test.ts');
    return [...sorted.filter((file) => !isLast(file)), ...sorted.filter(isLast)];
  }
}
