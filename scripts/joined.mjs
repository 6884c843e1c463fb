// The command as one text, whose compiled code is kept between runs (src/cli/kept-code.ts): `command.json` says which pieces
// of which modules it is put together from, so that the package has no code twice. What esbuild writes is
// all that is understood: imports and one list of exports, static, without circles.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * A piece of the text: characters as they are, or those of a file from one place to another.
 * @typedef {string | [file: string, from: number, to: number]} Piece
 */

/** @param {ts.Node} node @returns {never} */
function refuse(node) {
  throw new Error(`cannot be put into one text: ${node.getText().slice(0, 80)}`);
}

const isLocal = (/** @type {string} */ name) => name.startsWith('.');

/** @param {ts.Node | undefined} node */
const textOf = (node) => (node !== undefined && ts.isStringLiteral(node) ? node.text : null);

/** What stands for the exports of a module that few need: it runs when one of them is first used, as an object or called. */
const LATE = `const late=(all)=>new Proxy({},{get:(_,name)=>new Proxy(()=>{},{
get:(_,key)=>all()[name][key],apply:(_,own,words)=>all()[name](...words)})});
`;

/** Modules in the order in which they are found from the entry. */
class Modules {
  /** @type {string[]} */
  files = [];

  /** @param {ReadonlySet<string>} late those that run late */
  constructor(late) {
    this.late = late;
  }

  /** The function that gives the module's exports. @param {string} file */
  of(file) {
    const known = this.files.indexOf(file);
    return `m${String(known < 0 ? this.files.push(file) - 1 : known)}`;
  }

  /** What gives the exports of a module by its name in another. @param {string} from @param {string} name */
  named(from, name) {
    if (!isLocal(name)) return `require(${JSON.stringify(name)})`;
    const file = join(dirname(from), name);
    return this.late.has(file) ? `late(${this.of(file)})` : `${this.of(file)}()`;
  }
}

/** @param {ts.ImportDeclaration} statement @param {string} exports what gives them @param {boolean} isOwn */
function importText(statement, exports, isOwn) {
  const clause = statement.importClause;
  if (clause === undefined) return `${exports};`;
  let text = '';
  if (clause.name !== undefined) text += `var ${clause.name.text}=${exports}${isOwn ? '.default' : ''};`;
  const bindings = clause.namedBindings;
  if (bindings === undefined) return text;
  if (ts.isNamespaceImport(bindings)) return `${text}var ${bindings.name.text}=${exports};`;
  const names = bindings.elements.map(
    ({ propertyName, name }) => `${(propertyName ?? name).text}:${name.text}`,
  );
  return `${text}var{${names.join(',')}}=${exports};`;
}

/** Pieces of the function that runs a module once. @param {string} folder @param {string} file @param {Modules} modules */
function piecesOf(folder, file, modules) {
  const text = readFileSync(join(folder, file), 'utf8');
  if (/[^\0-\x7f]/.test(text)) throw new Error(`${file} is not ASCII`);
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  /** @type {{ from: number, to: number, put: string }[]} */
  const changes = [];
  let head = '';
  let exported = '';
  for (const statement of source.statements) {
    const place = { from: statement.getStart(), to: statement.getEnd(), put: '' };
    if (ts.isImportDeclaration(statement)) {
      const name = textOf(statement.moduleSpecifier) ?? refuse(statement);
      head += importText(statement, modules.named(file, name), isLocal(name));
      changes.push(place);
    } else if (ts.isExportDeclaration(statement)) {
      if (statement.moduleSpecifier !== undefined || !ts.isNamedExports(statement.exportClause ?? statement))
        refuse(statement);
      for (const { propertyName, name } of statement.exportClause.elements)
        exported += `${name.text}:${(propertyName ?? name).text},`;
      changes.push(place);
    } else if (ts.isExportAssignment(statement)) refuse(statement);
  }
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const name = textOf(node.arguments[0]) ?? refuse(node);
      const put = `Promise.resolve().then(()=>${modules.named(file, name)})`;
      changes.push({ from: node.getStart(), to: node.getEnd(), put });
    } else if (ts.isMetaProperty(node))
      changes.push({ from: node.getStart(), to: node.getEnd(), put: 'meta' });
    else ts.forEachChild(node, visit);
  };
  visit(source);
  changes.sort((one, other) => one.from - other.from);
  const own = modules.of(file);
  /** @type {Piece[]} */
  const pieces = [`const ${own}=()=>kept.${own}??=(()=>{${head}`];
  let at = 0;
  for (const { from, to, put } of changes) {
    pieces.push([file, at, from], put);
    at = to;
  }
  pieces.push([file, at, text.length], `\nreturn{${exported}}})();\n`);
  return pieces;
}

/** Neighbours that are one, as one; none that is empty. @param {readonly Piece[]} pieces */
function tidy(pieces) {
  /** @type {Piece[]} */
  const tidied = [];
  for (const piece of pieces) {
    const last = tidied.at(-1);
    if (typeof piece === 'string' ? piece === '' : piece[1] === piece[2]) continue;
    if (typeof piece === 'string' && typeof last === 'string') tidied[tidied.length - 1] = last + piece;
    else tidied.push(piece);
  }
  return tidied;
}

/**
 * Writes the pieces of the body of a function that runs an ES module and all that it imports: its parameters are `require`,
 * and `meta` for `import.meta`.
 * @param {string} folder absolute @param {string} entry within it @param {string} out within it
 * @param {ReadonlySet<string>} late modules within it that run when they are first used
 */
export function writeJoined(folder, entry, out, late) {
  const modules = new Modules(late);
  const first = modules.of(entry);
  /** @type {Piece[]} */
  const pieces = [`"use strict";const kept={};\n${LATE}`];
  for (let at = 0; at < modules.files.length; at += 1)
    pieces.push(...piecesOf(folder, modules.files[at], modules));
  pieces.push(`${first}();`);
  writeFileSync(join(folder, out), JSON.stringify(tidy(pieces)));
}
