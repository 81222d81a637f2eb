import { describe, expect, it } from 'vitest';
import { command } from './support/command.ts';
import { ids, useTrainingScenes } from './support/training-scenes.ts';

const { at, schedule, booking, request } = useTrainingScenes();

describe('npm run show', () => {
  it('shows a session and a booking as they are, without names', async () => {
    await schedule(1);
    await request('Ann', 1);
    await request('Ben', 2);
    const session = await command(at.run.environment, 'show', 'session', at.scene.id(ids.session));
    expect(session).toMatchObject({
      status: 'scheduled',
      capacity: 1,
      bookings: {
        counts: { confirmed: 1, waitlist: 1 },
        open: [{ id: booking('Ann') }, { id: booking('Ben'), waitlistPosition: 1 }],
      },
    });
    expect(await command(at.run.environment, 'show', 'booking', booking('Ann'))).toMatchObject({ status: 'confirmed' });
    expect(JSON.stringify(session)).not.toMatch(/Okafor|Lindqvist|@/);
  });

  it('says what an id is that is of another kind, or that there is none', async () => {
    await schedule();
    const shown = (kind: string, id: string) => command(at.run.environment, 'show', kind, id);
    await expect(shown('booking', at.scene.id(ids.session))).rejects.toThrow(/is no booking but a session/);
    await expect(shown('session', at.scene.id('nothing'))).rejects.toThrow(/There is no session/);
    await expect(shown('session', '7')).rejects.toThrow(/It is a uuid/);
  });
});
