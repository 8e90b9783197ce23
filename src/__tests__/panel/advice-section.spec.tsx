import { fireEvent, screen } from '@testing-library/react';

import { someMetrics } from './examples';
import { show } from './show-panel';

describe('AdviceSection', () => {
  const vote = (rule: string, says: 'stop' | 'continue' | 'unknown') => ({
    rule,
    says,
    because: `Because of ${rule}.`
  });

  it('says that it is too early while nothing is known of the model', () => {
    const votes = [
      vote('settled', 'unknown'),
      vote('pool_labeled', 'continue')
    ];
    show({ metrics: someMetrics({ advice: { stop: false, votes } }) });

    expect(screen.getByText(/too early to say/)).toBeTruthy();
    expect(screen.getByText('1 reason is not known yet')).toBeTruthy();
    expect(screen.queryByText(/first three reasons/)).toBeNull();
  });

  it('says how the advice follows from the reasons once they are known', () => {
    const votes = ['a', 'b', 'c', 'd'].map(rule => vote(rule, 'stop'));
    show({ metrics: someMetrics({ advice: { stop: true, votes } }) });

    expect(screen.getByText(/you could stop here/)).toBeTruthy();
    expect(screen.getByText(/first three reasons/)).toBeTruthy();
    expect(screen.getAllByText('Stop:')).toHaveLength(4);
  });

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
