import { act, fireEvent, screen } from '@testing-library/react';

import { aClass, show } from './show-view';

describe('the classes', () => {
  it('tell a name that is too long for its button when one points at it', () => {
    const long = 'neither about the time of delivery nor about the packaging';
    show({ classes: [aClass(long), aClass('other')] });

    const titles = [long, 'other'].map(
      name => screen.getByRole('button', { name }).title
    );

    expect(titles).toEqual([long, '']);
  });

  it('are buttons that carry their keys', () => {
    const { onChoose } = show();
    const button = screen.getByRole('button', { name: 'dog' });

    fireEvent.click(button);

    expect(button.getAttribute('aria-keyshortcuts')).toBe('2');
    expect(onChoose).toHaveBeenCalledWith('dog');
  });

  it('say which was the answer that was undone', () => {
    show({ classes: [aClass('cat', { isEarlier: true }), aClass('dog')] });

    const marked = screen.getByRole('button', { name: /cat.*your answer/ });

    expect(marked).not.toBeNull();
  });

  it('show in a long list which of several are on', () => {
    const classes = Array.from({ length: 20 }, (_, i) =>
      aClass(`class ${i}`, { isOn: i === 7 })
    );

    show({ classes, isMany: true, isMulti: true, pane: 'find' });

    const on = screen
      .getAllByRole('option')
      .filter(option => option.getAttribute('aria-checked') === 'true');
    expect(on.map(option => option.textContent)).toEqual(['✓class 7']);
  });

  it('toggle in a multi-label project, with a button to submit', () => {
    const { actions } = show({
      isMulti: true,
      classes: [aClass('cat', { isOn: true }), aClass('dog')]
    });

    fireEvent.click(screen.getByRole('button', { name: 'none of these' }));

    const cat = screen.getByRole('button', { name: 'cat' });
    expect(cat.getAttribute('aria-pressed')).toBe('true');
    expect(actions.onSubmit).toHaveBeenCalled();
  });

  it('can be found by typing when they are many, the most used first', () => {
    const classes = Array.from({ length: 40 }, (_, i) =>
      aClass(`class ${i}`, { count: i, keyCap: i < 9 ? `${i}` : undefined })
    );
    const { onChoose } = show({ classes, isMany: true, pane: 'find' });
    const options = () =>
      screen.getAllByRole('option').map(option => option.textContent);
    const first = options()[0];
    const input = screen.getByRole('combobox', { name: 'Find a class' });

    fireEvent.change(input, { target: { value: '3' } });
    fireEvent.keyDown(input, { key: 'ArrowDown' });
    fireEvent.keyDown(input, { key: 'Enter' });

    expect(first).toBe('class 39');
    expect(onChoose).toHaveBeenCalledWith('class 38');
  });

  it('can be begun with the first label when there are none', async () => {
    const { onAddClass } = show({ classes: [] });

    fireEvent.change(screen.getByRole('textbox', { name: 'New class' }), {
      target: { value: 'bird' }
    });
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Add and label' }));
    });

    expect(onAddClass).toHaveBeenCalledWith('bird');
  });

  it('say why a class could not be added', async () => {
    show({
      pane: 'add',
      onAddClass: () => Promise.reject(new Error('It is there already.'))
    });

    fireEvent.change(screen.getByRole('textbox', { name: 'New class' }), {
      target: { value: 'cat' }
    });
    fireEvent.click(screen.getByRole('button', { name: 'Add and label' }));

    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toBe('It is there already.');
  });
});
