import { nullTranslator } from '@jupyterlab/translation';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';

import { ApiError } from '../../api/request';
import { CreateModel } from '../../models/create-model';
import { CreateDialog, CreateWidget } from '../../widgets/create-dialog';
import { aProject } from '../panel/examples';
import { anInspection } from './examples';

const trans = nullTranslator.load('jupyterlab_al');

async function open() {
  const client = {
    status: jest.fn().mockResolvedValue({ strategies: ['default'] }),
    inspect: jest.fn().mockResolvedValue(anInspection()),
    projects: jest.fn().mockResolvedValue({ projects: [], next: null }),
    createProject: jest.fn().mockResolvedValue(aProject())
  };
  const model = new CreateModel({
    client,
    listFolder: async folder =>
      folder === 'data'
        ? [{ name: 'a.csv', path: 'data/a.csv', isFolder: false }]
        : []
  });
  const dialog = new CreateDialog(model, trans);
  let isClosed = false;
  const closed = dialog.launch().then(() => {
    isClosed = true;
  });
  await act(() => model.open('data/reviews.csv'));
  await screen.findByRole('textbox', { name: 'Name', hidden: true });
  return { client, closed, dialog, model, isClosed: () => isClosed };
}

const accept = () =>
  screen.getByRole('button', { name: 'Create and label', hidden: true });

// jsdom takes a dialog that is shown by style alone for hidden.
describe('CreateDialog', () => {
  afterEach(() => {
    document.body.textContent = '';
  });

  it('creates with one press and closes', async () => {
    const { client, closed, dialog } = await open();

    fireEvent.click(accept());
    await closed;

    expect(client.createProject).toHaveBeenCalledTimes(1);
    expect(dialog.created).toBe('reviews');
  });

  it('stays open with the refusal beside the field', async () => {
    const { client, dialog, isClosed } = await open();
    client.createProject.mockRejectedValueOnce(
      new ApiError(409, 'name_taken', 'Choose another name.')
    );

    fireEvent.click(accept());

    await waitFor(() => {
      expect(screen.getByText('Choose another name.')).toBeTruthy();
    });
    await waitFor(() => {
      expect(document.activeElement).toBe(
        screen.getByRole('textbox', { name: 'Name', hidden: true })
      );
    });
    expect(isClosed()).toBe(false);
    expect(dialog.created).toBeNull();
    act(() => dialog.reject());
  });

  it('adds a class with Enter instead of creating the project', async () => {
    const { client, dialog, model } = await open();
    const field = screen.getByRole('textbox', {
      name: 'Classes',
      hidden: true
    });
    field.focus();

    fireEvent.change(field, { target: { value: 'mixed' } });
    fireEvent.keyDown(field, { key: 'Enter' });

    expect(model.form?.classes).toContain('mixed');
    expect(client.createProject).not.toHaveBeenCalled();
    act(() => dialog.reject());
  });

  it('can not create without a name', async () => {
    const { client, dialog } = await open();

    fireEvent.change(
      screen.getByRole('textbox', { name: 'Name', hidden: true }),
      {
        target: { value: ' ' }
      }
    );
    fireEvent.click(accept());

    expect((accept() as HTMLButtonElement).disabled).toBe(true);
    expect(
      await screen.findByText(/begins with a letter or a digit/)
    ).toBeTruthy();
    expect(client.createProject).not.toHaveBeenCalled();
    act(() => dialog.reject());
  });

  it('keeps the focus inside when Tab leaves the last control', async () => {
    const { dialog } = await open();
    const drawn = jest
      .spyOn(Element.prototype, 'getClientRects')
      .mockReturnValue([{}] as unknown as DOMRectList);
    const last = accept();
    last.focus();

    fireEvent.keyDown(last, { key: 'Tab' });
    expect(document.activeElement?.textContent).toBe('Another file…');

    fireEvent.keyDown(document.activeElement as Element, {
      key: 'Tab',
      shiftKey: true
    });
    expect(document.activeElement).toBe(last);
    drawn.mockRestore();
    act(() => dialog.reject());
  });

  it('has the focus from the start, first on nothing that acts', async () => {
    const { dialog, model } = await open();

    await waitFor(() => {
      expect(document.activeElement).toBe(accept());
    });
    await act(() => model.browse(''));
    await waitFor(() => {
      expect(document.activeElement).toBe(dialog.node);
    });
    act(() => dialog.reject());
  });

  it('gives the focus to what a folder holds, however late that is drawn', async () => {
    const { dialog, model } = await open();
    const process = CreateWidget.prototype.processMessage;
    const slowly = jest
      .spyOn(CreateWidget.prototype, 'processMessage')
      .mockImplementation(function (this: CreateWidget, message) {
        const pause = message.type === 'update-request' ? 200 : 0;
        setTimeout(() => process.call(this, message), pause);
      });

    await act(() => model.browse('data'));

    await waitFor(() => {
      expect(document.activeElement?.textContent).toBe('Folder above');
    });
    slowly.mockRestore();
    act(() => dialog.reject());
  });

  it('makes nothing when it is cancelled', async () => {
    const { client, closed, dialog } = await open();

    fireEvent.click(
      screen.getByRole('button', { name: 'Cancel', hidden: true })
    );
    await closed;

    expect(client.createProject).not.toHaveBeenCalled();
    expect(dialog.created).toBeNull();
  });
});
