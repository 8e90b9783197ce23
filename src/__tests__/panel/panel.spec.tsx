import { nullTranslator } from '@jupyterlab/translation';
import { fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { Panel } from '../../components/panel';
import type { IPanelActions, IPanelView } from '../../components/panel';
import { aProject, aRound, NOON, someMetrics } from './examples';

const trans = nullTranslator.load('jupyterlab_al');

function show(change: Partial<IPanelView> = {}): IPanelActions {
  const actions: IPanelActions = {
    choose: jest.fn(),
    create: jest.fn(),
    demo: jest.fn(),
    label: jest.fn(),
    train: jest.fn(),
    cancelRound: jest.fn(),
    patch: jest.fn(),
    remove: jest.fn(),
    toggleSection: jest.fn(),
    refresh: jest.fn(),
    exportUrl: (name, format, what) => `/al/${name}?${format}&${what}`
  };
  const project = aProject();
  const view: IPanelView = {
    isLoaded: true,
    failure: null,
    projects: [project],
    chosen: change.projects ? change.projects[0] : project,
    metrics: someMetrics(),
    rounds: [aRound()],
    strategies: ['default', 'margin', 'random', 'theirs'],
    worker: null,
    folded: [],
    now: NOON,
    isBusy: () => false,
    errorOf: () => null,
    ...change
  };
  render(<Panel view={view} actions={actions} trans={trans} />);
  return actions;
}

const button = (name: string | RegExp) => screen.getByRole('button', { name });

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

describe('ProjectDetail', () => {
  it('labels, trains and exports', () => {
    const actions = show();

    fireEvent.click(button('Label'));
    fireEvent.click(button('Train now'));
    expect(actions.label).toHaveBeenCalledWith('reviews');
    expect(actions.train).toHaveBeenCalled();

    fireEvent.click(button('Export'));
    const labels = screen.getByRole('region', {
      name: 'Labels, one row a sample'
    });
    expect(
      within(labels).getByRole('link', { name: 'Parquet' }).getAttribute('href')
    ).toBe('/al/reviews?parquet&labels');
  });

  it('closes the export list with Escape and gives the focus back', () => {
    show();
    fireEvent.click(button('Export'));
    const link = screen.getAllByRole('link', { name: 'CSV' })[0];
    link.focus();

    fireEvent.keyDown(link, { key: 'Escape' });

    expect(button('Export').getAttribute('aria-expanded')).toBe('false');
    expect(document.activeElement).toBe(button('Export'));
  });

  it('shows what a round does and does not start another', () => {
    show({
      metrics: someMetrics({
        last_round: {
          id: '3',
          state: 'running',
          phase: 'fit',
          progress: 0.2,
          error: null
        }
      })
    });

    expect(button('Training…').hasAttribute('disabled')).toBe(true);
    expect(
      screen
        .getByRole('progressbar', { name: 'Progress of the round' })
        .getAttribute('aria-valuenow')
    ).toBe('20');
  });

  it('says that a failed round kept the order, with the reason to fold out', () => {
    show({
      metrics: someMetrics({
        last_round: {
          id: '3',
          state: 'failed',
          phase: 'fit',
          progress: 0.2,
          error: 'ValueError: singular'
        }
      })
    });

    expect(screen.getByText(/the earlier order are kept/)).toBeTruthy();
    expect(screen.getByText('ValueError: singular')).toBeTruthy();
  });

  it('says why a project failed and what to do', () => {
    const actions = show({
      projects: [
        aProject({ state: 'failed', error: 'Row 3 has 5 fields, not 4.' })
      ]
    });

    expect(screen.getByRole('alert').textContent).toMatch(
      /Row 3 has 5 fields, not 4\..*file itself was not changed/
    );
    fireEvent.click(button('New project…'));
    expect(actions.create).toHaveBeenCalled();
  });

  it.each([
    ['paused', 'owner', /Resume under Settings/],
    ['paused', 'annotator', /an owner of the project can resume/],
    ['archived', 'owner', /all labels are kept/]
  ] as const)(
    'says who can change a project that is %s to an %s',
    (state, role, words) => {
      show({ projects: [aProject({ state, role })] });

      expect(screen.getByText(words)).toBeTruthy();
      expect(button('Label').hasAttribute('disabled')).toBe(true);
    }
  );

  it('says that everything is labeled', () => {
    show({ metrics: someMetrics({ n_samples: 1797, n_labeled: 1797 }) });

    expect(screen.getByText('All 1797 samples are labeled.')).toBeTruthy();
  });

  it('folds its sections and says which are open', () => {
    const actions = show({ folded: ['advice'] });

    expect(button(/^Advice/).getAttribute('aria-expanded')).toBe('false');
    expect(screen.queryByText('Accuracy still rises.')).toBeNull();
    expect(button('Learning curve').getAttribute('aria-expanded')).toBe('true');
    fireEvent.click(button('Learning curve'));
    expect(actions.toggleSection).toHaveBeenCalledWith('curve');
  });
});

describe('ProgressSection', () => {
  it('gives pace, time left and how the samples are ordered', () => {
    show();

    expect(screen.getByText('600 an hour')).toBeTruthy();
    expect(screen.getByText('33 h')).toBeTruthy();
    expect(
      screen.getByText(
        'Ordered by the model trained on 140 labels, 3 labels ago.'
      )
    ).toBeTruthy();
    expect(
      screen.getByRole('img', { name: /changed 3\s% of the predictions/ })
    ).toBeTruthy();
  });

  it.each([
    [{ labels: 0 }, /Start anywhere/],
    [{ labels: 3 }, /none yet for positive/]
  ])('says what is missing before the model joins in: %j', (change, words) => {
    show({
      metrics: someMetrics({
        ...change,
        order: {
          by: 'random',
          phase: 'explore',
          round: null,
          n_labels: 0,
          labels_since: 0,
          needs: { positive: 1 }
        }
      })
    });

    expect(screen.getByText(words)).toBeTruthy();
  });
});

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

describe('RoundsSection', () => {
  it('gives time, labels, seconds and result of a round', () => {
    show();

    const round = within(
      screen.getByRole('list', { name: 'Rounds' })
    ).getByRole('listitem');
    expect(round.textContent).toMatch(
      /10 min ago140 labels1\.2 s87\s% \(83–90\), 14 checks/
    );
  });

  it('cancels a round that runs and tells why one failed', () => {
    const actions = show({
      rounds: [
        aRound({
          id: '4',
          state: 'running',
          phase: 'score',
          progress: 0.5,
          accuracy: null
        }),
        aRound({
          id: '3',
          state: 'failed',
          accuracy: null,
          error: 'Out of memory; the earlier order is kept.'
        })
      ]
    });

    fireEvent.click(button('Cancel round'));

    expect(actions.cancelRound).toHaveBeenCalledWith('4');
    expect(screen.getByText(/Out of memory/)).toBeTruthy();
  });
});

describe('CurveSection', () => {
  const gain = {
    n_labels: 32,
    chosen: 0.87,
    random: 0.81,
    low: 0.01,
    high: 0.11,
    n_checks: 40
  };

  it('says what choosing gained, in points', () => {
    show({ metrics: someMetrics({ gain }) });

    expect(
      screen.getByText(
        'After 32 labels, chosen ones give 87 % and random ones 81 %: choosing gains 1 to 11 points.'
      )
    ).toBeTruthy();
  });

  it('says so when nothing can be told yet, and when choosing loses', () => {
    show({ metrics: someMetrics({ gain: { ...gain, low: -0.04 } }) });
    expect(
      screen.getByText(/too few .* \(from 4 points worse to 11 better\)/)
    ).toBeTruthy();

    show({
      metrics: someMetrics({ gain: { ...gain, low: -0.2, high: -0.1 } })
    });
    expect(screen.getByText(/choosing loses 10 to 20 points/)).toBeTruthy();
  });

  it('draws what random labels gave as a thin line', () => {
    const curve = someMetrics().curve.map((point, index) => ({
      ...point,
      gain: { ...gain, n_labels: 10 + 10 * index }
    }));
    show({ metrics: someMetrics({ curve }) });

    expect(
      screen.getByText('What random labels would have given')
    ).toBeTruthy();
  });

  it('never shows a figure from chosen labels without saying so', () => {
    show({
      metrics: someMetrics({
        second_reading: { value: 0.86, standard_error: 0.02, n: 60 }
      })
    });

    expect(
      screen.getByText(
        /second reading, from 60 chosen labels .*: 86 %, give or take 4 points/
      )
    ).toBeTruthy();
  });
});

describe('ClassFigures', () => {
  it('says for each class how much is found and how much is right', () => {
    const found = { value: 0.9, low: 0.7, high: 0.97, n: 20 };
    show({
      metrics: someMetrics({
        per_class: {
          negative: { recall: found, precision: null },
          positive: { recall: null, precision: found }
        }
      })
    });

    const table = screen.getByRole('table', { name: /How well the model/ });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map(row => row.textContent)).toEqual([
      'negative90\u00a0% (70–97) of 20 checksno check yet',
      'positiveno check yet90\u00a0% (70–97) of 20 checks'
    ]);
  });
});

describe('AdviceSection', () => {
  it('asks what a wrong answer costs, and passes it on when let go', () => {
    const actions = show();
    const slider = screen.getByRole('slider', {
      name: /One wrong answer costs as much as 1 label/
    });

    fireEvent.change(slider, { target: { value: '6' } });
    expect(slider.getAttribute('aria-valuetext')).toMatch('as 10 labels');
    expect(actions.patch).not.toHaveBeenCalled();
    fireEvent.pointerUp(slider);

    expect(actions.patch).toHaveBeenCalledWith('error_cost', {
      error_cost: 10
    });
  });
});

describe('SettingsSection', () => {
  it('says the effect of each setting in a sentence', () => {
    show();

    expect(
      screen.getByText(/decide which samples come next|decides which/)
    ).toBeTruthy();
    expect(screen.getByText(/at present Unsure and spread/)).toBeTruthy();
    expect(screen.getByText(/About 1 in 10 samples/)).toBeTruthy();
    expect(screen.getByText(/After 10 new labels/)).toBeTruthy();
  });

  it('changes estimator, strategy, check share and pace', () => {
    const actions = show();

    fireEvent.change(screen.getByRole('combobox', { name: 'Model' }), {
      target: { value: '1' }
    });
    fireEvent.change(screen.getByRole('combobox', { name: 'Strategy' }), {
      target: { value: 'theirs' }
    });
    const checks = screen.getByRole('spinbutton', { name: /Random checks/ });
    fireEvent.change(checks, { target: { value: '20' } });
    fireEvent.keyDown(checks, { key: 'Enter' });
    const pace = screen.getByRole('spinbutton', { name: /Train after/ });
    fireEvent.change(pace, { target: { value: '25' } });
    fireEvent.blur(pace);

    expect((actions.patch as jest.Mock).mock.calls).toEqual([
      [
        'estimator',
        {
          estimator: {
            import: 'sklearn.ensemble.RandomForestClassifier',
            params: { n_estimators: 200 }
          }
        }
      ],
      ['strategy', { strategy: { name: 'theirs', params: {} } }],
      ['check_share', { check_share: 0.2 }],
      ['retrain_every', { retrain_every: 25 }]
    ]);
  });

  it('takes any other model by its import path', () => {
    const actions = show();
    fireEvent.change(screen.getByRole('combobox', { name: 'Model' }), {
      target: { value: 'other' }
    });

    const path = screen.getByRole('textbox', { name: 'Import path' });
    fireEvent.change(path, {
      target: { value: 'sklearn.naive_bayes.GaussianNB' }
    });
    fireEvent.keyDown(path, { key: 'Enter' });

    expect(actions.patch).toHaveBeenCalledWith('estimator', {
      estimator: { import: 'sklearn.naive_bayes.GaussianNB', params: {} }
    });
  });

  it('puts back what is no number and keeps to the limits', () => {
    const actions = show();
    const checks = screen.getByRole('spinbutton', {
      name: /Random checks/
    }) as HTMLInputElement;

    fireEvent.change(checks, { target: { value: '' } });
    fireEvent.blur(checks);
    expect(checks.value).toBe('10');
    expect(actions.patch).not.toHaveBeenCalled();

    fireEvent.change(checks, { target: { value: '400' } });
    fireEvent.blur(checks);
    expect(actions.patch).toHaveBeenCalledWith('check_share', {
      check_share: 1
    });
  });

  it('shows a refusal beside the setting that it is about', () => {
    show({
      errorOf: action =>
        action === 'estimator' ? 'SVR predicts no classes.' : null
    });

    const model = screen.getByRole('combobox', { name: 'Model' });
    const described = (model.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map(id => document.getElementById(id)?.textContent);
    expect(described).toContain('SVR predicts no classes.');
    expect(model.getAttribute('aria-invalid')).toBe('true');
  });

  it('pauses, archives, and deletes only with the typed name', () => {
    const actions = show();
    fireEvent.click(button('Pause'));
    fireEvent.click(button('Archive'));
    expect(actions.patch).toHaveBeenCalledWith('state', { state: 'paused' });
    expect(actions.patch).toHaveBeenCalledWith('state', { state: 'archived' });

    fireEvent.click(button('Delete…'));
    const confirm = screen.getByRole('textbox', {
      name: /143 labels for good/
    });
    fireEvent.change(confirm, { target: { value: 'review' } });
    fireEvent.submit(confirm);
    expect(actions.remove).not.toHaveBeenCalled();

    fireEvent.change(confirm, { target: { value: 'reviews' } });
    fireEvent.click(button('Delete for good'));
    expect(actions.remove).toHaveBeenCalledWith('reviews');
  });

  it('is closed to those who do not own the project', () => {
    show({ projects: [aProject({ role: 'reviewer' })] });

    expect(screen.getByText(/Only an owner/)).toBeTruthy();
    expect(screen.queryByRole('combobox', { name: 'Model' })).toBeNull();
  });
});
