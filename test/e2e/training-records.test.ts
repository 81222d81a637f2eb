import { describe, expect, it } from 'vitest';
import { type Adaptation, minuteText } from './support/scene.ts';
import { ext, ids, row, useTrainingScenes } from './support/training-scenes.ts';

const { at } = useTrainingScenes();

describe('attendance and certificates', () => {
  const attendance = (columns: Record<string, unknown>) => ({
    attendance_record: [row({ session_id: at.scene.id(ids.session), user_id: at.scene.id(ids.learner), ...columns })],
  });

  it.each(['A', 'B'])('attendance.checked_in (%s), before any booking, records arrival', async (dialect) => {
    const verb = { id: 'http://adlnet.gov/expapi/verbs/attended', display: { 'en-US': 'attended' } };
    const adaptation = dialect === 'A' ? {} : { statement: { verb } };
    expect(await at.changesOf('attendance.checked_in (A)', adaptation)).toEqual(
      attendance({
        attended: true,
        check_in_time: '2025-09-02T12:55:00+00:00',
        check_in_method: 'manual',
        completed: null,
      }),
    );
  });

  it.each(['A', 'B'])('attendance.completed (%s) is completed from 80 percent', async (dialect) => {
    const shape = (percentage: number): Adaptation =>
      dialect === 'A'
        ? { extensions: { completion_percentage: percentage } }
        : {
            statement: {
              verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { 'en-US': 'completed' } },
              result: { completion: true, extensions: { [`${ext}attendance_percentage`]: percentage } },
              context: { platform: 'NLJ Platform' },
            },
          };
    await at.scene.send('attendance.checked_in (A)');
    expect(await at.changesOf('attendance.completed (A)', { minute: 1, ...shape(79) })).toEqual(
      attendance({ completion_percentage: 79, completed: false, check_in_method: 'manual' }),
    );
    expect(await at.changesOf('attendance.completed (A)', { minute: 2, ...shape(80) })).toEqual(
      attendance({ completion_percentage: 80, completed: true, completion_time: minuteText(2) }),
    );
  });

  it('certificate.earned (A) adds the certificate and marks the attendance record', async () => {
    await at.scene.send('attendance.checked_in (A)');
    expect(await at.changesOf('certificate.earned (A)', { minute: 1 })).toEqual({
      ...attendance({ certificate_issued: true, attended: true }),
      certificate: [
        row({
          id: at.scene.id(ids.certificate),
          title: 'Forklift Safety 2025',
          program_id: at.scene.id(ids.program),
          session_id: at.scene.id(ids.session),
          user_id: at.scene.id(ids.learner),
          completion_date: '2025-09-02T15:00:00+00:00',
          expiry_date: null,
        }),
      ],
    });
  });
});
