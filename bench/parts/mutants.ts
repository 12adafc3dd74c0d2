/** Small faults that could be in a source file: each a place, what stands there and what would stand there instead. */
import { parseAst } from 'vite';

export interface Mutant {
  file: string;
  line: number;
  start: number;
  end: number;
  before: string;
  after: string;
}

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

const operators: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='], '!==': ['==='], '<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='], '>=': ['>', '<'], '+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'], '%': ['*'], '&&': ['||'], '||': ['&&'],
};
const methods: Readonly<Record<string, string>> = { some: 'every', every: 'some', startsWith: 'endsWith', endsWith: 'startsWith', find: 'findLast', min: 'max', max: 'min' };
/** Words for people: what they say is looked at by people, not by rules. */
const wordKeys = new Set(['zh', 'en', 'label', 'law', 'title', 'text']);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Every single fault of a file, in the order of its text. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const found: Mutant[] = [];
  const add = (start: number, end: number, after: string): void => {
    found.push({ file, start, end, line: source.slice(0, start).split('\n').length, before: source.slice(start, end), after });
  };
  const operatorAt = (node: Node): number => {
    const from = (node['left'] as Node).end;
    return from + source.slice(from, (node['right'] as Node).start).indexOf(node['operator'] as string);
  };
  const visit = (node: Node): void => {
    switch (node.type) {
      case 'ImportDeclaration': case 'TSTypeAliasDeclaration': case 'TSInterfaceDeclaration': case 'TSTypeAnnotation': case 'TSTypeParameterInstantiation': case 'ThrowStatement':
        return;
      case 'Property':
        // What only words hang on is for people to read.
        if (wordKeys.has(String((node['key'] as Node)['name'] ?? ''))) return;
        return visit(node['value'] as Node);
      case 'BinaryExpression': case 'LogicalExpression': {
        const at = operatorAt(node);
        const operator = node['operator'] as string;
        for (const other of operators[operator] ?? []) add(at, at + operator.length, other);
        break;
      }
      case 'UnaryExpression':
        if (node['operator'] === '!') add(node.start, node.start + 1, '');
        break;
      case 'IfStatement': case 'ConditionalExpression': {
        const { start, end } = node['test'] as Node;
        add(start, end, 'true');
        add(start, end, 'false');
        break;
      }
      case 'Literal': {
        const { value } = node as { value?: unknown };
        if (typeof value === 'boolean') add(node.start, node.end, String(!value));
        if (typeof value === 'number') add(node.start, node.end, String(value + 1));
        if (typeof value === 'string' && value !== '' && !/[\u3000-\u9fff]/.test(value)) add(node.start, node.end, `'~'`);
        break;
      }
      case 'CallExpression': {
        const callee = node['callee'] as Node;
        const property = callee['property'] as Node | undefined;
        const name = callee.type === 'MemberExpression' ? String(property?.['name'] ?? '') : '';
        if (methods[name] !== undefined) add(property!.start, property!.end, methods[name]);
        if (name === 'filter') add((callee['object'] as Node).end, node.end, '');
        break;
      }
      case 'ArrayExpression':
        if ((node['elements'] as unknown[]).length > 0) add(node.start, node.end, '[]');
        break;
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child);
    }
  };
  visit(parseAst(source, { lang: 'ts' }) as unknown as Node);
  return found;
}
