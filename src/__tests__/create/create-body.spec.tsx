import { nullTranslator } from '@jupyterlab/translation';
import { fireEvent, render, screen, within } from '@testing-library/react';
import { DisposableDelegate } from '@lumino/disposable';
import React from 'react';

import type { IInspectReply } from '../../api/types';
import { CreateBody } from '../../components/create';
import type { ICreateBodyProps } from '../../components/create';
import { formOf } from '../../models/create-form';
import type { FieldErrors, ICreateForm } from '../../models/create-form';
import { AUDIO, ROW, SERIES } from '../../components/labeling/display';
import { anInspection } from './examples';

const trans = nullTranslator.load('jupyterlab_al');

function show(
  change: Partial<ICreateBodyProps> = {},
  options: {
    inspection?: IInspectReply;
    form?: Partial<ICreateForm>;
    errors?: FieldErrors;
  } = {}
) {
  const inspection = options.inspection ?? anInspection();
  const onChange = jest.fn();
  const onLabelColumn = jest.fn();
  const onArray = jest.fn();
  const picker = {
    folder: '',
    entries: [],
    error: null,
    onBrowse: jest.fn(),
    onChoose: jest.fn(),
    onDemo: jest.fn(),
    ...change.picker
  };
  render(
    <CreateBody
      step="ready"
      path="data/reviews.csv"
      error={null}
      form={{
        form: { ...formOf(inspection.proposal), ...options.form },
        inspection,
        preview: inspection.preview,
        strategies: ['default', 'random'],
        errors: options.errors ?? {},
        onChange,
        onArray,
        onLabelColumn
      }}
      isCreating={false}
      onOther={jest.fn()}
      onDrawn={jest.fn()}
      trans={trans}
      {...change}
      picker={picker}
    />
  );
  return { onChange, onArray, onLabelColumn, picker };
}

/** What is said about a control. */
function description(control: HTMLElement): string {
  return (control.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map(id => document.getElementById(id)?.textContent ?? '')
    .join(' ');
}

describe('FilePicker', () => {
  it('walks through folders and chooses a file', () => {
    const { picker } = show({
      step: 'choosing',
      form: null,
      picker: {
        folder: 'data/raw',
        entries: [
          { name: 'old', path: 'data/raw/old', isFolder: true },
          { name: 'a.csv', path: 'data/raw/a.csv', isFolder: false }
        ]
      } as unknown as ICreateBodyProps['picker']
    });

    fireEvent.click(screen.getByRole('button', { name: 'Folder above' }));
    fireEvent.click(screen.getByRole('button', { name: 'old/' }));
    fireEvent.click(screen.getByRole('button', { name: 'a.csv' }));
    fireEvent.click(
      screen.getByRole('button', { name: 'Label the files of this folder' })
    );
    fireEvent.click(screen.getByRole('button', { name: /handwritten digits/ }));

    expect((picker.onBrowse as jest.Mock).mock.calls).toEqual([
      ['data'],
      ['data/raw/old']
    ]);
    expect((picker.onChoose as jest.Mock).mock.calls).toEqual([
      ['data/raw/a.csv'],
      ['data/raw']
    ]);
    expect(picker.onDemo).toHaveBeenCalled();
  });

  it('says that a folder has no data', () => {
    show({ step: 'choosing', form: null });

    expect(screen.getByText('No data file in this folder.')).toBeTruthy();
  });
});

describe('CreateForm', () => {
  it('proposes everything and shows five rows as text, markup inert', () => {
    show();

    expect(
      (screen.getByRole('textbox', { name: 'Name' }) as HTMLInputElement).value
    ).toBe('reviews');
    expect(screen.getByText('20,000 rows')).toBeTruthy();
    const rows = within(
      screen.getByRole('region', { name: /first samples/ })
    ).getAllByRole('listitem');
    expect(rows).toHaveLength(5);
    expect(rows[0].textContent).toBe('Review <b>0</b>');
    expect(document.querySelector('b')).toBeNull();
    expect(
      screen.getByRole('option', {
        name: 'Logistic regression: fast, good first choice',
        selected: true
      })
    ).toBeTruthy();
  });

  it('says that the number of rows is an estimate', () => {
    show({}, { inspection: anInspection({ n_rows_exact: false }) });

    expect(screen.getByText('about 20,000 rows')).toBeTruthy();
  });

  it('says what was found beside the field that it belongs to', () => {
    show({}, { errors: { name: 'There is a project “reviews” already.' } });

    expect(description(screen.getByRole('combobox', { name: 'Show' }))).toMatch(
      /3 rows are empty/
    );
    const name = screen.getByRole('textbox', { name: 'Name' });
    expect(description(name)).toMatch(/already/);
    expect(name.getAttribute('aria-invalid')).toBe('true');
  });

  it('shows an error of no field above the form', () => {
    show({}, { errors: { general: 'The disk is full.' } });

    expect(screen.getByRole('alert').textContent).toMatch('The disk is full.');
  });

  it('shows another column, or all as a table', () => {
    const { onChange } = show();
    const field = screen.getByRole('combobox', { name: 'Show' });

    fireEvent.change(field, { target: { value: '1' } });
    fireEvent.change(field, { target: { value: 'row' } });
    fireEvent.change(screen.getByRole('combobox', { name: 'As' }), {
      target: { value: 'markdown' }
    });

    expect(onChange.mock.calls).toEqual([
      [{ display: { kind: 'text', column: 'rating' } }],
      [{ display: { kind: 'row', columns: ['review', 'rating'] } }],
      [{ display: { kind: 'markdown', column: 'review' } }]
    ]);
  });

  it('shows another column as it is best shown', () => {
    const [review, rating, sentiment] = anInspection().columns;
    const columns = [
      review,
      { ...rating, display: 'series' as const },
      { ...sentiment, display: 'mime' as const }
    ];
    const { onChange } = show({}, { inspection: anInspection({ columns }) });
    const field = screen.getByRole('combobox', { name: 'Show' });

    fireEvent.change(field, { target: { value: '1' } });
    fireEvent.change(field, { target: { value: '2' } });

    expect(onChange.mock.calls).toEqual([
      [{ display: { kind: 'series', column: 'rating' } }],
      [{ display: { kind: 'mime', column: 'sentiment' } }]
    ]);
  });

  it('draws markup in the preview as the labeling view does', () => {
    const drawn: unknown[] = [];
    const display = { 'text/html': '<b>Card</b>', 'text/plain': 'Card' };
    const form = {
      form: formOf(anInspection().proposal),
      inspection: anInspection(),
      preview: [{ sample_key: '0', display }],
      render: (bundle: unknown) => {
        drawn.push(bundle);
        return new DisposableDelegate(() => undefined);
      },
      strategies: [],
      errors: {},
      onChange: jest.fn(),
      onArray: jest.fn(),
      onLabelColumn: jest.fn()
    };

    show({ form });

    expect(drawn).toEqual([display]);
  });

  it('rounds numbers in the preview as the labeling view does', () => {
    const preview = [
      { sample_key: '0', display: { [ROW]: [['height', 0.1257302210933933]] } }
    ];

    show({}, { inspection: anInspection({ preview }) });

    expect(screen.getByText('0.12573')).toBeTruthy();
  });

  it('counts the pictures of an array as pictures', () => {
    const proposal = {
      ...anInspection().proposal,
      dataset: { kind: 'array', path: 'x.npy' },
      display: { kind: 'image' }
    };

    show(
      {},
      { inspection: anInspection({ n_rows: 50, columns: [], proposal }) }
    );

    expect(screen.getByText('50 pictures')).toBeTruthy();
  });

  it('does not offer the words of numbers', () => {
    show();

    const from = screen.getByRole('combobox', { name: 'Learn from' });
    expect(
      within(from)
        .getAllByRole('option')
        .map(option => option.textContent)
    ).toEqual([
      'The words of review (text)',
      'Numbers, categories and dates of columns',
      'What a model of yours makes of texts…'
    ]);
  });

  it('learns from the words of a column, or from several columns', () => {
    const { onChange } = show();
    const field = screen.getByRole('combobox', { name: 'Learn from' });
    expect(
      within(field).queryByRole('option', { name: /sentiment/ })
    ).toBeNull();

    fireEvent.change(field, { target: { value: 'columns' } });

    expect(onChange).toHaveBeenCalledWith({
      features: { kind: 'columns', columns: ['rating'] },
      estimator: null
    });
  });

  it('learns from what a model of one’s own makes of texts, named by its import path', () => {
    const { onChange } = show();

    fireEvent.change(screen.getByLabelText('Learn from'), {
      target: { value: 'model' }
    });

    expect(onChange).toHaveBeenLastCalledWith({
      features: { kind: 'embedding', column: 'review', model: null },
      estimator: null
    });
  });

  it('asks which texts the model reads, and says what a refused one has', () => {
    const { onChange } = show(
      {},
      {
        form: {
          features: { kind: 'embedding', column: 'review', model: null }
        },
        errors: { features: 'my_models:Encoder is not an allowed model.' }
      }
    );
    const path = screen.getByLabelText('Import path');

    expect(screen.getByLabelText<HTMLSelectElement>('Learn from').value).toBe(
      'model'
    );
    expect(
      within(screen.getByLabelText('Texts')).getAllByRole('option')
    ).toHaveLength(1);
    expect(description(path)).toContain('is not an allowed model');
    fireEvent.change(path, { target: { value: ' my_models:Encoder ' } });
    fireEvent.blur(path);

    expect(onChange).toHaveBeenLastCalledWith({
      features: {
        kind: 'embedding',
        column: 'review',
        model: 'my_models:Encoder'
      },
      estimator: null
    });
  });

  it('offers no model of texts where there are no texts', () => {
    const [, rating] = anInspection().columns;
    show(
      {},
      {
        inspection: anInspection({ columns: [rating] }),
        form: { features: { kind: 'columns', columns: ['rating'] } }
      }
    );

    expect(screen.queryByText(/a model of yours/)).toBeNull();
  });

  it('asks for a column to learn from', () => {
    const { onChange } = show(
      {},
      { form: { features: { kind: 'columns', columns: [] } } }
    );

    expect(screen.getByRole('alert').textContent).toBe(
      'Choose at least one column.'
    );
    fireEvent.click(screen.getByRole('checkbox', { name: /^rating/ }));
    expect(onChange).toHaveBeenCalledWith({
      features: { kind: 'columns', columns: ['rating'] },
      estimator: null
    });
  });

  it('takes classes as chips: Enter, comma, remove', () => {
    const { onChange } = show({}, { form: { classes: ['negative'] } });
    const field = screen.getByRole('textbox', { name: 'Classes' });

    fireEvent.change(field, { target: { value: ' mixed ' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(onChange).toHaveBeenLastCalledWith({
      classes: ['negative', 'mixed']
    });

    fireEvent.change(field, { target: { value: 'a, b,negative' } });
    expect(onChange).toHaveBeenLastCalledWith({
      classes: ['negative', 'a', 'b']
    });

    fireEvent.click(screen.getByRole('button', { name: 'Remove negative' }));
    expect(onChange).toHaveBeenLastCalledWith({ classes: [] });
  });

  it('takes the labels of a column', () => {
    const { onLabelColumn } = show();
    const field = screen.getByRole('combobox', {
      name: 'Labels that are there already'
    });

    fireEvent.change(field, { target: { value: '' } });
    fireEvent.change(field, { target: { value: 'rating' } });

    expect(onLabelColumn.mock.calls).toEqual([[null], ['rating']]);
  });

  it('folds the advanced settings, each with its effect', () => {
    const { onChange } = show();

    const advanced = screen.getByText('Advanced').closest('details');
    expect(advanced?.open).toBe(false);
    const checks = screen.getByLabelText(/Random checks/);
    expect(description(checks)).toMatch(/About 1 in 10/);
    fireEvent.change(checks, { target: { value: '25' } });
    fireEvent.blur(checks);
    expect(onChange).toHaveBeenCalledWith({ checkShare: 0.25 });
  });

  it('shows rows of an array as lines or as numbers, and another array of the file', () => {
    const display = {
      [SERIES]: { length: 40, values: [1, 2, 3] },
      [ROW]: [['0', 1]]
    };
    const inspection = anInspection({
      columns: [],
      arrays: ['X', 'y'],
      preview: [{ sample_key: '0', display }],
      proposal: {
        name: 'x',
        dataset: { kind: 'array', path: 'x.npz', array: 'X' },
        display: { kind: 'series' },
        features: { kind: 'array' }
      }
    });
    const { onChange, onArray } = show({}, { inspection });

    expect(screen.getByRole('img', { name: /40 values/ })).toBeTruthy();
    expect(screen.queryByRole('definition')).toBeNull();
    fireEvent.change(screen.getByRole('combobox', { name: 'Show' }), {
      target: { value: 'row' }
    });
    fireEvent.change(screen.getByRole('combobox', { name: 'Array' }), {
      target: { value: 'y' }
    });
    expect(onChange).toHaveBeenCalledWith({ display: { kind: 'row' } });
    expect(onArray).toHaveBeenCalledWith('y');
  });

  it('previews numbers of an array as a table where that is chosen', () => {
    const display = {
      [SERIES]: { length: 40, values: [1, 2, 3] },
      [ROW]: [['0', 1]]
    };
    const inspection = anInspection({
      columns: [],
      preview: [{ sample_key: '0', display }],
      proposal: {
        name: 'x',
        dataset: { kind: 'array', path: 'x.npy' },
        display: { kind: 'series' },
        features: { kind: 'array' }
      }
    });
    show({}, { inspection, form: { display: { kind: 'row' } } });

    expect(screen.queryByRole('img')).toBeNull();
    expect(screen.getByText('1')).toBeTruthy();
  });

  it('shows images of an array without asking for columns', () => {
    show(
      {},
      {
        inspection: anInspection({
          columns: [],
          preview: [
            {
              sample_key: '0',
              display: {
                'image/png': 'iVBORw0KGgo=',
                'application/vnd.jupyterlab-al.image+json': {
                  width: 8,
                  height: 8
                }
              }
            }
          ]
        })
      }
    );

    expect(screen.getByRole('img', { name: 'Sample 0' })).toBeTruthy();
    expect(screen.queryByRole('combobox', { name: 'Show' })).toBeNull();
  });

  it('asks of a folder of pictures for nothing but the classes', () => {
    const { onLabelColumn } = show(
      {},
      {
        inspection: anInspection({
          n_rows: 300,
          columns: [
            {
              name: 'folder',
              type: 'category',
              missing: 0,
              distinct: 2,
              example: 'cats',
              display: 'text'
            }
          ],
          proposal: {
            name: 'animals',
            dataset: { kind: 'images', path: 'animals' },
            display: { kind: 'image' },
            features: { kind: 'pixels' },
            classes: ['cats', 'dogs']
          }
        })
      }
    );

    expect(screen.getByText('300 pictures')).toBeTruthy();
    expect(screen.queryByRole('combobox', { name: 'Show' })).toBeNull();
    expect(screen.queryByRole('combobox', { name: 'Learn from' })).toBeNull();
    fireEvent.change(
      screen.getByRole('combobox', { name: 'Labels that are there already' }),
      { target: { value: 'folder' } }
    );
    expect(onLabelColumn).toHaveBeenCalledWith('folder');
  });

  it('draws the first sounds of a folder', () => {
    const sound = { mime: 'audio/wav', seconds: 3, peaks: [0.1, 0.9] };
    const inspection = anInspection({
      n_rows: 12,
      columns: [],
      preview: [{ sample_key: '1.wav', display: { [AUDIO]: sound } }],
      proposal: {
        name: 'calls',
        dataset: { kind: 'audio', path: 'calls' },
        display: { kind: 'audio' },
        features: { kind: 'audio' }
      },
      problems: [
        { field: 'dataset', message: 'Only WAV files can be learned.' }
      ]
    });
    show({}, { inspection });

    expect(screen.getByText('12 sounds')).toBeTruthy();
    expect(screen.getByRole('img', { name: /1.wav: waveform/ })).toBeTruthy();
    expect(description(screen.getByRole('textbox', { name: 'Name' }))).toMatch(
      /Only WAV/
    );
  });

  it('shows the first texts of a folder as they are', () => {
    const inspection = anInspection({
      n_rows: 1,
      columns: [],
      preview: [
        { sample_key: 'a/1.md', display: { 'text/markdown': '# A <b>' } }
      ],
      proposal: {
        name: 'notes',
        dataset: { kind: 'texts', path: 'notes' },
        display: { kind: 'markdown' },
        features: { kind: 'text' }
      }
    });
    show({}, { inspection });

    expect(screen.getByText('1 text')).toBeTruthy();
    expect(screen.getByText('# A <b>')).toBeTruthy();
    expect(screen.queryByRole('combobox', { name: 'Show' })).toBeNull();
    expect(
      screen.getByRole('option', { name: /^Logistic/, selected: true })
    ).toBeTruthy();
  });
});

describe('CreateBody', () => {
  it('says that the file is being read', () => {
    show({ step: 'looking', form: null });
    expect(screen.getByText('Looking at the first samples…')).toBeTruthy();
  });

  it('says why the file can not be read', () => {
    show({ step: 'unreadable', form: null, error: 'The file is empty.' });

    expect(screen.getByRole('alert').textContent).toMatch('The file is empty.');
    expect(screen.getByRole('button', { name: 'Another file…' })).toBeTruthy();
  });
});
