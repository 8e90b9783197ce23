import { fireEvent, screen } from '@testing-library/react';

import { aProject } from './examples';
import { button, show } from './show-panel';

describe('SettingsSection', () => {
  it('says the effect of each setting in a sentence', () => {
    show();

    expect(
      screen.getByText(/decide which samples come next|decides which/)
    ).toBeTruthy();
    expect(screen.getByText(/at present Unsure and spread/)).toBeTruthy();
    expect(screen.getByText(/About 1 in 10 samples/)).toBeTruthy();
    expect(screen.getByText(/After 10 new labels/)).toBeTruthy();
    expect(screen.getByText(/for as long as there are samples/)).toBeTruthy();
  });

  it('says what it means that only so many samples are to be labeled', () => {
    show({ projects: [aProject({ budget: 2000 })] });

    expect(
      screen.getByText(/No more samples are handed out once 2,000 are labeled/)
    ).toBeTruthy();
  });

  it('changes estimator, strategy, shares and pace, within their limits', () => {
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
    const reviews = screen.getByRole('spinbutton', { name: /^Reviews/ });
    fireEvent.change(reviews, { target: { value: '90' } });
    fireEvent.keyDown(reviews, { key: 'Enter' });
    const pace = screen.getByRole('spinbutton', { name: /Train after/ });
    fireEvent.change(pace, { target: { value: '25' } });
    fireEvent.blur(pace);
    fireEvent.click(
      screen.getByRole('checkbox', {
        name: 'Renew the order sooner while that takes only moments'
      })
    );

    const budget = screen.getByRole('spinbutton', { name: /Samples to label/ });
    fireEvent.change(budget, { target: { value: '200' } });
    fireEvent.keyDown(budget, { key: 'Enter' });

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
      ['review_share', { review_share: 0.5 }],
      ['retrain_every', { retrain_every: 25 }],
      ['early_rounds', { early_rounds: false }],
      ['budget', { budget: 200 }]
    ]);
  });

  it.each([
    [0, /^No sample comes again by itself/],
    [0.05, /^About 1 in 20 samples comes again/]
  ])('says what a review share of %s does', (review_share, words) => {
    show({ projects: [aProject({ review_share })] });

    expect(screen.getByText(words)).toBeTruthy();
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

  it('says what an uploaded model is, and offers the others', () => {
    const project = aProject({
      estimator: { skops: 'a.skops', description: 'Pipeline(PCA, SVC)' }
    });
    const actions = show({ projects: [project], chosen: project });

    const model = screen.getByRole('combobox', { name: 'Model' });
    expect((model as HTMLSelectElement).selectedOptions[0].textContent).toBe(
      'Uploaded: Pipeline(PCA, SVC)'
    );
    expect(screen.queryByRole('textbox', { name: 'Import path' })).toBeNull();

    fireEvent.change(model, { target: { value: '1' } });
    expect(actions.patch).toHaveBeenCalledTimes(1);
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
