import type { IRenderMime } from '@jupyterlab/rendermime';

/** Attributes by which a page fetches something without being asked. */
const FETCHED = ['src', 'srcset', 'poster', 'background', 'data', 'ping'];
/** Attributes that act on their own or catch keys. */
const ACTING = ['autoplay', 'accesskey', 'autofocus'];

/**
 * A sanitizer for content of unknown origin: beside scripts it takes out what would make a request
 * (to another host, or to this server with the person's cookies), run a command or take a key.
 */
export function inertSanitizer(
  base: IRenderMime.ISanitizer
): IRenderMime.ISanitizer {
  return {
    getAutolink: () => base.getAutolink?.() ?? true,
    allowNamedProperties: false,
    allowCommandLinker: false,
    sanitize: (dirty, options) => inert(base.sanitize(dirty, options))
  };
}

function inert(html: string): string {
  // Nothing is fetched for a document that is only parsed.
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const element of page.body.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (isActive(name.toLowerCase(), value)) {
        element.removeAttribute(name);
      }
    }
  }
  // A button in a form sends it, and JupyterLab would be left.
  page.body
    .querySelectorAll('form')
    .forEach(form => form.replaceWith(...form.childNodes));
  return page.body.innerHTML;
}

function isActive(name: string, value: string): boolean {
  if (FETCHED.includes(name)) {
    return !/^\s*data:(image|audio|video)\//i.test(value);
  }
  if (name === 'style') {
    // A backslash can spell any letter.
    return /url|image|@import|\\/i.test(value);
  }
  return ACTING.includes(name) || name.startsWith('data-commandlinker');
}
