/** Digits of a number that a person takes in at a glance. */
const DIGITS = 6;
const MOMENT =
  /^(\d{4,}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|\+00:00)?$/;

/**
 * A value of a row as a person reads it: numbers rounded, dates without their T, lists and
 * structures without the signs of JSON.
 */
export function readable(value: unknown): string {
  if (value === null || value === undefined) {
    return '–';
  }
  if (typeof value === 'number') {
    return rounded(value);
  }
  if (typeof value === 'string') {
    return value.replace(
      MOMENT,
      (_, day: string, time: string, zone?: string) =>
        `${day} ${time}${zone ? ' UTC' : ''}`
    );
  }
  if (Array.isArray(value)) {
    return value.map(nested).join(', ');
  }
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, part]) => `${name}: ${nested(part)}`)
      .join(', ');
  }
  return String(value);
}

/** Six digits, and always two behind the whole part. */
function rounded(value: number): string {
  const whole = String(Math.trunc(Math.abs(value))).length;
  const digits = Math.min(Math.max(DIGITS, whole + 2), 17);
  return String(
    Number.isInteger(value) ? value : Number(value.toPrecision(digits))
  );
}

/** A part of a list or structure, in brackets where it has parts itself. */
function nested(value: unknown): string {
  const text = readable(value);
  return typeof value === 'object' && value !== null ? `(${text})` : text;
}
