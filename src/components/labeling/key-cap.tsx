import React from 'react';

/**
 * A key, printed where it acts; screen readers get it from `aria-keyshortcuts`.
 */
export function KeyCap(props: {
  name: string | undefined;
}): JSX.Element | null {
  return props.name ? (
    <kbd className="jp-al-Key" aria-hidden="true">
      {props.name}
    </kbd>
  ) : null;
}
