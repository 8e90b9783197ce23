import { fireEvent, screen, within } from '@testing-library/react';
import React from 'react';

import { LabelingView } from '../../components/labeling/labeling-view';
import { nothing, props, show } from './show-view';

describe('LabelingView', () => {
  describe('the advice to stop', () => {
    const info = {
      ...props().info,
      advice: 'More labels would change little.'
    };

    it('stands beside the sample, with a way to go on', () => {
      show({ info });

      fireEvent.click(screen.getByRole('button', { name: 'keep going' }));

      expect(screen.queryByText(info.advice)).not.toBeNull();
      expect(info.onKeepGoing).toHaveBeenCalled();
    });

    it('is not given where nothing is left to label', () => {
      show({ info, samples: [], empty: nothing });

      expect(screen.queryByText(info.advice)).toBeNull();
    });
  });

  describe('the words', () => {
    it('never give an accuracy without its interval and the number of checks', () => {
      const { container } = show();

      const header = container.querySelector('header');

      expect(header?.textContent).toContain('87\u00a0% (83–90)');
      expect(header?.textContent).toContain('60 checks');
    });

    it('say that all is saved only when it is', () => {
      const { rerender, ...given } = show();
      const before = screen.queryByText('all answers saved');
      const outbox = { waiting: 1, lost: false, isKept: true };

      rerender(
        <LabelingView {...given} actions={{ ...given.actions, outbox }} />
      );

      expect(before).not.toBeNull();
      expect(screen.queryByText('all answers saved')).toBeNull();
    });

    it('say how many answers wait when the server is gone, and offer to send them', () => {
      const given = props();
      const outbox = { waiting: 3, lost: true, isKept: true };
      show({ actions: { ...given.actions, outbox } });

      expect(screen.getByRole('button', { name: 'send now' })).not.toBeNull();
      expect(
        screen.getAllByText(/3 answers are kept here/).length
      ).toBeGreaterThan(0);
    });

    it('show a refused answer with its reason and leave the choice to the person', () => {
      const given = props();
      const refused = [{ key: 'k', label: 'cow', message: 'There is no cow.' }];
      const { info } = show({ info: { ...given.info, refused } });

      fireEvent.click(screen.getByRole('button', { name: 'give it up' }));

      expect(screen.getByRole('alert').textContent).toContain(
        'There is no cow.'
      );
      expect(info.onDiscard).toHaveBeenCalledWith('k');
    });
  });

  describe('the key card', () => {
    it('lists the keys that work here and closes with Escape', () => {
      const { onPane } = show({ pane: 'help' });
      const card = screen.getByRole('dialog', { name: 'Keys' });

      fireEvent.keyDown(card, { key: 'Escape' });

      const texts = within(card)
        .getAllByRole('definition')
        .map(({ textContent }) => textContent);
      expect(texts).toEqual([
        'cat',
        'dog',
        'skip: leave it to others',
        'undo, any number of steps',
        'show or hide this card'
      ]);
      expect(onPane).toHaveBeenCalledWith(null);
    });
  });
});
