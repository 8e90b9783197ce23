import { readFileSync } from 'fs';
import { join } from 'path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
const GUIDE = join(ROOT, 'docs', 'how-to', 'own-renderer.md');
/** Where the guide's folder would lie, so that packages are found. */
const FOLDER = join(ROOT, 'my_extension');

/**
 * Return the files that the guide shows, by their paths.
 */
function shown(): Map<string, string> {
  const blocks = readFileSync(GUIDE, 'utf8').matchAll(
    /^```\{code-block\} \w+\n:caption: (\S+)\n\n([^]*?)^```$/gm
  );
  return new Map([...blocks].map(([, path, text]) => [path, text]));
}

/**
 * Compile the files, and return what the compiler has to say.
 */
function complaints(files: Map<string, string>): string[] {
  const config = JSON.parse(files.get('tsconfig.json')!);
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      noEmit: true,
      types: [],
      paths: { jupyterlab_al: [join(ROOT, 'lib', 'index.d.ts')] }
    },
    FOLDER
  );
  const host = ts.createCompilerHost(options);
  const { directoryExists, fileExists, readFile } = host;
  const text = (path: string) => files.get(path.slice(FOLDER.length + 1));
  host.directoryExists = path =>
    path.startsWith(FOLDER) || directoryExists!(path);
  host.fileExists = path => text(path) !== undefined || fileExists(path);
  host.readFile = path => text(path) ?? readFile(path);
  const sources = [...files.keys()].filter(path => path.endsWith('.ts'));
  const program = ts.createProgram(
    sources.map(path => join(FOLDER, path)),
    options,
    host
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, '\n')
    );
}

describe('the guide to a renderer', () => {
  it('shows files that compile as they stand', () => {
    const files = shown();

    expect(complaints(files)).toEqual([]);
    expect([...files.keys()]).toContain('src/index.ts');
  }, 120000);

  it('would be told of a mistake in them', () => {
    const files = shown();
    const molecules = files.get('src/molecules.ts')!;
    files.set('src/molecules.ts', molecules.replace('canRender', 'canDraw'));

    expect(complaints(files).join()).toContain('canDraw');
  }, 120000);
});
