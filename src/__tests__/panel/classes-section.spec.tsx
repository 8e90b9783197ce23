import { fireEvent, screen } from '@testing-library/react';

import { aProject } from './examples';
import { button, show } from './show-panel';

describe('ClassesSection', () => {
  it('renames a class', () => {
    const actions = show();

    fireEvent.click(button('Rename negative'));
    const field = screen.getByRole('textbox', { name: 'New name of negative' });
    fireEvent.change(field, { target: { value: ' bad ' } });
    fireEvent.click(button('Rename'));

    expect(actions.patch).toHaveBeenCalledWith('classes', {
      rename_classes: [{ from: 'negative', to: 'bad' }]
    });
  });

  it('adds a class but not one that is there', () => {
    const actions = show();
    const field = screen.getByRole('textbox', { name: 'New class' });

    fireEvent.change(field, { target: { value: 'positive' } });
    expect(screen.getByRole('alert').textContent).toMatch(/already/);
    expect(button('Add class').hasAttribute('disabled')).toBe(true);

    fireEvent.change(field, { target: { value: 'mixed' } });
    fireEvent.submit(field);
    expect(actions.patch).toHaveBeenCalledWith('classes', {
      classes: ['negative', 'positive', 'mixed']
    });
  });

  it('merges a class into one whose name is typed, and separates it again', () => {
    const merged = [{ name: 'bad', into: 'negative', position: 2 }];
    const { patch } = show({ chosen: aProject({ merged }) });

    fireEvent.click(button('Rename positive'));
    fireEvent.change(screen.getByLabelText('New name of positive'), {
      target: { value: 'negative' }
    });
    fireEvent.click(button('Merge positive into negative'));
    fireEvent.click(button('Separate bad again'));

    expect(patch).toHaveBeenNthCalledWith(1, 'classes', {
      merge_classes: [{ from: 'positive', into: 'negative' }]
    });
    expect(patch).toHaveBeenNthCalledWith(2, 'classes', {
      split_classes: ['bad']
    });
  });

  it('says how a class is merged before another name is typed', () => {
    show();

    fireEvent.click(button('Rename negative'));

    expect(screen.getByText(/merges the two/)).toBeTruthy();
  });

  it('gives up a rename with Escape', () => {
    const actions = show();
    fireEvent.click(button('Rename negative'));

    fireEvent.keyDown(
      screen.getByRole('textbox', { name: 'New name of negative' }),
      { key: 'Escape' }
    );

    expect(document.activeElement).toBe(button('Rename negative'));
    expect(actions.patch).not.toHaveBeenCalled();
  });

  it('only shows the classes to those who may not change them', () => {
    show({ projects: [aProject({ role: 'annotator' })] });

    expect(
      screen.queryByRole('button', { name: 'Rename negative' })
    ).toBeNull();
    expect(screen.queryByRole('textbox', { name: 'New class' })).toBeNull();
  });
});
