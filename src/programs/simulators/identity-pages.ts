/** Pages of the identity simulator: plain HTML without scripts, marked as a simulator at the top of each. */

import { createHash } from 'node:crypto';

export interface DemoCitizen {
  subject: string;
  name: string;
  id_number: string;
  phone: string;
  /** The highest level this person can reach: 1 phone, 2 real name, 3 real name and live portrait, 4 certificate or chip. */
  identity_level: number;
  /** Who this is in the demonstration, in one line. */
  about: string | { zh: string; en: string };
}

type Language = 'zh' | 'en';

const words = {
  zh: {
    title: '国家身份认证', simulator: '模拟器:仅供演示,不核验任何人的身份', choose: '选择一位演示居民', type: '或输入公民身份号码', level: '认证等级', highest: '该居民的最高等级',
    next: '下一步', confirm: '请在手机上确认', asks: '“户政服务”请求获得您的姓名、公民身份号码、手机号和认证等级。', agree: '确认登录', refuse: '拒绝', sent: '已向手机发送确认请求(模拟)',
    levels: ['', '1 级 手机', '2 级 实名', '3 级 实名实人', '4 级 证书或芯片'],
    faults: { nobody: '请选择一位居民,或输入公民身份号码。', unknown: '演示居民中没有此号码,请核对或从列表中选择。', level: '此居民达不到所选等级,请选较低等级。' }, error: '认证未完成',
  },
  en: {
    title: 'State identity service', simulator: 'Simulator: for demonstrations; it proves nobody’s identity', choose: 'Choose a resident of the demonstration', type: 'or enter an ID number', level: 'Level', highest: 'the highest of this resident',
    next: 'Continue', confirm: 'Confirm on your phone', asks: '“Household registration” asks for your name, ID number, phone number and level.', agree: 'Confirm sign-in', refuse: 'Refuse', sent: 'A request was sent to the phone (simulated)',
    levels: ['', '1 Phone', '2 Real name', '3 Real name and live portrait', '4 Certificate or chip'],
    faults: { nobody: 'Choose a resident or enter an ID number.', unknown: 'No resident of the demonstration has this number; check it or choose from the list.', level: 'This resident cannot reach that level; choose a lower one.' }, error: 'Identification was not completed',
  },
} as const;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The middle of a number is nobody's business, not even here. */
function masked(number: string): string {
  return `${number.slice(0, 6)}********${number.slice(-4)}`;
}

const style = `
  :root { color-scheme: light; font: 17px/1.6 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #1a1f27; background: #f3f5f8 }
  body { margin: 0 } main, header { max-width: 40rem; margin: 0 auto; padding: 1rem 1.25rem }
  header p { margin: 0; padding: .6rem .9rem; background: #fff3cd; border: 2px dashed #8a6100; color: #573d00; font-weight: 600 }
  h1 { font-size: 1.5rem; margin: .5rem 0 1rem } fieldset { border: 0; margin: 0 0 1.25rem; padding: 0 } legend { font-weight: 600; padding: 0; margin-bottom: .5rem }
  ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem }
  li label { display: grid; grid-template-columns: auto 1fr; gap: .1rem .75rem; padding: .65rem .85rem; background: #fff; border: 1px solid #b6bfcc; border-radius: 6px; cursor: pointer }
  li label:has(:checked) { border-color: #0b5cad; box-shadow: inset 0 0 0 1px #0b5cad } li input { width: 1.2rem; height: 1.2rem; margin: .2rem 0 0 }
  small { grid-column: 2; color: #4a5463; font-size: .88rem } label[for] { display: block; font-weight: 600; margin-bottom: .25rem }
  input[type=text], select { font: inherit; padding: .5rem .65rem; width: 100%; box-sizing: border-box; border: 1px solid #6a7483; border-radius: 6px; background: #fff }
  .field { margin-bottom: 1.25rem } .fault { padding: .6rem .9rem; border-left: 5px solid #b3261e; background: #fdecea; color: #7a1410; font-weight: 600 }
  button { font: inherit; font-weight: 600; padding: .6rem 1.5rem; border-radius: 6px; border: 2px solid #0b5cad; background: #0b5cad; color: #fff; cursor: pointer }
  button.quiet { background: #fff; color: #0b5cad } form.row { display: inline-block; margin-right: .75rem } :focus-visible { outline: 3px solid #ffbf47; outline-offset: 2px }
  .phone { max-width: 20rem; margin: 0 auto; padding: 1.5rem 1.25rem; background: #fff; border: 10px solid #1a1f27; border-radius: 28px }
`;

/** For the content security policy: this style and no other. */
export const styleSource = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

function page(language: Language, title: string, body: string): string {
  return `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · ${words.zh.simulator}</title><style>${style}</style></head>
<body><header><p>${words.zh.simulator}<br><span lang="en">${words.en.simulator}</span></p></header><main>${body}</main></body></html>`;
}

/** First step: who are you, and at which level. */
export function personsPage(options: { uid: string; language: Language; citizens: readonly DemoCitizen[]; fault?: keyof typeof words.zh.faults; typed?: string; chosen?: string | null }): string {
  const w = words[options.language];
  const persons = options.citizens.map(({ subject, name, id_number, identity_level, about }) => `<li><label>
    <input type="radio" name="subject" value="${escaped(subject)}"${subject === options.chosen ? ' checked' : ''}><b>${escaped(name)}</b>
    <small>${masked(escaped(id_number))} · ${w.levels[identity_level]}</small><small>${escaped(typeof about === 'string' ? about : about[options.language])}</small></label></li>`).join('');
  return page(options.language, w.title, `<h1>${w.title}</h1>
    ${options.fault === undefined ? '' : `<p class="fault" role="alert">${w.faults[options.fault]}</p>`}
    <form method="post" action="/interaction/${options.uid}">
      <fieldset><legend>${w.choose}</legend><ul>${persons}</ul></fieldset>
      <p class="field"><label for="id_number">${w.type}</label><input type="text" id="id_number" name="id_number" value="${escaped(options.typed ?? '')}" maxlength="18" autocomplete="off" inputmode="text"></p>
      <p class="field"><label for="identity_level">${w.level}</label><select id="identity_level" name="identity_level"><option value="">${w.highest}</option>
        ${[1, 2, 3, 4].map((level) => `<option value="${level}">${w.levels[level]}</option>`).join('')}</select></p>
      <button type="submit">${w.next}</button>
    </form>`);
}

/** Second step: what the phone would show. */
export function confirmPage(options: { uid: string; language: Language; citizen: DemoCitizen; level: number }): string {
  const w = words[options.language];
  const { name, phone } = options.citizen;
  return page(options.language, w.confirm, `<h1>${w.confirm}</h1><p>${w.sent}:${escaped(phone.slice(0, 3))}****${escaped(phone.slice(-4))}</p>
    <div class="phone"><p><b>${escaped(name)}</b> · ${w.levels[options.level]}</p><p>${w.asks}</p>
      <form class="row" method="post" action="/interaction/${options.uid}/confirm"><button type="submit">${w.agree}</button></form>
      <form class="row" method="post" action="/interaction/${options.uid}/refuse"><button type="submit" class="quiet">${w.refuse}</button></form></div>`);
}

export function errorPage(what: string): string {
  return page('zh', words.zh.error, `<h1>${words.zh.error} · <span lang="en">${words.en.error}</span></h1><p class="fault" role="alert">${escaped(what)}</p>`);
}
