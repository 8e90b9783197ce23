import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useMemo } from 'react';

import type { IInspectReply } from '../../api/types';
import { Field } from '../panel/field';
import { Notice } from '../panel/notice';
import { AdvancedFields } from './advanced-fields';
import { ArrayFields } from './array-fields';
import { estimatorChoices, importPath, isDense } from './choices';
import { ClassesField } from './classes-field';
import { DisplayField } from './display-field';
import { EstimatorField } from './estimator-field';
import { FeaturesField } from './features-field';
import { previewOf } from './preview';
import { PreviewRows } from './preview-rows';
import type { ICreateFormProps } from './view';
import { areFiles, isArray } from './words';

/** Everything that is proposed, ready to be changed; and the first rows beside it. */
export function CreateForm(
  props: ICreateFormProps & { trans: TranslationBundle }
): JSX.Element {
  const { form, inspection, errors, onChange, trans } = props;
  // The same objects in each render, so that nothing is drawn anew at a key.
  const rows = useMemo(
    () => previewOf(props.preview, form.display),
    [props.preview, form.display]
  );
  const remark = remarks(inspection);
  const choices = estimatorChoices(trans, isDense(form.features));
  return (
    <div className="jp-al-Create-columns">
      <div className="jp-al-Create-form">
        {errors.general && (
          <Notice kind="error" trans={trans}>
            {errors.general}
          </Notice>
        )}
        <Field
          label={trans.__('Name')}
          problem={errors.name}
          remark={remark('dataset')}
        >
          {control => (
            <input
              {...control}
              className="jp-al-Input"
              maxLength={64}
              autoComplete="off"
              value={form.name}
              onChange={event => onChange({ name: event.target.value })}
            />
          )}
        </Field>
        {inspection.columns.length > 0 && !areFiles(inspection) && (
          <>
            <DisplayField
              columns={inspection.columns}
              display={form.display}
              rowColumns={inspection.columns
                .map(each => each.name)
                .filter(name => name !== form.labelColumn)}
              problem={errors.display}
              remark={remark('display')}
              onChange={display => onChange({ display })}
              trans={trans}
            />
            <FeaturesField
              columns={inspection.columns}
              features={form.features}
              labelColumn={form.labelColumn}
              problem={errors.features}
              remark={remark('features')}
              onChange={features => onChange({ features, estimator: null })}
              trans={trans}
            />
          </>
        )}
        {isArray(inspection) && (
          <ArrayFields
            inspection={inspection}
            display={form.display}
            problem={errors.display}
            onArray={props.onArray}
            onDisplay={display => onChange({ display })}
            trans={trans}
          />
        )}
        <ClassesField
          columns={inspection.columns}
          labelColumn={form.labelColumn}
          classes={form.classes}
          multiLabel={form.multiLabel}
          problem={errors.classes ?? errors.multiLabel}
          labelProblem={errors.labelColumn}
          labelRemark={remark('label_column')}
          onLabelColumn={props.onLabelColumn}
          onClasses={classes => onChange({ classes })}
          onMultiLabel={multiLabel => onChange({ multiLabel })}
          trans={trans}
        />
        <EstimatorField
          choices={choices}
          value={importPath(form.estimator) ?? importPath(choices[0].estimator)}
          problem={errors.estimator}
          onChange={estimator => onChange({ estimator })}
          trans={trans}
        />
        <details
          className="jp-al-Advanced"
          onToggle={event => {
            if (event.currentTarget.open) {
              event.currentTarget.scrollIntoView?.({ block: 'start' });
            }
          }}
        >
          <summary>{trans.__('Advanced')}</summary>
          <AdvancedFields {...props} />
        </details>
      </div>
      <PreviewRows rows={rows} render={props.render} trans={trans} />
    </div>
  );
}

/** Returns what the look at the file has to say about a field. */
function remarks(inspection: IInspectReply): (field: string) => string | null {
  return field =>
    inspection.problems
      .filter(problem => problem.field.split('.')[0] === field)
      .map(problem => problem.message)
      .join(' ') || null;
}
