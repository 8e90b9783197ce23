import { fireEvent, screen } from '@testing-library/react';

import { show } from './show-view';

const answer = { sampleKey: 'a', text: null, picture: null };
const answers = [
  { ...answer, id: '9', label: 'dog', text: 'It barks' },
  { ...answer, id: '8', label: 'cat', text: 'It purrs' }
];

const field = () =>
  screen.getByRole('combobox', { name: 'Find one of your answers' });

describe('AnswerList', () => {
  it('finds an answer by a word of its sample and takes it back with Enter', () => {
    const { onReopen, onPane } = show({ pane: 'answers', answers });

    fireEvent.change(field(), { target: { value: 'PURR' } });
    const found = screen.getAllByRole('option');
    fireEvent.keyDown(field(), { key: 'Enter' });

    expect(found.map(({ textContent }) => textContent)).toEqual([
      'catIt purrs'
    ]);
    expect(onReopen).toHaveBeenCalledWith('8');
    expect(onPane).toHaveBeenCalledWith(null);
  });

  it('takes back what was chosen with the arrows', () => {
    const { onReopen } = show({ pane: 'answers', answers });

    fireEvent.keyDown(field(), { key: 'ArrowDown' });
    fireEvent.keyDown(field(), { key: 'Enter' });

    expect(onReopen).toHaveBeenCalledWith('8');
  });

  it('goes back to the sample with Escape, and nothing is taken back', () => {
    const { onReopen, onPane } = show({ pane: 'answers', answers });

    fireEvent.keyDown(field(), { key: 'Escape' });

    expect(onPane).toHaveBeenCalledWith(null);
    expect(onReopen).not.toHaveBeenCalled();
  });

  it('names samples without a text by their key', () => {
    const picture = 'data:image/png;base64,AA==';
    show({
      pane: 'answers',
      answers: [{ ...answer, id: '7', label: 'cat', picture }]
    });

    expect(screen.getByRole('option').textContent).toBe('cata');
    expect(document.querySelector('img')?.getAttribute('src')).toBe(picture);
  });

  it('says so when there are none', () => {
    show({ pane: 'answers', answers: [] });

    expect(screen.getByText(/answered nothing here/)).toBeTruthy();
  });

  it('has a button with its key', () => {
    const { actions } = show({ keys: { answers: 'H' }, answers });

    fireEvent.click(screen.getByRole('button', { name: 'answers' }));

    expect(actions.onAnswers).toHaveBeenCalled();
  });
});
