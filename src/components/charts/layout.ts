/** Space around the drawn area of the learning curve, in pixels. */
export const MARGIN = { top: 8, right: 12, bottom: 22, left: 36 };

/** Height of the learning curve, in pixels. */
export const HEIGHT = 150;
