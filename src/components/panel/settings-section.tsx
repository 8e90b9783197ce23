import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPatchProject, IProjectReply } from '../../api/types';
import type { PanelAction } from '../../models/panel-model';
import {
  budgetEffect,
  checksEffect,
  estimatorChoices,
  importPath,
  isDense,
  paceEffect,
  reviewsEffect,
  strategyChoices,
  uploadedEstimator
} from '../create/choices';
import { EstimatorField } from '../create/estimator-field';
import { DeleteProject } from './delete-project';
import { Field } from './field';
import { Notice } from './notice';
import { NumberInput } from './number-input';
import { strategyName } from './words';

/** The settings that a running project can change. */
export type Setting = Extract<
  PanelAction,
  | 'estimator'
  | 'strategy'
  | 'check_share'
  | 'review_share'
  | 'retrain_every'
  | 'early_rounds'
  | 'budget'
  | 'state'
>;

/** The most samples that the server takes for a budget. */
const MOST_LABELED = 1_000_000_000;
/** At least every second sample is a new one. */
const MOST_REVIEWS = 50;

/** The settings of a project and what may be done with it. */
export interface ISettingsSectionProps {
  project: IProjectReply;
  strategies: readonly string[];
  isBusy: (setting: Setting | 'delete') => boolean;
  errorOf: (setting: Setting | 'delete') => string | null;
  onPatch: (setting: Setting, body: IPatchProject) => void;
  onDelete: (confirm: string) => void;
  trans: TranslationBundle;
}

/** Estimator, strategy, check share, pace and state, each with its effect in a sentence. */
export function SettingsSection(props: ISettingsSectionProps): JSX.Element {
  const { project, isBusy, errorOf, onPatch, trans } = props;
  if (project.role !== 'owner') {
    return (
      <p className="jp-al-Sentence">
        {trans.__('Only an owner of the project can change its settings.')}
      </p>
    );
  }
  const strategy = strategyName(project.strategy);
  const strategies = strategyChoices(
    [...new Set([...props.strategies, strategy])],
    trans
  );
  return (
    <div className="jp-al-Settings">
      <EstimatorField
        choices={estimatorChoices(trans, isDense(project.features))}
        value={importPath(project.estimator)}
        uploaded={uploadedEstimator(project.estimator)}
        hint={trans.__(
          'Learns from the labels and decides which samples come next; a change counts from the next round.'
        )}
        problem={errorOf('estimator')}
        disabled={isBusy('estimator')}
        onChange={estimator => onPatch('estimator', { estimator })}
        trans={trans}
      />
      <Field
        label={trans.__('Strategy')}
        hint={strategies.find(each => each.name === strategy)?.effect}
        problem={errorOf('strategy')}
      >
        {control => (
          <select
            {...control}
            className="jp-al-Input"
            disabled={isBusy('strategy')}
            value={strategy}
            onChange={event =>
              onPatch('strategy', {
                strategy: { name: event.target.value, params: {} }
              })
            }
          >
            {strategies.map(each => (
              <option key={each.name} value={each.name}>
                {each.title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label={trans.__('Random checks (percent of the samples)')}
        hint={checksEffect(project.check_share, trans)}
        problem={errorOf('check_share')}
      >
        {control => (
          <NumberInput
            control={control}
            value={Math.round(project.check_share * 100)}
            min={0}
            max={100}
            disabled={isBusy('check_share')}
            onCommit={value =>
              onPatch('check_share', { check_share: value / 100 })
            }
          />
        )}
      </Field>
      <Field
        label={trans.__('Reviews (percent of the samples)')}
        hint={reviewsEffect(project.review_share, trans)}
        problem={errorOf('review_share')}
      >
        {control => (
          <NumberInput
            control={control}
            value={Math.round(project.review_share * 100)}
            min={0}
            max={MOST_REVIEWS}
            disabled={isBusy('review_share')}
            onCommit={value =>
              onPatch('review_share', { review_share: value / 100 })
            }
          />
        )}
      </Field>
      <Field
        label={trans.__('Train after so many new labels')}
        hint={paceEffect(project.retrain_every, trans)}
        problem={errorOf('retrain_every')}
      >
        {control => (
          <NumberInput
            control={control}
            value={project.retrain_every}
            min={1}
            max={1_000_000}
            disabled={isBusy('retrain_every')}
            onCommit={value =>
              onPatch('retrain_every', { retrain_every: value })
            }
          />
        )}
      </Field>
      <label className="jp-al-Box">
        <input
          type="checkbox"
          checked={project.early_rounds}
          disabled={isBusy('early_rounds')}
          onChange={event =>
            onPatch('early_rounds', { early_rounds: event.target.checked })
          }
        />
        {trans.__('Renew the order sooner while that takes only moments')}
      </label>
      {errorOf('early_rounds') && (
        <Notice kind="error" trans={trans}>
          {errorOf('early_rounds')}
        </Notice>
      )}
      <Field
        label={trans.__('Samples to label (0: all)')}
        hint={budgetEffect(project.budget, trans)}
        problem={errorOf('budget')}
      >
        {control => (
          <NumberInput
            control={control}
            value={project.budget}
            min={0}
            max={MOST_LABELED}
            disabled={isBusy('budget')}
            onCommit={value => onPatch('budget', { budget: value })}
          />
        )}
      </Field>
      <StateButtons {...props} />
      {errorOf('state') && (
        <Notice kind="error" trans={trans}>
          {errorOf('state')}
        </Notice>
      )}
    </div>
  );
}

/** Pause, archive and delete. */
export function StateButtons(props: ISettingsSectionProps): JSX.Element {
  const { project, isBusy, errorOf, onPatch, onDelete, trans } = props;
  const move = (state: 'active' | 'paused' | 'archived') => () =>
    onPatch('state', { state });
  const isMovable = ['active', 'paused', 'archived'].includes(project.state);
  return (
    <div className="jp-al-Buttons">
      {isMovable && (
        <button
          type="button"
          className="jp-al-Button"
          disabled={isBusy('state')}
          title={trans.__('While paused, nobody is handed a sample.')}
          onClick={move(project.state === 'active' ? 'paused' : 'active')}
        >
          {moveWord(project.state, trans)}
        </button>
      )}
      {isMovable && project.state !== 'archived' && (
        <button
          type="button"
          className="jp-al-Button"
          disabled={isBusy('state')}
          title={trans.__('Keeps everything and puts the project last.')}
          onClick={move('archived')}
        >
          {trans.__('Archive')}
        </button>
      )}
      <DeleteProject
        name={project.name}
        nAnnotations={project.n_annotations}
        isBusy={isBusy('delete')}
        error={errorOf('delete')}
        onDelete={onDelete}
        trans={trans}
      />
    </div>
  );
}

function moveWord(
  state: IProjectReply['state'],
  trans: TranslationBundle
): string {
  switch (state) {
    case 'paused':
      return trans.__('Resume');
    case 'archived':
      return trans.__('Restore');
    default:
      return trans.__('Pause');
  }
}
