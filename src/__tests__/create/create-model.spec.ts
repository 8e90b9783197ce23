import { ApiError } from '../../api/request';
import { datasetOf } from '../../models/create-form';
import { CreateModel } from '../../models/create-model';
import type { ICreateClient } from '../../models/create-model';
import { aProject } from '../panel/examples';
import { anInspection } from './examples';

function aClient() {
  return {
    status: jest.fn().mockResolvedValue({ strategies: ['default', 'random'] }),
    inspect: jest.fn().mockImplementation(async () => anInspection()),
    projects: jest.fn().mockResolvedValue({ projects: [], next: null }),
    createProject: jest
      .fn()
      .mockImplementation(async body => aProject({ name: body.name }))
  } satisfies ICreateClient;
}

function aModel() {
  const client = aClient();
  const listFolder = jest.fn().mockResolvedValue([
    { name: 'data', path: 'data', isFolder: true },
    { name: 'reviews.csv', path: 'reviews.csv', isFolder: false },
    { name: 'notes.ipynb', path: 'notes.ipynb', isFolder: false }
  ]);
  return { client, listFolder, model: new CreateModel({ client, listFolder }) };
}

describe('datasetOf()', () => {
  it.each([
    ['data/reviews.csv', 'table'],
    ['x.PARQUET', 'table'],
    ['x.npy', 'array'],
    ['v1.2/photos', 'auto'],
    ['photos.old', 'auto'],
    ['strange.xyz', 'auto']
  ])('takes %s for %s', (path, kind) => {
    expect(datasetOf(path)).toEqual({ kind, path });
  });
});

describe('CreateModel', () => {
  it('looks at another array of the same file', async () => {
    const { client, model } = aModel();
    await model.open('x.npz');

    await model.chooseArray('y');

    expect(client.inspect).toHaveBeenLastCalledWith({
      dataset: { kind: 'array', path: 'x.npz', array: 'y' }
    });
  });

  it('shows the first rows in another display as soon as that is chosen', async () => {
    const { client, model } = aModel();
    await model.open('reviews.csv');
    const display = { kind: 'markdown', column: 'review' } as const;
    const preview = [{ sample_key: '0', display: { 'text/markdown': '# 0' } }];
    client.inspect.mockResolvedValueOnce(anInspection({ preview }));

    model.set({ display });
    await Promise.resolve();
    model.set({ name: 'other' });
    await Promise.resolve();

    expect(client.inspect).toHaveBeenCalledTimes(2);
    expect(client.inspect).toHaveBeenLastCalledWith({
      dataset: { kind: 'table', path: 'reviews.csv' },
      display
    });
    expect(model.preview).toEqual(preview);
  });

  it('says beside the display why the rows can not be shown so', async () => {
    const { client, model } = aModel();
    await model.open('reviews.csv');
    client.inspect.mockRejectedValueOnce(new Error('No column holds text.'));

    model.set({ display: { kind: 'text', column: 'rating' } });
    await new Promise(resolve => setTimeout(resolve));

    expect(model.errors.display).toBe('No column holds text.');
    expect(model.preview).toHaveLength(5);
  });

  it('needs nothing but the file: create right after opening', async () => {
    const { client, model } = aModel();

    await model.open('data/reviews.csv');
    const name = await model.create();

    expect(client.inspect).toHaveBeenCalledWith({
      dataset: { kind: 'table', path: 'data/reviews.csv' }
    });
    expect(name).toBe('reviews');
    expect(client.createProject.mock.calls[0][0]).toEqual({
      name: 'reviews',
      title: 'Reviews',
      dataset: { kind: 'table', path: 'data/reviews.csv' },
      display: { kind: 'text', column: 'review' },
      features: { kind: 'text', column: 'review' },
      classes: ['negative', 'positive'],
      multi_label: false,
      label_column: 'sentiment',
      strategy: { name: 'default', params: {} },
      check_share: 0.1,
      queue_size: 10000,
      seed: 0,
      blind: true
    });
  });

  it('proposes a name that is free', async () => {
    const { client, model } = aModel();
    client.projects
      .mockResolvedValueOnce({ projects: [aProject()], next: 'reviews' })
      .mockResolvedValueOnce({
        projects: [aProject({ name: 'reviews-2' })],
        next: null
      });

    await model.open('data/reviews.csv');

    expect(model.form?.name).toBe('reviews-3');
    await model.create();
    expect(client.createProject.mock.calls[0][0].title).toBe('Reviews 3');
  });

  it('sends what the person changed', async () => {
    const { client, model } = aModel();
    await model.open('data/reviews.csv');

    model.set({
      name: ' reviews of shoes ',
      checkShare: 0.2,
      estimator: { import: 'sklearn.svm.LinearSVC', params: {} }
    });
    await model.create();

    expect(client.createProject.mock.calls[0][0]).toMatchObject({
      name: 'reviews of shoes',
      title: 'reviews of shoes',
      check_share: 0.2,
      estimator: { import: 'sklearn.svm.LinearSVC', params: {} }
    });
  });

  it('neither shows nor learns from the column of labels', async () => {
    const { client, model } = aModel();
    client.inspect.mockResolvedValue(
      anInspection({
        proposal: {
          ...anInspection().proposal,
          display: { kind: 'row', columns: ['review', 'rating'] },
          features: { kind: 'columns', columns: ['rating'] }
        }
      })
    );
    await model.open('data/reviews.csv');

    model.setLabelColumn('rating');
    expect(model.form).toMatchObject({
      labelColumn: 'rating',
      classes: [],
      display: { columns: ['review'] },
      features: { columns: [] }
    });

    model.setLabelColumn('sentiment');
    expect(model.form?.classes).toEqual(['negative', 'positive']);

    model.setLabelColumn(null);
    expect(model.form).toMatchObject({ labelColumn: null, classes: [] });
  });

  it.each([
    ['name_taken', 409, 'name'],
    ['invalid_estimator', 422, 'estimator'],
    ['unknown_strategy', 422, 'strategy'],
    ['invalid_dataset', 422, 'general']
  ])('puts the refusal %s beside its field', async (word, status, field) => {
    const { client, model } = aModel();
    await model.open('data/reviews.csv');
    client.createProject.mockRejectedValueOnce(
      new ApiError(status, word, 'What to do.')
    );

    expect(await model.create()).toBeNull();

    expect(model.errors).toEqual({ [field]: 'What to do.' });
    expect(model.isCreating).toBe(false);
  });

  it.each([
    [
      'check_share: Input should be at most 1.',
      'checkShare',
      'Input should be at most 1.'
    ],
    ['estimator.import: unknown field.', 'estimator', 'unknown field.'],
    ['features.model: Name one.', 'features', 'Name one.'],
    ['something else: why.', 'general', 'something else: why.']
  ])('puts "%s" beside its field', async (message, field, said) => {
    const { client, model } = aModel();
    await model.open('data/reviews.csv');
    client.createProject.mockRejectedValueOnce(
      new ApiError(422, 'invalid', message)
    );

    await model.create();

    expect(model.errors).toEqual({ [field]: said });
  });

  it.each([
    ['reviews', true],
    ['Größe 2.1-b_c', true],
    ['a/b', false],
    ['.hidden', false],
    ['😀', false],
    [' ', false],
    ['x'.repeat(65), false]
  ])('knows whether %s can be a name', async (name, isGood) => {
    const { client, model } = aModel();
    await model.open('data/reviews.csv');

    model.set({ name });

    expect(model.canCreate).toBe(isGood);
    await model.create();
    expect(client.createProject).toHaveBeenCalledTimes(isGood ? 1 : 0);
  });

  it('forgets an error once its field is changed', async () => {
    const { client, model } = aModel();
    await model.open('data/reviews.csv');
    client.createProject.mockRejectedValueOnce(
      new ApiError(409, 'name_taken', 'Choose another name.')
    );
    await model.create();

    model.set({ seed: 3 });
    expect(model.errors.name).toBe('Choose another name.');
    model.set({ name: 'other' });
    expect(model.errors.name).toBeUndefined();
  });

  it('makes one project, however often the button is pressed', async () => {
    const { client, model } = aModel();
    await model.open('data/reviews.csv');

    await Promise.all([model.create(), model.create()]);

    expect(client.createProject).toHaveBeenCalledTimes(1);
  });

  it('says why a file can not be read', async () => {
    const { client, model } = aModel();
    client.inspect.mockRejectedValueOnce(
      new ApiError(422, 'invalid_dataset', 'The file is empty.')
    );

    await model.open('empty.csv');

    expect(model.step).toBe('unreadable');
    expect(model.errors.path).toBe('The file is empty.');
    expect(await model.create()).toBeNull();
  });

  it('lists folders and data files to choose from', async () => {
    const { model } = aModel();

    await model.open();

    expect(model.step).toBe('choosing');
    expect(model.entries.map(each => each.name)).toEqual([
      'data',
      'reviews.csv'
    ]);
  });

  it('stays in the folder that it can read', async () => {
    const { listFolder, model } = aModel();
    await model.open();
    listFolder.mockRejectedValueOnce(new Error('Permission denied'));

    await model.browse('secret');

    expect(model.folder).toBe('');
    expect(model.errors.path).toBe('Permission denied');
  });

  it('shows the file that was chosen last, whichever answer comes first', async () => {
    const { client, model } = aModel();
    let slow: (reply: unknown) => void = () => undefined;
    client.inspect.mockImplementationOnce(
      () => new Promise(resolve => (slow = resolve))
    );
    const first = model.choose('slow.csv');
    await model.chooseDemo();

    slow(anInspection({ n_rows: 1 }));
    await first;

    expect(model.path).toBe('digits');
    expect(model.inspection?.n_rows).toBe(20000);
  });
});
