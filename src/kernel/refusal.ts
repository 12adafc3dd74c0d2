/**
 * A Refusal is the system saying no on purpose. Anything else that is thrown is a defect and
 * reaches the caller as a 500 with a request id and nothing more.
 */
export interface Text {
  zh: string;
  en: string;
}

export type RefusalKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'too_many' | 'unavailable';

export const statusOfKind: Record<RefusalKind, number> = {
  invalid: 422, unauthenticated: 401, forbidden: 403, not_found: 404, conflict: 409, too_many: 429, unavailable: 503,
};

export interface RefusalDeclaration {
  kind: RefusalKind;
  /** Sentences that say what is wrong and how to mend it; `{name}` is filled from the facts. */
  zh: string;
  en: string;
  /** Database constraints that mean this refusal; integrity is decided by the database alone. */
  constraints?: readonly string[];
}

/** One thing wrong with one field, keyed as in the form. */
export interface Violation extends Text {
  field: string;
  code: string;
}

const declarations = new Map<string, RefusalDeclaration>();
const byConstraint = new Map<string, string>();

/**
 * Declares the refusals of a module. Codes read `module.what_is_wrong`.
 * @throws Error when a code or a constraint is declared twice
 */
export function declareRefusals<T extends Record<string, RefusalDeclaration>>(refusals: T): T {
  for (const [code, declaration] of Object.entries(refusals)) {
    if (declarations.has(code) && declarations.get(code) !== declaration) throw new Error(`refusal ${code} declared twice`);
    declarations.set(code, declaration);
    for (const constraint of declaration.constraints ?? []) {
      if (byConstraint.has(constraint) && byConstraint.get(constraint) !== code) throw new Error(`constraint ${constraint} declared twice`);
      byConstraint.set(constraint, code);
    }
  }
  return refusals;
}

export function listRefusals(): Array<[string, RefusalDeclaration]> {
  return [...declarations.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}

function fill(sentence: string, facts: Record<string, unknown>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (facts[name] === undefined || facts[name] === null ? '—' : String(facts[name])));
}

export class Refusal extends Error {
  readonly code: string;
  readonly facts: Record<string, unknown>;
  readonly violations: readonly Violation[];
  #keepsWrites = false;

  constructor(code: string, facts: Record<string, unknown> = {}, violations: readonly Violation[] = []) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.facts = facts;
    this.violations = violations;
  }

  /**
   * Commits what the act wrote before it said no. For refusals that must themselves be remembered:
   * a failed sign-in counts although nothing was granted.
   */
  keepingWrites(): this {
    this.#keepsWrites = true;
    return this;
  }

  get keeps_writes(): boolean {
    return this.#keepsWrites;
  }

  get declaration(): RefusalDeclaration {
    return declarations.get(this.code) ?? { kind: 'invalid', zh: this.code, en: this.code };
  }

  get status(): number {
    return statusOfKind[this.declaration.kind];
  }

  get text(): Text {
    const { zh, en } = this.declaration;
    return { zh: fill(zh, this.facts), en: fill(en, this.facts) };
  }
}

/** Turns a constraint violation of the database into the refusal that declared the constraint. */
export function refusalOfDatabaseError(error: unknown): Refusal | undefined {
  const constraint = (error as { constraint?: string } | null)?.constraint;
  const code = constraint === undefined ? undefined : byConstraint.get(constraint);
  return code === undefined ? undefined : new Refusal(code, { constraint });
}

declareRefusals({
  'kernel.invalid_input': { kind: 'invalid', zh: '有 {count} 处需要改正,请看每一处的说明。', en: '{count} entries need correction; see the note at each.' },
  'kernel.signed_out': { kind: 'unauthenticated', zh: '请先登录。填写的内容已保留。', en: 'Sign in first. What you entered has been kept.' },
  'kernel.not_permitted': { kind: 'forbidden', zh: '您的岗位没有此项权限:{permission}。需要时请向本单位管理员申请。', en: 'Your post does not hold this right: {permission}. Ask the administrator of your unit if you need it.' },
  'kernel.not_found': { kind: 'not_found', zh: '没有找到,或不在您的管辖范围内。', en: 'Not found, or outside your jurisdiction.' },
  'kernel.purpose_missing': { kind: 'invalid', zh: '查看个人信息须说明用途:请选择办件或填写查询事由(不少于 4 个字)。', en: 'Reading personal records needs a purpose: choose a case or state a reason of at least 4 characters.' },
  'kernel.foreign_origin': { kind: 'forbidden', zh: '请求来自其他网站,已拒绝。请从本系统页面重新操作。', en: 'The request came from another site and was refused. Please act from a page of this system.' },
  'kernel.request_key_reused': { kind: 'conflict', zh: '此请求编号已用于另一操作。请刷新页面后重试。', en: 'This request key was used for another act. Reload the page and try again.' },
  'kernel.too_many_requests': { kind: 'too_many', zh: '操作过于频繁,请 {seconds} 秒后再试。', en: 'Too many requests; try again in {seconds} seconds.' },
  'kernel.busy': { kind: 'unavailable', zh: '系统繁忙,请稍后重试;重试不会重复办理。', en: 'The system is busy. Try again shortly; a retry never acts twice.' },
  'kernel.stale': { kind: 'conflict', zh: '此页已过期:{what}已被{who}在{at}更改。请核对新内容后再操作。', en: 'This page is out of date: {what} was changed by {who} at {at}. Check the new content, then act again.' },
  'kernel.images_busy': { kind: 'unavailable', zh: '现在上传的人较多,请过一会儿再传。已填写和已上传的内容都已保存。', en: 'Many people are uploading at the moment; try again shortly. What you filled in and uploaded before is saved.' },
  'kernel.too_many_files': { kind: 'invalid', zh: '一次最多上传 {limit} 个文件。请分次上传。', en: 'At most {limit} files can be sent at a time. Send them in parts.' },
  'kernel.too_large': { kind: 'invalid', zh: '上传内容超过 {limit} MB。请压缩或分次上传。', en: 'The upload exceeds {limit} MB. Shrink it or send it in parts.' },
});
