import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A piece of prose in the code: a string, the fixed parts of a template, or text between tags. */
export interface FoundText {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Every piece of prose (two words or more) in the TypeScript files of a directory, imports and types left out. */
export function textsInCode(directory: string): FoundText[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => textsInFile(join(directory, file)));
}

/** The same of one file. */
export function textsInFile(file: string): FoundText[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: FoundText[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    const text = proseOf(node);
    if (text !== undefined && /\p{L}+\s+\p{L}+/u.test(text))
      found.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
    if (!ts.isTemplateExpression(node)) return ts.forEachChild(node, visit);
    node.templateSpans.forEach(({ expression }) => visit(expression));
  };
  visit(source);
  return found;
}

function proseOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isJsxText(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' … ');
  return undefined;
}
