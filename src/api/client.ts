import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { request } from './request';
import type {
  IAnnotateRequest,
  IAnnotationPage,
  IAnnotationReply,
  IAnnotationsReply,
  IClaimReply,
  IClaimRequest,
  ICreateProject,
  IInspectReply,
  IInspectRequest,
  ILeasesReply,
  ILeasesRequest,
  IMetricsReply,
  IOwnAnnotationsReply,
  IPatchProject,
  IProjectReply,
  IProjectsReply,
  IReviewReply,
  IReviewRequest,
  IRoundReply,
  IRoundsReply,
  ISampleReply,
  IStatusReply,
  IUploadReply
} from './types';

/**
 * The file formats of an export.
 */
export type ExportFormat = 'csv' | 'jsonl' | 'parquet' | 'hf' | 'label-studio';

/**
 * One row a labeled sample, or every fact.
 */
export type ExportWhat = 'labels' | 'annotations' | 'predictions';

/**
 * The server's REST contract: one method per route.
 */
export class Client {
  constructor(options: Client.IOptions = {}) {
    this.serverSettings =
      options.serverSettings ?? ServerConnection.makeSettings();
  }

  /**
   * Where the server is and how to speak to it.
   */
  readonly serverSettings: ServerConnection.ISettings;

  /**
   * The server's version, worker and the person it takes us for.
   */
  status(): Promise<IStatusReply> {
    return this._get('status');
  }

  /**
   * One page of projects.
   */
  projects(after?: string): Promise<IProjectsReply> {
    return this._get(`projects${query({ after })}`);
  }

  createProject(body: ICreateProject): Promise<IProjectReply> {
    return this._post('projects', body);
  }

  project(name: string): Promise<IProjectReply> {
    return this._get(route(name));
  }

  patchProject(name: string, body: IPatchProject): Promise<IProjectReply> {
    return this._send(route(name), 'PATCH', body);
  }

  /**
   * Delete a project; `confirm` repeats its name.
   */
  async deleteProject(name: string, confirm: string): Promise<void> {
    await this._send(`${route(name)}${query({ confirm })}`, 'DELETE');
  }

  /**
   * Look at a dataset before a project is made of it.
   */
  inspect(body: IInspectRequest): Promise<IInspectReply> {
    return this._post('datasets/inspect', body);
  }

  claim(name: string, body: IClaimRequest): Promise<IClaimReply> {
    return this._post(`${route(name)}/queue/claim`, body);
  }

  extend(name: string, body: ILeasesRequest): Promise<ILeasesReply> {
    return this._post(`${route(name)}/queue/extend`, body);
  }

  /**
   * Give samples back; `keepalive` lets the request outlive the page.
   */
  release(
    name: string,
    body: ILeasesRequest,
    keepalive = false
  ): Promise<ILeasesReply> {
    return this._post(`${route(name)}/queue/release`, body, { keepalive });
  }

  skip(name: string, body: ILeasesRequest): Promise<ILeasesReply> {
    return this._post(`${route(name)}/queue/skip`, body);
  }

  /**
   * Put samples to be looked at again at the front of the queue.
   */
  review(
    name: string,
    what: IReviewRequest['what'] = 'all'
  ): Promise<IReviewReply> {
    return this._post(`${route(name)}/queue/review`, { what });
  }

  annotate(name: string, body: IAnnotateRequest): Promise<IAnnotationsReply> {
    return this._post(`${route(name)}/annotations`, body);
  }

  /**
   * One page of annotations in order of arrival.
   */
  annotations(
    name: string,
    after?: string,
    limit?: number
  ): Promise<IAnnotationPage> {
    return this._get(`${route(name)}/annotations${query({ after, limit })}`);
  }

  /**
   * What the caller answered last and did not undo, newest first.
   */
  ownAnnotations(name: string): Promise<IOwnAnnotationsReply> {
    return this._get(`${route(name)}/annotations/own`);
  }

  /**
   * Undo an annotation.
   */
  undo(name: string, id: string): Promise<IAnnotationReply> {
    return this._send(`${route(name)}/annotations/${id}`, 'DELETE');
  }

  /**
   * Ask for a round now.
   */
  startRound(name: string): Promise<IRoundReply> {
    return this._post(`${route(name)}/rounds`, {});
  }

  /**
   * One page of rounds, newest first.
   */
  rounds(name: string, after?: string, limit?: number): Promise<IRoundsReply> {
    return this._get(`${route(name)}/rounds${query({ after, limit })}`);
  }

  round(name: string, id: string): Promise<IRoundReply> {
    return this._get(`${route(name)}/rounds/${id}`);
  }

  cancelRound(name: string, id: string): Promise<IRoundReply> {
    return this._send(`${route(name)}/rounds/${id}`, 'DELETE');
  }

  metrics(name: string): Promise<IMetricsReply> {
    return this._get(`${route(name)}/metrics`);
  }

  sample(name: string, id: number): Promise<ISampleReply> {
    return this._get(`${route(name)}/samples/${id}`);
  }

  /**
   * The address of a sample's raw bytes.
   */
  contentUrl(name: string, id: number): string {
    return this._url(`${route(name)}/samples/${id}/content`);
  }

  /**
   * The address of the picture that a sample was made of.
   */
  originalUrl(name: string, id: number): string {
    return this._url(`${route(name)}/samples/${id}/original`);
  }

  /**
   * The address of an export, to be opened by the browser; with the samples' own columns
   * where they are asked for.
   */
  exportUrl(
    name: string,
    format: ExportFormat,
    what: ExportWhat,
    withData = false
  ): string {
    const data = withData ? { data: '1' } : {};
    return this._url(
      `${route(name)}/export${query({ format, what, ...data })}`
    );
  }

  /**
   * The address of the last fitted estimator, a skops file.
   */
  estimatorUrl(name: string): string {
    return this._url(`${route(name)}/estimator`);
  }

  /**
   * Send a `.npy` or Arrow IPC body.
   */
  upload(body: Blob): Promise<IUploadReply> {
    // A large file may take its time.
    return request(
      this.serverSettings,
      'uploads',
      { method: 'POST', body },
      3600000
    );
  }

  private _url(path: string): string {
    const { baseUrl, token, appendToken } = this.serverSettings;
    const url = URLExt.join(baseUrl, 'al/api', path);
    if (!appendToken || token === '') {
      return url;
    }
    const joint = url.includes('?') ? '&' : '?';
    return `${url}${joint}token=${encodeURIComponent(token)}`;
  }

  private _get<T>(path: string): Promise<T> {
    return request<T>(this.serverSettings, path);
  }

  private _post<T>(path: string, body: unknown, init?: RequestInit) {
    return this._send<T>(path, 'POST', body, init);
  }

  private _send<T>(
    path: string,
    method: string,
    body?: unknown,
    init: RequestInit = {}
  ): Promise<T> {
    return request<T>(this.serverSettings, path, {
      ...init,
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
  }
}

/**
 * The namespace for `Client` statics.
 */
export namespace Client {
  /**
   * The options of a client.
   */
  export interface IOptions {
    /**
     * The server; default: the one that served the page.
     */
    serverSettings?: ServerConnection.ISettings;
  }
}

function route(name: string): string {
  return `projects/${encodeURIComponent(name)}`;
}

function query(values: Record<string, string | number | undefined>): string {
  const given = Object.entries(values).filter(
    ([, value]) => value !== undefined
  );
  if (given.length === 0) {
    return '';
  }
  const pairs = given.map(([key, value]) => [key, String(value)]);
  return `?${new URLSearchParams(pairs).toString()}`;
}
