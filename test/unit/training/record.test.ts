import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { at, attended, certificateEarned, checkedIn } from '../../support/training.ts';
import { world } from './support/world.ts';

const session = randomUUID();
const ann = randomUUID();

const only = (training: ReturnType<typeof world>) => [...training.attendance.values()];

describe('attendance', () => {
  it('checked_in upserts the record of session and learner', () => {
    const training = world();
    training.deliver(checkedIn(session, ann));
    training.deliver(checkedIn(session, ann, { minute: 1, with: { check_in_method: undefined } }));
    expect(only(training)).toMatchObject([
      { session_id: session, learner_key: `key of ${ann}`, user_id: ann, attended: true, check_in_method: 'manual' },
    ]);
    expect(only(training)[0]?.completed).toBeNull();
  });

  it.each([
    [79.9, false],
    [80, true],
    [95.8, true],
  ])('completed at %d %% is %s', (percentage, completed) => {
    const training = world();
    training.deliver(attended(session, ann, { with: { completion_percentage: percentage } }));
    expect(only(training)).toMatchObject([
      { attended: true, completion_percentage: percentage, completed, assessment_score: 0.92, duration_minutes: 115 },
    ]);
  });

  it('completed without a percentage is as the result says', () => {
    const training = world();
    training.deliver(
      attended(session, ann, { with: { completion_percentage: undefined }, result: { completion: true } }),
    );
    expect(only(training)[0]?.completed).toBe(true);
  });

  it('is the same in either order, and an older completion changes nothing', () => {
    const [first, second] = [world(), world()];
    const messages = [
      checkedIn(session, ann, { minute: 1 }),
      attended(session, ann, { minute: 3 }),
      attended(session, ann, { minute: 2, with: { completion_percentage: 10 } }),
    ];
    for (const message of messages) first.deliver(message);
    for (const message of messages.reverse()) second.deliver(message);
    expect(only(second)).toEqual(only(first));
    expect(only(first)[0]?.completed).toBe(true);
  });
});

describe('certificate.earned', () => {
  it('upserts the certificate and marks the attendance record, which need not be there yet', () => {
    const training = world();
    const [certificate, program] = [randomUUID(), randomUUID()];
    const extensions = { session_id: session, program_id: program, expiry_date: null, certificate_url: null };
    training.deliver(certificateEarned(certificate, ann, { with: extensions }));
    expect(training.certificates.get(certificate)).toMatchObject({
      learner_key: `key of ${ann}`,
      program_id: program,
      session_id: session,
      completion_date: '2026-03-02T10:00:00.000000Z',
      expiry_date: null,
    });
    expect(only(training)).toMatchObject([{ certificate_issued: true, attended: false }]);
    training.deliver(checkedIn(session, ann));
    expect(only(training)).toMatchObject([
      { certificate_issued: true, attended: true, check_in_time: at(1435).replace('.000Z', '.000000Z') },
    ]);
  });

  it('without a session marks no record', () => {
    const training = world();
    training.deliver(certificateEarned(randomUUID(), ann));
    expect(training.certificates.size).toBe(1);
    expect(only(training)).toEqual([]);
  });
});
