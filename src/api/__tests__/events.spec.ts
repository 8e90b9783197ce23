import { parseEvents } from '../events';

describe('parseEvents()', () => {
  it('returns complete events and keeps the rest for later', () => {
    const text = ': heartbeat\n\nevent: round\ndata: {"seq": 1}\n\nevent: ann';

    const { events, rest } = parseEvents(text);

    expect(events).toEqual([{ event: 'round', data: '{"seq": 1}' }]);
    expect(rest).toBe('event: ann');
  });
});
