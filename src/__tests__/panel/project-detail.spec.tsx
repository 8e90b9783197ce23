import { fireEvent, screen, within } from '@testing-library/react';

import { aProject, someMetrics } from './examples';
import { button, show } from './show-panel';

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

  it("offers the samples' own columns and what other tools read", () => {
    show();
    fireEvent.click(button('Export'));

    fireEvent.click(screen.getByRole('checkbox', { name: /own columns/ }));

    const address = (name: string) =>
      screen.getAllByRole('link', { name })[0].getAttribute('href');
    expect(address('CSV')).toBe('/al/reviews?csv&labels&data');
    expect(address('Label Studio')).toContain('label-studio&labels');
    expect(address('Hugging Face datasets')).toContain('hf&labels');
  });

  it('offers what the model says of every sample, once there is one', () => {
    show();
    fireEvent.click(button('Export'));

    const said = screen.getByRole('region', {
      name: 'What the model says of every sample'
    });

    expect(
      within(said).getByRole('link', { name: 'CSV' }).getAttribute('href')
    ).toBe('/al/reviews?csv&predictions');
    expect(within(said).getAllByRole('link')).toHaveLength(3);
  });

  it('offers no predictions before the first round', () => {
    show({ metrics: someMetrics({ curve: [] }) });
    fireEvent.click(button('Export'));

    expect(screen.queryByText(/What the model says/)).toBeNull();
  });

  it.each([
    ['owner', true],
    ['reviewer', true],
    ['annotator', false],
    ['viewer', false]
  ] as const)('offers exports to a %s: %s', (role, isOffered) => {
    show({ projects: [aProject({ role })] });

    const found = screen.queryByRole('button', { name: 'Export' });

    expect(found !== null).toBe(isOffered);
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

  it('shows how far samples are that are added, and labels go on', () => {
    show({
      projects: [aProject({ preparing: { phase: 'read', progress: 0.4 } })]
    });

    expect(
      screen
        .getByRole('progressbar', { name: 'Adding samples' })
        .getAttribute('aria-valuenow')
    ).toBe('40');
    expect(button('Label').hasAttribute('disabled')).toBe(false);
  });

  it('says why samples could not be added to a project that goes on', () => {
    show({
      projects: [
        aProject({ error: 'Nothing was added: more.csv has no rows.' })
      ]
    });

    expect(screen.getByText(/more.csv has no rows/)).toBeTruthy();
    expect(button('Label').hasAttribute('disabled')).toBe(false);
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
