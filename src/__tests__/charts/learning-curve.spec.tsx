import { nullTranslator } from '@jupyterlab/translation';
import { fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { LearningCurve } from '../../components/charts';
import type { ICurveValue } from '../../components/charts';

const trans = nullTranslator.load('jupyterlab_al');

function curve(length: number): ICurveValue[] {
  return Array.from({ length }, (_, index) => {
    const accuracy = 0.95 - 0.45 / (index + 1);
    return {
      nLabels: 10 * (index + 1),
      accuracy,
      low: accuracy - 0.04,
      high: accuracy + 0.03
    };
  });
}

const POINTS: ICurveValue[] = [
  { nLabels: 20, accuracy: 0.51, low: 0.4, high: 0.62 },
  { nLabels: 80, accuracy: 0.744, low: 0.69, high: 0.8 },
  { nLabels: 140, accuracy: 0.8712345, low: 0.832, high: 0.9 }
];

describe('LearningCurve', () => {
  it('says why there is no curve yet', () => {
    render(<LearningCurve points={[]} trans={trans} />);

    expect(screen.getByText(/none is labeled so far/)).toBeTruthy();
    expect(screen.queryByRole('slider')).toBeNull();
  });

  it('says that the next round measures the checks', () => {
    render(<LearningCurve points={[]} checks={3} trans={trans} />);

    expect(screen.getByText(/The next round measures it/)).toBeTruthy();
  });

  it('is drawn as wide as its place once the first point is there', () => {
    const observe = jest.fn();
    window.ResizeObserver = class {
      observe = observe;
      unobserve = jest.fn();
      disconnect = jest.fn();
    };
    const width = jest
      .spyOn(Element.prototype, 'clientWidth', 'get')
      .mockReturnValue(234);
    const { container, rerender } = render(
      <LearningCurve points={[]} trans={trans} />
    );

    rerender(<LearningCurve points={POINTS} trans={trans} />);

    expect(container.querySelector('svg')?.getAttribute('width')).toBe('234');
    expect(observe).toHaveBeenCalledTimes(1);
    width.mockRestore();
    Reflect.deleteProperty(window, 'ResizeObserver');
  });

  it('reads the newest value first, rounded, with its interval', () => {
    render(<LearningCurve points={POINTS} trans={trans} />);

    const slider = screen.getByRole('slider', { name: /Learning curve/ });
    expect(slider.getAttribute('aria-valuetext')).toBe(
      '140 labels: 87\u00a0% (83–90)'
    );
    expect(screen.getByText('140 labels: 87 % (83–90)')).toBeTruthy();
  });

  it('reads earlier values with the arrow keys and stops at both ends', () => {
    render(<LearningCurve points={POINTS} trans={trans} />);
    const slider = screen.getByRole('slider', { name: /Learning curve/ });

    fireEvent.keyDown(slider, { key: 'ArrowLeft' });
    expect(slider.getAttribute('aria-valuetext')).toMatch(/^80 labels/);

    fireEvent.keyDown(slider, { key: 'Home' });
    fireEvent.keyDown(slider, { key: 'ArrowLeft' });
    expect(slider.getAttribute('aria-valuetext')).toMatch(/^20 labels/);

    fireEvent.keyDown(slider, { key: 'End' });
    fireEvent.keyDown(slider, { key: 'ArrowRight' });
    expect(slider.getAttribute('aria-valuetext')).toMatch(/^140 labels/);
  });

  it('leaves keys that it does not use to others', () => {
    render(<LearningCurve points={POINTS} trans={trans} />);

    const unhandled = fireEvent.keyDown(screen.getByRole('slider'), {
      key: 'Tab'
    });

    expect(unhandled).toBe(true);
  });

  it('reads the round nearest to the pointer and goes back when it leaves', () => {
    render(<LearningCurve points={POINTS} trans={trans} />);
    const slider = screen.getByRole('slider');

    fireEvent(
      slider,
      new MouseEvent('pointermove', { bubbles: true, clientX: 40 })
    );
    expect(slider.getAttribute('aria-valuenow')).toBe('1');

    fireEvent(slider, new MouseEvent('pointerout', { bubbles: true }));
    expect(slider.getAttribute('aria-valuenow')).toBe('3');
  });

  it('says all of it in a table', () => {
    render(
      <LearningCurve
        points={POINTS}
        baseline={[{ nLabels: 80, accuracy: 0.66 }]}
        trans={trans}
      />
    );

    const table = screen.getByRole('table', {
      name: 'Learning curve',
      hidden: true
    });
    const rows = within(table).getAllByRole('row', { hidden: true });
    expect(rows).toHaveLength(4);
    expect(rows[2].textContent).toBe('8074\u00a0%69–8066\u00a0%');
    expect(rows[3].textContent).toMatch(/–$/);
    expect(screen.getByText(/random labels would have given/)).toBeTruthy();
  });

  it.each([1, 2, 1000])('draws %i points without a broken number', length => {
    const { container } = render(
      <LearningCurve points={curve(length)} trans={trans} />
    );

    const drawn = [...container.querySelectorAll('path, circle, line')];
    expect(drawn.length).toBeGreaterThan(3);
    for (const shape of drawn) {
      expect(shape.outerHTML).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('keeps reading a point that is there when the curve gets shorter', () => {
    const { rerender } = render(
      <LearningCurve points={POINTS} trans={trans} />
    );
    fireEvent.keyDown(screen.getByRole('slider'), { key: 'End' });

    rerender(<LearningCurve points={POINTS.slice(0, 1)} trans={trans} />);

    expect(screen.getByRole('slider').getAttribute('aria-valuetext')).toMatch(
      /^20 labels/
    );
  });
});
