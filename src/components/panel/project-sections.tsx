import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IMetricsReply, IProjectReply } from '../../api/types';
import { reviewable } from '../../models/review-words';
import { count } from '../charts';
import type { IClassValue } from '../charts';
import { AdviceSection } from './advice-section';
import { ClassFigures } from './class-figures';
import { ClassesSection } from './classes-section';
import { CurveSection } from './curve-section';
import { LeftSection } from './left-section';
import { ProgressSection } from './progress-section';
import { QualitySection } from './quality-section';
import { RoundsSection, roundsNote } from './rounds-section';
import { Section } from './section';
import { SettingsSection } from './settings-section';
import type { IPanelActions, IPanelView } from './view';

/** The sections of the chosen project. */
export interface IProjectSectionsProps {
  project: IProjectReply;
  view: IPanelView;
  actions: IPanelActions;
  trans: TranslationBundle;
}

/** Everything about a project, each part foldable. */
export function ProjectSections(props: IProjectSectionsProps): JSX.Element {
  const { project, view, actions, trans } = props;
  const { metrics } = view;
  const mayChange = project.role === 'owner';
  const section = (name: string, title: string, note?: React.ReactNode) => ({
    title,
    note,
    isOpen: !view.folded.includes(name),
    onToggle: () => actions.toggleSection(name)
  });
  return (
    <>
      {metrics && (
        <>
          <Section {...section('progress', trans.__('Progress'))}>
            <ProgressSection
              budget={project.budget}
              metrics={metrics}
              isMulti={project.multi_label}
              strategy={project.strategy}
              trans={trans}
            />
          </Section>
          <Section {...section('curve', trans.__('Learning curve'))}>
            <CurveSection
              metrics={metrics}
              isMulti={project.multi_label}
              trans={trans}
            />
          </Section>
        </>
      )}
      {metrics?.utilities && (
        <Section {...section('left', trans.__('What is left'))}>
          <LeftSection utilities={metrics.utilities} trans={trans} />
        </Section>
      )}
      <Section
        {...section(
          'classes',
          trans.__('Classes'),
          count(project.classes.length)
        )}
      >
        <ClassesSection
          classes={classValues(project, metrics)}
          nLabeled={project.multi_label ? metrics?.n_labeled : undefined}
          mayChange={mayChange}
          isBusy={view.isBusy('classes')}
          error={view.errorOf('classes')}
          onRename={(from, to) =>
            actions.patch('classes', { rename_classes: [{ from, to }] })
          }
          merged={project.merged}
          onMerge={(from, into) =>
            actions.patch('classes', { merge_classes: [{ from, into }] })
          }
          onSplit={name => actions.patch('classes', { split_classes: [name] })}
          onAdd={name =>
            actions.patch('classes', { classes: [...project.classes, name] })
          }
          trans={trans}
        />
        {metrics && (
          <ClassFigures
            classes={project.classes}
            figures={metrics.per_class}
            trans={trans}
          />
        )}
      </Section>
      {metrics && (
        <Section
          {...section(
            'quality',
            trans.__('Label quality'),
            toReview(metrics, trans)
          )}
        >
          <QualitySection
            metrics={metrics}
            comingBack={view.comingBack}
            mayReview={project.state === 'active' && project.role !== 'viewer'}
            isBusy={view.isBusy('review')}
            error={view.errorOf('review')}
            onReview={actions.review}
            trans={trans}
          />
        </Section>
      )}
      <Section
        {...section(
          'rounds',
          trans.__('Rounds'),
          roundsNote(view.rounds, trans)
        )}
      >
        <RoundsSection
          rounds={view.rounds}
          now={view.now}
          mayChange={mayChange}
          error={view.errorOf('cancel')}
          onCancel={actions.cancelRound}
          trans={trans}
        />
      </Section>
      {metrics && (
        <Section
          {...section(
            'advice',
            trans.__('Advice'),
            metrics.advice.stop ? trans.__('you could stop') : undefined
          )}
        >
          <AdviceSection
            advice={metrics.advice}
            errorCost={project.error_cost}
            mayChange={mayChange}
            onErrorCost={cost =>
              actions.patch('error_cost', { error_cost: cost })
            }
            trans={trans}
          />
        </Section>
      )}
      <Section {...section('settings', trans.__('Settings'))}>
        <SettingsSection
          project={project}
          strategies={view.strategies}
          isBusy={view.isBusy}
          errorOf={view.errorOf}
          onPatch={actions.patch}
          onDelete={actions.remove}
          trans={trans}
        />
      </Section>
    </>
  );
}

function toReview(
  metrics: IMetricsReply,
  trans: TranslationBundle
): string | undefined {
  const n = reviewable(metrics);
  return n > 0 ? trans.__('%1 to review', count(n)) : undefined;
}

function classValues(
  project: IProjectReply,
  metrics: IMetricsReply | null
): IClassValue[] {
  const shares = metrics?.predicted_share ?? {};
  const isPredicted = Object.keys(shares).length > 0;
  return project.classes.map(name => ({
    name,
    labeled: metrics?.labels_per_class[name] ?? 0,
    predictedShare: isPredicted ? (shares[name] ?? 0) : null
  }));
}
