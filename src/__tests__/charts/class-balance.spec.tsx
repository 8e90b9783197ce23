import { nullTranslator } from '@jupyterlab/translation';
import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { ClassBalance, Sparkline } from '../../components/charts';

const trans = nullTranslator.load('jupyterlab_al');

describe('ClassBalance', () => {
  it('says that there are no classes', () => {
    render(<ClassBalance classes={[]} trans={trans} />);

    expect(screen.getByText('No classes yet.')).toBeTruthy();
  });

  it('gives labeled counts and predicted shares as a table', () => {
    render(
      <ClassBalance
        classes={[
          { name: 'negative', labeled: 30, predictedShare: 0.253 },
          { name: 'positive', labeled: 10, predictedShare: 0.747 }
        ]}
        trans={trans}
      />
    );

    expect(
      screen.getByRole('row', { name: /^negative 30 25\s%$/ })
    ).toBeTruthy();
    expect(
      screen.getByRole('row', { name: /^positive 10 75\s%$/ })
    ).toBeTruthy();
  });

  it('leaves out the predictions before the first round', () => {
    render(
      <ClassBalance
        classes={[{ name: 'negative', labeled: 0, predictedShare: null }]}
        trans={trans}
      />
    );

    expect(
      screen.queryByRole('columnheader', { name: 'Predicted' })
    ).toBeNull();
    expect(screen.getByRole('row', { name: 'negative 0' })).toBeTruthy();
  });

  it('keeps the focus in the row of a class that gets another name', () => {
    const values = { labeled: 1, predictedShare: null };
    const renderName = (name: string) => <button>{name}</button>;
    const { rerender } = render(
      <ClassBalance
        classes={[{ name: 'bad', ...values }]}
        renderName={renderName}
        trans={trans}
      />
    );
    screen.getByRole('button', { name: 'bad' }).focus();

    rerender(
      <ClassBalance
        classes={[{ name: 'negative', ...values }]}
        renderName={renderName}
        trans={trans}
      />
    );

    expect(document.activeElement).toBe(
      screen.getByRole('button', { name: 'negative' })
    );
  });

  it('folds the rows of fifty classes', () => {
    const classes = Array.from({ length: 50 }, (_, index) => ({
      name: `class ${index}`,
      labeled: index,
      predictedShare: 0.02
    }));
    render(<ClassBalance classes={classes} trans={trans} />);
    expect(screen.getAllByRole('rowheader')).toHaveLength(12);

    fireEvent.click(
      screen.getByRole('button', { name: 'Show all 50 classes' })
    );

    expect(screen.getAllByRole('rowheader')).toHaveLength(50);
  });

  it('draws both kinds of bars on one scale', () => {
    const { container } = render(
      <ClassBalance
        classes={[
          { name: 'a', labeled: 1, predictedShare: 0.8 },
          { name: 'b', labeled: 3, predictedShare: 0.2 }
        ]}
        trans={trans}
      />
    );

    const widths = [...container.querySelectorAll('rect')].map(rect =>
      rect.getAttribute('width')
    );
    expect(widths).toEqual(['31.3%', '100.0%', '93.8%', '25.0%']);
  });
});

describe('Sparkline', () => {
  it('draws nothing without a value', () => {
    const { container } = render(<Sparkline values={[null]} label="Changes" />);

    expect(container.innerHTML).toBe('');
  });

  it.each([[[0.4]], [[0.4, null, 0.1]], [Array(1000).fill(0)]])(
    'draws a line from values and says it in words',
    values => {
      render(<Sparkline values={values} label="From 40 % to 10 %" />);

      const image = screen.getByRole('img', { name: 'From 40 % to 10 %' });
      expect(image.outerHTML).not.toMatch(/NaN|Infinity/);
    }
  );
});
