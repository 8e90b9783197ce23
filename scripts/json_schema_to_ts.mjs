// Reads a JSON schema with $defs on standard input, writes TypeScript interfaces.
import { readFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';

const schema = JSON.parse(readFileSync(0, 'utf8'));
const text = await compile(schema, 'Wire', {
  additionalProperties: false,
  bannerComment:
    '// Generated from jupyterlab_al/handlers/schemas by `jlpm types`: do not edit.',
  declareExternallyReferenced: true,
  format: true,
  // A bounded list is still a list, not a union of tuples.
  ignoreMinAndMaxItems: true,
  style: { singleQuote: true, trailingComma: 'none', arrowParens: 'avoid' },
  unknownAny: true,
  unreachableDefinitions: true
});
// The document itself has no body of its own.
process.stdout.write(
  text
    .replace(/export interface Wire \{[^}]*\}\n*/, '')
    .replace(
      / \* This interface was referenced by `Wire`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/g,
      ''
    )
    .replace(/\n \*\n \*\//g, '\n */')
    .replace(/\/\*\*\n \*\/\n/g, '')
);
