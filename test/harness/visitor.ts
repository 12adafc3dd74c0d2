/**
 * A visitor without JavaScript: reads pages, follows links, fills in forms as a browser would and presses
 * buttons. It knows the HTML that our pages are made of, not HTML at large.
 */
import type { FastifyInstance } from 'fastify';

type Attributes = Record<string, string>;

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
/** Punctuation as keyboards write it: pages print it full width. */
const plainMarks = (text: string): string => text.replace(/[\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0));
const decode = (text: string): string => text.replace(/&(\w+|#\d+);/g, (whole, name: string) => entities[name] ?? (name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : whole));

function attributesOf(tag: string): Attributes {
  return Object.fromEntries([...tag.matchAll(/\s([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name!.toLowerCase(), decode(value ?? '')]));
}

interface Control {
  tag: 'input' | 'select' | 'textarea' | 'button';
  attributes: Attributes;
  options: { value: string; selected: boolean }[];
  text: string;
}

export interface FilePart {
  name: string;
  bytes: Uint8Array;
  type?: string;
}

/** A form as it stands on a page. */
export class Form {
  readonly attributes: Attributes;
  readonly controls: readonly Control[];
  readonly #filled = new Map<string, string[]>();
  readonly #files: { field: string; file: FilePart }[] = [];

  constructor(tag: string, inside: string) {
    this.attributes = attributesOf(tag);
    this.controls = [...inside.matchAll(/<(input|select|textarea|button)\b([^>]*)>(?:([\s\S]*?)<\/\1>)?/g)].map(([, name, attributes, content = '']) => ({
      tag: name as Control['tag'], attributes: attributesOf(attributes!), text: decode(content.replace(/<[^>]*>/g, '')),
      options: [...content.matchAll(/<option\b([^>]*)>/g)].map(([, option]) => ({ value: attributesOf(option!)['value'] ?? '', selected: 'selected' in attributesOf(option!) })),
    }));
    for (const { tag: kind, attributes, options, text } of this.controls) {
      const { name, type = 'text', value = '' } = attributes;
      if (name === undefined || kind === 'button' || type === 'file' || type === 'submit') continue;
      if ((type === 'radio' || type === 'checkbox') && !('checked' in attributes)) continue;
      const content = kind === 'select' ? (options.find((option) => option.selected) ?? options[0])?.value ?? '' : kind === 'textarea' ? text : type === 'checkbox' || type === 'radio' ? (attributes['value'] ?? 'on') : value;
      this.#filled.set(name, [...(this.#filled.get(name) ?? []), content]);
    }
  }

  get names(): string[] {
    return [...new Set(this.controls.flatMap(({ attributes }) => attributes['name'] ?? []))];
  }

  value(name: string): string | undefined {
    return this.#filled.get(name)?.at(-1);
  }

  /** Choices that a name offers. */
  optionsOf(name: string): string[] {
    return this.controls.filter(({ attributes }) => attributes['name'] === name).flatMap(({ tag, attributes, options }) => (tag === 'select' ? options.map((option) => option.value) : [attributes['value'] ?? '']));
  }

  /** Types, chooses or ticks. @throws Error when the page has no such control or does not offer the choice */
  fill(values: Record<string, string | null>): this {
    for (const [name, value] of Object.entries(values)) {
      const controls = this.controls.filter(({ attributes }) => attributes['name'] === name);
      if (controls.length === 0) throw new Error(`the form has no ${name}; it has ${this.names.join(', ')}`);
      const isChoice = controls.every(({ tag, attributes }) => tag === 'select' || ['radio', 'checkbox'].includes(attributes['type'] ?? ''));
      if (value !== null && isChoice && !this.optionsOf(name).includes(value)) throw new Error(`${name} does not offer ${value}`);
      if (value === null) this.#filled.delete(name);
      else this.#filled.set(name, [value]);
    }
    return this;
  }

  attach(field: string, ...files: FilePart[]): this {
    if (!this.controls.some(({ attributes }) => attributes['name'] === field && attributes['type'] === 'file')) throw new Error(`the form takes no files as ${field}`);
    this.#files.push(...files.map((file) => ({ field, file })));
    return this;
  }

  /** What a press sends. @param button name=value of the button; the first button without one */
  async body(button: string | undefined): Promise<{ payload: Buffer | string; type: string }> {
    const pairs = [...this.#filled].flatMap(([name, values]) => values.map((value) => [name, value] as const));
    if (button !== undefined) {
      const [name = '', ...rest] = button.split('=');
      if (!this.controls.some(({ tag, attributes }) => tag === 'button' && attributes['name'] === name && attributes['value'] === rest.join('='))) throw new Error(`the form has no button ${button}`);
      pairs.push([name, rest.join('=')]);
    }
    if (this.attributes['enctype'] !== 'multipart/form-data') return { payload: new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString(), type: 'application/x-www-form-urlencoded' };
    const form = new FormData();
    for (const [name, value] of pairs) form.append(name, value);
    for (const { field, file } of this.#files) form.append(field, new Blob([file.bytes as Uint8Array<ArrayBuffer>], { type: file.type ?? 'image/jpeg' }), file.name);
    const sent = new Request('http://x', { method: 'POST', body: form });
    return { payload: Buffer.from(await sent.arrayBuffer()), type: sent.headers.get('content-type')! };
  }
}

export class Shown {
  readonly status: number;
  readonly html: string;
  readonly path: string;
  readonly headers: Record<string, unknown>;
  readonly bytes: Buffer;
  constructor(status: number, bytes: Buffer, path: string, headers: Record<string, unknown>) {
    this.status = status;
    this.bytes = bytes;
    this.html = bytes.toString();
    this.path = path;
    this.headers = headers;
  }
  get title(): string {
    return plainMarks(decode(/<title>([^<]*)<\/title>/.exec(this.html)?.[1] ?? ''));
  }
  get heading(): string {
    return this.textOf(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(this.html)?.[1] ?? '');
  }
  /** Everything that can be read on the page, in one line. */
  get text(): string {
    return this.textOf(/<main[\s\S]*<\/main>/.exec(this.html)?.[0] ?? '');
  }
  textOf(html: string): string {
    return plainMarks(decode(html.replace(/<(?:option|script)\b[\s\S]*?<\/(?:option|script)>/g, ' ').replace(/<[^>]*>/g, ' '))).replace(/\s+/g, ' ').trim();
  }
  /** Lines of the error summary, each with where it leads. */
  get faults(): { text: string; href: string }[] {
    const summary = /<div class="faults"[\s\S]*?<\/div>/.exec(this.html)?.[0] ?? '';
    return [...summary.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)].map(([, href, text]) => ({ text: plainMarks(decode(text!)), href: decode(href!) }));
  }
  get links(): { text: string; href: string }[] {
    return [...this.html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/g)].map(([, attributes, content]) => ({ text: this.textOf(content!), href: attributesOf(attributes!)['href'] ?? '' }));
  }
  get forms(): Form[] {
    return [...this.html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, tag, inside]) => new Form(` ${tag!}`, inside!));
  }
  /** The form that matters on the page: the one that changes something, apart from signing out. */
  get form(): Form {
    const form = this.forms.find(({ attributes }) => attributes['method'] === 'post' && attributes['action'] !== '/sign-out');
    if (form === undefined) throw new Error(`no form on ${this.path}: ${this.text.slice(0, 200)}`);
    return form;
  }
}

export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #app: FastifyInstance;
  readonly #headers: Record<string, string>;
  constructor(app: FastifyInstance, headers: Record<string, string> = {}) {
    this.#app = app;
    this.#headers = { accept: 'text/html', ...headers };
  }

  async #send(method: 'GET' | 'POST', url: string, body?: { payload: Buffer | string; type: string }): Promise<Shown> {
    const answer = await this.#app.inject({
      method, url: url.split('#')[0]!, cookies: Object.fromEntries(this.cookies), headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': body.type }) }, ...(body === undefined ? {} : { payload: body.payload }),
    });
    for (const { name, value, maxAge, expires } of answer.cookies) {
      if (value === '' || maxAge === 0 || (expires !== undefined && expires.getTime() === 0)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return new Shown(answer.statusCode, answer.rawPayload, url, answer.headers);
  }

  async #follow(shown: Shown): Promise<Shown> {
    let current = shown;
    for (let hops = 0; current.status === 303 && hops < 5; hops++) current = await this.#send('GET', String(current.headers['location']));
    return current;
  }

  get(url: string): Promise<Shown> {
    return this.#send('GET', url).then((shown) => this.#follow(shown));
  }
  /** Without following a redirect. */
  getOnce(url: string): Promise<Shown> {
    return this.#send('GET', url);
  }
  /** Presses a button of a form and follows where it leads. */
  async press(form: Form, button?: string): Promise<Shown> {
    return this.#follow(await this.pressOnce(form, button));
  }
  async pressOnce(form: Form, button?: string): Promise<Shown> {
    return this.#send('POST', form.attributes['action'] ?? '/', await form.body(button));
  }
  /** Follows the link with these words. */
  click(shown: Shown, words: string): Promise<Shown> {
    const link = shown.links.find(({ text }) => text.includes(words));
    if (link === undefined) throw new Error(`no link ${words} on ${shown.path}; there are ${shown.links.map(({ text }) => text).join(' | ')}`);
    return this.get(link.href);
  }
}
