import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/**
 * What a JupyterHub answers in place of a person's server that is stopped: it reads, or it writes.
 */
const OF_A_HUB = [424, 403];

/**
 * Every failure of a request: no server, or the server's refusal.
 */
export class ApiError extends Error {
  /**
   * @param status - the HTTP status; 0 when no answer came
   * @param word - the server's machine word, `no_server` without an answer; `not_json` or `refused`
   * where it has none, so that something else answered
   * @param message - what to do, for people
   */
  constructor(
    readonly status: number,
    readonly word: string,
    message: string
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /**
   * Whether the same request may succeed later without a change.
   */
  get isTemporary(): boolean {
    return (
      this.isLost ||
      this.status === 408 ||
      this.status === 429 ||
      this.status >= 500
    );
  }

  /**
   * Whether our server did not answer, but nobody or a proxy in its place.
   */
  get isLost(): boolean {
    const isForeign = ['not_json', 'refused'].includes(this.word);
    return (
      this.status === 0 ||
      [502, 503, 504].includes(this.status) ||
      (isForeign && OF_A_HUB.includes(this.status))
    );
  }
}

/**
 * Send one request below `al/api/` and return the response, whatever its status.
 */
export async function send(
  settings: ServerConnection.ISettings,
  path: string,
  init: RequestInit = {}
): Promise<Response> {
  const url = URLExt.join(settings.baseUrl, 'al/api', path);
  try {
    return await ServerConnection.makeRequest(url, init, settings);
  } catch (reason) {
    throw new ApiError(0, 'no_server', message(reason));
  }
}

/**
 * Send one request and return the JSON of its reply.
 *
 * @throws ApiError when there is no answer within `timeout` milliseconds, or a refusal.
 */
export async function request<T>(
  settings: ServerConnection.ISettings,
  path: string,
  init: RequestInit = {},
  timeout = 30000
): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeout);
  try {
    const response = await send(settings, path, {
      ...init,
      signal: abort.signal
    });
    const body = await json(response);
    if (!response.ok) {
      throw refusal(response, body);
    }
    return body as T;
  } finally {
    clearTimeout(timer);
  }
}

async function json(response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (reason) {
    throw new ApiError(0, 'no_server', message(reason));
  }
  if (text === '') {
    return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page instead of our reply.
    const status = response.ok ? 0 : response.status;
    throw new ApiError(status, 'not_json', response.statusText);
  }
}

function refusal(response: Response, body: unknown): ApiError {
  const { error, message } = (body ?? {}) as Record<string, unknown>;
  return new ApiError(
    response.status,
    typeof error === 'string' ? error : 'refused',
    typeof message === 'string' ? message : response.statusText
  );
}

function message(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
