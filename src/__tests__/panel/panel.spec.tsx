import { fireEvent, screen, within } from '@testing-library/react';

import { aProject } from './examples';
import { button, show } from './show-panel';

describe('Panel without projects', () => {
  it('says what this is and offers a file or the digits', () => {
    const actions = show({ projects: [], chosen: null });

    expect(screen.getByText(/Label the samples that teach/)).toBeTruthy();
    expect(screen.getByRole('img', { name: /A loop: you label/ })).toBeTruthy();
    fireEvent.click(button('Label a file…'));
    fireEvent.click(button('Try it with handwritten digits'));
    expect(actions.create).toHaveBeenCalledTimes(1);
    expect(actions.demo).toHaveBeenCalledTimes(1);
  });

  it('says why the digits could not be made', () => {
    show({
      projects: [],
      chosen: null,
      errorOf: action => (action === 'demo' ? 'The disk is full.' : null)
    });

    expect(screen.getByRole('alert').textContent).toMatch('The disk is full.');
  });

  it('offers nothing before the list was read', () => {
    show({ projects: [], chosen: null, isLoaded: false });

    expect(screen.getByText('Looking for projects…')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /digits/ })).toBeNull();
  });
});

describe('Panel with a server or a worker that fails', () => {
  it('keeps the old state, says so and can try at once', () => {
    const actions = show({
      failure: { message: 'Failed to fetch', isLost: true }
    });

    expect(screen.getByText(/Lost the server/)).toBeTruthy();
    expect(screen.getByText('Failed to fetch')).toBeTruthy();
    expect(button(/Product reviews/)).toBeTruthy();
    fireEvent.click(button('Try now'));
    expect(actions.refresh).toHaveBeenCalled();
  });

  it('says that the worker is broken and that labels are safe', () => {
    show({
      worker: {
        state: 'broken',
        pid: null,
        busy_with: null,
        message: 'exit code -9'
      }
    });

    expect(screen.getByText(/all labels are kept/)).toBeTruthy();
    expect(screen.getByText('exit code -9')).toBeTruthy();
  });
});

describe('ProjectCard', () => {
  it('gives labels, accuracy with interval and checks, and the last activity', () => {
    show();

    const card = screen.getByRole('button', { name: /Product reviews/ });
    expect(card.getAttribute('aria-current')).toBe('true');
    expect(
      within(card)
        .getByRole('progressbar', { name: 'Labeled' })
        .getAttribute('aria-valuetext')
    ).toBe('143 of 20,000');
    expect(card.textContent).toMatch(/87\s% \(83–90\) 14 checks/);
    expect(within(card).getByText('5 min ago')).toBeTruthy();
  });

  it('shows a bar with a number while the data is prepared', () => {
    show({
      projects: [
        aProject({
          state: 'preparing',
          preparing: { phase: 'featurize', progress: 0.42 }
        })
      ]
    });

    const bars = screen.getAllByRole('progressbar', { name: 'Preparing' });
    expect(bars[0].getAttribute('aria-valuenow')).toBe('42');
    expect(
      screen.getAllByText('Computing what the model learns from').length
    ).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: 'Label' })).toBeNull();
  });

  it('opens another project', () => {
    const other = aProject({ name: 'birds', title: 'Birds' });
    const actions = show({ projects: [aProject(), other] });

    fireEvent.click(button(/Birds/));

    expect(actions.choose).toHaveBeenCalledWith('birds');
  });

  it('has a search that takes any text once there are more than eight', () => {
    const projects = Array.from({ length: 9 }, (_, index) =>
      aProject({ name: `p${index}`, title: `Project (${index})` })
    );
    show({ projects });

    const search = screen.getByRole('searchbox', { name: 'Search projects' });
    fireEvent.change(search, { target: { value: '(3' } });
    expect(
      within(screen.getByRole('list', { name: 'Projects' })).getAllByRole(
        'listitem'
      )
    ).toHaveLength(1);

    fireEvent.change(search, { target: { value: 'nothing' } });
    expect(screen.getByText(/No project has “nothing”/)).toBeTruthy();
  });

  it('has no search for eight', () => {
    show({
      projects: Array.from({ length: 8 }, (_, index) =>
        aProject({ name: `p${index}` })
      )
    });

    expect(screen.queryByRole('searchbox')).toBeNull();
  });
});
