import { describe, expect, it } from 'vitest';
import type { CaseViewData, HouseholdViewData } from '../../../src/modules/cases/contract.ts';
import { setLanguage } from '../../kit/language.ts';
import { moveToDali } from '../fixtures/cases.ts';
import { actButtons, operations } from './acts.ts';
import { alignHouseholds } from './align-households.ts';
import { correctionItems, itemsToSend } from './correction-items.ts';
import { fitted, turned, zoomed } from './viewer-state.ts';
import { whatChanged } from './what-changed.ts';

const copy = (): CaseViewData => structuredClone(moveToDali);

describe('before and after of both households', () => {
  it('puts the same person in the same line and marks who leaves, comes and changes', () => {
    const [origin, target] = alignHouseholds(moveToDali);
    expect(origin!.lines.map((line) => [line.before?.name, line.after?.name, line.change])).toEqual([
      ['买买提江·吐尔逊', '买买提江·吐尔逊', 'none'],
      ['阿依古丽·买买提江·吐尔逊', undefined, 'removed'],
      ['艾力·阿不都热依木', undefined, 'removed'],
      ['古丽巴哈尔·肉孜', '古丽巴哈尔·肉孜', 'none'],
    ]);
    expect(target!.lines.map((line) => [line.before?.name, line.after?.name, line.change])).toEqual([
      ['段𬭊', '段𬭊', 'none'], ['䶮福珍', '䶮福珍', 'changed'],
      [undefined, '阿依古丽·买买提江·吐尔逊', 'added'], [undefined, '艾力·阿不都热依木', 'added'],
    ]);
  });

  it('shows a new household that nobody lived in before', () => {
    const opened: HouseholdViewData = { ...moveToDali.after[1]!, household_id: null, household_no: null, opens: true };
    const empty = { ...opened, members: [] };
    const pairs = alignHouseholds({ before: [moveToDali.before[0]!, empty], after: [moveToDali.after[0]!, opened] });
    expect(pairs).toHaveLength(2);
    expect(pairs[1]!.lines.every((line) => line.change === 'added')).toBe(true);
  });

  it('calls nothing a change while the result cannot be foreseen', () => {
    const pairs = alignHouseholds({ before: moveToDali.before, after: [] });
    expect(pairs.flatMap((pair) => pair.lines).every((line) => line.change === 'none')).toBe(true);
  });
});

describe('a page that was out of date', () => {
  it('says what is different in words', () => {
    setLanguage('zh');
    const now = copy();
    now.state = 'in_review';
    now.steps[0]!.state = 'done';
    now.steps[1]!.state = 'active';
    now.claim = { officer_id: 'x', name: '林芳', org_name: '下关派出所', phone: null, until: '2026-11-23T03:00:00Z', mine: false };
    now.materials.find((material) => material.code === 'M27')!.state = 'provided';
    now.checks.find((check) => check.rule === 'target_household_is_active_and_consents')!.passed = true;
    now.answers[1]!.fields[0]!.value = '另一个地址';
    expect(whatChanged(moveToDali, now)).toEqual([
      '状态:待受理 → 办理中',
      '环节“迁入地派出所受理”:办理中 → 已办',
      '环节“迁入地派出所所长审核”:未到 → 办理中',
      '领办人:无 → 林芳',
      '申报“迁入地址”:云南省大理白族自治州大理市下关街道龙山社区居民委员会龙山路龙泉巷128号苍洱佳苑二期17幢3单元1802室 → 另一个地址',
      '材料“房屋产权人同意落户书”:缺 → 已提交',
      '核查“迁入户正常且户主同意”由不符合变为符合',
    ]);
  });

  it('says nothing when nothing that is shown differs', () => {
    expect(whatChanged(moveToDali, { ...copy(), case_version: 9 })).toEqual([]);
  });

  it('names a household whose members differ, once', () => {
    const now = copy();
    now.before[1]!.members.pop();
    now.after[1]!.members.pop();
    expect(whatChanged(moveToDali, now)).toEqual(['“迁入户”的人员有变化']);
  });
});

describe('the one-time correction notice', () => {
  it('lists every missing material and every failing check, ticked where the applicant can mend it', () => {
    expect(correctionItems(moveToDali).map(({ subject, ticked }) => [subject, ticked])).toEqual([
      ['M27', true], ['no_conflicting_case', false], ['dwelling_is_lawful', true], ['target_household_is_active_and_consents', true],
    ]);
  });
  it('sends only ticked items with a sentence, in both languages where there are both', () => {
    const items = [{ subject: 'M27', zh: ' 请补交同意书。 ', en: '', ticked: true }, { subject: 'a', zh: '短', en: '', ticked: true }, { subject: 'b', zh: '没有勾选的', en: '', ticked: false }];
    expect(itemsToSend(items)).toEqual([{ subject: 'M27', zh: '请补交同意书。' }]);
  });
});

describe('acts', () => {
  it('each button leads to an operation of the contract', () => {
    for (const button of actButtons) expect(Object.keys(operations)).toContain(button.act);
    expect(new Set(actButtons.map((button) => button.act))).toEqual(new Set(Object.keys(operations)));
  });
  it('two acts that one case can offer at the same time do not share a key', () => {
    for (const one of actButtons) {
      for (const other of actButtons) {
        const shared = one !== other && one.key !== undefined && one.key === other.key;
        // Agreeing to a review and to an approval share `a`: a step is one or the other.
        if (shared) expect([one.act, other.act].sort()).toEqual(['approve', 'review']);
      }
    }
  });
});

it('a scan turns by quarters and stays within sensible sizes', () => {
  expect(turned(turned(turned(turned(fitted))))).toEqual(fitted);
  let shown = fitted;
  for (let times = 0; times < 40; times += 1) shown = zoomed(shown, 1);
  expect(shown.zoom).toBe(8);
  for (let times = 0; times < 80; times += 1) shown = zoomed(shown, -1);
  expect(shown.zoom).toBe(0.5);
});
