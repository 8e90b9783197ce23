/**
 * In the page: the lowest contrast of any visible words of the view that are not switched off, once
 * nothing changes its color any more.
 */
export async function lowestContrast(): Promise<{
  ratio: number;
  text: string;
}> {
  const moving = document
    .querySelector('.jp-al-View')!
    .getAnimations({ subtree: true })
    .filter(each => each.effect?.getComputedTiming().iterations !== Infinity);
  await Promise.allSettled(moving.map(each => each.finished));
  const channels = (color: string) =>
    (color.match(/[\d.]+/g) ?? ['0', '0', '0', '0']).map(Number);
  const luminance = (color: string) => {
    const [r, g, b] = channels(color)
      .slice(0, 3)
      .map(value => value / 255)
      .map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element: Element | null): string => {
    if (!element) {
      return 'rgb(255, 255, 255)';
    }
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 ? background(element.parentElement) : color;
  };
  const found = [...document.querySelectorAll('.jp-al-View *')].filter(
    element =>
      [...element.childNodes].some(
        node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()
      ) &&
      !element.closest('[aria-disabled="true"], .jp-al-Unseen') &&
      getComputedStyle(element).visibility === 'visible'
  );
  return found
    .map(element => {
      // Half-transparent words are blended with what lies under them.
      const under = background(element);
      const [r, g, b, alpha = 1] = channels(getComputedStyle(element).color);
      const [ur, ug, ub] = channels(under);
      const mix = [
        r * alpha + ur * (1 - alpha),
        g * alpha + ug * (1 - alpha),
        b * alpha + ub * (1 - alpha)
      ];
      const [x, y] = [luminance(mix.join(' ')), luminance(under)];
      return {
        ratio: (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05),
        text: `${element.className}: ${element.textContent}`
      };
    })
    .reduce((worst, one) => (one.ratio < worst.ratio ? one : worst));
}
