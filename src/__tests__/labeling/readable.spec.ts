import { readable } from '../../components/labeling/readable';

describe('readable()', () => {
  it.each([
    [-0.16592250099144, '-0.165923'],
    [19.989999999, '19.99'],
    [1234567.891, '1234567.89'],
    [1e-12, '1e-12'],
    [20240131, '20240131'],
    [true, 'true'],
    ['2024-01-31T09:30:00', '2024-01-31 09:30:00'],
    ['2024-01-31T09:30:00.250000+00:00', '2024-01-31 09:30:00.250000 UTC'],
    ['2024-01-31', '2024-01-31'],
    ['As of 2024-01-31T09:30:00', 'As of 2024-01-31T09:30:00'],
    [['new', 'sale', null], 'new, sale, –'],
    [
      { city: 'Köln', at: { lat: 50.93777777, lon: 6.9 }, tags: ['a', 'b'] },
      'city: Köln, at: (lat: 50.9378, lon: 6.9), tags: (a, b)'
    ]
  ])('reads %j as %s', (value, text) => {
    expect(readable(value)).toBe(text);
  });
});
