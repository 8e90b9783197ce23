import { nullTranslator } from '@jupyterlab/translation';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import {
  LabelingView,
  type ILabelingViewProps
} from '../../components/labeling/labeling-view';
import { AUDIO, IMAGE, SERIES } from '../../components/labeling/display';
import type { IClassView } from '../../components/labeling/class-buttons';

const trans = nullTranslator.load('jupyterlab_al');

function aClass(label: string, change: Partial<IClassView> = {}): IClassView {
  return { label, isOn: false, isEarlier: false, count: 0, ...change };
}

function aSample(id: number, display: Record<string, unknown>) {
  return { id, sampleKey: String(id), display };
}

function props(change: Partial<ILabelingViewProps> = {}): ILabelingViewProps {
  return {
    header: {
      title: 'Pets',
      labeled: 143,
      total: 20000,
      isMulti: false,
      accuracy: { value: 0.871, low: 0.83, high: 0.9, n: 60 },
      curve: [0.5, 0.8, 0.871],
      model: { text: 'model learning…', progress: 0.4, isTrouble: false }
    },
    samples: [
      aSample(1, { 'text/plain': 'A cat' }),
      aSample(2, { 'text/plain': 'A dog' })
    ],
    empty: null,
    info: {
      words: null,
      isExplained: false,
      notice: null,
      refused: [],
      advice: null,
      onWhy: jest.fn(),
      onRetry: jest.fn(),
      onDiscard: jest.fn(),
      onKeepGoing: jest.fn()
    },
    actions: {
      nChosen: 0,
      isFlagged: false,
      canUndo: false,
      outbox: { waiting: 0, lost: false, isKept: true },
      onSubmit: jest.fn(),
      onSkip: jest.fn(),
      onFlag: jest.fn(),
      onComment: jest.fn(),
      onUndo: jest.fn(),
      onHelp: jest.fn(),
      onRetry: jest.fn()
    },
    keys: { skip: 'S', undo: 'Z', help: '?' },
    classes: [aClass('cat', { keyCap: '1' }), aClass('dog', { keyCap: '2' })],
    isMany: false,
    isMulti: false,
    canAdd: true,
    lastChoice: { labels: [], count: 0 },
    comment: '',
    pane: null,
    onPane: jest.fn(),
    onShown: jest.fn(),
    contentUrl: id => `/content/${id}`,
    originalUrl: id => `/original/${id}`,
    onChoose: jest.fn(),
    onAddClass: jest.fn(() => Promise.resolve()),
    onCommentChange: jest.fn(),
    trans,
    ...change
  };
}

const nothing = {
  kind: 'all_labeled' as const,
  total: 1797,
  left: 0,
  backAt: null,
  preparing: null,
  error: null,
  isArchived: false,
  isOwner: true,
  review: 'People disagree about 2 samples.',
  canReview: true,
  onReview: jest.fn(),
  onLookAgain: jest.fn(),
  onResume: jest.fn(),
  exportMenu: <button>Export</button>
};

function show(change: Partial<ILabelingViewProps> = {}) {
  const given = props(change);
  const view = render(<LabelingView {...given} />);
  return { ...given, ...view };
}

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

  describe('the sample', () => {
    it('is the only one that a screen reader finds; the next is laid out hidden', () => {
      const { container } = show();

      const cards = screen.getAllByRole('article');

      expect(cards.map(card => card.textContent)).toEqual(['A cat']);
      expect(container.textContent).toContain('A dog');
    });

    it('is reported once it is painted', async () => {
      const { onShown } = show();

      await new Promise(resolve => requestAnimationFrame(resolve));

      expect(onShown).toHaveBeenCalledWith(1);
    });

    it('takes over the focus from the one before, so that keys go on working', () => {
      const { rerender, ...given } = show();
      screen.getByRole('article').focus();

      rerender(<LabelingView {...given} samples={given.samples.slice(1)} />);

      expect(document.activeElement).toBe(screen.getByRole('article'));
    });

    it('leaves the focus to the view while none is there, and gets it back', () => {
      const { rerender, container, ...given } = show();
      container.tabIndex = -1;
      screen.getByRole('article').focus();

      rerender(<LabelingView {...given} samples={[]} />);
      const meanwhile = document.activeElement;
      rerender(<LabelingView {...given} />);

      expect(meanwhile).toBe(container);
      expect(document.activeElement).toBe(screen.getByRole('article'));
    });

    it('takes over the focus from a button that was there in its place', () => {
      const { rerender, container } = show({
        samples: [],
        empty: { ...nothing, kind: 'lost' }
      });
      container.tabIndex = -1;
      screen.getByRole('button', { name: 'Look again' }).focus();

      rerender(<LabelingView {...props()} />);

      expect(document.activeElement).toBe(screen.getByRole('article'));
    });

    it('leaves the focus on a button that was pressed', () => {
      const { rerender, ...given } = show();
      const button = screen.getByRole('button', { name: 'dog' });
      button.focus();

      rerender(<LabelingView {...given} samples={given.samples.slice(1)} />);

      expect(document.activeElement).toBe(button);
    });

    it('shows markup in a text as typed', () => {
      const text = '<img src=x onerror="alert(1)"><b>bold</b>';
      show({ samples: [aSample(1, { 'text/plain': text })] });

      const card = screen.getByRole('article');

      expect(card.textContent).toBe(text);
      expect(card.querySelector('img, b')).toBeNull();
    });

    it('shows a picture by its data, small ones without blur', () => {
      show({
        samples: [
          aSample(1, {
            'image/png': 'iVBORw0KGgo=',
            'application/vnd.jupyterlab-al.image+json': { width: 8, height: 8 }
          })
        ]
      });

      const image = screen.getByRole('img', { name: 'Sample 1' });

      expect(image.getAttribute('src')).toBe(
        'data:image/png;base64,iVBORw0KGgo='
      );
      expect(image.classList).toContain('jp-al-mod-crisp');
      expect(image.style.getPropertyValue('--al-widest')).toBe('256px');
    });

    it('gives a picture its own shape, so that a board lies behind it alone', () => {
      const info = { width: 400, height: 200 };
      show({ samples: [aSample(1, { 'image/png': 'AAAA', [IMAGE]: info })] });

      const image = screen.getByRole('img', { name: 'Sample 1' });

      expect(image.classList).toContain('jp-al-mod-sized');
      expect(image.style.getPropertyValue('--al-ratio')).toBe('2');
    });

    it('zooms a picture with + and -, and fetches the original then', () => {
      const loading: HTMLImageElement[] = [];
      const original = window.Image;
      window.Image = function () {
        loading.push(document.createElement('img'));
        return loading[loading.length - 1];
      } as unknown as typeof Image;
      const info = { width: 1024, height: 700, original: true };
      show({
        samples: [
          aSample(1, { 'image/png': 'AAAA', [IMAGE]: info }),
          aSample(2, { 'image/png': 'BBBB', [IMAGE]: info })
        ]
      });
      const picture = screen.getByRole<HTMLImageElement>('img', {
        name: 'Sample 1'
      });
      const button = screen.getByRole('button', { name: /cat/ });

      fireEvent.keyDown(button, { key: '+' });
      expect(picture.style.transform).toMatch('scale(1.25)');
      expect(picture.src).toMatch(/^data:/);
      expect(loading.map(each => each.getAttribute('src'))).toEqual([
        '/original/1'
      ]);
      act(() => {
        fireEvent.load(loading[0]);
      });
      expect(picture.getAttribute('src')).toBe('/original/1');
      fireEvent.keyDown(button, { key: '-' });
      expect(picture.style.transform).toMatch('scale(1)');
      expect(picture.getAttribute('src')).toBe('/original/1');
      window.Image = original;
    });

    it('looks closer by a double click and at other parts by arrow keys, and back', () => {
      show({ samples: [aSample(1, { 'image/png': 'AAAA' })] });
      const picture = screen.getByRole('img', { name: 'Sample 1' });
      const shown = () => picture.style.transform;
      const button = screen.getByRole('button', { name: /cat/ });

      fireEvent.keyDown(button, { key: 'ArrowRight' });
      expect(shown()).toBe('translate(0px, 0px) scale(1)');
      fireEvent.dblClick(picture);
      expect(shown()).toBe('translate(0px, 0px) scale(3)');
      fireEvent.keyDown(button, { key: 'ArrowRight' });
      fireEvent.keyDown(button, { key: 'ArrowUp' });
      expect(shown()).toBe('translate(-64px, 64px) scale(3)');
      fireEvent.dblClick(picture);
      expect(shown()).toBe('translate(0px, 0px) scale(1)');
    });

    it('zooms by two fingers and moves by one, which scrolls what is not zoomed', () => {
      show({ samples: [aSample(1, { 'image/png': 'AAAA' })] });
      const picture = screen.getByRole('img', { name: 'Sample 1' });
      const touches = (...xs: number[]) => ({
        touches: xs.map(clientX => ({ clientX, clientY: 0 }))
      });

      fireEvent.touchStart(picture, touches(10));
      const scrolls = fireEvent.touchMove(picture, touches(20));
      fireEvent.touchStart(picture, touches(-10, 10));
      const pinches = fireEvent.touchMove(picture, touches(-20, 20));
      fireEvent.touchEnd(picture, touches(20));
      fireEvent.touchMove(picture, touches(50));

      expect([scrolls, pinches]).toEqual([true, false]);
      expect(picture.style.transform).toBe('translate(30px, 0px) scale(2)');
    });

    it('leaves + and - to a field that somebody types in', () => {
      show({
        samples: [aSample(1, { 'image/png': 'AAAA' })],
        pane: 'comment'
      });

      fireEvent.keyDown(screen.getByRole('textbox'), { key: '+' });

      expect(
        screen.getByRole('img', { name: 'Sample 1' }).style.transform
      ).toMatch('scale(1)');
    });

    it('shows an SVG through an image element, where scripts do not run', () => {
      const svg = '<svg onload="alert(1)"></svg>';
      show({ samples: [aSample(1, { 'image/svg+xml': svg })] });

      const image = screen.getByRole('img', { name: 'Sample 1' });

      expect(image.tagName).toBe('IMG');
    });

    it('shows a row as names and values, long ones folded, missing ones said', () => {
      show({
        samples: [
          aSample(1, {
            'application/vnd.jupyterlab-al.row+json': [
              ['rating', 2],
              ['review', 'x'.repeat(500)],
              ['note', null]
            ]
          })
        ]
      });
      const card = screen.getByRole('article');
      const before = card.textContent?.length ?? 0;

      fireEvent.click(within(card).getByRole('button', { name: 'more' }));

      const terms = within(card).getAllByRole('term');
      expect(terms.map(term => term.textContent)).toEqual([
        'rating',
        'review',
        'note'
      ]);
      expect(card.textContent?.length).toBeGreaterThan(before);
      expect(within(card).getByText('missing')).not.toBeNull();
    });

    it('draws a series as a line with a gap where a value is missing', () => {
      const values = [0, 1, null, 3, null, 2];
      const { container } = show({
        samples: [aSample(1, { [SERIES]: { length: 6, values } })]
      });

      expect(
        screen.getByRole('img', { name: 'Sample 1: 6 values from 0 to 3' })
      ).toBeTruthy();
      const path = container.querySelector('.jp-al-Series-line')!;
      expect(path.getAttribute('d')?.match(/[ML]/g)?.join('')).toBe('ML');
      const dots = container.querySelector('.jp-al-Series-dots')!;
      expect(dots.getAttribute('d')?.match(/M/g)).toHaveLength(2);
      expect(screen.getByText('position')).toBeTruthy();
      expect(screen.getByText('value')).toBeTruthy();
    });

    it.each([
      [
        [1.5e12, 1.506e12],
        ['1.5T', '1.506T']
      ],
      [
        [0, 3e-6],
        ['0', '3E-6']
      ],
      [
        [1000001, 1000003],
        ['1.000001M', '1.000003M']
      ],
      [
        [-0.5, 12.25],
        ['-0.5', '12.25']
      ]
    ])('writes numbers short beside the axis: %j', (values, written) => {
      show({ samples: [aSample(1, { [SERIES]: { length: 2, values } })] });

      expect(
        screen.getByRole('img', {
          name: `Sample 1: 2 values from ${written[0]} to ${written[1]}`
        })
      ).toBeTruthy();
    });

    it('says when there is no number to draw', () => {
      const values = [null, null];
      show({ samples: [aSample(1, { [SERIES]: { length: 2, values } })] });

      expect(
        screen.getByText('None of the 2 values of this sample is a number.')
      ).toBeTruthy();
      expect(screen.queryByRole('img', { name: /^Sample/ })).toBeNull();
    });

    it('draws the points of a long series at their places', () => {
      const { container } = show({
        samples: [
          aSample(1, {
            [SERIES]: { length: 1001, values: [1, 5, 2], at: [0, 500, 1000] }
          })
        ]
      });

      const path = container.querySelector('.jp-al-Series-line')!;
      const xs = [...path.getAttribute('d')!.matchAll(/[ML]([\d.]+),/g)].map(
        found => Number(found[1])
      );
      expect(xs[1] - xs[0]).toBeCloseTo(xs[2] - xs[1], 5);
      expect(screen.getByText('1,000')).toBeTruthy();
    });

    it('shows a series that is none as nothing that can be shown', () => {
      show({
        samples: [aSample(1, { [SERIES]: { length: 'x', values: 'y' } })]
      });

      expect(
        screen.getByText('This sample cannot be shown here.')
      ).toBeTruthy();
    });

    describe('that is a sound', () => {
      const sound = { mime: 'audio/wav', seconds: 2.5, peaks: [0, 0.5, 1] };
      const pause = jest
        .spyOn(window.HTMLMediaElement.prototype, 'pause')
        .mockImplementation();

      it('has a player for its bytes and a waveform', () => {
        const { container } = show({
          samples: [aSample(7, { [AUDIO]: sound })]
        });

        const player = container.querySelector('audio')!;
        expect(player.getAttribute('src')).toBe('/content/7');
        expect(player.controls).toBe(true);
        expect(
          screen.getByRole('img', { name: 'Sample 7: waveform, 2.5 s' })
        ).toBeTruthy();
        expect(
          container
            .querySelector('.jp-al-Waveform > path')!
            .getAttribute('d')!
            .match(/M/g)
        ).toHaveLength(3);
      });

      it('has only a player where nothing is known of its loudness', () => {
        const { container } = show({
          samples: [
            aSample(7, { [AUDIO]: { ...sound, seconds: null, peaks: null } })
          ]
        });

        expect(container.querySelector('audio')).toBeTruthy();
        expect(screen.queryByRole('img', { name: /waveform/ })).toBeNull();
      });

      it('jumps to where the waveform is pressed', () => {
        const { container } = show({
          samples: [aSample(7, { [AUDIO]: sound })]
        });
        const player = container.querySelector('audio')!;
        Object.defineProperty(player, 'duration', { value: 2.5 });
        const waveform = screen.getByRole('img', { name: /waveform/ });
        waveform.getBoundingClientRect = () =>
          ({ left: 100, width: 200 }) as DOMRect;

        fireEvent.click(waveform, { clientX: 200 });

        expect(player.currentTime).toBe(1.25);
      });

      it('stops when the next sample comes, which takes the focus', () => {
        pause.mockClear();
        const given = props({
          samples: [
            aSample(7, { [AUDIO]: sound }),
            aSample(8, { 'text/plain': 'next' })
          ]
        });
        const { container, rerender } = render(<LabelingView {...given} />);
        const player = container.querySelector('audio')!;
        player.tabIndex = 0;
        player.focus();

        rerender(<LabelingView {...given} samples={[given.samples[1]]} />);

        expect(pause).toHaveBeenCalled();
        expect(document.activeElement).toBe(
          screen.getByRole('article', { name: 'Sample 8' })
        );
      });

      it('keeps the keys of the player to itself and lets those of classes through', () => {
        const pressed: string[] = [];
        const { container } = show({
          samples: [aSample(7, { [AUDIO]: sound })]
        });
        const listen = (event: KeyboardEvent) => pressed.push(event.key);
        document.addEventListener('keydown', listen);

        for (const key of [' ', 'Enter', 'ArrowLeft', '1', 's']) {
          fireEvent.keyDown(container.querySelector('audio')!, { key });
        }

        document.removeEventListener('keydown', listen);
        expect(pressed).toEqual(['1', 's']);
      });

      it('says so when the browser can not play it', () => {
        const { container } = show({
          samples: [aSample(7, { [AUDIO]: sound })]
        });

        fireEvent.error(container.querySelector('audio')!);

        expect(
          screen.getByText('This browser can not play the sound.')
        ).toBeTruthy();
      });
    });

    it('gives any other type to the renderer and ends it with the sample', () => {
      const dispose = jest.fn();
      const renderMime = jest.fn(() => ({ dispose, isDisposed: false }));
      const bundle = { 'text/markdown': '**bold**' };
      const { unmount } = show({ samples: [aSample(1, bundle)], renderMime });

      unmount();

      expect(renderMime).toHaveBeenCalledWith(bundle, expect.anything());
      expect(dispose).toHaveBeenCalledTimes(1);
    });
  });

  describe('the classes', () => {
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

  describe('nothing to show', () => {
    it.each([
      ['all_labeled', 'All 1,797 samples are labeled'],
      ['loading', 'Fetching samples…'],
      ['preparing', 'The samples are being prepared'],
      ['budget', 'The labels asked for are given'],
      ['paused', 'This project is paused'],
      ['lost', 'Lost the server'],
      ['missing', 'There is no such project'],
      ['failed', 'The project could not be made'],
      ['forbidden', 'You may not label in this project']
    ] as const)('says why: %s', (kind, headline) => {
      show({ samples: [], empty: { ...nothing, kind } });

      expect(screen.getByRole('heading', { name: headline })).not.toBeNull();
    });

    it('says when samples come back that others hold', () => {
      const backAt = new Date(2026, 0, 1, 14, 32);
      show({
        samples: [],
        empty: { ...nothing, kind: 'held_by_others', left: 4, backAt }
      });

      expect(
        screen.getByRole('heading', { name: /^4 samples/ })
      ).not.toBeNull();
      expect(screen.getByText(/32/)).not.toBeNull();
    });

    it('offers the export when everything is labeled', () => {
      show({ samples: [], empty: nothing });

      expect(screen.getByRole('button', { name: 'Export' })).not.toBeNull();
    });

    it('offers to review what is in doubt when everything is labeled', () => {
      show({ samples: [], empty: nothing });

      fireEvent.click(screen.getByRole('button', { name: 'Review them' }));

      expect(
        screen.getByText('People disagree about 2 samples.')
      ).not.toBeNull();
      expect(nothing.onReview).toHaveBeenCalledTimes(1);
    });

    it('says plainly when there is nothing to review, and offers no button', () => {
      const review = 'Nothing to review: nobody disagrees about a sample.';
      show({ samples: [], empty: { ...nothing, review, canReview: false } });

      expect(screen.getByText(review)).not.toBeNull();
      expect(screen.queryByRole('button', { name: 'Review them' })).toBeNull();
    });

    it('lets the owner resume a paused project', () => {
      show({ samples: [], empty: { ...nothing, kind: 'paused' } });

      fireEvent.click(screen.getByRole('button', { name: 'Resume labeling' }));

      expect(nothing.onResume).toHaveBeenCalled();
    });
  });
});
