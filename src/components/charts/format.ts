import type { TranslationBundle } from '@jupyterlab/translation';

/** A value from 0 to 1 with its interval, and the number of checks it rests on. */
export interface IInterval {
  value: number;
  low: number;
  high: number;
  n: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The language that JupyterLab is shown in. */
export function language(): string {
  return document.documentElement.lang || 'en';
}

/** A whole number as people write it: 20,000. */
export function count(value: number): string {
  return Math.round(value).toLocaleString(language());
}

/** A share from 0 to 1 in whole percent, without the sign. */
export function percent(share: number): string {
  return String(Math.round(share * 100));
}

/** A share from 0 to 1 as "87 %"; a share too small to round says so. */
export function share(value: number): string {
  const rounded = Math.round(value * 100);
  if (rounded === 0 && value > 0) {
    return '< 1\u00a0%';
  }
  return `${rounded}\u00a0%`;
}

/** An accuracy with its interval: "87 % (83–90)". */
export function accuracy(interval: Omit<IInterval, 'n'>): string {
  const { value, low, high } = interval;
  return `${share(value)} (${percent(low)}–${percent(high)})`;
}

/** An accuracy with all that it needs to stand alone: "87 % (83–90), 120 checks". */
export function fullAccuracy(
  interval: IInterval,
  trans: TranslationBundle
): string {
  return trans._n(
    '%2, %1 check',
    '%2, %1 checks',
    interval.n,
    accuracy(interval)
  );
}

/** How long ago something was; a date when it is more than a day. */
export function ago(
  when: string,
  now: number,
  trans: TranslationBundle
): string {
  const seconds = (now - Date.parse(when)) / 1000;
  if (seconds < MINUTE) {
    return trans.__('just now');
  }
  if (seconds < HOUR) {
    return trans.__('%1 min ago', Math.floor(seconds / MINUTE));
  }
  if (seconds < DAY) {
    return trans.__('%1 h ago', Math.floor(seconds / HOUR));
  }
  return new Date(when).toLocaleDateString(language(), {
    day: 'numeric',
    month: 'short',
    year: 'numeric'
  });
}

/** A length of time, rounded to what a person can use. */
export function duration(seconds: number, trans: TranslationBundle): string {
  if (seconds < 10) {
    return trans.__('%1 s', seconds.toFixed(1));
  }
  if (seconds < 2 * MINUTE) {
    return trans.__('%1 s', Math.round(seconds));
  }
  if (seconds < 2 * HOUR) {
    return trans.__('%1 min', Math.round(seconds / MINUTE));
  }
  return trans.__('%1 h', count(seconds / HOUR));
}
